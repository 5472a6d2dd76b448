import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import * as fc from 'fast-check';
import { ECHO, FAIL, outputOf, runSteps, specOf, type StepPart, type TestRun } from './run.fixture.ts';
import { NOT_STARTED, Suspended, type RunState } from './run.ts';

/** State as a database gives it back. */
function stored(state: RunState): RunState {
  return JSON.parse(JSON.stringify(state));
}

describe('createRunner: going on', () => {
  const piece = fc.record({
    text: fc.constantFrom(
      'plain',
      '${{ secrets.token }}',
      'x${{ secrets.token }}y',
      '${{ parameters.p }}',
      '\uE0F0\uE0F1',
    ),
    each: fc.boolean(),
    condition: fc.constantFrom(undefined, '${{ parameters.p }}', '${{ false }}', '${{ always() }}'),
    fails: fc.integer({ min: 0, max: 7 }).map((dice) => dice === 0),
  });

  it('at any step is the same as never stopping, and nothing is done twice', async () => {
    const scenario = fc.record({ pieces: fc.array(piece, { minLength: 1, maxLength: 5 }), at: fc.nat(5) });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ pieces, at }) => {
        const steps = pieces.map(({ text, each, condition, fails }, index): StepPart => {
          const before = index === 0 ? null : `\${{ steps.s${index - 1}.output }}`;
          return {
            action: fails ? 'test:fail' : 'test:count',
            input: { text, before, n: '${{ each.value }}' },
            ...(each ? { each: [1, 2] } : {}),
            ...(condition === undefined ? {} : { if: condition }),
          };
        });
        const spec = specOf(steps, { parameters: { p: 'yes' }, output: { all: '${{ steps }}' } });
        const whole = counting();
        const uninterrupted = await runSteps(whole.actions, spec, { secrets: { token: 'ghp_seaweed' } });
        const broken = counting();
        const first = await runSteps(broken.actions, spec, {
          secrets: { token: 'ghp_seaweed' },
          hooks: stopBefore(`s${at}`),
        });
        if (at < steps.length && first.outcome.status === 'suspended') {
          const failure = failureOf(first);
          const second = await runSteps(broken.actions, spec, {
            secrets: { token: 'ghp_seaweed' },
            state: { ...stored(first.state), failure },
          });
          assert.deepEqual(second.outcome.status, uninterrupted.outcome.status);
          assert.deepEqual(second.state.steps, uninterrupted.state.steps);
          if (second.outcome.status === 'completed')
            assert.deepEqual(outputOf(second), outputOf(uninterrupted));
        } else assert.equal(first.outcome.status, uninterrupted.outcome.status);
        assert.deepEqual(broken.calls, whole.calls);
        for (const run of [uninterrupted, first]) {
          assert.equal(JSON.stringify([run.state, run.log, run.outcome]).includes('seaweed'), false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('tries a failed step again when the failure is taken away, and then what came after it', async () => {
    const flaky = { left: 1 };
    const action: Action = {
      id: 'test:flaky',
      async handler(context) {
        context.output('tries', await context.checkpoint({ key: 'once', fn: () => 'made once' }));
        flaky.left -= 1;
        if (flaky.left >= 0) throw new Error('not yet');
      },
    };
    const spec = specOf(
      [
        { action: 'test:echo', input: { a: 1 } },
        { action: 'test:flaky' },
        { action: 'test:echo', if: '${{ failure() }}' },
        { action: 'test:echo', if: '${{ always() }}', input: { b: '${{ steps.s1.output.tries }}' } },
      ],
      { output: { b: '${{ steps.s3.output.b }}' } },
    );
    const actions = [action, ECHO];
    const failed = await runSteps(actions, spec);
    assert.deepEqual(failed.ended, ['s0:completed', 's1:failed', 's2:completed', 's3:completed']);
    assert.deepEqual(failed.state.checkpoints, { 's1.once': 'made once' });
    const again = await runSteps(actions, spec, { state: { ...stored(failed.state), failure: null } });
    assert.deepEqual(again.ended, ['s1:completed', 's2:skipped', 's3:completed']);
    assert.deepEqual(outputOf(again), { b: 'made once' });
  });

  it('says again what is done already', async () => {
    const spec = specOf([{ action: 'test:echo' }, { action: 'test:echo' }]);
    const state = { ...NOT_STARTED, steps: { s0: { status: 'completed', output: {} } } } as const;
    const { log } = await runSteps([ECHO], spec, { state });
    assert.deepEqual(
      log.map(({ stepId, status }) => [stepId, status]),
      [
        [undefined, undefined],
        ['s0', 'completed'],
        ['s1', 'processing'],
        ['s1', 'completed'],
      ],
    );
  });

  it('runs a step again whose output holds a secret that was not given again', async () => {
    const spec = specOf([
      { action: 'test:echo', input: { t: '${{ secrets.token }}' } },
      { action: 'test:echo' },
    ]);
    const first = await runSteps([ECHO], spec, { secrets: { token: 'ghp_seaweed' } });
    const state = stored(first.state);
    const same = await runSteps([ECHO], spec, { secrets: { token: 'another' }, state });
    assert.deepEqual(same.ended, []);
    const without = await runSteps([ECHO], spec, { state });
    assert.deepEqual(without.ended, ['s0:completed', 's1:completed']);
    assert.match(without.messages, /s0 is run again/);
  });
});

/** Stops the run before a step, as a pause does. */
function stopBefore(stepId: string) {
  return {
    async beforeStep({ id }: { readonly id: string }) {
      if (id === stepId) throw new Suspended('paused');
    },
  };
}

function failureOf({ state }: TestRun): RunState['failure'] {
  const failed = Object.entries(state.steps).find(([, { status }]) => status === 'failed');
  return failed === undefined ? null : { stepId: failed[0], message: 'it failed' };
}

/** Actions that note what they were called with. */
function counting() {
  const calls: JsonObject[] = [];
  const count: Action = {
    id: 'test:count',
    async handler(context) {
      calls.push({ step: context.step.id, input: context.input });
      context.output('text', context.input['text'] ?? null);
      context.output('before', context.input['before'] ?? null);
    },
  };
  return { calls, actions: [count, FAIL] };
}

describe('createRunner: checkpoints', () => {
  function makers(): { readonly action: Action; readonly made: string[] } {
    const made: string[] = [];
    const action: Action = {
      id: 'test:make',
      async handler(context) {
        const name = JSON.stringify(context.each?.['key'] ?? 'one');
        const make = () => {
          made.push(name);
          return { name, token: context.secrets['token'] ?? null };
        };
        const [first, second] = await Promise.all([
          context.checkpoint({ key: 'make', fn: make }),
          context.checkpoint({ key: 'make', fn: make }),
        ]);
        assert.deepEqual(first, second);
        context.output('made', first);
        if (context.input['fail'] === true) throw new Error('the forge refused');
      },
    };
    return { action, made };
  }

  it('run once for each step and item, also when the step is tried again', async () => {
    const { action, made } = makers();
    const step = {
      action: 'test:make',
      each: { a: 1, b: 2 },
      input: { fail: '${{ each.key == "b" and parameters.fail }}' },
    };
    const secrets = { token: 'ghp_seaweed' };
    const failed = await runSteps([action], specOf([step], { parameters: { fail: true } }), { secrets });
    assert.deepEqual(made, ['"a"', '"b"']);
    assert.deepEqual(Object.keys(failed.state.checkpoints), ['s0[a].make', 's0[b].make']);
    assert.equal(JSON.stringify(failed.state).includes('seaweed'), false);
    const state = { ...stored(failed.state), failure: null };
    const again = await runSteps([action], specOf([step], { parameters: { fail: false } }), {
      secrets,
      state,
    });
    assert.equal(again.outcome.status, 'completed');
    assert.deepEqual(made, ['"a"', '"b"']);
  });

  it('that threw are run again', async () => {
    const tries: number[] = [];
    const action: Action = {
      id: 'test:try',
      async handler(context) {
        const fn = () => {
          tries.push(tries.length);
          if (tries.length === 1) throw new Error('not yet');
          return tries.length;
        };
        await assert.rejects(async () => context.checkpoint({ key: 'k', fn }), /not yet/);
        context.output('n', await context.checkpoint({ key: 'k', fn }));
      },
    };
    const run = await runSteps([action], specOf([{ action: 'test:try' }]));
    assert.deepEqual(run.state.steps['s0']?.output, { n: 2 });
  });
});
