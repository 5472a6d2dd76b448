import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPatch } from '../../api/images-patch.ts';
import { span, timeTaken } from './span.ts';

describe('span', () => {
  it('names the two largest units that matter', () => {
    const spans: readonly (readonly [number, string])[] = [
      [-5, '0 s'],
      [440, '0.4 s'],
      [12_300, '12 s'],
      [59_800, '1 min'],
      [252_000, '4 min 12 s'],
      [3_599_600, '1 h'],
      [11_100_000, '3 h 5 min'],
      [187_200_000, '2 d 4 h'],
    ];
    for (const [ms, text] of spans) assert.equal(span(ms), text);
  });
});

describe('timeTaken', () => {
  const patch = (fields: object): ReturnType<typeof toPatch> =>
    toPatch({ id: 'p', createdAt: 1_000, updatedAt: 9_000, ...fields });

  it('counts from the finding to the golden tag, not to what came later', () => {
    const times = { received: 2_000, proved: 4_000, promoted: 5_000 };
    assert.equal(timeTaken(patch({ state: 'promoted', times }), 99_000), 3_000);
  });

  it('counts to now while it is at work, and to the last change once it stopped', () => {
    assert.equal(timeTaken(patch({ state: 'running', times: { received: 2_000 } }), 20_000), 18_000);
    assert.equal(timeTaken(patch({ state: 'refused', times: {} }), 20_000), 8_000);
  });

  it('does not know what has no beginning', () => {
    assert.equal(timeTaken(toPatch({ id: 'p', state: 'running' }), 1), null);
  });
});
