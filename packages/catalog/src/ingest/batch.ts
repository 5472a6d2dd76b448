/** A few hundred entities of one source, on their way through processing into one transaction. */
import type { DatabaseSession } from '@callboard/kernel';
import type { Entity } from '@callboard/model';
import { tallyOf, type Laps } from '../activity.ts';
import type { StoredEntity } from '../index/entity-index.ts';
import type { Processed } from '../process/pipeline.ts';
import {
  conflictsOf,
  forgetFingerprints,
  readErrorsOf,
  replaceRefreshKeys,
  writeConflicts,
} from '../store/reads.ts';
import { logChange } from '../store/changes.ts';
import { keepReplaced } from '../store/history.ts';
import { addReferences, sourceExists, sourcesAmong, sourcesOf } from '../store/references.ts';
import {
  type EntityRow,
  entityRows,
  knownEntities,
  type KnownEntity,
  toStored,
  writeEntities,
} from '../store/store.ts';
import type { CatalogCore, CommittedChange } from './core.ts';
import { screenEmitted } from './emitted.ts';
import type { Candidate, Incoming } from './incoming.ts';
import { isOtherVersion, toRow } from './rows.ts';

/** Entities in processing at the same time; they may wait for files and URLs. */
const CONCURRENCY = 8;

export interface TakeInOptions {
  /** `entity:<ref>` of the parent, or `provider:<name>`. */
  readonly source: string;
  /** Processes entities whose input did not change too. */
  readonly force?: boolean;
  /** Nothing is known of these entities yet, most likely, so it is not worth asking what has not changed. */
  readonly isFirstRead?: boolean;
  /** References that the source may claim under another location key than before, when nobody else holds them. */
  readonly mayRekey?: (ref: string) => boolean;
  /** References of the entities whose processing led here. */
  readonly trail?: readonly string[];
}

/** A reference that belongs to somebody else. */
export interface Conflict {
  readonly ref: string;
  readonly incoming: Incoming;
  /** The location key that holds the reference. */
  readonly heldBy: string | null;
}

/** An entity that emitted others, or had done so before. */
export interface Parent {
  readonly ref: string;
  readonly inputHash: string;
  readonly children: readonly Incoming[];
}

/** A processing result whose children have been looked at. */
interface Done extends Processed {
  readonly screened: readonly Incoming[];
}

type Known = ReadonlyMap<string, KnownEntity>;

/** What a commit brought about. */
interface Written extends Required<Pick<CommittedChange, 'toRead' | 'toReclaim' | 'dependenciesChanged'>> {
  readonly stored: StoredEntity[];
}

/** For people who look for the entity that does not appear. */
export function logConflict({ log }: CatalogCore, source: string, conflict: Conflict): void {
  const { ref, heldBy, incoming } = conflict;
  log.warn('two sources claim one entity', { ref, heldBy, claimedBy: incoming.locationKey, source });
}

export class Batch {
  readonly held: string[] = [];
  readonly conflicts: Conflict[] = [];
  /** Whose children are to be taken in next. Until then their rows have no input hash: a crash leaves no gap. */
  readonly parents: Parent[] = [];
  readonly #core: CatalogCore;
  readonly #laps: Laps;
  readonly #options: TakeInOptions;
  readonly #candidates: readonly Candidate[];
  readonly #done = new Map<string, Done>();
  /** References that nobody holds, although their rows have another location key. */
  readonly #orphans = new Set<string>();

  constructor(core: CatalogCore, candidates: readonly Candidate[], options: TakeInOptions) {
    this.#core = core;
    this.#laps = core.activity.startLaps();
    this.#options = options;
    this.#candidates = candidates;
  }

