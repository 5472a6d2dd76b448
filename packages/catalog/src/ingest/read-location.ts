/**
 * Reads what a Location entity points to, and takes in what is found there. A target that is unchanged costs a
 * stat or a conditional request; a target that is broken keeps what it gave before. What the targets list no longer
 * is let go of at the end, when it is known whether another target lists it now.
 */
import type { DatabaseSession } from '@callboard/kernel';
import { refOf, type Diagnostic, type Entity } from '@callboard/model';
import picomatch from 'picomatch';
import { toLocationKey, writtenTargets } from '../process/location.ts';
import { globBase } from '../source/read-file.ts';
import type { ReadOutcome } from '../source/reader.ts';
import {
  claimedKeysOf,
  conflictsOf,
  forgetConflicts,
  forgetReads,
  readErrorsOf,
  readsOf,
  writeReads,
  type ReadRow,
} from '../store/reads.ts';
import { forgetValue, logChange, readValue, writeValue } from '../store/changes.ts';
import { childrenFrom, heldKeysOf, sourceExists, sourcesOf } from '../store/references.ts';
import { knownEntities, storedEntities } from '../store/store.ts';
import { logConflict, type Conflict } from './batch.ts';
import type { CatalogCore } from './core.ts';
import { readDocuments } from './read-documents.ts';
import { release } from './release.ts';
import { takeIn } from './take-in.ts';
import { targetsToRead } from './targets.ts';

export interface ReadLocationOptions {
  /** Reads and processes everything anew, whatever the fingerprints say. */
  readonly force: boolean;
  /** Nothing is finished once this is true; the next start goes on. */
  readonly isClosing: () => boolean;
}

/** What one target gave this time. */
interface TargetResult {
  readonly target: string;
  readonly kind: ReadOutcome['kind'];
  readonly fingerprint: string | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly conflicts: readonly Conflict[];
}

export async function readLocation(
  core: CatalogCore,
  ref: string,
  options: ReadLocationOptions,
): Promise<void> {
  const ordinal = core.index.ordinalOf(ref);
  if (ordinal === undefined) return;
  await new Reading(core, { ref, location: core.index.entityOf(ordinal, 'head') }, options).run();
}

class Reading {
  readonly #core: CatalogCore;
  readonly #ref: string;
  readonly #source: string;
  readonly #location: Entity;
  readonly #type: string;
  readonly #options: ReadLocationOptions;
  readonly #rulesVersion: number;
  readonly #results = new Map<string, TargetResult>();
  /** References that a target listed before and lists no longer. */
  readonly #unlisted = new Set<string>();
  #before: ReadonlyMap<string, ReadRow> = new Map();
  #claimedKeys: ReadonlySet<string> = new Set();
  /** Null until there is something to take in. */
  #wasInterrupted: boolean | null = null;

  constructor(core: CatalogCore, of: { ref: string; location: Entity }, options: ReadLocationOptions) {
    this.#core = core;
    this.#ref = of.ref;
    this.#source = `entity:${of.ref}`;
    this.#location = of.location;
    this.#type = writtenTargets(of.location).type;
    this.#options = options;
    this.#rulesVersion = core.rulesVersion();
  }

