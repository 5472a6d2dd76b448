import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { RunState, StepState } from '../run/run.ts';
import { createSeal } from './seal.ts';
import { cancelledState, openState, retriedState, sealState, withCheckpoint, withStep } from './task-rows.ts';
import { specOf } from './world.fixture.ts';

const EMPTY: RunState = { steps: {}, checkpoints: {}, failure: null };
const completed: StepState = { status: 'completed', output: { url: 'x' } };

const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', ''), fc.string());

describe('sealState and openState', () => {
  const seal = createSeal(randomBytes(32));

  it('give back the state as it was, whatever its steps and checkpoints are called', () => {
    const entries = fc.array(fc.tuple(name, fc.jsonValue()));
    fc.assert(
      fc.property(entries, entries, (steps, checkpoints) => {
        let state = EMPTY;
        for (const [id, value] of steps) {
          const output: Record<string, unknown> = JSON.parse(JSON.stringify({ value }));
          state = withStep(state, id, { status: 'completed', output: { value: JSON.stringify(output) } });
        }
        for (const [key, value] of checkpoints) state = withCheckpoint(state, key, JSON.stringify(value));
        const found = openState(seal, { id: 'task', ...sealState(seal, 'task', state) });
        assert.deepEqual(Object.entries(found.steps), Object.entries(state.steps));
        assert.deepEqual(Object.entries(found.checkpoints), Object.entries(state.checkpoints));
        assert.equal(Object.hasOwn(Object.prototype, 'status'), false);
      }),
    );
  });

  it('keep outputs out of what can be read', () => {
    const state = withStep(EMPTY, 'make', { status: 'completed', output: { token: 's3cret' } });
    const stored = sealState(seal, 'task', state);
    assert.equal(stored.state.includes('s3cret'), false);
    assert.throws(() => openState(seal, { id: 'other', ...stored }), {
      code: 'scaffolder/sealed-unreadable',
    });
  });

  it('refuse outputs that are too large', () => {
    const large = withStep(EMPTY, 'make', { status: 'completed', output: { text: 'x'.repeat(34_000_000) } });
    assert.throws(() => sealState(seal, 'task', large), { code: 'scaffolder/state-too-large' });
  });
});

describe('retriedState', () => {
  it('keeps what is settled before the step that failed, and all checkpoints', () => {
    const spec = specOf(['a', 'b', 'c', 'd'].map((id) => ({ id, action: 'x' })));
    let state = withStep(EMPTY, 'a', completed);
    state = withStep(state, 'b', { status: 'skipped', output: {} });
    state = withStep(state, 'c', { status: 'failed', output: {} });
    state = withStep(state, 'd', completed);
    state = withCheckpoint({ ...state, failure: { stepId: 'c', message: 'no' } }, 'c.made', true);
    const retried = retriedState(spec, state);
    assert.deepEqual(Object.keys(retried.steps), ['a', 'b']);
    assert.equal(retried.failure, null);
    assert.equal(retried.checkpoints['c.made'], true);
  });
});

describe('cancelledState', () => {
  it('says of the steps that did not run that they were cancelled', () => {
    const spec = specOf(['a', 'b'].map((id) => ({ id, action: 'x' })));
    const { steps } = cancelledState(spec, withStep(EMPTY, 'a', completed));
    assert.deepEqual(
      Object.values(steps).map(({ status }) => status),
      ['completed', 'cancelled'],
    );
  });
});
