import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { windowOf, windowsAhead, windowsOf } from './windows.ts';

describe('windowsOf', () => {
  it('covers every row of a range, and no more', () => {
    const ranges = fc.tuple(fc.nat(100_000), fc.nat(500));
    fc.assert(
      fc.property(ranges, ([first, rows]) => {
        const last = first + rows;
        const windows = windowsOf({ first, last });
        assert.equal(windows[0], windowOf(first));
        assert.equal(windows.at(-1), windowOf(last));
        assert.equal(windows.length, windowOf(last) - windowOf(first) + 1);
      }),
    );
  });
});

describe('windowsAhead', () => {
  it('is empty in the middle of a window', () => {
    assert.deepEqual(windowsAhead({ first: 45, last: 55 }, 1_000), []);
    assert.deepEqual(windowsAhead({ first: 340, last: 359 }, 1_000), []);
  });

  it('names the window that the screen comes close to', () => {
    assert.deepEqual(windowsAhead({ first: 60, last: 80 }, 1_000), [1]);
    assert.deepEqual(windowsAhead({ first: 220, last: 239 }, 1_000), [1]);
  });

  it('does not go beyond the ends of the list', () => {
    assert.deepEqual(windowsAhead({ first: 0, last: 20 }, 60), []);
    assert.deepEqual(windowsAhead({ first: 80, last: 99 }, 100), []);
    assert.deepEqual(windowsAhead({ first: 0, last: 0 }, 0), []);
  });
});
