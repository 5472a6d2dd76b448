import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { endingOf, pauseAfter } from './failures.ts';

describe('pauseAfter', () => {
  it('doubles from the first pause up to the longest, and takes up to half of it away by chance', () => {
    const backoff = { first: 1_000, max: 60_000 };
    const longest = [1, 2, 3, 7, 8, 1_000].map((attempt) => pauseAfter(attempt, backoff, () => 1));
    assert.deepEqual(longest, [1_000, 2_000, 4_000, 60_000, 60_000, 60_000]);
    const shortest = [1, 2, 8].map((attempt) => pauseAfter(attempt, backoff, () => 0));
    assert.deepEqual(shortest, [500, 1_000, 30_000]);
  });

  it('has documented defaults', () => {
    assert.equal(
      pauseAfter(1, {}, () => 1),
      5_000,
    );
    assert.equal(
      pauseAfter(99, {}, () => 1),
      600_000,
    );
  });
});

describe('endingOf', () => {
  it('makes of anything thrown a job that waits for a later time or is dead', () => {
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        fc.integer({ min: 1, max: 9 }),
        (thrown, attempts) => {
          const run = { attempts, maxAttempts: 5, backoff: {}, now: 1_000, random: () => 0, redact: String };
          const ending = endingOf(thrown, run);
          if (ending.to === 'waiting') assert.ok(attempts < 5 && ending.at > 1_000);
          else assert.equal(ending.to, 'dead');
          assert.ok(ending.reason.length <= 2_000);
        },
      ),
    );
  });
});
