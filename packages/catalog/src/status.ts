/** The catalog at work, for whoever runs it: what it holds, what it is reading, how long that takes, what cannot be read. */
import type { Database } from '@callboard/kernel';
import type { Activity, StageFigures } from './activity.ts';
import { parseDiagnostics, type EntityState } from './explain.ts';
import type { EntityIndex } from './index/entity-index.ts';
import { countOf } from './index/ordinals.ts';
import type { Engine } from './ingest/engine.ts';
import type { ProblemFinder } from './problems.ts';
import { toLocationKey, writtenTargets } from './process/location.ts';
import type { ReadRow } from './store/reads.ts';
import { countHeld, countReads, countUnderKeys, holdingProviders, readsPage } from './store/source-rows.ts';
import type { Troubles } from './troubles.ts';

export interface CatalogStatus {
  /** ISO 8601, as all times here. */
  readonly startedAt: string;
  readonly entities: {
    /** Those that never were good are among them. */
    readonly total: number;
    readonly byKind: readonly { readonly value: string; readonly count: number }[];
    readonly byState: Readonly<Record<EntityState, number>>;
  };
  readonly queue: {
    /** Locations that wait to be read. */
    readonly waiting: number;
    /** References of Locations that are being read. */
    readonly reading: readonly string[];
  };
  /** Since this process started. */
  readonly stages: readonly StageFigures[];
  readonly sources: {
    readonly total: number;
    readonly failing: number;
    /** Failing ones first; among each, providers by name, then targets. */
    readonly items: readonly SourceStatus[];
  };
}

/** A target of a Location entity, or a provider. */
export interface SourceStatus {
  /** Reference of the Location, or `provider:<name>`. */
  readonly ref: string;
  /** The provider that leads here; null when nothing does any more. */
  readonly provider: string | null;
  /** What its target is, such as `file`; `provider` for a provider. */
  readonly type: string;
  /** A path or URL; the name of a provider. */
  readonly target: string;
  /** How many entities come from here. */
  readonly entities: number;
  readonly lastReadAt: string | null;
  /** When something else was found than before. Null for providers, who do not say. */
  readonly lastChangedAt: string | null;
  readonly nextReadAt: string | null;
  /** Since this process started, as the next two. */
  readonly readings: number;
  /** Readings that gave nothing. */
  readonly failures: number;
  /** Milliseconds of the last reading, taking in included. */
  readonly lastMs: number | null;
  /** The first thing that is wrong with what was found last, or why nothing was found. */
  readonly error: string | null;
}

export interface StatusDeps {
  readonly database: Database;
  readonly index: EntityIndex;
  readonly engine: Engine;
  readonly activity: Activity;
  readonly problems: ProblemFinder;
}

/** A page of the sources, and everything else. */
export async function readStatus(
  deps: StatusDeps,
  page: { readonly limit: number; readonly offset: number },
): Promise<CatalogStatus> {
  const { engine, activity } = deps;
  const sources = await readSources(deps, page);
  const troubles = await deps.problems.troubles();
  const { reading } = engine;
  return {
    startedAt: toIso(activity.startedAt),
    entities: countEntities(deps.index, troubles),
    queue: { waiting: Math.max(0, engine.backlog - reading.length), reading },
    stages: activity.stages(),
    sources,
  };
}

function countEntities(index: EntityIndex, troubles: Troubles): CatalogStatus['entities'] {
  const pending = troubles.get('pending') ?? [];
  const kinds = new Map<string, number>();
  const count = (kind: string, more: number): void => void kinds.set(kind, (kinds.get(kind) ?? 0) + more);
  for (const [kind, ordinals] of index.key('kind')?.entries() ?? []) count(kind, countOf(ordinals));
  for (const { draft } of pending) if (draft !== undefined) count(draft.kind, 1);
  const [failing, stale, orphaned] = (['failing', 'stale', 'orphaned'] as const).map(
    (state) => troubles.get(state)?.length ?? 0,
  );
  const bad = { failing: failing ?? 0, stale: stale ?? 0, orphaned: orphaned ?? 0 };
  const ok = Math.max(0, index.size - bad.failing - bad.stale - bad.orphaned);
  return {
    total: index.size + pending.length,
    byKind: [...kinds]
      .map(([value, entities]) => ({ value, count: entities }))
      .toSorted((a, b) => (a.value < b.value ? -1 : 1)),
    byState: { ok, ...bad, pending: pending.length },
  };
}

