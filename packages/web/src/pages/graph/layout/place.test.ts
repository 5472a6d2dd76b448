import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { placeSlots, type Slot } from './place.ts';

function slot(before: readonly number[], after: readonly number[], size = 10): Slot {
  const pulls = (slots: readonly number[]): Slot['before'] => slots.map((id) => ({ slot: id, weight: 1 }));
  return { size, room: 5, before: pulls(before), after: pulls(after) };
}

describe('placeSlots', () => {
  it('puts one in the middle of those it is joined with', () => {
    const slots = [slot([], [3]), slot([], [3]), slot([], [3]), slot([0, 1, 2], [])];
    const [first = 0, second = 0, third = 0, hub = 0] = placeSlots([[0, 1, 2], [3]], slots);
    assert.ok(Math.abs(hub - second) < 0.5);
    assert.ok(second - first >= 15 && third - second >= 15);
  });

  it('keeps the order and the room between slots, whatever pulls', () => {
    const shape = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 12 }),
      targets: fc.array(fc.nat(11), { minLength: 12, maxLength: 12 }),
    });
    fc.assert(
      fc.property(shape, ({ sizes, targets }) => {
        const count = sizes.length;
        const upper = sizes.map((size, index) => slot([], [count + ((targets[index] ?? 0) % count)], size));
        const lower = sizes.map((size, index) => slot([(targets[11 - index] ?? 0) % count], [], size));
        const layers = [upper.map((_, index) => index), lower.map((_, index) => count + index)];
        const slots = [...upper, ...lower];
        const middles = placeSlots(layers, slots);
        for (const layer of layers) {
          for (const [place, id] of layer.entries()) {
            const next = layer[place + 1];
            if (next === undefined) continue;
            const room = ((slots[id]?.size ?? 0) + (slots[next]?.size ?? 0)) / 2 + 5;
            assert.ok((middles[next] ?? 0) - (middles[id] ?? 0) >= room - 1e-6);
          }
        }
      }),
    );
  });
});
