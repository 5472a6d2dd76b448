/**
 * Versions of entities that were replaced or removed. The current version of an entity is its row; when that row
 * becomes another version, or goes, what it was is appended here in the same transaction.
 */
import type { DatabaseSession, SqlValue } from '@callboard/kernel';
import { sql } from 'kysely';
import { readValue, writeValue } from './changes.ts';
import { inParts, tables, type CatalogTables } from './tables.ts';

export type HistoryRow = CatalogTables['catalog_history'];

/** What a version consists of, and when it began. */
export type EndedVersion = Pick<
  CatalogTables['catalog_entities'],
  'ref' | 'entity' | 'location_key' | 'errors' | 'changed_at'
>;

/** How many past versions of an entity are kept. */
export const VERSIONS_KEPT = 100;

/** How long the history of an entity is kept that is in the catalog no more, in milliseconds: 90 days. */
export const REMOVED_KEPT = 90 * 24 * 60 * 60 * 1_000;

/** The history of what is gone is looked through each time that so many versions were written. */
const WRITES_PER_SWEEP = 100;

const LAST_VERSION = 'last-version';

const COLUMNS = [
  'id',
  'ref',
  'previous_id',
  'began_at',
  'ended_at',
  'removed',
  'location_key',
  'errors',
  'entity',
] as const satisfies readonly (keyof HistoryRow)[];

/** Appends versions that others replace now. A reference may be among them once. */
export async function keepReplaced(
  session: DatabaseSession,
  versions: readonly EndedVersion[],
  now: number,
): Promise<void> {
  await append(session, versions, { now, removed: 0 });
}

/** Appends the current versions of entities whose rows are about to go. References without a row are passed over. */
export async function keepRemoved(
  session: DatabaseSession,
  refs: readonly string[],
  now: number,
): Promise<void> {
  for (const part of inParts(refs)) {
    const versions = await tables(session)
      .selectFrom('catalog_entities')
      .select(['ref', 'entity', 'location_key', 'errors', 'changed_at'])
      .where('ref', 'in', part)
      .orderBy('ref')
      .execute();
    await append(session, versions, { now, removed: 1 });
  }
}

/** Drops the history of entities that went long ago and did not come back; returns their references, at most 500. */
export async function forgetRemoved(session: DatabaseSession, now: number): Promise<string[]> {
  const cutoff = now - REMOVED_KEPT;
  const rows = await tables(session)
    .selectFrom('catalog_history as gone')
    .select('gone.ref')
    .distinct()
    .where('gone.removed', '=', sql.lit(1))
    .where('gone.ended_at', '<', cutoff)
    .where((gone) =>
      gone.not(
        gone.exists(
          gone
            .selectFrom('catalog_entities')
            .select('catalog_entities.uid')
            .whereRef('catalog_entities.ref', '=', 'gone.ref'),
        ),
      ),
    )
    .where((gone) =>
      gone.not(
        gone.exists(
          gone
            .selectFrom('catalog_history as later')
            .select('later.id')
            .whereRef('later.ref', '=', 'gone.ref')
            .where('later.ended_at', '>=', cutoff),
        ),
      ),
    )
    .limit(500)
    .execute();
  const refs = rows.map(({ ref }) => ref);
  for (const part of inParts(refs)) {
    await tables(session).deleteFrom('catalog_history').where('ref', 'in', part).execute();
  }
  return refs;
}

/** What the order of versions follows from, without what is in them. */
export type HistoryEntry = Pick<HistoryRow, 'id' | 'previous_id' | 'began_at' | 'ended_at' | 'removed'>;

/** Past versions of an entity, the newest first. */
export async function historyEntries(session: DatabaseSession, ref: string): Promise<HistoryEntry[]> {
  return tables(session)
    .selectFrom('catalog_history')
    .select(['id', 'previous_id', 'began_at', 'ended_at', 'removed'])
    .where('ref', '=', ref)
    .orderBy('id', 'desc')
    .execute();
}

/** What is in past versions, by id. */
export async function historyVersions(
  session: DatabaseSession,
  ids: readonly number[],
): Promise<Map<number, HistoryRow>> {
  const versions = new Map<number, HistoryRow>();
  for (const part of inParts(ids)) {
    const rows = await tables(session)
      .selectFrom('catalog_history')
      .selectAll()
      .where('id', 'in', part)
      .execute();
    for (const row of rows) versions.set(row.id, row);
  }
  return versions;
}

async function append(
  session: DatabaseSession,
  versions: readonly EndedVersion[],
  { now, removed }: { now: number; removed: 0 | 1 },
): Promise<void> {
  // What is new has no past: a first reading asks nothing and writes nothing here.
  if (versions.length === 0) return;
  const past = await pastOf(
    session,
    versions.map(({ ref }) => ref),
  );
  const before = Number((await readValue(session, LAST_VERSION)) ?? 0);
  const last = before + versions.length;
  await writeValue(session, { name: LAST_VERSION, value: String(last) });
  const rows = versions.map(({ ref, entity, location_key, errors, changed_at }, i): HistoryRow => ({
    id: before + 1 + i,
    ref,
    previous_id: past.get(ref)?.last ?? 0,
    began_at: changed_at,
    ended_at: now,
    removed,
    location_key,
    errors,
    entity,
  }));
  await session.writeRows({
    table: 'catalog_history',
    columns: COLUMNS,
    rows: rows.map((row) => COLUMNS.map((column): SqlValue => row[column])),
  });
  // One version of each was added, so at most one is too many.
  const surplus = [...past.values()].filter(({ count }) => count >= VERSIONS_KEPT).map(({ first }) => first);
  for (const part of inParts(surplus)) {
    await tables(session).deleteFrom('catalog_history').where('id', 'in', part).execute();
  }
  if (Math.floor(before / WRITES_PER_SWEEP) < Math.floor(last / WRITES_PER_SWEEP)) {
    await forgetRemoved(session, now);
  }
}

interface Past {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

/** How much history there is, by reference. */
async function pastOf(session: DatabaseSession, refs: readonly string[]): Promise<Map<string, Past>> {
  const past = new Map<string, Past>();
  for (const part of inParts(refs)) {
    const rows = await tables(session)
      .selectFrom('catalog_history')
      .select(({ fn }) => [
        'ref',
        fn.min('id').as('first'),
        fn.max('id').as('last'),
        fn.countAll().as('count'),
      ])
      .where('ref', 'in', part)
      .groupBy('ref')
      .execute();
    for (const { ref, first, last, count } of rows) {
      past.set(ref, { first, last, count: Number(count) });
    }
  }
  return past;
}
