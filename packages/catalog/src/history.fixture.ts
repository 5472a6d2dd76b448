/** What must hold of the history of every entity at any time, and short ways to look at it, for tests. */
import assert from 'node:assert/strict';
import type { Database } from '@callboard/kernel';
import { historyOf, type HistoryItem } from './history.ts';
import { VERSIONS_KEPT } from './store/history.ts';
import { tables } from './store/tables.ts';

/** All that is known of the past of an entity, collected in pages; the newest first. */
export async function wholeHistory(database: Database, ref: string, limit = 7): Promise<HistoryItem[]> {
  const items: HistoryItem[] = [];
  let before: number | null = null;
  do {
    const page = await historyOf(database, ref, { limit, before });
    items.push(...(page?.items ?? []));
    const next = page === null || page.next === null ? null : Number(page.next);
    assert.ok(next === null || before === null || next < before, 'the next page is no older');
    before = next;
  } while (before !== null);
  return items;
}

/** Changes of an entity, the oldest first. */
export async function changesOf(database: Database, ref: string): Promise<string[]> {
  return (await wholeHistory(database, ref)).map(({ change }) => change).toReversed();
}

/** Each version follows the one before it, the last one is followed by the row, and none is there twice. */
export async function checkHistory(database: Database): Promise<void> {
  const catalog = tables(database);
  const rows = await catalog.selectFrom('catalog_history').selectAll().orderBy('id').execute();
  const current = new Map(
    (await catalog.selectFrom('catalog_entities').selectAll().execute()).map((row) => [row.ref, row]),
  );
  const byRef = Map.groupBy(rows, ({ ref }) => ref);
  for (const [ref, versions] of byRef) {
    assert.ok(versions.length <= VERSIONS_KEPT, `${ref} has ${versions.length} versions`);
    for (const [i, version] of versions.entries()) {
      const next = versions[i + 1];
      assert.ok(version.began_at <= version.ended_at, `${ref} ended before it began`);
      if (next !== undefined) assert.equal(next.previous_id, version.id, `${ref} has a gap`);
      const follower = next ?? current.get(ref);
      if (version.removed === 1) continue;
      assert.ok(follower !== undefined, `${ref} was replaced by nothing`);
      const beganAt = 'began_at' in follower ? follower.began_at : follower.changed_at;
      assert.equal(beganAt, version.ended_at, `${ref} was nothing for a while`);
      const [before, after] = [version, follower].map(({ entity, location_key, errors }) =>
        JSON.stringify({ entity, location_key, errors }),
      );
      assert.notEqual(before, after, `${ref} has the same version twice`);
    }
    const last = versions.at(-1);
    if (last?.removed === 0) assert.ok(current.has(ref), `${ref} went without a trace`);
  }
}
