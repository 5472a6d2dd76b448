/**
 * The last step of the layout: the path of each edge. It runs with the flow, straight where it passes a layer and in a
 * curve between two; in a wrapped layer it takes the lane beside the row, so that it crosses no card.
 */
import type { IndexEdge } from './layers.ts';
import type { BuiltLattice, Chain } from './lattice.ts';
import type { Point, Route } from './layout.ts';

/** Where an item stands: along the flow, and its middle across. */
export interface Placed {
  readonly isBend: boolean;
  readonly start: number;
  readonly middle: number;
  /** The column within a wrapped layer; 0 otherwise. */
  readonly column: number;
  readonly layer: { readonly start: number; readonly end: number; readonly columns: number };
}

export interface RouterOptions {
  readonly placed: readonly Placed[];
  readonly lattice: Pick<BuiltLattice, 'before' | 'after'>;
  readonly measures: {
    readonly along: number;
    readonly across: number;
    readonly nodeGap: number;
    readonly columnGap: number;
  };
  /** The flow is from top to bottom. */
  readonly isTransposed: boolean;
}

/** A straight piece along the flow. */
interface Run {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** How far a curve between two nodes of one layer bulges, at least and at most. */
const BULGE = { least: 22, most: 64 } as const;
/** A loop leaves a card and comes back on one side, so far from the end of the card. */
const LOOP = { from: 40, to: 14, height: 17 } as const;
/** Where between two layers a label stands, from the end with fewer edges: 0.5 is in the middle. */
const LABEL_AT = 0.32;

/** `draw` is late, because the offset of a part is known after all parts are laid out. */
export function createRouter(
  options: RouterOptions,
): (edge: IndexEdge, chain: Chain) => (offset: Point) => Route {
  const { placed, measures, isTransposed } = options;
  const endOf = (item: number): number => (placed[item]?.start ?? 0) + measures.along;
  const middleOf = (item: number): number => placed[item]?.middle ?? 0;

  const toRoute = (pen: Pen, isTurned: boolean, offset: Point): Route => pen.finish({ isTurned, offset });

  return (edge, chain) => {
    const [from, to] = edge;
    if (from === to) {
      const pen = createPen(isTransposed);
      const [end, middle] = [endOf(from), middleOf(from)];
      const side = middle - measures.across / 2;
      const [out, back] = [end - LOOP.from, end - LOOP.to];
      pen.move(out, side);
      pen.curve(out, side - LOOP.height, back, side - LOOP.height, back, side);
      pen.label((out + back) / 2, side - LOOP.height);
      return (offset) => toRoute(pen, false, offset);
    }
    const pen = createPen(isTransposed);
    if (chain.length === 0) {
      drawWithin(pen, edge, options);
      return (offset) => toRoute(pen, false, offset);
    }
    drawRuns(pen, runsOf(chain, options), labelEnd(chain, options));
    return (offset) => toRoute(pen, chain[0] !== from, offset);
  };
}

/** An edge within a layer leaves on the side where the flow goes, and comes back there. */
function drawWithin(pen: Pen, [from, to]: IndexEdge, { placed, measures }: RouterOptions): void {
  const [a, b] = [placed[from], placed[to]];
  if (a === undefined || b === undefined) return;
  const [aEnd, bEnd] = [a.start + measures.along, b.start + measures.along];
  if (a.column === b.column) {
    const isWrapped = a.layer.columns > 1;
    const wanted = Math.max(BULGE.least, Math.min(BULGE.most, Math.abs(a.middle - b.middle) / 6));
    const bulge = isWrapped ? measures.columnGap - 4 : wanted;
    pen.move(aEnd, a.middle);
    pen.curve(aEnd + bulge, a.middle, bEnd + bulge, b.middle, bEnd, b.middle);
    pen.label(aEnd + bulge * 0.75, (a.middle + b.middle) / 2);
    return;
  }
  const [outOf, into] = a.column < b.column ? [aEnd, b.start] : [a.start, bEnd];
  const half = (outOf + into) / 2;
  pen.move(outOf, a.middle);
  pen.curve(half, a.middle, half, b.middle, into, b.middle);
  pen.label(half, (a.middle + b.middle) / 2);
}

function runsOf(chain: Chain, { placed, measures }: RouterOptions): readonly Run[] {
  const runs: Run[] = [];
  for (const [index, item] of chain.entries()) {
    const here = placed[item];
    if (here === undefined) continue;
    const { start, middle, column, layer } = here;
    if (here.isBend) {
      runs.push({ from: layer.start, to: layer.end, at: middle });
      continue;
    }
    const other = placed[chain[index === 0 ? 1 : index - 1] ?? 0];
    const side = (other?.middle ?? middle) < middle ? -1 : 1;
    const lane = middle + side * (measures.across / 2 + measures.nodeGap / 2);
    const end = start + measures.along;
    if (index === 0) {
      runs.push({ from: end, to: end, at: middle });
      if (column < layer.columns - 1) runs.push({ from: end + measures.columnGap, to: layer.end, at: lane });
      continue;
    }
    if (column > 0) runs.push({ from: layer.start, to: start - measures.columnGap, at: lane });
    runs.push({ from: start, to: start, at: middle });
  }
  return runs;
}

/** The end of a chain where fewer edges meet, so that labels there are apart. */
function labelEnd(chain: Chain, { lattice }: RouterOptions): 'first' | 'last' {
  const leaving = lattice.after[chain[0] ?? 0]?.length ?? 0;
  const arriving = lattice.before[chain.at(-1) ?? 0]?.length ?? 0;
  return leaving <= arriving ? 'first' : 'last';
}

function drawRuns(pen: Pen, runs: readonly Run[], labelled: 'first' | 'last'): void {
  const [first] = runs;
  if (first === undefined) return;
  pen.move(first.from, first.at);
  for (const [index, run] of runs.entries()) {
    if (run.to !== run.from) pen.line(run.to, run.at);
    const following = runs[index + 1];
    if (following === undefined) return;
    const half = (run.to + following.from) / 2;
    pen.curve(half, run.at, half, following.at, following.from, following.at);
    const isLabelled = labelled === 'first' ? index === 0 : index === runs.length - 2;
    if (!isLabelled) continue;
    const share = labelled === 'first' ? LABEL_AT : 1 - LABEL_AT;
    pen.label(...onCurve([run.to, run.at], [following.from, following.at], share));
  }
}

/** A point of the curve between two runs. */
function onCurve(
  [a, p]: readonly [number, number],
  [b, q]: readonly [number, number],
  t: number,
): readonly [number, number] {
  const half = (a + b) / 2;
  const s = 1 - t;
  const along = s * s * s * a + 3 * s * s * t * half + 3 * s * t * t * half + t * t * t * b;
  const across = s * s * (s + 3 * t) * p + t * t * (t + 3 * s) * q;
  return [along, across];
}

/** Draws in coordinates along and across the flow. */
interface Pen {
  readonly move: (along: number, across: number) => void;
  readonly line: (along: number, across: number) => void;
  /** Two control points and the end, each along and across. */
  readonly curve: (...points: readonly [number, number, number, number, number, number]) => void;
  readonly label: (along: number, across: number) => void;
  readonly finish: (options: { readonly isTurned: boolean; readonly offset: Point }) => Route;
}

function createPen(isTransposed: boolean): Pen {
  const steps: { readonly command: string; readonly points: readonly Point[] }[] = [];
  let labelAt: Point = { x: 0, y: 0 };
  const toPoint = (along: number, across: number): Point =>
    isTransposed ? { x: across, y: along } : { x: along, y: across };
  return {
    move: (along, across) => void steps.push({ command: 'M', points: [toPoint(along, across)] }),
    line: (along, across) => void steps.push({ command: 'L', points: [toPoint(along, across)] }),
    curve: (...[a, b, c, d, e, f]) =>
      void steps.push({ command: 'C', points: [toPoint(a, b), toPoint(c, d), toPoint(e, f)] }),
    label: (along, across) => {
      labelAt = toPoint(along, across);
    },
    finish({ isTurned, offset: { x: dx, y: dy } }) {
      const moved = ({ x, y }: Point): Point => ({ x: Math.round(x + dx), y: Math.round(y + dy) });
      const path = steps
        .map(
          ({ command, points }) =>
            `${command}${points
              .map(moved)
              .map(({ x, y }) => `${x} ${y}`)
              .join(' ')}`,
        )
        .join('');
      const all = steps.flatMap(({ points }) => points).map(moved);
      const xs = all.map((point) => point.x);
      const ys = all.map((point) => point.y);
      const [x, y] = [Math.min(...xs), Math.min(...ys)];
      const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
      return { path, isTurned, box, label: moved(labelAt) };
    },
  };
}
