import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runBounded } from './bounded-run.ts';

const ITEMS = Array.from({ length: 20 }, (_, index) => index);

describe('runBounded', () => {
  it('does everything, no more than so many at once', async () => {
    let running = 0;
    let most = 0;
    const seen: number[] = [];
    const progress: number[] = [];
    const failures = await runBounded(ITEMS, {
      atOnce: 4,
      signal: new AbortController().signal,
      onProgress: (done) => progress.push(done),
      act: async (item) => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        seen.push(item);
        running -= 1;
      },
    });
    assert.deepEqual(failures, []);
    assert.deepEqual(
      seen.toSorted((a, b) => a - b),
      ITEMS,
    );
    assert.equal(most, 4);
    assert.deepEqual(
      progress,
      ITEMS.map((index) => index + 1),
    );
  });

  it('goes on after a failure, and tells of each in order', async () => {
    const failures = await runBounded(ITEMS, {
      atOnce: 3,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      act: async (item) => {
        if (item % 7 === 3) throw new Error(`no ${item}`);
      },
    });
    assert.deepEqual(
      failures.map(({ item, error }) => [item, String(error)]),
      [
        [3, 'Error: no 3'],
        [10, 'Error: no 10'],
        [17, 'Error: no 17'],
      ],
    );
  });

  it('begins nothing more once it is stopped', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    await runBounded(ITEMS, {
      atOnce: 1,
      signal: stop.signal,
      onProgress: (done) => done === 5 && stop.abort(),
      act: async (item) => void seen.push(item),
    });
    assert.deepEqual(seen, [0, 1, 2, 3, 4]);
  });
});
