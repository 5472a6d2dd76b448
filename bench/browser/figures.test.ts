import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { byteLine, figuresOf, plainLine, timeLine, toTable } from './figures.ts';

const HUNDRED = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('figuresOf', () => {
  it('finds the median, what 95 % do not exceed, and the worst, in any order', () => {
    assert.deepEqual(figuresOf(HUNDRED), { median: 50, p95: 95, worst: 100 });
    assert.deepEqual(figuresOf([7]), { median: 7, p95: 7, worst: 7 });
    assert.deepEqual(figuresOf([30, 10, 20]), { median: 20, p95: 30, worst: 30 });
  });

  it('refuses to tell anything of nothing', () => {
    assert.throws(() => figuresOf([]), /nothing was measured/);
  });
});

describe('toTable', () => {
  it('holds the median of times against the budget, and the worst of sizes', () => {
    const table = toTable([
      timeLine('kept', [10, 20, 900], 50),
      timeLine('missed', [60, 70, 80], 50),
      byteLine('sizes', [100_000, 260_000], 250_000),
      plainLine('nodes', '812'),
    ]);
    assert.equal(
      table,
      `| | median | worst | budget |
|---|---|---|---|
| kept, 3 times | 20 ms | 900 ms | ≤ 50 ms |
| missed, 3 times | **70 ms** | 80 ms | ≤ 50 ms |
| sizes | **100 KB** | 260 KB | ≤ 250 KB |
| nodes | 812 |  |  |`,
    );
  });
});