  async run(): Promise<void> {
    const { database } = this.#core;
    this.#before = await readsOf(database, this.#source);
    this.#claimedKeys = await claimedKeysOf(database, this.#source);
    if (!(await this.#takeAll())) return;
    const vanished = await this.#findVanished();
    await this.#readClaimants();
    const moved = await this.#handOver();
    await release(this.#core, [...this.#unlisted], { source: this.#source });
    await this.#finish(vanished, moved);
    this.#core.activity.forget(this.#source, vanished);
    const isIdle = vanished.length === 0 && this.#results.values().every(({ kind }) => kind === 'unchanged');
    if (!isIdle) this.#core.activity.touch();
  }

  /** Reads each target and takes in what it gave. False when the catalog is closing, so that nothing is to be finished. */
  async #takeAll(): Promise<boolean> {
    const { activity } = this.#core;
    let [waitedMs, failures] = [0, 0];
    let asked = activity.clock();
    for await (const outcome of this.#outcomes()) {
      waitedMs += activity.clock() - asked;
      if (this.#options.isClosing()) return false;
      // Two targets of a Location may match one file.
      if (!this.#results.has(outcome.target)) this.#results.set(outcome.target, await this.#take(outcome));
      if (outcome.kind === 'failed') failures += 1;
      this.#count(outcome, activity.clock() - asked);
      asked = activity.clock();
    }
    waitedMs += activity.clock() - asked;
    activity.add('read', { ms: waitedMs, items: this.#results.size, failures });
    return true;
  }

  #count(outcome: ReadOutcome, ms: number): void {
    const { target, kind } = outcome;
    const before = this.#before.get(target);
    this.#core.activity.countReading(this.#source, target, {
      outcome: kind === 'content' ? 'changed' : kind,
      ms,
      wasGood: before === undefined || before.errors === null,
      ...(kind === 'failed' && { error: outcome.diagnostic.summary }),
    });
  }

  async *#outcomes(): AsyncGenerator<ReadOutcome> {
    const fingerprints = this.#options.force ? new Map<string, string>() : knownFingerprints(this.#before);
    for (const found of targetsToRead(this.#core, this.#location)) {
      if ('kind' in found) yield found;
      else yield* found.reader.read({ ...found.request, fingerprints });
    }
  }

  async #take(outcome: ReadOutcome): Promise<TargetResult> {
    const { target, kind } = outcome;
    if (kind === 'failed') {
      return { target, kind, fingerprint: null, diagnostics: [outcome.diagnostic], conflicts: [] };
    }
    if (kind === 'unchanged') {
      return { target, kind, fingerprint: outcome.fingerprint, diagnostics: [], conflicts: [] };
    }
    await this.#begin();
    const { database } = this.#core;
    const key = toLocationKey({ type: this.#type, target });
    const read = this.#core.activity.time(
      'parse',
      () => readDocuments(this.#core, outcome, { key, location: this.#location }),
      ({ incoming, complete }) => ({ items: incoming.length, failures: complete ? 0 : 1 }),
    );
    if (this.#claimedKeys.has(key)) await forgetConflicts(database, this.#source, { locationKeys: [key] });
    const { conflicts } = await takeIn(this.#core, read.incoming, {
      source: this.#source,
      force: this.#options.force,
      isFirstRead: !this.#before.has(target),
    });
    // What is broken may still list what cannot be seen, so nothing of it goes.
    if (read.complete) {
      const listed = new Set(read.incoming.map(({ entity }) => refOf(entity)));
      await this.#unlist(key, listed);
    }
    return { target, kind, fingerprint: outcome.fingerprint, diagnostics: read.diagnostics, conflicts };
  }

  /** Marks the reading as begun before anything is taken in, so that an interrupted one is found out. */
  async #begin(): Promise<void> {
    if (this.#wasInterrupted !== null) return;
    const { database } = this.#core;
    const name = this.#mark;
    this.#wasInterrupted = (await readValue(database, name)) !== null;
    if (!this.#wasInterrupted) await writeValue(database, { name, value: 'begun' });
  }

  get #mark(): string {
    return `reading:${this.#source}`;
  }

  async #unlist(locationKey: string, listed: ReadonlySet<string> = new Set()): Promise<void> {
    const children = await childrenFrom(this.#core.database, { source: this.#source, locationKey });
    for (const ref of children) if (!listed.has(ref)) this.#unlisted.add(ref);
  }

  /** Files that a glob no longer matches, and targets that the location no longer names; none of it is listed. */
  async #findVanished(): Promise<string[]> {
    const failed = [...this.#results.values()].filter(({ kind }) => kind === 'failed');
    const isSpared = sparedBy(
      failed.map(({ target }) => target),
      this.#type,
    );
    const vanished = [...this.#before.keys()].filter(
      (target) => !this.#results.has(target) && !isSpared(target),
    );
    const keys = new Set(
      vanished.flatMap((target) => [this.#keyOf(target), `file:${target}`, `url:${target}`]),
    );
    const wasInterrupted =
      this.#wasInterrupted ?? (await readValue(this.#core.database, this.#mark)) !== null;
    if (wasInterrupted) {
      const current = new Set([...this.#results.keys()].map((target) => this.#keyOf(target)));
      for (const key of await heldKeysOf(this.#core.database, this.#source)) {
        if (!current.has(key) && !isSpared(key.slice(key.indexOf(':') + 1))) keys.add(key);
      }
    }
    for (const key of keys) await this.#unlist(key);
    return vanished;
  }

  /** Another target, which did not change, may list what this one lost. */
  async #readClaimants(): Promise<void> {
    if (this.#claimedKeys.size === 0 || this.#unlisted.size === 0) return;
    const claims = await conflictsOf(this.#core.database, [...this.#unlisted]);
    const keys = new Set(
      claims.filter(({ source }) => source === this.#source).map((claim) => claim.location_key),
    );
    const reader = this.#core.readers.find(({ type }) => type === this.#type);
    for (const [target, { kind }] of this.#results) {
      if (kind !== 'unchanged' || reader === undefined || !keys.has(this.#keyOf(target))) continue;
      for await (const outcome of reader.read({ target, optional: true, fingerprints: new Map() })) {
        if (outcome.target === target) this.#results.set(target, await this.#take(outcome));
      }
    }
  }

  /** What one target lost and another one lists stays the same entity. Returns the references. */
  async #handOver(): Promise<ReadonlySet<string>> {
    const conflicts = [...this.#results.values()].flatMap((result) => result.conflicts);
    const claimed = new Map(
      conflicts.filter(({ ref }) => this.#unlisted.has(ref)).map(({ ref, incoming }) => [ref, incoming]),
    );
    if (claimed.size === 0) return new Set();
    const { held } = await takeIn(this.#core, [...claimed.values()], {
      source: this.#source,
      force: this.#options.force,
      mayRekey: (ref) => this.#unlisted.has(ref),
    });
    for (const ref of held) this.#unlisted.delete(ref);
    await forgetConflicts(this.#core.database, this.#source, { refs: held });
    return new Set(held);
  }

  /** Writes what was read and shows on the Location what is wrong, unless it was deleted meanwhile. */
  async #finish(vanished: readonly string[], moved: ReadonlySet<string>): Promise<void> {
    const { database, index, now, onChange } = this.#core;
    const stored = await database.transaction(async (session) => {
      await forgetValue(session, this.#mark);
      if (!(await sourceExists(session, this.#source))) return [];
      const before = (await readErrorsOf(session, [this.#ref])).get(this.#ref);
      await writeReads(session, await this.#toReadRows(session, moved));
      await forgetReads(session, this.#source, vanished);
      await this.#forgetVanishedClaims(session, vanished);
      const after = (await readErrorsOf(session, [this.#ref])).get(this.#ref);
      if (before === after) return [];
      await logChange(session, { refs: [this.#ref], now: now() });
      return storedEntities(session, [this.#ref]);
    });
    if (stored.length === 0) return;
    index.apply({ upserted: stored, deleted: [] });
    onChange({ changed: [this.#ref], deleted: [] });
  }

  async #forgetVanishedClaims(session: DatabaseSession, vanished: readonly string[]): Promise<void> {
    if (this.#claimedKeys.size === 0 || vanished.length === 0) return;
    const locationKeys = vanished.map((target) => this.#keyOf(target));
    await forgetConflicts(session, this.#source, { locationKeys });
  }

  #keyOf(target: string): string {
    return toLocationKey({ type: this.#type, target });
  }

  async #toReadRows(session: DatabaseSession, moved: ReadonlySet<string>): Promise<ReadRow[]> {
    const current = await readsOf(session, this.#source);
    const conflicts = [...this.#results.values()].flatMap((result) => result.conflicts);
    const refs = conflicts.map(({ ref }) => ref);
    const known = await knownEntities(session, refs);
    const held = await sourcesOf(session, refs);
    const isFree = ({ ref, incoming }: Conflict): boolean =>
      !held.has(ref) || [null, incoming.locationKey].includes(known.get(ref)?.location_key ?? null);
    const isStale = this.#core.rulesVersion() !== this.#rulesVersion;
    return [...this.#results.values()].map((result) => {
      const lost = result.conflicts.filter(({ ref }) => !moved.has(ref));
      for (const conflict of lost) logConflict(this.#core, this.#source, conflict);
      // Somebody asked for another reading while this one was under way, or has let go of what it could not have.
      const wasForgotten =
        (this.#before.get(result.target)?.fingerprint ?? null) !== null &&
        current.get(result.target)?.fingerprint === null;
      const row = this.#toReadRow(result, lost);
      return isStale || wasForgotten || lost.some(isFree) ? { ...row, fingerprint: null } : row;
    });
  }

  #toReadRow({ target, kind, fingerprint, ...found }: TargetResult, lost: readonly Conflict[]): ReadRow {
    const now = this.#core.now();
    const before = this.#before.get(target);
    const diagnostics = [...found.diagnostics, ...lost.map((conflict) => toDiagnostic(target, conflict))];
    const errors = diagnostics.length === 0 ? null : JSON.stringify(diagnostics);
    return {
      source: this.#source,
      target,
      fingerprint,
      read_at: now,
      changed_at: kind === 'content' || before === undefined ? now : before.changed_at,
      errors: kind === 'unchanged' ? (before?.errors ?? null) : errors,
    };
  }
}

function toDiagnostic(target: string, { ref, incoming, heldBy }: Conflict): Diagnostic {
  return {
    severity: 'error',
    code: 'catalog/conflict',
    summary: `${ref} is already defined at ${heldBy ?? 'another place'}; this definition is not used`,
    detail: 'Rename one of the two, or remove one. When the other one goes, this one is taken by itself.',
    file: target,
    ...incoming.locate?.('metadata.name'),
  };
}

/** What failed may be a whole glob, so nothing that it matches is taken for vanished until it can be read again. */
function sparedBy(failed: readonly string[], type: string): (target: string) => boolean {
  if (failed.length === 0) return () => false;
  // What targets of other types stand for is known to their readers alone.
  if (type !== 'file' && type !== 'url') return () => true;
  const exact = new Set(failed);
  const globs = type === 'file' ? failed.filter((target) => globBase(target).isGlob) : [];
  const matches = globs.map((target) => picomatch(target, { dot: true }));
  return (target) => exact.has(target) || matches.some((match) => match(target));
}

function knownFingerprints(reads: ReadonlyMap<string, ReadRow>): Map<string, string> {
  const known = new Map<string, string>();
  for (const [target, { fingerprint }] of reads) if (fingerprint !== null) known.set(target, fingerprint);
  return known;
}
