/**
 * The rows of entities. Writes of entities append to the change log in the same transaction; the caller hands the
 * returned rows to the index after the commit.
 */
import type { Database, DatabaseSession, SqlValue } from '@callboard/kernel';
import type { StoredEntity } from '../index/entity-index.ts';
import { keepRemoved } from './history.ts';
import { readErrorsOf, refsWithReadErrors } from './reads.ts';
import { sourcesOf } from './references.ts';
import { inParts, tables, type CatalogTables } from './tables.ts';

/** Rows that are loaded at once; bounds memory at start. */
const ROWS_PER_PAGE = 200;

export type EntityRow = CatalogTables['catalog_entities'];

/** What deciding about an incoming entity needs to know of the row that may be there. */
export type KnownEntity = Pick<
  EntityRow,
  'uid' | 'ref' | 'location_key' | 'input_hash' | 'errors' | 'first_seen_at'
>;

export async function knownEntities(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<Map<string, KnownEntity>> {
  const known = new Map<string, KnownEntity>();
  for (const part of inParts(refs)) {
    const rows = await tables(session)
      .selectFrom('catalog_entities')
      .select(['uid', 'ref', 'location_key', 'input_hash', 'errors', 'first_seen_at'])
      .where('ref', 'in', part)
      .execute();
    for (const row of rows) known.set(row.ref, row);
  }
  return known;
}

export async function entityRows(session: DatabaseSession, refs: readonly string[]): Promise<EntityRow[]> {
  const rows: EntityRow[] = [];
  for (const part of inParts(refs)) {
    rows.push(
      ...(await tables(session)
        .selectFrom('catalog_entities')
        .selectAll()
        .where('ref', 'in', part)
        .execute()),
    );
  }
  return rows;
}

export async function refOfUid(session: DatabaseSession, uid: string): Promise<string | null> {
  const row = await tables(session)
    .selectFrom('catalog_entities')
    .select('ref')
    .where('uid', '=', uid)
    .executeTakeFirst();
  return row?.ref ?? null;
}

const ENTITY_COLUMNS = [
  'uid',
  'ref',
  'location_key',
  'input',
  'input_hash',
  'entity',
  'emitted',
  'errors',
  'first_seen_at',
  'processed_at',
  'changed_at',
] as const satisfies readonly (keyof EntityRow)[];

/** Writes whole rows, by reference. The uid and the first sight of an existing row stay. */
export async function writeEntities(session: DatabaseSession, rows: readonly EntityRow[]): Promise<void> {
  await session.writeRows({
    table: 'catalog_entities',
    columns: ENTITY_COLUMNS,
    rows: rows.map((row) => ENTITY_COLUMNS.map((column): SqlValue => row[column])),
    onConflict: {
      key: ['ref'],
      update: ENTITY_COLUMNS.filter((column) => !['uid', 'ref', 'first_seen_at'].includes(column)),
    },
  });
}

/**
 * Removes rows with everything that hangs on them, except the references they hold on others. What they were at `now`
 * stays in the history.
 */
export async function deleteEntities(
  session: DatabaseSession,
  refs: readonly string[],
  now: number,
): Promise<void> {
  await keepRemoved(session, refs, now);
  for (const part of inParts(refs)) {
    const catalog = tables(session);
    await catalog.deleteFrom('catalog_entities').where('ref', 'in', part).execute();
    await catalog.deleteFrom('catalog_references').where('target', 'in', part).execute();
    await catalog.deleteFrom('catalog_refresh_keys').where('ref', 'in', part).execute();
    const sources = part.map((ref) => `entity:${ref}`);
    await catalog.deleteFrom('catalog_reads').where('source', 'in', sources).execute();
    await catalog.deleteFrom('catalog_conflicts').where('source', 'in', sources).execute();
  }
}

/** Entities as the index wants them; references that have no row are absent. */
export async function storedEntities(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<StoredEntity[]> {
  return toStoredEntities(session, await entityRows(session, refs));
}

/** Rows as the index wants them. */
export async function toStoredEntities(
  session: DatabaseSession,
  rows: readonly StoredColumns[],
): Promise<StoredEntity[]> {
  const refs = rows.map((row) => row.ref);
  const sources = await sourcesOf(session, refs);
  const readErrors = await readErrorsOf(session, refs);
  return rows.map((row) =>
    toStored(row, { sources: sources.get(row.ref) ?? [], readErrors: readErrors.get(row.ref) ?? null }),
  );
}

/** Every row, a page at a time, for filling an empty index. */
export async function* allStoredEntities(database: Database): AsyncGenerator<StoredEntity[]> {
  let after = '';
  for (;;) {
    const rows = await tables(database)
      .selectFrom((from) =>
        from
          .selectFrom('catalog_entities')
          .select(['uid', 'ref', 'entity', 'emitted', 'errors'])
          .where('uid', '>', after)
          .orderBy('uid')
          .limit(ROWS_PER_PAGE)
          .as('page'),
      )
      .leftJoin('catalog_references', 'catalog_references.target', 'page.ref')
      .select(['uid', 'ref', 'entity', 'emitted', 'errors', 'source'])
      .orderBy('uid')
      .orderBy('source')
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.uid;
    const readErrors = await readErrorsOf(
      database,
      rows.map((row) => row.ref),
    );
    yield joinSources(rows, readErrors);
  }
}

/** One entity for each run of rows that differ in their source alone. */
function joinSources(
  rows: readonly (StoredColumns & { source: string | null })[],
  readErrors: ReadonlyMap<string, string>,
): StoredEntity[] {
  const joined: StoredEntity[] = [];
  for (let i = 0; i < rows.length;) {
    const first = rows[i];
    if (first === undefined) break;
    const sources: string[] = [];
    for (; rows[i]?.uid === first.uid; i++) {
      const source = rows[i]?.source ?? null;
      if (source !== null) sources.push(source);
    }
    joined.push(toStored(first, { sources, readErrors: readErrors.get(first.ref) ?? null }));
  }
  return joined;
}

export type StoredColumns = Pick<EntityRow, 'uid' | 'ref' | 'entity' | 'emitted' | 'errors'>;

/** `readErrors`: of a Location entity, see `readErrorsOf`. */
export function toStored(
  row: StoredColumns,
  { sources, readErrors }: { sources: readonly string[]; readErrors: string | null },
): StoredEntity {
  const emitted: unknown = row.emitted === null ? [] : JSON.parse(row.emitted);
  return {
    uid: row.uid,
    ref: row.ref,
    entity: row.entity,
    emitted: Array.isArray(emitted) ? emitted.map(String) : [],
    errors: joinErrors(row.errors, readErrors),
    sources,
  };
}

/** Two JSON arrays of errors as one; null when there are none. */
function joinErrors(own: string | null, reading: string | null): string | null {
  if (own === null || reading === null) return own ?? reading;
  return `${own.slice(0, -1)},${reading.slice(1)}`;
}

/** Rows that failed, by reference: in processing, or in reading what they point to. At most 1,000. */
export async function failedEntityRows(session: DatabaseSession): Promise<EntityRow[]> {
  const failed = await refsOfFailed(session);
  const refs = [...new Set([...failed, ...(await refsWithReadErrors(session))])].toSorted().slice(0, 1_000);
  const rows = await entityRows(session, refs);
  const readErrors = await readErrorsOf(session, refs);
  return rows
    .map((row) => ({ ...row, errors: joinErrors(row.errors, readErrors.get(row.ref) ?? null) }))
    .filter((row) => row.errors !== null)
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
}

/** Entities whose last processing failed. */
export async function refsOfFailed(session: DatabaseSession): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_entities')
    .select('ref')
    .where('errors', 'is not', null)
    .execute();
  return rows.map((row) => row.ref);
}

/** Entities whose processing was interrupted, or is to be done anew. */
export async function refsOfUnfinished(session: DatabaseSession): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_entities')
    .select('ref')
    .where('input_hash', '=', '')
    .execute();
  return rows.map((row) => row.ref);
}

/** Says that the processing of entities is finished, children and all. */
export async function finishEntity(
  session: DatabaseSession,
  { ref, inputHash }: { ref: string; inputHash: string },
): Promise<void> {
  await tables(session)
    .updateTable('catalog_entities')
    .set({ input_hash: inputHash })
    .where('ref', '=', ref)
    .where('input_hash', '=', '')
    .execute();
}

/** Everything is to be read and processed anew, whatever it was made from. */
export async function forgetProcessing(session: DatabaseSession): Promise<void> {
  await tables(session).updateTable('catalog_entities').set({ input_hash: '' }).execute();
  await tables(session).updateTable('catalog_reads').set({ fingerprint: null }).execute();
}
