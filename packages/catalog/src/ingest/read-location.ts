/**
 * Reads what a Location entity points to, and takes in what is found there. A target that is unchanged costs a
 * stat or a conditional request; a target that is broken keeps what it gave before.
 */
import {
  ANNOTATION,
  checkEnvelope,
  refOf,
  toDiagnostic,
  type Diagnostic,
  type Entity,
  type EntityEnvelope,
  type LocationRef,
} from '@callboard/model';
import {
  annotatedLocation,
  resolveTarget,
  toLocationKey,
  withLocations,
  writtenTargets,
} from '../process/location.ts';
import { parseDocuments } from '../source/documents.ts';
const locate = (..._: unknown[]) => ({});
import type { ReadOutcome } from '../source/reader.ts';
import {
  childrenFrom,
  childrenOf,
  forgetConflicts,
  forgetReads,
  readsOf,
  writeReads,
  type ReadRow,
} from '../store/store.ts';
import type { CatalogCore } from './core.ts';
import { release } from './release.ts';
import { takeIn, writeReadingErrors, type Incoming } from './take-in.ts';

export interface ReadLocationOptions {
  /** Reads and processes everything anew, whatever the fingerprints say. */
  readonly force: boolean;
}

/** What one target gave this time. */
interface TargetResult {
  readonly target: string;
  readonly fingerprint: string | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Null: unknown, because it was not read or is broken, so nothing of it may go. */
  readonly listed: ReadonlySet<string> | null;
  readonly changed: boolean;
}

export async function readLocation(
  core: CatalogCore,
  ref: string,
  options: ReadLocationOptions,
): Promise<void> {
  const ordinal = core.index.ordinalOf(ref);
  if (ordinal === undefined) return;
  const location = core.index.entityOf(ordinal, 'head');
  const reading = new Reading(core, { ref, location, force: options.force });
  await reading.run();
}

class Reading {
  readonly #core: CatalogCore;
  readonly #source: string;
  readonly #location: Entity;
  readonly #force: boolean;
  readonly #seen = new Map<string, string>();

  constructor(core: CatalogCore, of: { ref: string; location: Entity; force: boolean }) {
    this.#core = core;
    this.#source = `entity:${of.ref}`;
    this.#location = of.location;
    this.#force = of.force;
  }

