/** The tables around reading: what was read when, who claims what, and what entities were made from. */
import type { DatabaseSession } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import { inParts, tables, type CatalogTables } from './tables.ts';

export type ReadRow = CatalogTables['catalog_reads'];
export type ConflictRow = CatalogTables['catalog_conflicts'];

/** How many errors of a reading are shown on its Location entity. */
const MAX_SHOWN_ERRORS = 100;

/** By target. */
export async function readsOf(session: DatabaseSession, source: string): Promise<Map<string, ReadRow>> {
  const rows = await tables(session)
    .selectFrom('catalog_reads')
    .selectAll()
    .where('source', '=', source)
    .orderBy('target')
    .execute();
  return new Map(rows.map((row) => [row.target, row]));
}

export async function writeReads(session: DatabaseSession, reads: readonly ReadRow[]): Promise<void> {
  await session.writeRows({
    table: 'catalog_reads',
    columns: ['source', 'target', 'fingerprint', 'read_at', 'changed_at', 'errors'],
    rows: reads.map((read) => [
      read.source,
      read.target,
      read.fingerprint,
      read.read_at,
      read.changed_at,
      read.errors,
    ]),
    onConflict: { key: ['source', 'target'], update: ['fingerprint', 'read_at', 'changed_at', 'errors'] },
  });
}

export async function forgetReads(
  session: DatabaseSession,
  source: string,
  targets: readonly string[],
): Promise<void> {
  for (const part of inParts(targets)) {
    await tables(session)
      .deleteFrom('catalog_reads')
      .where('source', '=', source)
      .where('target', 'in', part)
      .execute();
  }
}

/** A document that one source read, by its location key. */
export interface SourceDocument {
  readonly source: string;
  readonly locationKey: string;
}

/** The next reading of these documents takes them in as if they had changed. */
export async function forgetFingerprints(
  session: DatabaseSession,
  documents: readonly SourceDocument[],
): Promise<void> {
  for (const { source, locationKey } of documents) {
    await tables(session)
      .updateTable('catalog_reads')
      .set({ fingerprint: null })
      .where('source', '=', source)
      .where('target', '=', locationKey.slice(locationKey.indexOf(':') + 1))
      .execute();
  }
}

/** When the targets of a source were read, without those that have to be read anew; by source and target. */
export async function goodReadTimes(
  session: DatabaseSession,
  sources: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const times = new Map<string, Map<string, number>>();
  for (const part of inParts(sources)) {
    const rows = await tables(session)
      .selectFrom('catalog_reads')
      .select(['source', 'target', 'read_at'])
      .where('source', 'in', part)
      .where('fingerprint', 'is not', null)
      .execute();
    for (const { source, target, read_at } of rows) {
      const targets = times.get(source) ?? new Map<string, number>();
      times.set(source, targets.set(target, read_at));
    }
  }
  return times;
}

/**
 * What went wrong when the targets of Location entities were read, in the form of `errors` of an entity: a JSON array.
 * References of other kinds have none.
 */
export async function readErrorsOf(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, Record<string, unknown>[]>();
  const sources = refs.filter((ref) => ref.startsWith('location:')).map((ref) => `entity:${ref}`);
  for (const part of inParts(sources)) {
    const rows = await tables(session)
      .selectFrom('catalog_reads')
      .select(['source', 'errors'])
      .where('source', 'in', part)
      .where('errors', 'is not', null)
      .orderBy('source')
      .orderBy('target')
      .execute();
    for (const { source, errors } of rows) {
      const ref = source.slice('entity:'.length);
      const problems = found.get(ref) ?? [];
      found.set(ref, problems);
      for (const problem of errorsIn(errors)) {
        if (problems.length < MAX_SHOWN_ERRORS) problems.push(toShownError(problem));
      }
    }
  }
  const texts = [...found].filter(([, problems]) => problems.length > 0);
  return new Map(texts.map(([ref, problems]) => [ref, JSON.stringify(problems)]));
}

