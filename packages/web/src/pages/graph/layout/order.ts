/**
 * The second step of the layout: the order within each layer, with few crossings. Barycentres in sweeps to and fro, as
 * Sugiyama, Tagawa and Toda (1981) do, and exchanges of neighbours while the drawing is small; crossings are counted
 * as Barth, Jünger and Mutzel (2002) do. Equal graphs get equal orders.
 */

/** What stands in the layers: nodes, and bends of the edges that pass a layer. */
export interface Lattice {
  /** By layer: its items, in their order. */
  readonly layers: readonly (readonly number[])[];
  /** By item: those that it is joined with in the layer before. */
  readonly before: readonly (readonly number[])[];
  /** By item: those that it is joined with in the layer after. */
  readonly after: readonly (readonly number[])[];
}

const MOST_SWEEPS = 24;
/** Sweeps without a better order before the search ends. */
const PATIENCE = 4;
/** Above so many items the exchanges of neighbours would take longer than everything else. */
const EXCHANGE_UP_TO = 600;
const MOST_EXCHANGE_ROUNDS = 8;

/** The layers of `lattice` with their items in a better order. */
export function orderLayers(lattice: Lattice): readonly (readonly number[])[] {
  const items = lattice.before.length;
  const places = new Int32Array(items);
  let current = lattice.layers.map((layer) => [...layer]);
  let best = current.map((layer) => [...layer]);
  notePlaces(current, places);
  let fewest = countCrossings(lattice, current, places);
  let stale = 0;
  for (let sweep = 0; sweep < MOST_SWEEPS && fewest > 0 && stale < PATIENCE; sweep += 1) {
    current = sweepOnce(lattice, current, places, sweep % 2 === 0 ? 'forward' : 'backward');
    if (items <= EXCHANGE_UP_TO) exchangeNeighbours(lattice, current, places);
    const crossings = countCrossings(lattice, current, places);
    stale += 1;
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = current.map((layer) => [...layer]);
    stale = 0;
  }
  return best;
}

/** How many pairs of edges cross, counting each as straight from layer to layer. `places`: each item in its layer. */
export function countCrossings(
  { after }: Pick<Lattice, 'after'>,
  layers: readonly (readonly number[])[],
  places: Int32Array,
): number {
  let crossings = 0;
  for (const [index, layer] of layers.entries()) {
    const width = layers[index + 1]?.length ?? 0;
    if (width === 0) continue;
    // How many edges so far end at or below a place: a tree of sums (Fenwick, 1994).
    const sums = new Int32Array(width + 1);
    let drawn = 0;
    for (const item of layer) {
      const ends = (after[item] ?? []).map((other) => places[other] ?? 0).toSorted((a, b) => a - b);
      for (const end of ends) {
        let notBelow = 0;
        for (let at = end + 1; at > 0; at -= at & -at) notBelow += sums[at] ?? 0;
        crossings += drawn - notBelow;
      }
      for (const end of ends) {
        drawn += 1;
        for (let at = end + 1; at <= width; at += at & -at) sums[at] = (sums[at] ?? 0) + 1;
      }
    }
  }
  return crossings;
}

function notePlaces(layers: readonly (readonly number[])[], places: Int32Array): void {
  for (const layer of layers) {
    for (const [place, item] of layer.entries()) places[item] = place;
  }
}

function sweepOnce(
  { before, after }: Lattice,
  layers: readonly (readonly number[])[],
  places: Int32Array,
  direction: 'forward' | 'backward',
): number[][] {
  const joined = direction === 'forward' ? before : after;
  const result = layers.map((layer) => [...layer]);
  const sequence = direction === 'forward' ? result : result.toReversed();
  for (const layer of sequence) {
    sortByCentre(layer, joined, places);
    for (const [place, item] of layer.entries()) places[item] = place;
  }
  return result;
}

/** Sorts the items that are joined with the layer before; the others keep their places. */
function sortByCentre(layer: number[], joined: Lattice['before'], places: Int32Array): void {
  const centres = new Map<number, number>();
  for (const item of layer) {
    const others = joined[item] ?? [];
    if (others.length === 0) continue;
    let sum = 0;
    for (const other of others) sum += places[other] ?? 0;
    centres.set(item, sum / others.length);
  }
  const sorted = layer
    .filter((item) => centres.has(item))
    .toSorted((a, b) => (centres.get(a) ?? 0) - (centres.get(b) ?? 0));
  let taken = 0;
  for (const [place, item] of layer.entries()) {
    if (!centres.has(item)) continue;
    layer[place] = sorted[taken] ?? item;
    taken += 1;
  }
}

/** Exchanges items that stand side by side while that makes fewer crossings. */
function exchangeNeighbours({ before, after }: Lattice, layers: number[][], places: Int32Array): void {
  for (let round = 0; round < MOST_EXCHANGE_ROUNDS; round += 1) {
    let better = false;
    for (const layer of layers) {
      for (let place = 0; place + 1 < layer.length; place += 1) {
        const [upper, lower] = [layer[place] ?? 0, layer[place + 1] ?? 0];
        const gain =
          gainOf(before[upper] ?? [], before[lower] ?? [], places) +
          gainOf(after[upper] ?? [], after[lower] ?? [], places);
        if (gain <= 0) continue;
        layer[place] = lower;
        layer[place + 1] = upper;
        places[lower] = place;
        places[upper] = place + 1;
        better = true;
      }
    }
    if (!better) return;
  }
}

/** The crossings that go away when two neighbours change places. */
function gainOf(upper: readonly number[], lower: readonly number[], places: Int32Array): number {
  let gain = 0;
  for (const one of upper) {
    for (const other of lower) gain += Math.sign((places[one] ?? 0) - (places[other] ?? 0));
  }
  return gain;
}
