import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPatch } from '../../../api/images-patch.ts';
import { actionsOf, isDestructive } from './allowed.ts';

describe('actionsOf', () => {
  it('offers what the state allows, the usual one first', () => {
    const of = (state: string): readonly string[] => actionsOf(toPatch({ id: 'p', state }));
    assert.deepEqual(of('awaiting-approval'), ['approve', 'reject', 'cancel']);
    assert.deepEqual(of('proved'), ['promote']);
    assert.deepEqual(of('promoted'), ['rollback']);
    assert.deepEqual(of('parked'), ['retry', 'cancel']);
    assert.deepEqual(of('clean'), []);
  });

  it('offers nothing in a state that it does not know', () => {
    assert.deepEqual(actionsOf(toPatch({ id: 'p', state: 'from-the-future' })), []);
  });
});

describe('isDestructive', () => {
  it('is true of what ends something or takes it back', () => {
    assert.deepEqual(
      (['approve', 'promote', 'rollback', 'retry', 'reject', 'cancel'] as const).filter(isDestructive),
      ['rollback', 'reject', 'cancel'],
    );
  });
});
