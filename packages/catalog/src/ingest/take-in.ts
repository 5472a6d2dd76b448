/**
 * Takes entities from one source into the catalog: skips what did not change, refuses what belongs to somebody
 * else, processes the rest, and writes it in one transaction a batch. The index follows after the commit.
 */
import { hash } from 'node:crypto';
import type { DatabaseSession } from '@callboard/kernel';
import {
  ANNOTATION,
  checkEnvelope,
  isObject,
  parseJson,
  refOf,
  type Diagnostic,
  type Entity,
  type EntityEnvelope,
} from '@callboard/model';
import { toStoredJson } from '../index/compose.ts';
import type { StoredEntity } from '../index/entity-index.ts';
import { toLocationKey, withLocations } from '../process/location.ts';
import type { EmittedEntity } from '../process/processor.ts';
import type { Processed } from '../process/pipeline.ts';
import {
  addReferences,
  childrenOf,
  entityRows,
  knownEntities,
  logChange,
  replaceRefreshKeys,
  readsOf,
  sourcesAmong,
  sourcesOf,
  storedEntities,
  toStored,
  writeConflicts,
  writeEntities,
  type EntityRow,
  type KnownEntity,
} from '../store/store.ts';
import type { CatalogCore } from './core.ts';
import { release } from './release.ts';

/** Entities that are written in one transaction; between two batches other requests get their turn. */
const BATCH = 500;

/** How many errors of a reading are shown on its Location entity. */
const MAX_SHOWN_ERRORS = 100;

export interface Incoming {
  /** With a good envelope and its location annotations. */
  readonly entity: EntityEnvelope;
  /** Who may change it later; null: anybody. */
  readonly locationKey: string | null;
  /** Finds the place of a path such as `spec.owner` in the document it came from. */
  readonly locate?: (path: string | undefined) => { file: string; line?: number; column?: number };
}

export interface TakeInOptions {
  /** `entity:<ref>` of the parent, or `provider:<name>`. */
  readonly source: string;
  /** Processes entities whose input did not change too. */
  readonly force?: boolean;
  /** Nothing is known of these entities yet, most likely, so it is not worth asking what has not changed. */
  readonly isFirstRead?: boolean;
}

export interface TakenIn {
  /** References that the source now holds. */
  readonly held: readonly string[];
  /** References that belong to another location. */
  readonly conflicts: readonly Conflict[];
}

export interface Conflict {
  readonly ref: string;
  readonly locationKey: string;
  /** The key that holds the reference; null when the row has none. */
  readonly heldBy: string | null;
}

/** References must be unique in `incoming`. */
export async function takeIn(
  core: CatalogCore,
  incoming: readonly Incoming[],
  options: TakeInOptions,
): Promise<TakenIn> {
  const held: string[] = [];
  const conflicts: Conflict[] = [];
  for (let i = 0; i < incoming.length; i += BATCH) {
    const batch = new Batch(core, options, incoming.slice(i, i + BATCH));
    await batch.process();
    await batch.commit();
    held.push(...batch.held);
    conflicts.push(...batch.conflicts);
    await takeEmitted(core, batch.parents(), options);
    await nextTurn();
  }
  return { held, conflicts };
}

interface Candidate extends Incoming {
  readonly ref: string;
  readonly inputText: string;
  readonly inputHash: string;
}

class Batch {
  readonly held: string[] = [];
  readonly conflicts: Conflict[] = [];
  readonly #core: CatalogCore;
  readonly #options: TakeInOptions;
  readonly #candidates: readonly Candidate[];
  readonly #processed = new Map<string, Processed>();

