/**
 * What the catalog reads from and writes to its tables. Writes of entities append to the change log in the
 * same transaction; the caller hands the returned rows to the index after the commit.
 */
import type { Database, DatabaseSession, SqlValue } from '@callboard/kernel';
import type { Kysely } from 'kysely';
import type { StoredEntity } from '../index/entity-index.ts';
import type { CatalogTables } from './tables.ts';

/** Bound parameters of one statement stay far below SQLite's and PostgreSQL's limits. */
const REFS_PER_QUERY = 500;
/** Rows that are loaded at once; bounds memory at start. */
const ROWS_PER_PAGE = 200;
/** How many transactions the change log remembers. */
const CHANGES_KEPT = 10_000;

export type EntityRow = CatalogTables['catalog_entities'];
export type ReadRow = CatalogTables['catalog_reads'];
export type ConflictRow = CatalogTables['catalog_conflicts'];

/** A session of the database, seen with the catalog's tables. */
export function tables(session: DatabaseSession): Kysely<CatalogTables> {
  return session.query.withTables<CatalogTables>();
}

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
  for (const part of parts(refs)) {
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
  for (const part of parts(refs)) {
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

/** Rows whose last processing failed, by reference. */
export async function failedEntityRows(session: DatabaseSession): Promise<EntityRow[]> {
  return tables(session)
    .selectFrom('catalog_entities')
    .selectAll()
    .where('errors', 'is not', null)
    .orderBy('ref')
    .limit(1_000)
    .execute();
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

export async function addReferences(
  session: DatabaseSession,
  source: string,
  targets: readonly string[],
): Promise<void> {
  await session.writeRows({
    table: 'catalog_references',
    columns: ['source', 'target'],
    rows: targets.map((target) => [source, target]),
    onConflict: { key: ['source', 'target'], update: [] },
  });
}

export async function removeReferences(
  session: DatabaseSession,
  source: string,
  targets: readonly string[],
): Promise<void> {
  for (const part of parts(targets)) {
    await tables(session)
      .deleteFrom('catalog_references')
      .where('source', '=', source)
      .where('target', 'in', part)
      .execute();
  }
}

/** What a source put into the catalog, with the location keys of the rows. */
export async function childrenOf(
  session: DatabaseSession,
  source: string,
): Promise<{ ref: string; location_key: string | null }[]> {
  return tables(session)
    .selectFrom('catalog_references')
    .innerJoin('catalog_entities', 'catalog_entities.ref', 'catalog_references.target')
    .select(['catalog_entities.ref', 'catalog_entities.location_key'])
    .where('catalog_references.source', '=', source)
    .execute();
}

/** What a source holds of one document. */
export async function childrenFrom(
  session: DatabaseSession,
  of: { readonly source: string; readonly locationKey: string },
): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_entities')
    .innerJoin('catalog_references', 'catalog_references.target', 'catalog_entities.ref')
    .select('catalog_entities.ref')
    .where('catalog_entities.location_key', '=', of.locationKey)
    .where('catalog_references.source', '=', of.source)
    .execute();
  return rows.map((row) => row.ref);
}

/** The sources of each reference; a reference that nobody put there is absent. */
export async function sourcesOf(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<Map<string, string[]>> {
  const sources = new Map<string, string[]>();
  for (const part of parts(refs)) {
    const rows = await tables(session)
      .selectFrom('catalog_references')
      .select(['source', 'target'])
      .where('target', 'in', part)
      .orderBy('source')
      .execute();
    for (const { source, target } of rows) {
      const known = sources.get(target);
      if (known === undefined) sources.set(target, [source]);
      else known.push(source);
    }
  }
  return sources;
}

/** Which of these sources hold anything. */
export async function sourcesAmong(
  session: DatabaseSession,
  sources: readonly string[],
): Promise<Set<string>> {
  const found = new Set<string>();
  for (const part of parts(sources)) {
    const rows = await tables(session)
      .selectFrom('catalog_references')
      .select('source')
      .distinct()
      .where('source', 'in', part)
      .execute();
    for (const { source } of rows) found.add(source);
  }
  return found;
}

/** Removes rows with everything that hangs on them, except the references they hold on others. */
export async function deleteEntities(session: DatabaseSession, refs: readonly string[]): Promise<void> {
  for (const part of parts(refs)) {
    const catalog = tables(session);
    await catalog.deleteFrom('catalog_entities').where('ref', 'in', part).execute();
    await catalog.deleteFrom('catalog_references').where('target', 'in', part).execute();
    await catalog.deleteFrom('catalog_refresh_keys').where('ref', 'in', part).execute();
    const sources = part.map((ref) => `entity:${ref}`);
    await catalog.deleteFrom('catalog_reads').where('source', 'in', sources).execute();
    await catalog.deleteFrom('catalog_conflicts').where('source', 'in', sources).execute();
  }
}

export async function replaceRefreshKeys(
  session: DatabaseSession,
  keysByRef: ReadonlyMap<string, readonly string[]>,
): Promise<void> {
  for (const part of parts([...keysByRef.keys()])) {
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
  for (const part of parts(keys)) {
    const rows = await tables(session)
      .selectFrom('catalog_refresh_keys')
      .select('ref')
      .where('refresh_key', 'in', part)
      .execute();
    for (const { ref } of rows) refs.add(ref);
  }
  return [...refs];
}

export async function readsOf(session: DatabaseSession, source: string): Promise<Map<string, ReadRow>> {
  const rows = await tables(session)
    .selectFrom('catalog_reads')
    .selectAll()
    .where('source', '=', source)
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
  for (const part of parts(targets)) {
    await tables(session)
      .deleteFrom('catalog_reads')
      .where('source', '=', source)
      .where('target', 'in', part)
      .execute();
  }
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
  for (const part of parts(refs)) {
    rows.push(
      ...(await tables(session)
        .selectFrom('catalog_conflicts')
        .selectAll()
        .where('ref', 'in', part)
        .execute()),
    );
  }
  return rows;
}

/** When something of a source was last read, by source. */
export async function lastReadTimes(session: DatabaseSession): Promise<Map<string, number>> {
  const rows = await tables(session)
    .selectFrom('catalog_reads')
    .select(({ fn }) => ['source', fn.max('read_at').as('at')])
    .groupBy('source')
    .execute();
  return new Map(rows.map(({ source, at }) => [source, at]));
}

/** All refresh keys that start with a prefix. */
export async function watchedRefreshKeys(session: DatabaseSession, prefix: string): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_refresh_keys')
    .select('refresh_key')
    .distinct()
    .where('refresh_key', '>=', prefix)
    .where('refresh_key', '<', `${prefix}\uffff`)
    .execute();
  return rows.map((row) => row.refresh_key);
}

/** Providers that hold entities, as `provider:<name>`. */
export async function providerSources(session: DatabaseSession): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_references')
    .select('source')
    .distinct()
    .where('source', 'like', 'provider:%')
    .execute();
  return rows.map((row) => row.source);
}

/** Drops the claims that a source made under a location key. */
export async function forgetConflicts(
  session: DatabaseSession,
  claim: { source: string; locationKey: string },
): Promise<void> {
  await tables(session)
    .deleteFrom('catalog_conflicts')
    .where('source', '=', claim.source)
    .where('location_key', '=', claim.locationKey)
    .execute();
}

/** Appends to the change log. The counter row orders transactions, so a reader never sees a gap. */
export async function logChange(
  session: DatabaseSession,
  change: { refs: readonly string[]; now: number },
): Promise<number> {
  const catalog = tables(session);
  const last = await readValue(session, 'last-change');
  const seq = Number(last ?? 0) + 1;
  await writeValue(session, { name: 'last-change', value: String(seq) });
  await catalog
    .insertInto('catalog_changes')
    .values({ seq, changed_at: change.now, refs: JSON.stringify(change.refs) })
    .execute();
  if (seq % 100 === 0) {
    await catalog
      .deleteFrom('catalog_changes')
      .where('seq', '<=', seq - CHANGES_KEPT)
      .execute();
  }
  return seq;
}

export async function readValue(session: DatabaseSession, name: string): Promise<string | null> {
  const row = await tables(session)
    .selectFrom('catalog_values')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.value ?? null;
}

export async function writeValue(
  session: DatabaseSession,
  entry: { name: string; value: string },
): Promise<void> {
  await session.writeRows({
    table: 'catalog_values',
    columns: ['name', 'value'],
    rows: [[entry.name, entry.value]],
    onConflict: { key: ['name'], update: ['value'] },
  });
}

/** The rows of some references as the index wants them, and the references that have no row. */
export async function storedEntities(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<StoredEntity[]> {
  const rows = await entityRows(session, refs);
  const sources = await sourcesOf(session, refs);
  return rows.map((row) => toStored(row, sources.get(row.ref) ?? []));
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
    yield joinSources(rows);
  }
}

/** One entity for each run of rows that differ in their source alone. */
function joinSources(
  rows: readonly (Pick<EntityRow, 'uid' | 'ref' | 'entity' | 'emitted' | 'errors'> & {
    source: string | null;
  })[],
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
    joined.push(toStored(first, sources));
  }
  return joined;
}

export function toStored(
  row: Pick<EntityRow, 'uid' | 'ref' | 'entity' | 'emitted' | 'errors'>,
  sources: readonly string[],
): StoredEntity {
  const emitted: unknown = row.emitted === null ? [] : JSON.parse(row.emitted);
  return {
    uid: row.uid,
    ref: row.ref,
    entity: row.entity,
    emitted: Array.isArray(emitted) ? emitted.map(String) : [],
    errors: row.errors,
    sources,
  };
}

function* parts<Item>(items: readonly Item[]): Generator<Item[]> {
  for (let i = 0; i < items.length; i += REFS_PER_QUERY) yield items.slice(i, i + REFS_PER_QUERY);
}
