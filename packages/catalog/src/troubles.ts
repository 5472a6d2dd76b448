/**
 * Everything that is wrong with entities at this moment, in the states that `explain` gives them one by one. Computed
 * from what failed, not from the catalog, and kept until something ends that may have changed it.
 */
import type { Database } from '@callboard/kernel';
import { ANNOTATION, isObject, parseJson, parseRef, stringifyRef, type Diagnostic } from '@callboard/model';
import type { Activity } from './activity.ts';
import { isReadFailure, parseDiagnostics, type EntityState } from './explain.ts';
import { Bitset } from './index/bitset.ts';
import type { EntityIndex } from './index/entity-index.ts';
import { failedTargets, findStale, type FailedTarget } from './stale.ts';
import {
  allConflicts,
  troubledReads,
  troubledRows,
  type TroubledRead,
  type TroubledRow,
} from './store/problem-rows.ts';
import type { ConflictRow } from './store/reads.ts';

/** A state that is none to be in, or a claim that somebody else makes. */
export type TroubleState = Exclude<EntityState, 'ok'> | 'conflict';

export interface Trouble {
  readonly ref: string;
  readonly state: TroubleState;
  /** What went wrong, or why it is so. */
  readonly problem: Pick<Diagnostic, 'summary' | 'file' | 'line'> & { readonly code: string | null };
  /** Milliseconds since 1970; null when it is not known. */
  readonly since: number | null;
  /** Of what never was good, since the index does not have it. */
  readonly draft?: Draft;
}

/** What can be told of an entity that never was good. */
export interface Draft {
  /** As it was written, else as the reference has it. */
  readonly kind: string;
  readonly title: string | null;
  /** Full reference in lower case. */
  readonly owner: string | null;
}

/** By reference within each state. */
export type Troubles = ReadonlyMap<TroubleState, readonly Trouble[]>;

export interface TroubleDeps {
  readonly database: Database;
  readonly index: EntityIndex;
  readonly activity: Activity;
}

/** Answers with what is wrong now; from memory as long as nothing changed. */
export function createTroubles(deps: TroubleDeps): () => Promise<Troubles> {
  const { index, activity } = deps;
  let known: { readonly key: string; readonly found: Promise<Troubles> } | null = null;
  return () => {
    const key = `${index.version} ${activity.version}`;
    if (known?.key === key) return known.found;
    const found = findTroubles(deps);
    known = { key, found };
    found.catch(() => {
      if (known?.found === found) known = null;
    });
    return found;
  };
}

async function findTroubles(deps: TroubleDeps): Promise<Troubles> {
  const { database } = deps;
  const rows = await troubledRows(database);
  const reads = await troubledReads(database);
  const conflicts = await allConflicts(database);
  const stale = await findStale(deps, failedTargets(reads));
  // From here on nothing waits, so that the index is of one version.
  return sortOut(deps, { rows, reads, conflicts, stale });
}

interface Found {
  readonly rows: readonly TroubledRow[];
  readonly reads: readonly TroubledRead[];
  readonly conflicts: readonly ConflictRow[];
  readonly stale: ReadonlyMap<string, FailedTarget>;
}

/** Each entity has one state beside claims: the first of pending, failing, orphaned and stale, as in `explain`. */
function sortOut({ index, activity }: TroubleDeps, found: Found): Troubles {
  const states = new Map<string, Trouble>();
  const add = (trouble: Trouble): void => {
    if (!states.has(trouble.ref)) states.set(trouble.ref, trouble);
  };
  const failingSince = (source: string, target: string): number | null =>
    activity.figuresOf(source, target)?.failingSince ?? null;
  for (const row of found.rows) {
    const trouble = row.visible ? toFailing(row, row.changed_at) : toPending(row);
    if (trouble !== null) add(trouble);
  }
  for (const { source, target, errors, changed_at: changedAt } of found.reads) {
    const ref = source.slice('entity:'.length);
    const trouble = toFailing({ ref, errors }, changedAt);
    if (trouble === null || index.ordinalOf(ref) === undefined) continue;
    // What was found there is known since it changed; that nothing is found, only since somebody saw it.
    const isRead = !parseDiagnostics(errors).some(isReadFailure);
    add(isRead ? trouble : { ...trouble, since: failingSince(source, target) });
  }
  for (const ref of orphans(index)) add({ ref, state: 'orphaned', problem: unlisted(ref), since: null });
  for (const [ref, { source, target, problem }] of found.stale) {
    if (index.ordinalOf(ref) === undefined) continue;
    add({
      ref,
      state: 'stale',
      problem: { file: target, ...problem },
      since: failingSince(source, target),
    });
  }
  const claims = toConflicts(index, found, states);
  return Map.groupBy([...states.values(), ...claims].toSorted(byRef), ({ state }) => state);
}