  constructor(core: CatalogCore, options: TakeInOptions, incoming: readonly Incoming[]) {
    this.#core = core;
    this.#options = options;
    this.#candidates = incoming.map((item) => {
      const inputText = toStoredJson(item.entity);
      return { ...item, ref: refOf(item.entity), inputText, inputHash: hash('sha1', inputText, 'hex') };
    });
  }

  /** Runs the processors, outside any transaction: they may read files and URLs. */
  async process(): Promise<void> {
    const { database, pipeline } = this.#core;
    const refs = this.#options.isFirstRead === true ? [] : this.#candidates.map(({ ref }) => ref);
    const known = await knownEntities(database, refs);
    for (const candidate of this.#candidates) {
      if (this.#isUnchanged(candidate, known.get(candidate.ref))) continue;
      const processed = await pipeline(candidate.entity);
      this.#processed.set(candidate.ref, processed);
    }
  }

  /** Writes what was processed, as far as the references are still free or ours. */
  async commit(): Promise<void> {
    const { database, index, onChange } = this.#core;
    const now = this.#core.now();
    const { stored, toRead } = await database.transaction(async (session) => {
      const known = await knownEntities(
        session,
        this.#candidates.map((candidate) => candidate.ref),
      );
      this.#sortOut(known);
      const { rows, changed } = await this.#rowsToWrite(session, known, now);
      await writeEntities(session, rows);
      const joined = await this.#addMissingReferences(session, known);
      await this.#writeClaims(session, now);
      await replaceRefreshKeys(session, this.#refreshKeys(rows));
      const refs = [...new Set([...changed.map((row) => row.ref), ...joined])];
      if (refs.length > 0) await logChange(session, { refs, now });
      return {
        stored: await this.#storedAfter(session, { rows: changed, joined, known }),
        toRead: changed.filter((row) => row.ref.startsWith('location:')).map((row) => row.ref),
      };
    });
    if (stored.length === 0) return;
    index.apply({ upserted: stored, deleted: [] });
    onChange({ changed: stored.map((entity) => entity.ref), deleted: [], toRead, toReclaim: [] });
  }

  /** The entities that were processed, with what they emitted as children of theirs. */
  parents(): Parent[] {
    return this.#candidates.flatMap(({ ref, entity }) => {
      const processed = this.#processed.get(ref);
      return processed === undefined ? [] : [{ ref, entity, children: processed.children }];
    });
  }

  #isUnchanged(candidate: Candidate, known: KnownEntity | undefined): boolean {
    return (
      known !== undefined &&
      this.#options.force !== true &&
      known.errors === null &&
      known.input_hash === candidate.inputHash &&
      known.location_key === candidate.locationKey
    );
  }

  /** Who holds what: a row with another location key belongs to somebody else. */
  #sortOut(known: ReadonlyMap<string, KnownEntity>): void {
    for (const { ref, locationKey } of this.#candidates) {
      const row = known.get(ref);
      const free = row === undefined || row.location_key === null || row.location_key === locationKey;
      if (free) this.held.push(ref);
      else this.conflicts.push({ ref, locationKey: locationKey ?? '', heldBy: row.location_key });
    }
  }

  async #rowsToWrite(
    session: DatabaseSession,
    known: ReadonlyMap<string, KnownEntity>,
    now: number,
  ): Promise<{ rows: EntityRow[]; changed: EntityRow[] }> {
    const mine = new Set(this.held);
    const toWrite = this.#candidates.filter(({ ref }) => mine.has(ref) && this.#processed.has(ref));
    const existing = toWrite.filter(({ ref }) => known.has(ref)).map(({ ref }) => ref);
    const before = new Map((await entityRows(session, existing)).map((row) => [row.ref, row]));
    const rows: EntityRow[] = [];
    const changed: EntityRow[] = [];
    for (const candidate of toWrite) {
      const old = before.get(candidate.ref);
      const row = this.#toRow(candidate, old, now);
      const same =
        old !== undefined &&
        old.entity === row.entity &&
        old.emitted === row.emitted &&
        old.errors === row.errors;
      rows.push(same ? { ...row, changed_at: old.changed_at } : row);
      if (!same) changed.push(row);
    }
    return { rows, changed };
  }

  #toRow(candidate: Candidate, old: EntityRow | undefined, now: number): EntityRow {
    const processed = this.#processed.get(candidate.ref);
    const problems = processed?.problems ?? [];
    const good = processed?.entity ?? null;
    const keepsInput = good === null || !this.#core.idempotent || (processed?.refreshKeys.length ?? 0) > 0;
    return {
      uid: old?.uid ?? this.#core.newUid(),
      ref: candidate.ref,
      location_key: candidate.locationKey,
      input: keepsInput ? candidate.inputText : null,
      input_hash: candidate.inputHash,
      // What was good stays when the new version is not.
      entity: good === null ? (old?.entity ?? null) : storedJsonOf(good, candidate),
      emitted: good === null ? (old?.emitted ?? null) : toEmittedJson(candidate.ref, processed),
      errors: problems.length === 0 ? null : JSON.stringify(problems.map((p) => toWireProblem(p, candidate))),
      first_seen_at: old?.first_seen_at ?? now,
      processed_at: now,
      changed_at: now,
    };
  }

  /** References that are new to this source; returns those of rows that were there before. */
  async #addMissingReferences(
    session: DatabaseSession,
    known: ReadonlyMap<string, KnownEntity>,
  ): Promise<string[]> {
    const { source } = this.#options;
    const { index } = this.#core;
    const missing = this.held.filter((ref) => {
      const ordinal = index.ordinalOf(ref);
      return ordinal === undefined || !index.sourcesOf(ordinal).includes(source);
    });
    await addReferences(session, source, missing);
    return missing.filter((ref) => known.has(ref));
  }

  async #writeClaims(session: DatabaseSession, now: number): Promise<void> {
    await writeConflicts(
      session,
      this.conflicts.map(({ ref, locationKey }) => ({
        ref,
        location_key: locationKey,
        source: this.#options.source,
        seen_at: now,
      })),
    );
  }

  /** Keys are rewritten only for rows that have some, or may have had some. */
  #refreshKeys(rows: readonly EntityRow[]): Map<string, readonly string[]> {
    const keys = new Map<string, readonly string[]>();
    for (const row of rows) {
      const emitted = this.#processed.get(row.ref)?.refreshKeys ?? [];
      const isNew = row.first_seen_at === row.processed_at;
      if (emitted.length > 0 || !isNew) keys.set(row.ref, emitted);
    }
    return keys;
  }

  async #storedAfter(
    session: DatabaseSession,
    { rows, joined, known }: { rows: EntityRow[]; joined: string[]; known: ReadonlyMap<string, KnownEntity> },
  ): Promise<StoredEntity[]> {
    const written = new Set(rows.map((row) => row.ref));
    const others = await entityRows(
      session,
      joined.filter((ref) => !written.has(ref)),
    );
    const all = [...rows, ...others];
    const sources = await sourcesOf(
      session,
      all.map((row) => row.ref).filter((ref) => known.has(ref)),
    );
    return all.map((row) => ({
      ...toStored(row, sources.get(row.ref) ?? [this.#options.source]),
      ...this.#valueOf(row),
    }));
  }

  /** The entity of a row that was just processed, which saves the index parsing it again. */
  #valueOf(row: EntityRow): { value?: Entity } {
    const value = this.#processed.get(row.ref)?.entity;
    return value === undefined || value === null ? {} : { value };
  }
}

