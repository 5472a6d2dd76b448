/** Why an entity is as it is: where it came from, when that was last read, and what is wrong with it. */
import type { Database } from '@callboard/kernel';
import { ANNOTATION, isObject, parseJson, type Diagnostic } from '@callboard/model';
import picomatch from 'picomatch';
import type { EntityIndex } from './index/entity-index.ts';
import type { Engine } from './ingest/engine.ts';
import { globBase } from './source/read-file.ts';
import { conflictsOf, readsOf, type ReadRow } from './store/reads.ts';
import { sourcesOf } from './store/references.ts';
import { entityRows } from './store/store.ts';

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
  // What a Location points to is its own business, as its spec is.
  const reads = [...(await readsOf(of.database, `entity:${ref}`)).values()];
  const own = [row.errors, ...reads.map((read) => read.errors)].flatMap(parseDiagnostics);
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
    diagnostics: [...own, ...problems],
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

/** An entity on the way up, and the location key under which the one above it found it. */
interface Step {
  readonly ref: string;
  readonly key: string | null;
}

/** What holds the entity, what holds that, and so on; and what went wrong on the way that concerns the entity. */
async function sourceChain(
  { database, engine }: { database: Database; engine: Engine },
  of: { ref: string; location: string | null },
): Promise<{ sources: ExplainedSource[]; problems: Diagnostic[] }> {
  const found = new Map<string, ExplainedSource>();
  const problems: Diagnostic[] = [];
  let level: Step[] = [{ ref: of.ref, key: of.location }];
  while (level.length > 0) {
    const held = await sourcesOf(
      database,
      level.map(({ ref }) => ref),
    );
    const above = new Set<string>();
    for (const step of level) {
      for (const source of held.get(step.ref) ?? []) {
        if (found.has(source)) continue;
        const { read, failure, about } = await readingOf(database, source, step);
        const parent = source.replace(/^entity:/, '');
        problems.push(...about.filter((problem) => !isAboutAnother(problem, of.ref)));
        found.set(source, {
          ref: parent,
          target: read?.target ?? null,
          lastReadAt: toIsoOrNull(read?.read_at),
          lastChangedAt: toIsoOrNull(read?.changed_at),
          nextReadAt: toIsoOrNull(engine.nextReadAt(parent)),
          error: failure?.summary ?? null,
        });
        if (source.startsWith('entity:')) above.add(parent);
      }
    }
    const rows = await entityRows(database, [...above]);
    level = rows.map((row) => ({ ref: row.ref, key: row.location_key }));
  }
  return { sources: [...found.values()], problems };
}

/** The reading in which a source found an entity, and what kept it from being read again, if anything did. */
async function readingOf(
  database: Database,
  source: string,
  { key }: Step,
): Promise<{ read: ReadRow | undefined; failure: Diagnostic | undefined; about: readonly Diagnostic[] }> {
  const target = key === null ? null : key.slice(key.indexOf(':') + 1);
  if (target === null || source.startsWith('provider:')) {
    return { read: undefined, failure: undefined, about: [] };
  }
  const reads = await readsOf(database, source);
  const covering = [...reads.values()].filter((read) => covers(read.target, target));
  const about = covering.flatMap((read) => parseDiagnostics(read.errors));
  return { read: reads.get(target) ?? covering[0], failure: about.find(isReadFailure), about };
}

/** A glob that cannot be read stands for all files that it matched. */
function covers(target: string, found: string): boolean {
  return target === found || (globBase(target).isGlob && picomatch(target, { dot: true })(found));
}

/** Codes of problems that keep a whole target from being read, so that what it gave before is shown. */
const READ_FAILURES =
  /^(?:reading\/|catalog\/(?:source-|no-reader|location-type|bad-target|not-text|html-not-yaml|yaml-too-large))/;

function isReadFailure({ code }: Diagnostic): boolean {
  return READ_FAILURES.test(code);
}

const ABOUT_ONE_ENTITY = /^catalog\/(?:conflict|duplicate-entity|kind-not-allowed)$/;

/** Something is wrong with another entity of the same document. */
function isAboutAnother({ code, summary }: Diagnostic, ref: string): boolean {
  return ABOUT_ONE_ENTITY.test(code) && !summary.split(' ').includes(ref);
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
