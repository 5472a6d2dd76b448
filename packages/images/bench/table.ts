/** Makes the tables of the benchmark out of its rounds: medians, the whole range, and ratios within rounds. */
import type { Patched } from './buildah-ways.ts';
import type { Judged } from './judge.ts';

/** One way in one round. */
export interface Run {
  readonly way: string;
  readonly round: number;
  readonly patched: Patched;
  /** Seconds of processors, of the way and all it started. */
  readonly cpu: number;
  readonly judged: Judged;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** By way; the ratios are to the run of `than` in the same round, as the load of a machine changes between rounds. */
export function ratios(runs: readonly Run[], way: string, than: string): readonly number[] {
  return runs
    .filter((run) => run.way === way)
    .flatMap(({ round, patched }) => {
      const other = runs.find((run) => run.way === than && run.round === round);
      return other === undefined ? [] : [patched.seconds / other.patched.seconds];
    });
}

const HEAD = [
  'way',
  'fixable before → after',
  'new',
  'layer packed / unpacked, MB',
  'packages changed',
  'unneeded',
  'marks changed',
  'leaks',
  'seconds, median (range)',
  'ratio to (a)',
  'processor seconds',
  'peak RSS, MB',
];

/** Markdown. */
export function tableOf(runs: readonly Run[], { than }: { readonly than: string }): string {
  const ways = [...new Set(runs.map(({ way }) => way))];
  const rows = ways.map((way) =>
    rowOf(
      way,
      runs.filter((run) => run.way === way),
      ratios(runs, way, than),
    ),
  );
  return [HEAD, HEAD.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function rowOf(way: string, runs: readonly Run[], ratio: readonly number[]): readonly string[] {
  const of = (value: (run: Run) => number): number => median(runs.map(value));
  const { before, after } = runs[0]?.judged ?? { before: 0, after: 0 };
  const seconds = runs.map(({ patched }) => patched.seconds);
  const range = `${Math.min(...seconds).toFixed(1)}–${Math.max(...seconds).toFixed(1)}`;
  const rss = runs.flatMap(({ patched }) => (patched.peakRss === null ? [] : [patched.peakRss]));
  const leaked = of(({ judged }) => judged.leaks.bytes);
  const files = of(({ judged }) => judged.leaks.files.length);
  return [
    way,
    `${before} → ${after} (${((1 - after / before) * 100).toFixed(1)} %)`,
    String(of(({ judged }) => judged.appeared.length)),
    `${mb(of(({ judged }) => judged.layer.packed))} / ${mb(of(({ judged }) => judged.layer.unpacked))}`,
    String(of(({ judged }) => judged.changed.length)),
    String(of(({ judged }) => judged.unneeded.length)),
    String(of(({ judged }) => judged.marks.length)),
    `${files} files, ${mb(leaked)} MB`,
    `${median(seconds).toFixed(1)} (${range})`,
    ratio.length === 0 ? '–' : median(ratio).toFixed(2),
    of(({ cpu }) => cpu).toFixed(1),
    rss.length === 0 ? '–' : String(Math.round(Math.max(...rss) / 1e6)),
  ];
}

/** Seconds of each stage, the median of all rounds. */
export function stagesOf(runs: readonly Run[]): string {
  return [...new Set(runs.map(({ way }) => way))]
    .map((way) => {
      const mine = runs.filter((run) => run.way === way);
      const names = Object.keys(mine[0]?.patched.stages ?? {});
      const parts = names.map((name) => {
        const took = median(mine.map(({ patched }) => patched.stages[name] ?? 0));
        return `${name} ${took.toFixed(1)}`;
      });
      return `${way}: ${parts.join(', ')}`;
    })
    .join('\n');
}

export function mb(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