  /** Processes, outside any transaction, then writes; again if somebody else was faster. */
  async run(): Promise<void> {
    const refs = this.#options.isFirstRead === true ? [] : this.#candidates.map(({ ref }) => ref);
    let known: Known | null = await knownEntities(this.#core.database, refs);
    while (known !== null) {
      await this.#process(known);
      this.#laps.lap('process', tallyOf(this.#done.values()));
      known = await this.#commit();
    }
  }

  async #process(known: Known): Promise<void> {
    const { pipeline } = this.#core;
    const { trail = [] } = this.#options;
    const waiting = this.#candidates.filter((candidate) => this.#isOpen(candidate, known)).values();
    const work = async (): Promise<void> => {
      for (const { ref, entity } of waiting) {
        const processed = await pipeline(entity);
        const { children, problems } = screenEmitted(this.#core, { ref, entity, processed }, trail);
        this.#done.set(ref, {
          ...processed,
          screened: children,
          problems: [...processed.problems, ...problems],
        });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  }

  /** True when the entity has to be processed before anything can be written. */
  #isOpen(candidate: Candidate, known: Known): boolean {
    const row = known.get(candidate.ref);
    if (this.#done.has(candidate.ref)) return false;
    if (row === undefined) return true;
    if (isBlocked(candidate, row)) return this.#orphans.has(candidate.ref) || this.#mayRekey(candidate.ref);
    return (
      this.#options.force === true ||
      row.errors !== null ||
      row.input_hash !== candidate.inputHash ||
      row.location_key !== candidate.locationKey
    );
  }

  /** Writes what was processed, as far as the references are still free or ours. Else what changed meanwhile. */
  async #commit(): Promise<Known | null> {
    const { database, index, now, onChange } = this.#core;
    const outcome = await database.transaction(async (session) => {
      if (!(await sourceExists(session, this.#options.source))) return null;
      const known = await knownEntities(
        session,
        this.#candidates.map((candidate) => candidate.ref),
      );
      const current = await this.#findCurrent(session, known);
      const refused = await this.#findRefused(session, current, known);
      if (current.some((candidate) => this.#isOpen(candidate, known))) return known;
      const mine = current.filter((candidate) => !refused.has(candidate));
      for (const { ref } of mine) this.held.push(ref);
      await this.#claim(session, refused, known);
      return this.#write(session, mine, { known, now: now() });
    });
    this.#laps.lap('store', { items: this.#done.size });
    if (outcome === null) return null;
    if (!('stored' in outcome)) return outcome;
    const { stored, ...followUp } = outcome;
    if (stored.length === 0) return null;
    index.apply({ upserted: stored, deleted: [] });
    this.#laps.lap('index', { items: stored.length });
    onChange({ changed: stored.map((entity) => entity.ref), deleted: [], ...followUp });
    return null;
  }

  /** All but what was to be made again and is another one now, or is held by the source no more. */
  async #findCurrent(session: DatabaseSession, known: Known): Promise<Candidate[]> {
    const current = this.#candidates.filter((candidate) => isCurrent(candidate, known));
    const again = current.filter(({ basis }) => basis !== undefined).map(({ ref }) => ref);
    if (again.length === 0) return current;
    const sources = await sourcesOf(session, again);
    const { source } = this.#options;
    return current.filter(({ ref, basis }) => basis === undefined || sources.get(ref)?.includes(source));
  }

  /**
   * What belongs to somebody else: it has another location key, and is no orphan. The only holder may change the key of
   * what it holds when it knows what it does.
   */
  async #findRefused(
    session: DatabaseSession,
    candidates: readonly Candidate[],
    known: Known,
  ): Promise<Set<Candidate>> {
    const blocked = candidates.filter((candidate) => isBlocked(candidate, known.get(candidate.ref)));
    const sources = await sourcesOf(
      session,
      blocked.map(({ ref }) => ref),
    );
    const refused = new Set<Candidate>();
    for (const candidate of blocked) {
      const { ref } = candidate;
      const holders = sources.get(ref) ?? [];
      if (holders.length === 0) this.#orphans.add(ref);
      else {
        this.#orphans.delete(ref);
        const isAlone = holders.every((holder) => holder === this.#options.source);
        if (!isAlone || !this.#mayRekey(ref)) refused.add(candidate);
      }
    }
    return refused;
  }

  #mayRekey(ref: string): boolean {
    return this.#options.mayRekey?.(ref) === true;
  }

  /** Remembers who else wants a reference, to ask them when it is free. */
  async #claim(session: DatabaseSession, refused: ReadonlySet<Candidate>, known: Known): Promise<void> {
    const { source } = this.#options;
    const seenAt = this.#core.now();
    const claims = [...refused].map(({ ref, locationKey }) => ({
      ref,
      location_key: locationKey ?? '',
      source,
      seen_at: seenAt,
    }));
    await writeConflicts(session, claims);
    for (const { ref, ...incoming } of refused) {
      this.conflicts.push({ ref, incoming, heldBy: known.get(ref)?.location_key ?? null });
    }
  }

  async #write(
    session: DatabaseSession,
    mine: readonly Candidate[],
    { known, now }: { known: Known; now: number },
  ): Promise<Written> {
    const { source } = this.#options;
    const toWrite = mine.filter(({ ref }) => this.#done.has(ref));
    await this.#findParents(session, toWrite, known);
    const { rows, changed, replaced } = await this.#toRows(session, toWrite, { known, now });
    await keepReplaced(session, replaced, now);
    await writeEntities(session, rows);
    const sources = await sourcesOf(
      session,
      mine.map(({ ref }) => ref).filter((ref) => known.has(ref)),
    );
    const missing = mine.map(({ ref }) => ref).filter((ref) => !(sources.get(ref) ?? []).includes(source));
    await addReferences(session, source, missing);
    const keys = this.#refreshKeys(rows, known);
    await replaceRefreshKeys(session, keys);

    const written = new Set(changed.map((row) => row.ref));
    const joined = missing.filter((ref) => known.has(ref) && !written.has(ref));
    const all = [...changed, ...(await entityRows(session, joined))];
    if (all.length > 0) await logChange(session, { refs: all.map((row) => row.ref), now });
    const readErrors = await readErrorsOf(
      session,
      all.map((row) => row.ref).filter((ref) => known.has(ref)),
    );
    const stored = all.map((row) => ({
      ...toStored(row, {
        sources: withSource(sources.get(row.ref), source),
        readErrors: readErrors.get(row.ref) ?? null,
      }),
      ...(written.has(row.ref) && this.#valueOf(row)),
    }));
    return {
      stored,
      toReclaim: await this.#findCoHolders(session, toWrite, known),
      toRead: changed.filter((row) => row.ref.startsWith('location:')).map((row) => row.ref),
      dependenciesChanged: [...keys.values()].some((list) => list.length > 0),
    };
  }

  /** Sources that claim an entity under the location key that it just got: it is theirs too now. */
  async #findCoHolders(
    session: DatabaseSession,
    written: readonly Candidate[],
    known: Known,
  ): Promise<string[]> {
    const keys = new Map<string, string | null>();
    for (const { ref, locationKey } of written) {
      const row = known.get(ref);
      if (row !== undefined && row.location_key !== locationKey) keys.set(ref, locationKey);
    }
    const claims = await conflictsOf(session, [...keys.keys()]);
    const documents = claims
      .filter((claim) => claim.source !== this.#options.source && claim.location_key === keys.get(claim.ref))
      .map((claim) => ({ source: claim.source, locationKey: claim.location_key }));
    await forgetFingerprints(session, documents);
    return [...new Set(documents.map(({ source }) => source))];
  }

  /** Those that emitted entities, and those that hold some from before. Who failed keeps what it holds. */
  async #findParents(session: DatabaseSession, written: readonly Candidate[], known: Known): Promise<void> {
    const good = written.filter(({ ref }) => this.#done.get(ref)?.entity !== null);
    const old = good.filter(({ ref }) => known.has(ref) && !ref.startsWith('location:'));
    const holders = await sourcesAmong(
      session,
      old.map(({ ref }) => `entity:${ref}`),
    );
    for (const { ref, inputHash } of good) {
      const children = this.#done.get(ref)?.screened ?? [];
      if (children.length > 0 || holders.has(`entity:${ref}`))
        this.parents.push({ ref, inputHash, children });
    }
  }

  async #toRows(
    session: DatabaseSession,
    toWrite: readonly Candidate[],
    { known, now }: { known: Known; now: number },
  ): Promise<{ rows: EntityRow[]; changed: EntityRow[]; replaced: EntityRow[] }> {
    const existing = toWrite.filter(({ ref }) => known.has(ref)).map(({ ref }) => ref);
    const before = new Map((await entityRows(session, existing)).map((row) => [row.ref, row]));
    const parents = new Set(this.parents.map(({ ref }) => ref));
    const rows: EntityRow[] = [];
    const changed: EntityRow[] = [];
    const replaced: EntityRow[] = [];
    for (const candidate of toWrite) {
      const old = before.get(candidate.ref);
      const made = toRow(this.#core, candidate, { processed: this.#done.get(candidate.ref), old, now });
      const row = parents.has(candidate.ref) ? { ...made, input_hash: '' } : made;
      const same =
        old !== undefined &&
        old.entity === row.entity &&
        old.emitted === row.emitted &&
        old.errors === row.errors;
      const isVersion = old === undefined || isOtherVersion(old, row);
      if (old !== undefined && isVersion) replaced.push(old);
      rows.push(isVersion ? row : { ...row, changed_at: old.changed_at });
      if (!same) changed.push(row);
    }
    return { rows, changed, replaced };
  }

  /** Keys are rewritten only for rows that have some, or may have had some. */
  #refreshKeys(rows: readonly EntityRow[], known: Known): Map<string, readonly string[]> {
    const keys = new Map<string, readonly string[]>();
    for (const { ref } of rows) {
      const emitted = this.#done.get(ref)?.refreshKeys ?? [];
      if (emitted.length > 0 || known.has(ref)) keys.set(ref, emitted);
    }
    return keys;
  }

  /**
   * The entity of a row that was just processed, which saves the index parsing it again. Only for what was parsed from
   * text: plugins give objects with members that JSON does not have.
   */
  #valueOf(row: EntityRow): { value?: Entity } {
    if (!this.#core.idempotent || !this.#options.source.startsWith('entity:')) return {};
    const value = this.#done.get(row.ref)?.entity;
    return value === undefined || value === null ? {} : { value };
  }
}

/** A row with another location key is in the way. */
function isBlocked({ locationKey }: Candidate, row: KnownEntity | undefined): boolean {
  return row !== undefined && row.location_key !== null && row.location_key !== locationKey;
}

/** False for what was to be made again from a row that is gone or was written since. */
function isCurrent({ ref, basis }: Candidate, known: Known): boolean {
  return basis === undefined || known.get(ref)?.input_hash === basis;
}

function withSource(sources: readonly string[] = [], source: string): readonly string[] {
  return sources.includes(source) ? sources : [...sources, source].toSorted();
}
