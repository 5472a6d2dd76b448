/**
 * The third step of the layout: where the slots of each layer stand across the flow. Every slot is drawn towards the
 * slots it is joined with; nothing overlaps and the order stays. One layer at a time this is a regression with least
 * squares under an order, solved exactly by pooling adjacent violators (Ayer et al., 1955).
 */

/** One place across a layer: a node, a row of nodes, or the bend of an edge. */
export interface Slot {
  /** Its extent across the flow. */
  readonly size: number;
  /** The room that it needs on either side; between two slots the larger room counts. */
  readonly room: number;
  readonly before: readonly Pull[];
  readonly after: readonly Pull[];
}

export interface Pull {
  readonly slot: number;
  readonly weight: number;
}

const SWEEPS = 12;
/** What keeps a slot that nothing pulls at where it is. */
const INERTIA = 0.01;

/** The middle of each slot; the middle of all is near 0. `layers`: the slots of each layer, in their order. */
export function placeSlots(layers: readonly (readonly number[])[], slots: readonly Slot[]): Float64Array {
  const middles = new Float64Array(slots.length);
  for (const layer of layers) settle(layer, slots, middles, () => []);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const forward = sweep % 2 === 0;
    const isLast = sweep >= SWEEPS - 2;
    for (const layer of forward ? layers : layers.toReversed()) {
      settle(layer, slots, middles, (slot) => {
        if (isLast) return [...slot.before, ...slot.after];
        return forward ? slot.before : slot.after;
      });
    }
  }
  return middles;
}

interface Block {
  /** Weighted mean of what its slots want, less their offsets in the layer. */
  mean: number;
  weight: number;
  slots: number;
}

function settle(
  layer: readonly number[],
  slots: readonly Slot[],
  middles: Float64Array,
  pullsOf: (slot: Slot) => readonly Pull[],
): void {
  const offsets = offsetsOf(layer, slots);
  const centre = ((offsets[0] ?? 0) + (offsets.at(-1) ?? 0)) / 2;
  const blocks: Block[] = [];
  for (const [index, id] of layer.entries()) {
    const slot = slots[id];
    if (slot === undefined) continue;
    const offset = (offsets[index] ?? 0) - centre;
    let weight = INERTIA;
    let sum = (middles[id] ?? 0) * INERTIA;
    for (const pull of pullsOf(slot)) {
      weight += pull.weight;
      sum += (middles[pull.slot] ?? 0) * pull.weight;
    }
    let block: Block = { mean: sum / weight - offset, weight, slots: 1 };
    let last = blocks.at(-1);
    while (last !== undefined && last.mean >= block.mean) {
      blocks.pop();
      const total = last.weight + block.weight;
      const mean = (last.mean * last.weight + block.mean * block.weight) / total;
      block = { mean, weight: total, slots: last.slots + block.slots };
      last = blocks.at(-1);
    }
    blocks.push(block);
  }
  let index = 0;
  for (const block of blocks) {
    for (let taken = 0; taken < block.slots; taken += 1) {
      const id = layer[index] ?? 0;
      middles[id] = block.mean + (offsets[index] ?? 0) - centre;
      index += 1;
    }
  }
}

/** The middles of the slots when they stand as close as they may, the first at 0. */
function offsetsOf(layer: readonly number[], slots: readonly Slot[]): readonly number[] {
  const offsets: number[] = [];
  let at = 0;
  let before: Slot | undefined;
  for (const id of layer) {
    const slot = slots[id];
    if (slot === undefined) continue;
    if (before !== undefined) {
      at += before.size / 2 + Math.max(before.room, slot.room) + slot.size / 2;
    }
    offsets.push(at);
    before = slot;
  }
  return offsets;
}
