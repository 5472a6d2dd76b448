/** Why an entity is as it is: where it came from, when that was last read, and what is wrong with it. */
import type { Database } from '@callboard/kernel';
import {
  ANNOTATION,
  checkEnvelope,
  isObject,
  parseJson,
  parseLocationRef,
  type Diagnostic,
  type EntityEnvelope,
  type LocationRef,
} from '@callboard/model';
import picomatch from 'picomatch';
import type { Catalog } from './catalog.ts';
import type { EntityIndex } from './index/entity-index.ts';
import type { Engine } from './ingest/engine.ts';
import { UNKNOWN_LOCATION } from './process/location.ts';
import { createRuleFinder, type CatalogRule } from './process/rules.ts';
import { globBase } from './source/read-file.ts';
import { conflictsOf, readsOf, type ReadRow } from './store/reads.ts';
import { sourcesOf } from './store/references.ts';
import { entityRows, type EntityRow } from './store/store.ts';

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
  /** What lets it in from its origin; null when nothing does any more, and for what a provider gave. */
  readonly rule: ExplainedRule | null;
  /** Who read it: the type of a reader such as `file`, or the name of a provider; null when nothing leads to it. */
  readonly readBy: string | null;
  /** Names of the processors that it went through, in order. */
  readonly processors: readonly string[];
  /** Null while it never was good, as the etag. */
  readonly uid: string | null;
  readonly etag: string | null;
}

export interface ExplainedRule {
  /** Its position in `catalog.rules`; null for the default rules and those of a location. */
  readonly index: number | null;
  /** What it allows: kinds, such as `Component`, or `Component (spec.type: website)`. */
  readonly kinds: readonly string[];
  /** Where from; null: from anywhere. */
  readonly locations: NonNullable<CatalogRule['locations']> | null;
  /** For people: `catalog.rules[0]: allow Component, API`. */
  readonly text: string;
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
  catalog: Pick<Catalog, 'core' | 'index' | 'engine' | 'settings' | 'processors'>,
  ref: string,
): Promise<Explanation | null> {
  const { index, engine, settings, processors } = catalog;
  const { database } = catalog.core;
  const [row] = await entityRows(database, [ref]);
  if (row === undefined) return null;
  const ordinal = index.ordinalOf(ref);
  const { metadata } = ordinal === undefined ? {} : index.entityOf(ordinal, 'head');
  const annotations = metadata?.annotations ?? {};
  const location = annotations[ANNOTATION.managedByLocation] ?? row.location_key;
  const { sources, problems } = await sourceChain({ database, engine }, { ref, location });
  // What a Location points to is its own business, as its spec is.
  const reads = [...(await readsOf(database, `entity:${ref}`)).values()];
  const own = [row.errors, ...reads.map((read) => read.errors)].flatMap(parseDiagnostics);
  const conflicts = await conflictsOf(database, [ref]);
  const holders = (await sourcesOf(database, [ref])).get(ref) ?? [];
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
    rule: isGiven(holders) ? null : findRule(settings.rules, entityOfRow(index, row)),
    readBy: readerOf(sources, location),
    processors,
    uid: metadata?.uid ?? null,
    etag: metadata?.etag ?? null,
  };
}

/** What only providers hold was let in without asking any rule. */
function isGiven(holders: readonly string[]): boolean {
  return holders.length > 0 && holders.every((holder) => holder.startsWith('provider:'));
}

function findRule(rules: readonly CatalogRule[], entity: EntityEnvelope | null): ExplainedRule | null {
  if (entity === null) return null;
  const rule = createRuleFinder(rules)(entity, originOf(entity) ?? UNKNOWN_LOCATION);
  if (rule === null) return null;
  const kinds = rule.allow.map(({ kind, type }) =>
    type === undefined ? kind : `${kind} (spec.type: ${type})`,
  );
  const { place = null, locations = null } = rule;
  const allows = `allow ${kinds.join(', ')}`;
  const text = place === null ? allows : `${place.name}: ${allows}`;
  return { index: place?.index ?? null, kinds, locations, text };
}

/** Who read what the nearest Location points to, or gave it; other entities on the way had it read with them. */
function readerOf(sources: readonly ExplainedSource[], location: string | null): string | null {
  const nearest = sources.find(({ ref }) => ref.startsWith('provider:') || ref.startsWith('location:'));
  if (nearest === undefined) return null;
  if (nearest.ref.startsWith('provider:')) return nearest.ref.slice('provider:'.length);
  return location === null ? null : (parseLocationRef(location)?.type ?? null);
}

/** The entity as it is shown or, when it never was good, as its source gave it; null when that cannot be told. */
export function entityOfRow(index: EntityIndex, row: EntityRow): EntityEnvelope | null {
  const ordinal = index.ordinalOf(row.ref);
  if (ordinal !== undefined) return index.entityOf(ordinal, 'head');
  const given = checkEnvelope(row.input === null ? null : parseJson(row.input));
  return given.ok ? given.entity : null;
}

/** The location that led to an entity; null when it does not say. */
export function originOf({ metadata }: EntityEnvelope): LocationRef | null {
  const { annotations } = metadata;
  const origin = isObject(annotations) ? annotations[ANNOTATION.managedByOriginLocation] : undefined;
  return typeof origin === 'string' ? parseLocationRef(origin) : null;
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

export function isReadFailure({ code }: Diagnostic): boolean {
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