function errorsIn(text: string | null): Record<string, unknown>[] {
  const list: unknown = parseJson(text ?? '[]');
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).filter((problem) => problem['severity'] === 'error');
}

function toShownError(problem: Record<string, unknown>): Record<string, unknown> {
  return { ...problem, name: 'InputError', message: problem['summary'] };
}

/** References of entities one of whose targets could not be read as it should. */
export async function refsWithReadErrors(session: DatabaseSession): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_reads')
    .select('source')
    .distinct()
    .where('errors', 'is not', null)
    .execute();
  return rows.map(({ source }) => source.slice('entity:'.length));
}

export async function writeConflicts(
  session: DatabaseSession,
  conflicts: readonly ConflictRow[],
): Promise<void> {
  await session.writeRows({
    table: 'catalog_conflicts',
    columns: ['ref', 'location_key', 'source', 'seen_at'],
    rows: conflicts.map(({ ref, location_key, source, seen_at }) => [ref, location_key, source, seen_at]),
    onConflict: { key: ['ref', 'location_key', 'source'], update: [] },
  });
}

export async function conflictsOf(session: DatabaseSession, refs: readonly string[]): Promise<ConflictRow[]> {
  const rows: ConflictRow[] = [];
  for (const part of inParts(refs)) {
    rows.push(
      ...(await tables(session)
        .selectFrom('catalog_conflicts')
        .selectAll()
        .where('ref', 'in', part)
        .orderBy('ref')
        .orderBy('location_key')
        .orderBy('source')
        .execute()),
    );
  }
  return rows;
}

/** The location keys under which a source claims what belongs to somebody else. */
export async function claimedKeysOf(session: DatabaseSession, source: string): Promise<Set<string>> {
  const rows = await tables(session)
    .selectFrom('catalog_conflicts')
    .select('location_key')
    .distinct()
    .where('source', '=', source)
    .execute();
  return new Set(rows.map((row) => row.location_key));
}

/** Drops claims of a source: those under some location keys, those on some references, or all. */
export async function forgetConflicts(
  session: DatabaseSession,
  source: string,
  which: { readonly locationKeys?: readonly string[]; readonly refs?: readonly string[] } = {},
): Promise<void> {
  const claims = tables(session).deleteFrom('catalog_conflicts').where('source', '=', source);
  const { locationKeys, refs } = which;
  if (locationKeys === undefined && refs === undefined) await claims.execute();
  for (const part of inParts(locationKeys ?? [])) await claims.where('location_key', 'in', part).execute();
  for (const part of inParts(refs ?? [])) await claims.where('ref', 'in', part).execute();
}

export async function replaceRefreshKeys(
  session: DatabaseSession,
  keysByRef: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const part of inParts([...keysByRef.keys()])) {
    await tables(session).deleteFrom('catalog_refresh_keys').where('ref', 'in', part).execute();
  }
  await session.writeRows({
    table: 'catalog_refresh_keys',
    columns: ['refresh_key', 'ref'],
    rows: [...keysByRef].flatMap(([ref, keys]) => [...new Set(keys)].map((key) => [key, ref])),
    onConflict: { key: ['refresh_key', 'ref'], update: [] },
  });
}

export async function refsByRefreshKeys(
  session: DatabaseSession,
  keys: readonly string[],
): Promise<string[]> {
  const refs = new Set<string>();
  for (const part of inParts(keys)) {
    const rows = await tables(session)
      .selectFrom('catalog_refresh_keys')
      .select('ref')
      .where('refresh_key', 'in', part)
      .execute();
    for (const { ref } of rows) refs.add(ref);
  }
  return [...refs];
}

/** All refresh keys that start with a prefix. */
export async function refreshKeysWith(session: DatabaseSession, prefix: string): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_refresh_keys')
    .select('refresh_key')
    .distinct()
    .where('refresh_key', '>=', prefix)
    .where('refresh_key', '<', `${prefix}\uffff`)
    .execute();
  return rows.map((row) => row.refresh_key);
}