/** Most entities leave processing as they came, and are not written as text twice. */
function storedJsonOf(entity: Entity, candidate: Candidate): string {
  return entity === candidate.entity ? candidate.inputText : toStoredJson(entity);
}

interface Parent {
  readonly ref: string;
  readonly entity: EntityEnvelope;
  readonly children: readonly EmittedEntity[];
}

/** Takes in what processors emitted as children, and lets go of what they emit no longer. */
async function takeEmitted(
  core: CatalogCore,
  parents: readonly Parent[],
  options: TakeInOptions,
): Promise<void> {
  // A Location holds what was read from its targets, which is not the business of its processing.
  const others = parents.filter((parent) => !parent.ref.startsWith('location:'));
  // Only processors of plugins emit children; the catalog's own need not be asked for every entity.
  const mayHold = !core.idempotent || options.force === true;
  if (!mayHold && others.every((parent) => parent.children.length === 0)) return;
  const holders = await sourcesAmong(
    core.database,
    others.map((parent) => `entity:${parent.ref}`),
  );
  for (const { ref, entity, children } of others) {
    const source = `entity:${ref}`;
    if (children.length === 0 && !holders.has(source)) continue;
    const incoming = children.flatMap((child) => toIncoming(child, entity));
    const { held } = await takeIn(core, incoming, { ...options, source });
    const before = await childrenOf(core.database, source);
    const gone = before.map((child) => child.ref).filter((child) => !held.includes(child));
    await release(core, gone, { source });
  }
}

function toIncoming(child: EmittedEntity, parent: EntityEnvelope): Incoming[] {
  const envelope = checkEnvelope(child.entity);
  if (!envelope.ok) return [];
  const annotation = (name: string): string => {
    const { annotations } = parent.metadata;
    return isObject(annotations) ? String(annotations[name]) : '';
  };
  const location =
    child.location === undefined ? annotation(ANNOTATION.managedByLocation) : toLocationKey(child.location);
  const origin = annotation(ANNOTATION.managedByOriginLocation);
  return [{ entity: withLocations(envelope.entity, { location, origin }), locationKey: location }];
}

/** Shows on a Location entity what went wrong when its targets were read. */
export async function writeReadingErrors(core: CatalogCore, source: string): Promise<void> {
  const ref = source.slice('entity:'.length);
  const stored = await core.database.transaction(async (session) => {
    const [row] = await entityRows(session, [ref]);
    if (row === undefined) return [];
    const reads = [...(await readsOf(session, source)).values()];
    const problems = reads.flatMap((read) => parseProblems(read.errors)).slice(0, MAX_SHOWN_ERRORS);
    const errors =
      problems.length === 0
        ? null
        : JSON.stringify(
            problems.map((found) => ({ ...found, name: 'InputError', message: found['summary'] })),
          );
    if (errors === row.errors) return [];
    await writeEntities(session, [{ ...row, errors }]);
    await logChange(session, { refs: [ref], now: core.now() });
    return storedEntities(session, [ref]);
  });
  if (stored.length === 0) return;
  core.index.apply({ upserted: stored, deleted: [] });
  core.onChange({ changed: [ref], deleted: [], toRead: [], toReclaim: [] });
}

function parseProblems(text: string | null): Record<string, unknown>[] {
  const problems: unknown = text === null ? [] : parseJson(text);
  return Array.isArray(problems) ? problems.filter(isObject) : [];
}

function toEmittedJson(ref: string, processed: Processed | undefined): string {
  const flat: string[] = [];
  for (const { sourceRef, type, targetRef } of processed?.relations ?? []) {
    flat.push(sourceRef === ref ? '' : sourceRef, type, targetRef === ref ? '' : targetRef);
  }
  return JSON.stringify(flat);
}

/** A problem as it is kept and shown on the entity: a diagnostic with the error name that clients know. */
function toWireProblem(found: Diagnostic, candidate: Candidate): Record<string, unknown> {
  return {
    name: 'InputError',
    message: found.summary,
    ...found,
    ...candidate.locate?.(found.path),
  };
}

/** Lets everything that waits have its turn. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
