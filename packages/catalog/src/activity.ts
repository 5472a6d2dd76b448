/**
 * What the catalog has been doing since this process started: how long each stage of taking entities in took, and how
 * often each source was read. Held in memory and given to the metrics; nothing here is ever read from the database.
 */
import type { Metrics } from '@callboard/kernel';

/** In the order that an entity goes through them. */
export const STAGES = ['read', 'parse', 'process', 'store', 'index'] as const;

/**
 * `read`: waiting for files and URLs, one run a reading of a Location, items are targets; `parse`: one run a file, items
 * are entities; `process`: one run a batch, the question what has changed included; `store`: one run a transaction;
 * `index`: one run a commit that changed something.
 */
export type StageName = (typeof STAGES)[number];

/** Milliseconds. */
export interface StageFigures {
  readonly name: StageName;
  readonly runs: number;
  readonly items: number;
  readonly failures: number;
  readonly totalMs: number;
  /** Null until it ran. */
  readonly lastMs: number | null;
  readonly maxMs: number | null;
}

export interface Tally {
  readonly items: number;
  /** Default: 0. */
  readonly failures?: number;
}

/** What processing made of some entities: those that are null failed. */
export function tallyOf(processed: Iterable<{ readonly entity: unknown }>): Tally {
  let [items, failures] = [0, 0];
  for (const { entity } of processed) {
    items += 1;
    if (entity === null) failures += 1;
  }
  return { items, failures };
}

/** Of a target of a Location, or of a provider. */
export interface SourceFigures {
  readonly readings: number;
  /** Readings that gave nothing, because the target could not be read or the provider's mutation was refused. */
  readonly failures: number;
  /** Of the last reading, taking in included. */
  readonly lastMs: number;
  readonly lastAt: number;
  /** When it began to fail, if that was seen; null while it is good. */
  readonly failingSince: number | null;
  readonly error: string | null;
}

export type ReadingOutcome = 'changed' | 'unchanged' | 'failed';

export interface ReadingReport {
  readonly outcome: ReadingOutcome;
  readonly ms: number;
  /** True when a failure begins now: the reading before, of this process or another, was good, or there was none. */
  readonly wasGood: boolean;
  /** Why it failed. */
  readonly error?: string;
}

/** Measures stages that follow each other: each lap begins where the one before ended. */
export interface Laps {
  lap(stage: StageName, tally: Tally): void;
}

export interface Activity {
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  /** Grows whenever something ended that may have changed what is stored: an answer computed before may be outdated. */
  readonly version: number;
  /** Says that something stored may have changed. */
  touch(): void;
  add(stage: StageName, run: Tally & { readonly ms: number }): void;
  /** Runs something and counts it, unless it throws. */
  time<Result>(stage: StageName, work: () => Result, tally: (result: Result) => Tally): Result;
  startLaps(): Laps;
  /** A monotonic time in milliseconds, for durations. */
  readonly clock: () => number;
  stages(): StageFigures[];
  /** `source`: `entity:<ref>` of a Location, or `provider:<name>`, whose only target is its name. */
  countReading(source: string, target: string, report: ReadingReport): void;
  figuresOf(source: string, target: string): SourceFigures | null;
  /** Sources that begin with this prefix and have been read. */
  sourcesWith(prefix: string): string[];
  /** Drops what is known of targets that are gone, or of a whole source. */
  forget(source: string, targets?: readonly string[]): void;
}

export interface ActivityOptions {
  readonly metrics: Metrics;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Default: `performance.now`. */
  readonly clock?: () => number;
}

type Counted = { -readonly [Name in keyof StageFigures]: StageFigures[Name] };

export function createActivity(options: ActivityOptions): Activity {
  const { metrics, now, clock = () => performance.now() } = options;
  const duration = metrics.histogram({
    name: 'catalog_stage_duration_seconds',
    help: 'Time that one run of a stage of taking entities in took',
    labels: ['stage'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  });
  const readings = metrics.counter({
    name: 'catalog_source_readings_total',
    help: 'Readings of targets and mutations of providers, by what came of them',
    labels: ['outcome'],
  });
  const stages = new Map(STAGES.map((name): [StageName, Counted] => [name, unused(name)]));
  const sources = new Map<string, Map<string, SourceFigures>>();
  const startedAt = now();
  let version = 0;

  const add: Activity['add'] = (stage, { ms, items, failures = 0 }) => {
    duration.observe({ stage }, ms / 1_000);
    const figures = stages.get(stage);
    if (figures === undefined) return;
    figures.runs += 1;
    figures.items += items;
    figures.failures += failures;
    figures.totalMs += ms;
    figures.lastMs = ms;
    figures.maxMs = Math.max(figures.maxMs ?? 0, ms);
  };

  return {
    startedAt,
    get version() {
      return version;
    },
    touch: () => void (version += 1),
    clock,
    add,
    time: (stage, work, tally) => {
      const began = clock();
      const result = work();
      add(stage, { ...tally(result), ms: clock() - began });
      return result;
    },
    startLaps: () => {
      let began = clock();
      return {
        lap: (stage, tally) => {
          const ended = clock();
          add(stage, { ...tally, ms: ended - began });
          began = ended;
        },
      };
    },
    stages: () => [...stages.values()].map(toShown),
    countReading: (source, target, report) => {
      readings.inc({ outcome: report.outcome });
      const targets = sources.get(source) ?? new Map<string, SourceFigures>();
      sources.set(source, targets.set(target, counted(targets.get(target), { report, at: now() })));
    },
    figuresOf: (source, target) => sources.get(source)?.get(target) ?? null,
    sourcesWith: (prefix) => [...sources.keys()].filter((source) => source.startsWith(prefix)),
    forget: (source, targets) => {
      if (targets === undefined) sources.delete(source);
      for (const target of targets ?? []) sources.get(source)?.delete(target);
    },
  };
}

function toShown({ totalMs, lastMs, maxMs, ...figures }: Counted): StageFigures {
  return {
    ...figures,
    totalMs: toMicroseconds(totalMs),
    lastMs: lastMs === null ? null : toMicroseconds(lastMs),
    maxMs: maxMs === null ? null : toMicroseconds(maxMs),
  };
}

/** Milliseconds as far as they are measured: clocks give more digits than they know. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function unused(name: StageName): Counted {
  return { name, runs: 0, items: 0, failures: 0, totalMs: 0, lastMs: null, maxMs: null };
}

function counted(
  before: SourceFigures | undefined,
  { report, at }: { report: ReadingReport; at: number },
): SourceFigures {
  const failed = report.outcome === 'failed';
  const began = report.wasGood ? at : null;
  return {
    readings: (before?.readings ?? 0) + 1,
    failures: (before?.failures ?? 0) + (failed ? 1 : 0),
    lastMs: toMicroseconds(report.ms),
    lastAt: at,
    failingSince: failed ? (before?.failingSince ?? began) : null,
    error: report.error ?? null,
  };
}
