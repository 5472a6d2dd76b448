import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FACTS, PROPOSAL } from './models/facts.fixture.ts';
import { createBudget } from './models/budget.ts';
import { plannerError } from './models/errors.ts';
import type { Model } from './models/model.ts';
import { createModelPlanner } from './models/model-planner.ts';
import type { PlanFacts, PlanPackage, Proposal } from './plan.ts';
import { createPlanner } from './planner.ts';
import { withSecondOpinion } from './second-opinion.ts';

const CURL: PlanPackage = {
  name: 'curl',
  source: 'curl',
  installed: '7.74.0-1',
  fixed: '7.74.0-2',
  candidate: '7.74.0-2',
  held: true,
  vulnerabilities: ['CVE-2024-2'],
};
/** The rules leave curl alone, as it is held. */
const RESIDUE: PlanFacts = { ...FACTS, packages: [CURL, ...FACTS.packages] };
const WITH_CURL: Proposal = {
  ...PROPOSAL,
  packages: [
    { name: 'curl', action: 'upgrade', minVersion: '7.74.0-2', replacement: null },
    ...PROPOSAL.packages,
  ],
};

/** A model that gives these answers, one after the other; and what was asked of it. */
function modelThat(...answers: readonly (Proposal | string | Error)[]) {
  let calls = 0;
  const model: Model = {
    name: 'test/model',
    answer: async () => {
      const answer = answers[Math.min(calls, answers.length - 1)] ?? '';
      calls += 1;
      if (answer instanceof Error) throw answer;
      if (answer === 'refused' || answer === 'length' || answer === 'tool') {
        return { text: '', finish: answer, tokens: 1 };
      }
      return {
        text: typeof answer === 'string' ? answer : JSON.stringify(answer),
        finish: 'stop',
        tokens: 1,
      };
    },
  };
  return { model, calls: () => calls };
}

function plannerOf(model: Model, asks: 'residue' | 'always') {
  const said: string[] = [];
  const planner = withSecondOpinion({
    rules: createPlanner(),
    model: createModelPlanner({ model, budget: createBudget({ now: () => 0 }), isOn: () => true }),
    asks,
    log: (line) => void said.push(line),
  });
  return { planner, said };
}

const signal = AbortSignal.timeout(60_000);

describe('withSecondOpinion', () => {
  it('asks no model where the rules leave nothing over', async () => {
    const { model, calls } = modelThat(PROPOSAL);
    const { planner } = plannerOf(model, 'residue');
    const plan = await planner.proposePlan(FACTS, { signal });
    assert.equal(calls(), 0);
    assert.equal(plan.planner.kind, 'deterministic');
    assert.equal(plan.exchange, null);
  });

  it('takes what solves more than the rules do', async () => {
    const { model } = modelThat(WITH_CURL);
    const { planner } = plannerOf(model, 'residue');
    const plan = await planner.proposePlan(RESIDUE, { signal, review: () => [] });
    assert.equal(plan.planner.kind, 'model');
    assert.deepEqual(plan.proposal, WITH_CURL);
    assert.ok(plan.exchange !== null);
  });

  it('stays with the rules where the gate has something against the better plan, and keeps what was said', async () => {
    const { model, calls } = modelThat(WITH_CURL);
    const { planner } = plannerOf(model, 'residue');
    const review = ({ packages }: Proposal): readonly string[] =>
      packages.some(({ name }) => name === 'curl') ? ['curl is held.'] : [];
    const plan = await planner.proposePlan(RESIDUE, { signal, review });
    assert.ok(calls() > 1);
    assert.equal(plan.planner.kind, 'deterministic');
    assert.match(plan.exchange?.answer ?? '', /curl/);
    assert.deepEqual(plan.doubts ?? [], []);
  });

  it('stays with the rules where the model solves no more than they do', async () => {
    const { model } = modelThat(PROPOSAL);
    const { planner } = plannerOf(model, 'residue');
    const plan = await planner.proposePlan(RESIDUE, { signal });
    assert.equal(plan.planner.kind, 'deterministic');
    assert.ok(plan.exchange !== null);
  });

  for (const [what, answer] of [
    ['is down', plannerError('images/planner-unavailable', 'No answer.')],
    ['refuses', 'refused'],
    ['answers nonsense', 'Sure! Here is the plan: rm -rf /'],
    ['is cut off', 'length'],
    ['calls a tool', 'tool'],
  ] as const) {
    for (const asks of ['residue', 'always'] as const) {
      it(`plans by the rules when a model that is asked for ${asks} ${what}`, async () => {
        const { model, calls } = modelThat(answer);
        const { planner, said } = plannerOf(model, asks);
        const plan = await planner.proposePlan(RESIDUE, { signal });
        assert.ok(calls() > 0);
        assert.equal(plan.planner.kind, 'deterministic');
        assert.deepEqual(
          plan.proposal.packages.map(({ name }) => name),
          ['libssl1.1', 'openssl'],
        );
        assert.equal(plan.exchange, null);
        assert.deepEqual(plan.doubts ?? [], []);
        assert.match(said.join('\n'), /test\/model has no say/);
      });
    }
  }

  it('has no doubts where a second opinion agrees, though it wants other versions', async () => {
    const packages = PROPOSAL.packages.map((one) => ({ ...one, minVersion: '1.1.1w-0+deb11u1' }));
    const { model, calls } = modelThat({ ...PROPOSAL, packages });
    const { planner } = plannerOf(model, 'always');
    const plan = await planner.proposePlan(FACTS, { signal });
    assert.equal(calls(), 1);
    assert.deepEqual(plan.doubts, []);
    assert.equal(plan.planner.kind, 'deterministic');
  });

  it('has a doubt for each thing that a second opinion sees in another way', async () => {
    const { model } = modelThat({ ...PROPOSAL, packages: PROPOSAL.packages.slice(1) });
    const { planner } = plannerOf(model, 'always');
    const plan = await planner.proposePlan(FACTS, { signal });
    assert.equal(plan.planner.kind, 'deterministic');
    assert.deepEqual(plan.doubts, [
      'test/model has another opinion, missing of libssl1.1: nothing in place of upgrade.',
    ]);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const { model } = modelThat(plannerError('images/planner-unavailable', 'No answer.'));
    const stopping: Model = {
      ...model,
      answer: (...given) => {
        stop.abort(new Error('the job is cancelled'));
        return model.answer(...given);
      },
    };
    const { planner } = plannerOf(stopping, 'always');
    await assert.rejects(planner.proposePlan(FACTS, { signal: stop.signal }), /the job is cancelled/);
  });

  it('says by its name who plans', () => {
    const { model } = modelThat(PROPOSAL);
    assert.match(plannerOf(model, 'always').planner.name, /^callboard\/\d+ and test\/model$/);
  });
});
