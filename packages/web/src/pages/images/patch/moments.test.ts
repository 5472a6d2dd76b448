import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPatch } from '../../../api/images-patch.ts';
import { toMoments } from './moments.ts';

function briefly(fields: object): readonly string[] {
  return toMoments(toPatch({ id: 'p', ...fields })).map(
    ({ name, after, missing }) => `${name} ${missing ?? after ?? 'first'}`,
  );
}

describe('toMoments', () => {
  it('says what passed between times, and which are to come', () => {
    const times = { fixReleased: 1_000, received: 5_000, built: 6_000 };
    assert.deepEqual(briefly({ state: 'running', times }), [
      'published notKnown',
      'fixReleased first',
      'received 4000',
      'planned notKnown',
      'built 1000',
      'proved notYet',
      'promoted notYet',
      'rolledOut notYet',
    ]);
  });

  it('expects nothing more of what has stopped', () => {
    assert.equal(briefly({ state: 'refused', times: { received: 1 } }).at(-1), 'rolledOut notReached');
    assert.equal(briefly({ state: 'promoted', times: { promoted: 1 } }).at(-1), 'rolledOut notYet');
  });

  it('gives no time to a fix that came after the finding', () => {
    const times = { fixReleased: 9_000, received: 5_000 };
    assert.equal(briefly({ state: 'running', times })[2], 'received first');
  });
});
