import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { FIGURE_STAGES, patchFigures, type StageFigures, type TimedPatch } from './figures.ts';
import type { PatchTimes } from './patch.ts';

const NEVER: PatchTimes = {
  published: null,
  fixReleased: null,
  received: 0,
  planned: null,
  built: null,
  proved: null,
  promoted: null,
  rolledOut: null,
};

function patch(times: Partial<PatchTimes>, endedAt: number | null = null): TimedPatch {
  return { times: { ...NEVER, ...times }, endedAt };
}

function figures(stage: StageFigures['stage'], patches: readonly TimedPatch[], now = 0): StageFigures {
  const found = patchFigures(patches, now).stages.find((one) => one.stage === stage);
  assert.ok(found);
  return found;
}

/** Patches that were planned after so long, or were given up unplanned then. */
function planned(...after: readonly (number | readonly [number, 'censored'])[]): readonly TimedPatch[] {
  return after.map((one) => (typeof one === 'number' ? patch({ planned: one }) : patch({}, one[0])));
}

const duration = fc.integer({ min: 0, max: 50 });
const time = fc.option(fc.oneof(fc.integer({ min: -100, max: 100 }), fc.double()), { nil: null });
const anyPatch: fc.Arbitrary<TimedPatch> = fc.record({
  times: fc.record({
    published: time,
    fixReleased: time,
    received: fc.integer({ min: -100, max: 100 }),
    planned: time,
    built: time,
    proved: time,
    promoted: time,
    rolledOut: time,
  }),
  endedAt: time,
});

/** The smallest of the times after which no more than the share, in twentieths, goes on; by counting. */
function quantile(times: readonly number[], twentieths: number): number | null {
  const goesOn = (t: number): number => times.filter((one) => one > t).length;
  const enough = times.filter((t) => goesOn(t) * 20 <= twentieths * times.length);
  return enough.length === 0 ? null : Math.min(...enough);
}

describe('patchFigures', () => {
  it('has all stages in their order, of no patches too', () => {
    const { patches, stages } = patchFigures([], 0);
    assert.equal(patches, 0);
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      FIGURE_STAGES,
    );
    for (const { ended, open, median, p95 } of stages)
      assert.deepEqual([ended, open, median, p95], [0, 0, null, null]);
  });

  it('measures each stage between its own times', () => {
    const times = {
      fixReleased: 10,
      received: 100,
      planned: 101,
      built: 103,
      proved: 107,
      promoted: 115,
      rolledOut: 1_000,
    };
    assert.deepEqual(
      patchFigures([patch(times)], 2_000).stages.map(({ median }) => median),
      [1, 2, 4, 8, 7, 990],
    );
    assert.equal(figures('ours', [patch({ ...times, fixReleased: 105 })]).median, 2);
  });

  it('estimates as is known of the trial of 6-mercaptopurine (Freireich 1963)', () => {
    const censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35].map((at) => [at, 'censored'] as const);
    const trial = planned(6, 6, 6, 7, 10, 13, 16, 22, 23, ...censored);
    assert.deepEqual(figures('plan', trial), { stage: 'plan', ended: 9, open: 0, median: 23, p95: null });
  });

  it('lets those that are still open count with the time they have taken so far', () => {
    const done = planned(1, 2, 3, 4, 5);
    const stuck = Array.from({ length: 5 }, () => patch({}));
    assert.equal(figures('plan', done, 100).median, 3);
    const all = figures('plan', [...done, ...stuck], 100);
    assert.deepEqual([all.ended, all.open, all.median, all.p95], [5, 5, 5, null]);
    assert.equal(figures('plan', [...done, ...stuck, ...stuck], 100).median, null);
  });

  it('counts what ended early until then, and not as open', () => {
    const { ended, open, median } = figures('build', [
      patch({ planned: 0, built: 10 }),
      patch({ planned: 0 }, 5),
    ]);
    assert.deepEqual([ended, open, median], [1, 0, 10]);
  });

  it('counts who was watched until the very time at which another ended as still in it then', () => {
    const { median, p95 } = figures('plan', planned(5, [5, 'censored']));
    assert.deepEqual([median, p95], [5, null]);
  });

  it('leaves out what did not begin a stage, and what lost the time of its end', () => {
    const { ended, open } = figures('build', [patch({}), patch({ planned: 1, proved: 5 })], 9);
    assert.deepEqual([ended, open], [0, 0]);
    assert.equal(figures('exposure', [patch({ proved: 5 })], 9).open, 0);
    assert.equal(figures('ours', [patch({ fixReleased: null, proved: 105 })], 109).ended, 1);
  });

  it('takes time that runs backwards as none', () => {
    assert.equal(figures('plan', [patch({ received: 10, planned: 4 })]).median, 0);
    assert.equal(figures('plan', [patch({ received: 10 })], 4).open, 1);
  });

  it('is the ordinary quantile when all have ended', () => {
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 60 }), (after) => {
        const { ended, median, p95 } = figures('plan', planned(...after));
        assert.deepEqual([ended, median, p95], [after.length, quantile(after, 10), quantile(after, 1)]);
      }),
    );
  });

  it('is no less when somebody else is still waiting', () => {
    const times = fc.array(duration, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(times, times, duration, (after, given, longer) => {
        const patches = planned(...after, ...given.map((at) => [at, 'censored'] as const));
        const before = figures('plan', patches).median ?? Infinity;
        const more = planned(...after, ...given.map((at) => [at + longer, 'censored'] as const));
        assert.ok((figures('plan', more).median ?? Infinity) >= before);
      }),
    );
  });

  it('does not depend on the order of the patches', () => {
    const shuffled = fc
      .array(anyPatch, { maxLength: 30 })
      .chain((patches) =>
        fc.tuple(
          fc.constant(patches),
          fc.shuffledSubarray(patches, { minLength: patches.length, maxLength: patches.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([patches, others]) => {
        assert.deepEqual(patchFigures(others, 50), patchFigures(patches, 50));
      }),
    );
  });

  it('gives times of 0 or more, whatever the times of the patches are', () => {
    fc.assert(
      fc.property(fc.array(anyPatch, { maxLength: 30 }), (patches) => {
        for (const { stage, ended, open, median, p95 } of patchFigures(patches, 50).stages) {
          assert.ok(ended + open <= patches.length, stage);
          for (const figure of [median, p95]) assert.ok(figure === null || figure >= 0, stage);
          assert.ok(p95 === null || (median !== null && median <= p95), stage);
        }
      }),
    );
  });
});