/** The page is put together from four lists: providers and targets that fail, then those that do not. */
async function readSources(
  deps: StatusDeps,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<CatalogStatus['sources']> {
  const { database, activity } = deps;
  const counts = await countReads(database);
  const held = await holdingProviders(database);
  const mutated = activity.sourcesWith('provider:').map((source) => source.slice('provider:'.length));
  const providers = [...new Set([...held, ...mutated])].toSorted();
  const isFailing = (name: string): boolean =>
    (activity.figuresOf(`provider:${name}`, name)?.error ?? null) !== null;
  const failing = providers.filter(isFailing);
  const good = providers.filter((name) => !isFailing(name));

  const items: SourceStatus[] = [];
  let skip = offset;
  const takeProviders = async (names: readonly string[]): Promise<void> => {
    for (const name of names.slice(skip, skip + limit - items.length))
      items.push(await ofProvider(deps, name));
    skip = Math.max(0, skip - names.length);
  };
  const takeTargets = async (which: { failing: boolean; count: number }): Promise<void> => {
    const rows = await readsPage(database, { ...which, limit: limit - items.length, offset: skip });
    items.push(...(await ofTargets(deps, rows)));
    skip = Math.max(0, skip - which.count);
  };
  await takeProviders(failing);
  await takeTargets({ failing: true, count: counts.failing });
  await takeProviders(good);
  await takeTargets({ failing: false, count: counts.total - counts.failing });
  return {
    total: providers.length + counts.total,
    failing: failing.length + counts.failing,
    items,
  };
}

async function ofProvider({ database, activity }: StatusDeps, name: string): Promise<SourceStatus> {
  const source = `provider:${name}`;
  const figures = activity.figuresOf(source, name);
  return {
    ref: source,
    provider: name,
    type: 'provider',
    target: name,
    entities: await countHeld(database, source),
    lastReadAt: figures === null ? null : toIso(figures.lastAt),
    lastChangedAt: null,
    nextReadAt: null,
    readings: figures?.readings ?? 0,
    failures: figures?.failures ?? 0,
    lastMs: figures?.lastMs ?? null,
    error: figures?.error ?? null,
  };
}

async function ofTargets(deps: StatusDeps, rows: readonly ReadRow[]): Promise<SourceStatus[]> {
  const { index, engine, activity } = deps;
  const located = rows.map((row) => {
    const ref = row.source.slice('entity:'.length);
    const { type, holder } = aboutLocation(index, ref);
    const key = toLocationKey({ type, target: row.target });
    return { row, ref, type, key, isHolder: holder === key };
  });
  const entities = await countUnderKeys(deps.database, [...new Set(located.map(({ key }) => key))]);
  return located.map(({ row, ref, type, key, isHolder }) => {
    const figures = activity.figuresOf(row.source, row.target);
    const nextReadAt = engine.nextReadAt(ref);
    const problem = parseDiagnostics(row.errors).find(({ severity }) => severity === 'error');
    return {
      ref,
      provider: providerOf(index, ref),
      type,
      target: row.target,
      // A Location that the configuration or the API brought has the key of what it points to.
      entities: (entities.get(key) ?? 0) - (isHolder ? 1 : 0),
      lastReadAt: toIso(row.read_at),
      lastChangedAt: toIso(row.changed_at),
      nextReadAt: nextReadAt === null ? null : toIso(nextReadAt),
      readings: figures?.readings ?? 0,
      failures: figures?.failures ?? 0,
      lastMs: figures?.lastMs ?? null,
      error: problem?.summary ?? null,
    };
  });
}

/** What the targets of a Location are, and the location key under which it was brought itself. */
function aboutLocation(index: EntityIndex, ref: string): { type: string; holder: string | null } {
  const ordinal = index.ordinalOf(ref);
  if (ordinal === undefined) return { type: 'unknown', holder: null };
  const location = index.entityOf(ordinal, 'head');
  const { type, base } = writtenTargets(location);
  return { type, holder: toLocationKey(base) };
}

/** The name of the first provider that leads to an entity. */
function providerOf(index: EntityIndex, ref: string): string | null {
  const seen = new Set([ref]);
  for (const current of seen) {
    const ordinal = index.ordinalOf(current);
    for (const source of ordinal === undefined ? [] : index.sourcesOf(ordinal)) {
      if (source.startsWith('provider:')) return source.slice('provider:'.length);
      seen.add(source.slice('entity:'.length));
    }
  }
  return null;
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