function byRef(a: Trouble, b: Trouble): number {
  if (a.ref === b.ref) return 0;
  return a.ref < b.ref ? -1 : 1;
}

/** Null when the problems are no errors. */
function toFailing(of: { ref: string; errors: string | null }, since: number): Trouble | null {
  const problem = parseDiagnostics(of.errors).find(({ severity }) => severity === 'error');
  return problem === undefined ? null : { ref: of.ref, state: 'failing', problem, since };
}

function toPending(row: TroubledRow): Trouble {
  const problems = parseDiagnostics(row.errors);
  const problem = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  return {
    ref: row.ref,
    state: 'pending',
    problem: problem ?? { code: null, summary: `${row.ref} never was good` },
    since: row.first_seen_at,
    draft: toDraft(row),
  };
}

function toDraft({ ref, input }: TroubledRow): Draft {
  const value = input === null ? null : parseJson(input);
  const { kind, metadata, spec } = isObject(value) ? value : {};
  const { title, namespace } = isObject(metadata) ? metadata : {};
  const owner = isObject(spec) ? spec['owner'] : null;
  const inNamespace = typeof namespace === 'string' ? { namespace } : {};
  const parsed = typeof owner === 'string' ? parseRef(owner, { kind: 'Group', ...inNamespace }) : null;
  return {
    kind: typeof kind === 'string' ? kind : ref.slice(0, ref.indexOf(':')),
    title: typeof title === 'string' ? title : null,
    owner: parsed === null ? null : stringifyRef(parsed),
  };
}

/** Found by the annotation that the index gives them; a document may have it too. */
function orphans(index: EntityIndex): string[] {
  const set = new Bitset(index.capacity);
  index.key(`metadata.annotations.${ANNOTATION.orphan}`)?.collect('true', set);
  return [...set]
    .filter((ordinal) => index.sourcesOf(ordinal).length === 0)
    .map((ordinal) => index.refOf(ordinal));
}

function unlisted(ref: string): Trouble['problem'] {
  return { code: null, summary: `No source lists ${ref} any more` };
}

function toConflicts(
  index: EntityIndex,
  { conflicts, reads }: Found,
  states: ReadonlyMap<string, Trouble>,
): Trouble[] {
  const claims = new Map<string, ConflictRow[]>();
  for (const claim of conflicts) {
    const others = claims.get(claim.ref);
    if (others === undefined) claims.set(claim.ref, [claim]);
    else others.push(claim);
  }
  const readsByTarget = new Map(reads.map((read) => [`${read.source}\0${read.target}`, read.errors]));
  const troubles: Trouble[] = [];
  for (const [ref, [first, ...others]] of claims) {
    const draft = states.get(ref)?.draft;
    if (first === undefined || (draft === undefined && index.ordinalOf(ref) === undefined)) continue;
    troubles.push({
      ref,
      state: 'conflict',
      problem: claimed(first, { others: others.length, readsByTarget }),
      since: Math.min(first.seen_at, ...others.map((claim) => claim.seen_at)),
      ...(draft !== undefined && { draft }),
    });
  }
  return troubles;
}

/** Who claims it, with the place that the reading of the claiming document found. */
function claimed(
  { ref, location_key: key, source }: ConflictRow,
  of: { others: number; readsByTarget: ReadonlyMap<string, string | null> },
): Trouble['problem'] {
  const claimant = key === '' ? source.replace(':', ' ') : key;
  const more = of.others === 0 ? '' : `, and by ${of.others} more`;
  const target = key.slice(key.indexOf(':') + 1);
  const errors = of.readsByTarget.get(`${source}\0${target}`) ?? null;
  const place = parseDiagnostics(errors).find(
    ({ code, summary }) => code === 'catalog/conflict' && summary.startsWith(`${ref} `),
  );
  return {
    code: 'catalog/conflict',
    summary: `${ref} is claimed by ${claimant} too${more}`,
    ...(place?.file !== undefined && { file: place.file }),
    ...(place?.line !== undefined && { line: place.line }),
  };
}
