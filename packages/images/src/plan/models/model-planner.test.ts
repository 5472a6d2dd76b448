import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { loadOptional } from './ai-model.ts';
import { createBudget } from './budget.ts';
import { FACTS, PROPOSAL } from './facts.fixture.ts';
import type { PlanningOptions } from '../plan.ts';
import { createModelPlanner, type ModelPlannerDeps } from './model-planner.ts';
import type { Model, ModelAnswer, ModelRequest } from './model.ts';
import { createRecordings, recordModel, replayModel } from './recorded.ts';

const HOUR = 60 * 60 * 1000;
const hasCode = (code: string) => (error: unknown) => error instanceof CodedError && error.code === code;
const signal = new AbortController().signal;

interface Scripted extends Model {
  readonly requests: readonly ModelRequest[];
}

/** Gives the answers in turn. */
function scripted(...answers: readonly Partial<ModelAnswer>[]): Scripted {
  const requests: ModelRequest[] = [];
  return {
    name: 'test/m',
    requests,
    answer: async (request) => {
      const answer = answers[requests.length];
      requests.push(request);
      assert.ok(answer !== undefined, 'asked too often');
      return { text: JSON.stringify(PROPOSAL), finish: 'stop', tokens: 100, ...answer };
    },
  };
}

const plan = (
  model: Model,
  { review, ...deps }: Partial<ModelPlannerDeps> & Pick<PlanningOptions, 'review'> = {},
) =>
  createModelPlanner({
    model,
    budget: createBudget({ now: () => 0 }),
    isOn: () => true,
    ...deps,
  }).proposePlan(FACTS, { signal, ...(review !== undefined && { review }) });

describe('createModelPlanner', () => {
  it('tells the model what the gate has against its plan, and takes the next one', async () => {
    const model = scripted({}, {});
    const verdicts = [['openssl: 9.9 is above the candidate.'], []];
    const { proposal } = await plan(model, { review: () => verdicts.shift() ?? [] });
    assert.deepEqual(proposal, PROPOSAL);
    const [, answer, feedback] = model.requests[1]?.messages ?? [];
    assert.equal(answer?.text, JSON.stringify(PROPOSAL));
    assert.match(feedback?.text ?? '', /openssl: 9\.9 is above the candidate\./);
  });

  it('gives back what the gate refuses at the last attempt', async () => {
    const model = scripted({}, {}, {});
    const { proposal } = await plan(model, { review: () => ['no'] });
    assert.deepEqual(proposal, PROPOSAL);
    assert.equal(model.requests.length, 3);
  });

  it('sends the first question and the last answer only, however often it asks', async () => {
    const model = scripted({ text: 'one' }, { text: 'two' }, {});
    await plan(model);
    assert.deepEqual(
      model.requests.map(({ messages }) => messages.length),
      [1, 3, 3],
    );
    assert.equal(model.requests[2]?.messages[1]?.text, 'two');
  });

  it('asks nobody once the kill switch is on, not even for a second attempt', async () => {
    const idle = scripted();
    await assert.rejects(plan(idle, { isOn: () => false }), hasCode('images/planner-off'));
    const model = scripted({ text: 'nonsense' });
    await assert.rejects(
      plan(model, { isOn: () => model.requests.length === 0 }),
      hasCode('images/planner-off'),
    );
    assert.equal(model.requests.length, 1);
  });

  it('asks nobody once the budget is used up', async () => {
    const budget = createBudget({ callsPerHour: 2, now: () => 0 });
    await assert.rejects(
      plan(scripted({ text: '' }, { text: '' }), { budget }),
      hasCode('images/planner-budget'),
    );
  });

  it('books what the provider says it took, or an estimate', async () => {
    const budget = createBudget({ now: () => 5 });
    await plan(scripted({ tokens: 123 }), { budget });
    await plan(scripted({ tokens: null }), { budget });
    const [first, second] = budget.spent();
    assert.deepEqual(first, { at: 5, tokens: 123 });
    assert.ok(second !== undefined && second.tokens > 500 && second.tokens < 5000, String(second?.tokens));
  });
});

describe('createBudget', () => {
  it('counts calls of the last hour and tokens of the last day', () => {
    let now = 0;
    const budget = createBudget({ callsPerHour: 1, tokensPerDay: 100, now: () => now });
    budget.book(60)(50);
    assert.throws(() => budget.book(1), hasCode('images/planner-budget'));
    now = HOUR;
    assert.throws(() => budget.book(51), hasCode('images/planner-budget'));
    budget.book(50);
    now = 24 * HOUR;
    assert.deepEqual(budget.spent(), [{ at: HOUR, tokens: 50 }]);
    budget.book(50);
  });

  it('goes on from what was spent before', () => {
    const budget = createBudget({ tokensPerDay: 100, spent: [{ at: 0, tokens: 90 }], now: () => HOUR });
    assert.throws(() => budget.book(11), hasCode('images/planner-budget'));
    budget.book(10);
  });
});

describe('replayModel', () => {
  it('plays back what was recorded for the same prompts, feedback included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-recordings-'));
    try {
      const recordings = createRecordings(join(folder, 'made'));
      const recorded = await plan(recordModel(scripted({ text: 'nonsense' }, {}), recordings));
      assert.deepEqual(await plan(replayModel('test/m', recordings)), recorded);
      const other = { ...FACTS, endOfLife: true };
      const planner = createModelPlanner({
        model: replayModel('test/m', recordings),
        budget: createBudget({ now: () => 0 }),
        isOn: () => true,
      });
      await assert.rejects(planner.proposePlan(other, { signal }), hasCode('images/planner-no-recording'));
      await writeFile(join(folder, 'made', `${recorded.planner.promptHash}.json`), '{"answer": {"text": 1}}');
      await assert.rejects(plan(replayModel('test/m', recordings)), hasCode('images/planner-no-recording'));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('loadOptional', () => {
  it('says which package to install', async () => {
    const missing = 'a-package-that-nobody-has';
    const loaded = loadOptional(missing, () => import(missing));
    await assert.rejects(loaded, hasCode('images/planner-not-installed'));
    await assert.rejects(loaded, /npm install a-package-that-nobody-has/);
  });
});
