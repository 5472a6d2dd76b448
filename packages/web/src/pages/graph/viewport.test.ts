import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  boundedFactor,
  contains,
  firstView,
  fitView,
  keepInside,
  resized,
  revealed,
  toDrawing,
  visibleBox,
  zoomAt,
  type View,
} from './viewport.ts';

const SCREEN = { width: 800, height: 600 } as const;
const LARGE = { width: 6_000, height: 4_000 } as const;

const views = fc.record({
  x: fc.integer({ min: -3_000, max: 500 }),
  y: fc.integer({ min: -3_000, max: 500 }),
  zoom: fc.double({ min: 0.1, max: 2, noNaN: true }),
});

function near(a: number, b: number): void {
  assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);
}

describe('fitView', () => {
  it('shows everything, and never larger than life', () => {
    const view = fitView(LARGE, SCREEN);
    assert.ok(contains(visibleBox(view, SCREEN, 0), { x: 0, y: 0, ...LARGE }));
    assert.equal(fitView({ width: 300, height: 100 }, SCREEN).zoom, 1);
  });
});

describe('firstView', () => {
  it('shows the root at a readable size when everything would be too small', () => {
    const root = { x: 5_700, y: 2_000, width: 200, height: 50 };
    const view = firstView(LARGE, SCREEN, root);
    const visible = visibleBox(view, SCREEN, 0);
    assert.ok(contains(visible, root));
    assert.equal(view.zoom, 0.8);
    // The drawing ends at the right: the screen ends there too.
    near(visible.x + visible.width, LARGE.width);
    assert.deepEqual(firstView({ width: 700, height: 500 }, SCREEN, root).zoom, 1);
  });
});

describe('zoomAt', () => {
  it('keeps what is under the pointer there', () => {
    fc.assert(
      fc.property(
        views,
        fc.nat(800),
        fc.nat(600),
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        (view, x, y, factor) => {
          const before = toDrawing(view, { x, y });
          const after = toDrawing(zoomAt(view, { x, y }, factor), { x, y });
          near(before.x, after.x);
          near(before.y, after.y);
        },
      ),
    );
  });

  it('has limits', () => {
    assert.equal(zoomAt({ x: 0, y: 0, zoom: 2 }, { x: 0, y: 0 }, 100).zoom, 2.5);
    const view: View = { x: 0, y: 0, zoom: 0.2 };
    const bounded = boundedFactor(view, 0.01, { drawing: LARGE, screen: SCREEN });
    assert.ok(bounded < 1 && bounded * view.zoom > 0.05);
    assert.equal(boundedFactor(view, 1.3, { drawing: LARGE, screen: SCREEN }), 1.3);
  });
});

describe('revealed', () => {
  it('brings a box onto the screen, and moves nothing that is there already', () => {
    const box = { x: 100, y: 100, width: 100, height: 40 };
    fc.assert(
      fc.property(views, (view) => {
        const shown = revealed(view, box, SCREEN);
        assert.ok(contains(visibleBox(shown, SCREEN, 0), box));
        const again = revealed(shown, box, SCREEN);
        near(again.x, shown.x);
        near(again.y, shown.y);
      }),
    );
  });
});

describe('keepInside', () => {
  it('never lets the drawing leave the screen', () => {
    fc.assert(
      fc.property(views, fc.integer(), fc.integer(), ({ zoom }, x, y) => {
        const { x: left, y: top } = keepInside({ x, y, zoom }, LARGE, SCREEN);
        assert.ok(left < SCREEN.width && left + LARGE.width * zoom > 0);
        assert.ok(top < SCREEN.height && top + LARGE.height * zoom > 0);
      }),
    );
  });
});

describe('resized', () => {
  const drawing = { width: 900, height: 400 };
  const after = { width: 600, height: 600 };

  it('still shows everything when everything was shown', () => {
    const view = resized(fitView(drawing, SCREEN), drawing, { before: SCREEN, after });
    assert.ok(contains(visibleBox(view, after, 0), { x: 0, y: 0, ...drawing }));
  });

  it('keeps the middle when only a part was shown', () => {
    const view = { x: -500, y: -200, zoom: 1 };
    const shown = resized(view, LARGE, { before: SCREEN, after });
    assert.deepEqual(toDrawing(shown, { x: 300, y: 300 }), toDrawing(view, { x: 400, y: 300 }));
  });
});
