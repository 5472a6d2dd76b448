/** The sources of the catalog as its tables have them: readings of targets, and providers. */
import type { DatabaseSession } from '@callboard/kernel';
import { sql } from 'kysely';
import type { ReadRow } from './reads.ts';
import { inParts, tables } from './tables.ts';

/** Errors are kept as JSON of our own making, in which a quote inside a text is escaped. */
const HAS_ERROR = sql<boolean>`coalesce(errors, '') like '%"severity":"error"%'`;

export interface ReadCounts {
  readonly total: number;
  /** Readings that left errors. */
  readonly failing: number;
}

export async function countReads(session: DatabaseSession): Promise<ReadCounts> {
  const found = await tables(session)
    .selectFrom('catalog_reads')
    .select((count) => count.fn.countAll<number | string>().as('total'))
    .select(sql<number | string | null>`sum(case when ${HAS_ERROR} then 1 else 0 end)`.as('failing'))
    .executeTakeFirst();
  return { total: Number(found?.total ?? 0), failing: Number(found?.failing ?? 0) };
}

/** Readings by target: those that left errors, or the others. */
export async function readsPage(
  session: DatabaseSession,
  { failing, limit, offset }: { readonly failing: boolean; readonly limit: number; readonly offset: number },
): Promise<ReadRow[]> {
  if (limit <= 0) return [];
  return tables(session)
    .selectFrom('catalog_reads')
    .selectAll()
    .where(failing ? HAS_ERROR : sql<boolean>`not (${HAS_ERROR})`)
    .orderBy('target')
    .orderBy('source')
    .limit(limit)
    .offset(offset)
    .execute();
}

/** How many entities were read under each location key. */
export async function countUnderKeys(
  session: DatabaseSession,
  keys: readonly string[],
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const part of inParts(keys)) {
    const rows = await tables(session)
      .selectFrom('catalog_entities')
      .select('location_key')
      .select((count) => count.fn.countAll<number | string>().as('entities'))
      .where('location_key', 'in', part)
      .groupBy('location_key')
      .execute();
    for (const { location_key: key, entities } of rows) if (key !== null) counts.set(key, Number(entities));
  }
  return counts;
}

/** How many entities a source holds. */
export async function countHeld(session: DatabaseSession, source: string): Promise<number> {
  const found = await tables(session)
    .selectFrom('catalog_references')
    .select((count) => count.fn.countAll<number | string>().as('entities'))
    .where('source', '=', source)
    .executeTakeFirst();
  return Number(found?.entities ?? 0);
}

/** Names of the providers that hold entities. One step of the index a provider, however much they hold. */
export async function holdingProviders(session: DatabaseSession): Promise<string[]> {
  const names: string[] = [];
  for (let after = 'provider:'; ;) {
    const row = await tables(session)
      .selectFrom('catalog_references')
      .select('source')
      .where('source', '>', after)
      .where('source', '<', 'provider;')
      .orderBy('source')
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) return names;
    names.push(row.source.slice('provider:'.length));
    after = row.source;
  }
}
