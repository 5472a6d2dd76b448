/** Who put which entity into the catalog: `provider:<name>`, or `entity:<ref>` for what led to it. */
import type { DatabaseSession } from '@callboard/kernel';
import { inParts, tables } from './tables.ts';

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
  for (const part of inParts(targets)) {
    await tables(session)
      .deleteFrom('catalog_references')
      .where('source', '=', source)
      .where('target', 'in', part)
      .execute();
  }
}

/** Takes away all that some sources hold. */
export async function removeReferencesOf(
  session: DatabaseSession,
  sources: readonly string[],
): Promise<void> {
  for (const part of inParts(sources)) {
    await tables(session).deleteFrom('catalog_references').where('source', 'in', part).execute();
  }
}

/** All that any of some sources hold. */
export async function heldBy(session: DatabaseSession, sources: readonly string[]): Promise<Set<string>> {
  const held = new Set<string>();
  for (const part of inParts(sources)) {
    const rows = await tables(session)
      .selectFrom('catalog_references')
      .select('target')
      .where('source', 'in', part)
      .execute();
    for (const { target } of rows) held.add(target);
  }
  return held;
}

/** Which of the references a source holds. */
export async function heldAmong(
  session: DatabaseSession,
  source: string,
  refs: readonly string[],
): Promise<string[]> {
  const held: string[] = [];
  for (const part of inParts(refs)) {
    const rows = await tables(session)
      .selectFrom('catalog_references')
      .select('target')
      .where('source', '=', source)
      .where('target', 'in', part)
      .execute();
    for (const { target } of rows) held.push(target);
  }
  return held;
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
    .select('ref')
    .where('location_key', '=', of.locationKey)
    // Not a join: that could begin with all that the source holds, for each of its documents.
    .where((holds) =>
      holds.exists(
        holds
          .selectFrom('catalog_references')
          .select('target')
          .where('source', '=', of.source)
          .whereRef('target', '=', 'catalog_entities.ref'),
      ),
    )
    .execute();
  return rows.map((row) => row.ref);
}

/** The location keys of what a source holds. */
export async function heldKeysOf(session: DatabaseSession, source: string): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_references')
    .innerJoin('catalog_entities', 'catalog_entities.ref', 'catalog_references.target')
    .select('catalog_entities.location_key')
    .distinct()
    .where('catalog_references.source', '=', source)
    .execute();
  return rows.flatMap((row) => (row.location_key === null ? [] : [row.location_key]));
}

/** The sources of each reference; a reference that nobody put there is absent. */
export async function sourcesOf(
  session: DatabaseSession,
  refs: readonly string[],
): Promise<Map<string, string[]>> {
  const sources = new Map<string, string[]>();
  for (const part of inParts(refs)) {
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
  for (const part of inParts(sources)) {
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

/** False for `entity:<ref>` when there is no such entity any more. */
export async function sourceExists(session: DatabaseSession, source: string): Promise<boolean> {
  if (!source.startsWith('entity:')) return true;
  const row = await tables(session)
    .selectFrom('catalog_entities')
    .select('uid')
    .where('ref', '=', source.slice('entity:'.length))
    .executeTakeFirst();
  return row !== undefined;
}

/** Entities that nothing holds. */
export async function unheldRefs(session: DatabaseSession): Promise<string[]> {
  const rows = await tables(session)
    .selectFrom('catalog_entities')
    .leftJoin('catalog_references', 'catalog_references.target', 'catalog_entities.ref')
    .select('catalog_entities.ref')
    .where('catalog_references.target', 'is', null)
    .execute();
  return rows.map((row) => row.ref);
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
