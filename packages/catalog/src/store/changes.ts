/** The change log, and values that are known by a name. */
import type { DatabaseSession } from '@callboard/kernel';
import { tables } from './tables.ts';

/** How many transactions the change log remembers. */
const CHANGES_KEPT = 10_000;

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

/** Drops a named value. */
export async function forgetValue(session: DatabaseSession, name: string): Promise<void> {
  await tables(session).deleteFrom('catalog_values').where('name', '=', name).execute();
}
