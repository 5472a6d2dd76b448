/** What is wrong, straight from the tables: rows that failed, readings that failed, claims, and what hangs on them. */
import type { DatabaseSession } from '@callboard/kernel';
import { sql } from 'kysely';
import type { ConflictRow, ReadRow } from './reads.ts';
import { inParts, tables, type CatalogTables } from './tables.ts';

/** An entity whose last processing had problems. */
export interface TroubledRow extends Pick<
  CatalogTables['catalog_entities'],
  'ref' | 'first_seen_at' | 'changed_at' | 'errors'
> {
  /** False when it never was good. */
  readonly visible: boolean;
  /** As its source gave it; null for those that are visible. */
  readonly input: string | null;
}

/** Few, and found by an index of their own. Whatever never was good is among them. */
export async function troubledRows(session: DatabaseSession): Promise<TroubledRow[]> {
  const rows = await tables(session)
    .selectFrom('catalog_entities')
    .select(['ref', 'first_seen_at', 'changed_at', 'errors'])
    .select(sql<string | null>`case when entity is null then input end`.as('input'))
    .select(sql<number>`case when entity is null then 0 else 1 end`.as('visible'))
    .where('errors', 'is not', null)
    .orderBy('ref')
    .execute();
  return rows.map((row) => ({ ...row, visible: row.visible === 1 }));
}

export type TroubledRead = Pick<ReadRow, 'source' | 'target' | 'changed_at' | 'errors'>;

/** The readings in which something was wrong. */
export function troubledReads(session: DatabaseSession): Promise<TroubledRead[]> {
  return tables(session)
    .selectFrom('catalog_reads')
    .select(['source', 'target', 'changed_at', 'errors'])
    .where('errors', 'is not', null)
    .orderBy('source')
    .orderBy('target')
    .execute();
}

/** Every claim on a reference that belongs to somebody else. */
export function allConflicts(session: DatabaseSession): Promise<ConflictRow[]> {
  return tables(session)
    .selectFrom('catalog_conflicts')
    .selectAll()
    .orderBy('ref')
    .orderBy('location_key')
    .orderBy('source')
    .execute();
}

export interface HeldEntity {
  readonly ref: string;
  readonly location_key: string | null;
  readonly source: string;
}

/** What was read under these location keys, once for each source that holds it. */
export async function heldUnderKeys(
  session: DatabaseSession,
  locationKeys: readonly string[],
): Promise<HeldEntity[]> {
  const held: HeldEntity[] = [];
  for (const part of inParts(locationKeys)) {
    held.push(
      ...(await tables(session)
        .selectFrom('catalog_entities')
        .innerJoin('catalog_references', 'catalog_references.target', 'catalog_entities.ref')
        .select(['catalog_entities.ref', 'catalog_entities.location_key', 'catalog_references.source'])
        .where('catalog_entities.location_key', 'in', part)
        .execute()),
    );
  }
  return held;
}

/** What these sources hold, with the source of each. */
export async function heldBy(
  session: DatabaseSession,
  sources: readonly string[],
): Promise<{ source: string; target: string }[]> {
  const held: { source: string; target: string }[] = [];
  for (const part of inParts(sources)) {
    held.push(
      ...(await tables(session)
        .selectFrom('catalog_references')
        .select(['source', 'target'])
        .where('source', 'in', part)
        .execute()),
    );
  }
  return held;
}
