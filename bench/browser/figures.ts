/** What is told of many measured times, and the table of it. Times are milliseconds. */

export interface Figures {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

/** Throws a RangeError for no times at all. */
export function figuresOf(times: readonly number[]): Figures {
  if (times.length === 0) throw new RangeError('nothing was measured');
  const sorted = times.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), worst: quantile(sorted, 1) };
}

/** The smallest time that so large a share of the times does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export interface Line {
  readonly what: string;
  readonly median: string;
  readonly worst: string;
  /** What it has to keep to; null: nothing was promised. */
  readonly budget: string | null;
  /** False when the median does not keep to the budget. */
  readonly isKept: boolean;
}

/** A line of times; `budget` is held against the median. */
export function timeLine(what: string, times: readonly number[], budget: number | null): Line {
  const { median, worst } = figuresOf(times);
  return {
    what: times.length === 1 ? what : `${what}, ${times.length} times`,
    median: milliseconds(median),
    worst: milliseconds(worst),
    budget: budget === null ? null : `≤ ${milliseconds(budget)}`,
    isKept: budget === null || median <= budget,
  };
}

/** A line of bytes; `budget` is held against every one. */
export function byteLine(what: string, sizes: readonly number[], budget: number | null): Line {
  const { median, worst } = figuresOf(sizes);
  return {
    what,
    median: kilobytes(median),
    worst: kilobytes(worst),
    budget: budget === null ? null : `≤ ${kilobytes(budget)}`,
    isKept: budget === null || worst <= budget,
  };
}

/** A line of something that is not held against anything. */
export function plainLine(what: string, value: string): Line {
  return { what, median: value, worst: '', budget: null, isKept: true };
}

/** A table in Markdown; what is over its budget is in bold. */
export function toTable(lines: readonly Line[]): string {
  const rows = lines.map(({ what, median, worst, budget, isKept }) =>
    [what, isKept ? median : `**${median}**`, worst, budget ?? ''].join(' | '),
  );
  return ['| | median | worst | budget |', '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join(
    '\n',
  );
}

export function milliseconds(ms: number): string {
  return ms < 1_000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1_000)} KB`;
}