  async run(): Promise<void> {
    const { database } = this.#core;
    const before = await readsOf(database, this.#source);
    const results: TargetResult[] = [];
    for await (const { outcome, type } of this.#outcomes(before)) {
      const result = await this.#take(outcome, { type, isFirstRead: !before.has(outcome.target) });
      results.push(result);
      await this.#letGoOfUnlisted(result, type);
      await writeReads(database, [this.#toReadRow(result, before.get(result.target))]);
    }
    await this.#letGoOfVanished(results, before);
    await writeReadingErrors(this.#core, this.#source);
  }

  async *#outcomes(
    before: ReadonlyMap<string, ReadRow>,
  ): AsyncGenerator<{ outcome: ReadOutcome; type: string }> {
    const { readers, resolveUrl } = this.#core;
    const fingerprints = this.#force ? new Map<string, string>() : knownFingerprints(before);
    const { base, type, written: targets, optional } = writtenTargets(this.#location);
    const reader = readers.find((candidate) => candidate.type === type);
    for (const written of targets) {
      const target = this.#absolute({ type, target: written }, base, resolveUrl);
      if (target === null || reader === undefined) {
        yield { outcome: unreadable({ type, target: written }, reader === undefined), type };
        continue;
      }
      for await (const outcome of reader.read({ target, optional, fingerprints })) yield { outcome, type };
    }
  }

  #absolute(spec: LocationRef, base: LocationRef, resolveUrl: CatalogCore['resolveUrl']): string | null {
    if (spec.type === 'file' && spec.target.endsWith('/')) return null;
    try {
      return resolveTarget(spec, base, resolveUrl);
    } catch {
      return null;
    }
  }

  async #take(
    outcome: ReadOutcome,
    { type, isFirstRead }: { type: string; isFirstRead: boolean },
  ): Promise<TargetResult> {
    const { target } = outcome;
    if (outcome.kind === 'failed') {
      return { target, fingerprint: null, diagnostics: [outcome.diagnostic], listed: null, changed: false };
    }
    if (outcome.kind === 'unchanged') {
      return { target, fingerprint: outcome.fingerprint, diagnostics: [], listed: null, changed: false };
    }
    const { incoming, diagnostics, complete } = this.#parse(outcome, type);
    const key = toLocationKey({ type, target });
    await forgetConflicts(this.#core.database, { source: this.#source, locationKey: key });
    const taken = await takeIn(this.#core, incoming, {
      source: this.#source,
      force: this.#force,
      isFirstRead,
    });
    const conflicts = taken.conflicts.map((conflict) => this.#conflictDiagnostic(target, conflict));
    return {
      target,
      fingerprint: complete ? outcome.fingerprint : null,
      diagnostics: [...diagnostics, ...conflicts],
      listed: complete ? new Set(taken.held) : null,
      changed: true,
    };
  }

  /** Documents become entities with annotations; bad ones become diagnostics and make the target incomplete. */
  #parse(
    outcome: ReadOutcome & { kind: 'content' },
    type: string,
  ): { incoming: Incoming[]; diagnostics: Diagnostic[]; complete: boolean } {
    const { target, bytes } = outcome;
    const source = { bytes, file: target };
    const parsed = parseDocuments(source);
    const diagnostics = [...parsed.diagnostics];
    const incoming: Incoming[] = [];
    let complete = !diagnostics.some((found) => found.severity === 'error');
    const origin = annotatedLocation(this.#location, ANNOTATION.managedByOriginLocation);
    const key = toLocationKey({ type, target });
    const at = { location: key, origin: toLocationKey(origin) };
    for (const document of parsed.documents) {
      const place = (path: string | undefined) => ({
        file: target,
        line: document.line,
        ...(path !== undefined && locate(source, document.index, path)),
      });
      const envelope = checkEnvelope(document.value);
      if (!envelope.ok) {
        complete = false;
        for (const problem of envelope.problems) diagnostics.push(toDiagnostic(problem, place(problem.path)));
        continue;
      }
      const entity = withLocations(envelope.entity, at);
      const ref = refOf(entity);
      const refusal = this.#refusal(entity, { ref, target, origin });
      if (refusal !== null) {
        diagnostics.push({ ...refusal, ...place(undefined) });
        continue;
      }
      this.#seen.set(ref, target);
      incoming.push({ entity, locationKey: key, locate: place });
    }
    return { incoming, diagnostics, complete };
  }

  #refusal(
    entity: EntityEnvelope,
    { ref, target, origin }: { ref: string; target: string; origin: LocationRef },
  ): Omit<Diagnostic, 'file'> | null {
    const twin = this.#seen.get(ref);
    if (twin !== undefined) {
      return {
        severity: 'error',
        code: 'catalog/duplicate-entity',
        summary: `${ref} is defined twice${twin === target ? ' in this file' : `, also in ${twin}`}; the first one is used`,
        detail: 'References are compared without regard to case. Rename or remove one of the two.',
      };
    }
    if (ref === this.#source.slice('entity:'.length) || this.#core.isAllowed(entity, origin)) return null;
    return {
      severity: 'error',
      code: 'catalog/kind-not-allowed',
      summary: `Entity ${ref} at ${target}, originated at ${toLocationKey(origin)}, is not of an allowed kind for that location`,
      detail: `Allow ${entity.kind} in catalog.rules, or in the rules of this location in catalog.locations.`,
    };
  }

  #conflictDiagnostic(target: string, { ref, heldBy }: { ref: string; heldBy: string | null }): Diagnostic {
    this.#core.log.warn('two sources claim one entity', { ref, heldBy, claimedBy: target });
    return {
      severity: 'error',
      code: 'catalog/conflict',
      summary: `${ref} is already defined at ${heldBy ?? 'another place'}; this definition is not used`,
      detail: 'Rename one of the two, or remove one. When the other one goes, this one is taken by itself.',
      file: target,
    };
  }

  /** What a target listed before and lists no longer. */
  async #letGoOfUnlisted({ target, listed }: TargetResult, type: string): Promise<void> {
    if (listed === null) return;
    const { database } = this.#core;
    const locationKey = toLocationKey({ type, target });
    const children = await childrenFrom(database, { source: this.#source, locationKey });
    const gone = children.filter((ref) => !listed.has(ref));
    await release(this.#core, gone, { source: this.#source });
  }

  /** Files that a glob no longer matches, and targets that the location no longer names. */
  async #letGoOfVanished(
    results: readonly TargetResult[],
    before: ReadonlyMap<string, ReadRow>,
  ): Promise<void> {
    const { database } = this.#core;
    const current = new Set(results.map((result) => result.target));
    const vanished = [...before.keys()].filter((target) => !current.has(target));
    // A failed target may be a whole glob or folder, so nothing is taken for vanished until it can be read again.
    const anyFailed = results.some((result) => result.fingerprint === null && !result.changed);
    if (vanished.length === 0 || anyFailed) return;
    await forgetReads(database, this.#source, vanished);
    const keys = new Set(vanished.flatMap((target) => [`file:${target}`, `url:${target}`]));
    const children = await childrenOf(database, this.#source);
    await release(
      this.#core,
      children
        .filter((child) => child.location_key !== null && keys.has(child.location_key))
        .map((child) => child.ref),
      { source: this.#source },
    );
  }

  #toReadRow(result: TargetResult, before: ReadRow | undefined): ReadRow {
    const now = this.#core.now();
    const unchanged = !result.changed && before !== undefined;
    const errors = result.diagnostics.length === 0 ? null : JSON.stringify(result.diagnostics);
    return {
      source: this.#source,
      target: result.target,
      fingerprint: result.fingerprint,
      read_at: now,
      changed_at: unchanged ? before.changed_at : now,
      errors: result.fingerprint !== null && unchanged ? before.errors : errors,
    };
  }
}

function knownFingerprints(reads: ReadonlyMap<string, ReadRow>): Map<string, string> {
  const known = new Map<string, string>();
  for (const [target, { fingerprint }] of reads) if (fingerprint !== null) known.set(target, fingerprint);
  return known;
}

function unreadable(spec: LocationRef, noReader: boolean): ReadOutcome {
  return {
    kind: 'failed',
    target: spec.target,
    diagnostic: {
      severity: 'error',
      code: noReader ? 'catalog/no-reader' : 'catalog/bad-target',
      summary: noReader
        ? `No reader is able to handle ${spec.type}:${spec.target}`
        : `${spec.type}:${spec.target} is not a target that can be read`,
      detail: noReader
        ? 'Locations are of type file or url, unless a plugin adds another.'
        : 'A file target is a path or a glob of files, not a folder; a url target is a URL.',
    },
  };
}
