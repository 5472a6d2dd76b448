/** Why an entity is as it is: where it came from, when that was last read, and what is wrong with it. */
import type { Database } from '@callboard/kernel';
import { ANNOTATION, isObject, parseJson, type Diagnostic } from '@callboard/model';
import type { EntityIndex } from './index/entity-index.ts';
import type { Engine } from './ingest/engine.ts';
import { conflictsOf, entityRows, readsOf, sourcesOf, type ReadRow } from './store/store.ts';

export type EntityState = 'ok' | 'failing' | 'stale' | 'orphaned' | 'pending';

export interface Explanation {
  readonly entityRef: string;
  /**
   * `failing`: its last version is bad and an earlier one is shown; `stale`: its source cannot be read;
   * `orphaned`: no location lists it any more; `pending`: it never was good.
   */
  readonly state: EntityState;
  readonly location: string | null;
  readonly originLocation: string | null;
  readonly locationKey: string | null;
  /** ISO 8601, as all times here. */
  readonly firstSeenAt: string | null;
  readonly lastProcessedAt: string | null;
  readonly lastChangedAt: string | null;
  /** From the nearest to the root. */
  readonly sources: readonly ExplainedSource[];
  /** Others that claim the same reference. */
  readonly conflicts: readonly { location: string; source: string; seenAt: string }[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ExplainedSource {
  /** A Location entity's reference, or `provider:<name>`. */
  readonly ref: string;
  readonly target: string | null;
  readonly lastReadAt: string | null;
  readonly lastChangedAt: string | null;
  readonly nextReadAt: string | null;
  readonly error: string | null;
}

/** Null when nothing is known of the reference. */
export async function explain(
  of: { database: Database; index: EntityIndex; engine: Engine },
  ref: string,
): Promise<Explanation | null> {
  const [row] = await entityRows(of.database, [ref]);
  if (row === undefined) return null;
  const ordinal = of.index.ordinalOf(ref);
  const annotations =
    ordinal === undefined ? {} : (of.index.entityOf(ordinal, 'head').metadata.annotations ?? {});
  const location = annotations[ANNOTATION.managedByLocation] ?? row.location_key;
  const { sources, problems } = await sourceChain(of, { ref, location });
  const own = parseDiagnostics(row.errors);
  const conflicts = await conflictsOf(of.database, [ref]);
  return {
    entityRef: ref,
    state: stateOf({ visible: row.entity !== null, own, sources }),
    location,
    originLocation: annotations[ANNOTATION.managedByOriginLocation] ?? null,
    locationKey: row.location_key,
    firstSeenAt: toIso(row.first_seen_at),
    lastProcessedAt: toIso(row.processed_at),
    lastChangedAt: toIso(row.changed_at),
    sources,
    conflicts: conflicts.map((claim) => ({
      location: claim.location_key,
      source: claim.source.replace(/^entity:/, ''),
      seenAt: toIso(claim.seen_at),
    })),
    diagnostics: [
      ...own,
      ...problems.filter((problem) => !own.some((known) => known.summary === problem.summary)),
    ],
  };
}

function stateOf(of: {
  visible: boolean;
  own: readonly Diagnostic[];
  sources: readonly ExplainedSource[];
}): EntityState {
  if (!of.visible) return 'pending';
  if (of.own.some((problem) => problem.severity === 'error')) return 'failing';
  if (of.sources.length === 0) return 'orphaned';
  return of.sources.some((source) => source.error !== null) ? 'stale' : 'ok';
}

async function sourceChain(
  { database, engine }: { database: Database; engine: Engine },
  of: { ref: string; location: string | null },
): Promise<{ sources: ExplainedSource[]; problems: Diagnostic[] }> {
  const sources: ExplainedSource[] = [];
  const problems: Diagnostic[] = [];
  const seen = new Set<string>();
  let frontier = [of.ref];
  let target = of.location?.replace(/^[^:]+:/, '') ?? null;
  while (frontier.length > 0) {
    const above = [...new Set([...(await sourcesOf(database, frontier)).values()].flat())];
    frontier = [];
    for (const source of above) {
      if (seen.has(source)) continue;
      seen.add(source);
      if (source.startsWith('provider:')) {
        sources.push({
          ref: source,
          target: null,
          lastReadAt: null,
          lastChangedAt: null,
          nextReadAt: null,
          error: null,
        });
        continue;
      }
      const parent = source.slice('entity:'.length);
      const read = readOf(await readsOf(database, source), target);
      const found = parseDiagnostics(read?.errors ?? null);
      problems.push(...found.filter((problem) => isAbout(problem, target)));
      sources.push({
        ref: parent,
        target: read?.target ?? target,
        lastReadAt: toIsoOrNull(read?.read_at),
        lastChangedAt: toIsoOrNull(read?.changed_at),
        nextReadAt: toIsoOrNull(engine.nextReadAt(parent)),
        error: found.find(isReadFailure)?.summary ?? null,
      });
      frontier.push(parent);
    }
    const [first] = frontier;
    const [row] = first === undefined ? [] : await entityRows(database, [first]);
    target = row?.location_key?.replace(/^[^:]+:/, '') ?? null;
  }
  return { sources, problems };
}

/** Codes of problems that keep a whole target from being read, so that what it gave before is shown. */
const READ_FAILURES =
  /^(?:reading\/|catalog\/(?:source-|no-reader|bad-target|not-text|html-not-yaml|yaml-too-large))/;

function isReadFailure({ code }: Diagnostic): boolean {
  return READ_FAILURES.test(code);
}

function readOf(reads: ReadonlyMap<string, ReadRow>, target: string | null): ReadRow | undefined {
  return (target === null ? undefined : reads.get(target)) ?? reads.values().next().value;
}

function isAbout(problem: Diagnostic, target: string | null): boolean {
  return problem.file === undefined || target === null || problem.file === target;
}

/** Problems as they were stored: JSON of our own making, or nothing. */
export function parseDiagnostics(text: string | null): Diagnostic[] {
  const list: unknown = text === null ? [] : parseJson(text);
  return Array.isArray(list) ? list.filter(isDiagnostic) : [];
}

function isDiagnostic(value: unknown): value is Diagnostic {
  return isObject(value) && typeof value['summary'] === 'string' && typeof value['code'] === 'string';
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}

function toIsoOrNull(time: number | null | undefined): string | null {
  return time === null || time === undefined ? null : toIso(time);
}
