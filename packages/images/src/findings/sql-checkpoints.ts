/** Checkpoints in our own database. Every write names the token of its lease, and counts only while it is the last. */
import type { Database } from '@callboard/kernel';
import type { Checkpoints, Failing, Lease, SetAsideRecord } from './checkpoints.ts';
import { findingsError } from './errors.ts';
import type { ChangeRecord } from './findings-store.ts';
import type { FindingsTables } from './migrations.ts';
import { parseSeq } from './sql-findings-store.ts';

type Row = FindingsTables['images_checkpoints'];

/** Needs the tables of `findingsMigrationSteps`. */
export function createSqlCheckpoints(database: Pick<Database, 'query' | 'transaction'>): Checkpoints {
  const tables = database.query.withTables<FindingsTables>();

  /** Changes the row of a lease, if it is still the last one. */
  const update = async (lease: Lease, values: Partial<Row>, within = tables): Promise<void> => {
    const { numUpdatedRows } = await within
      .updateTable('images_checkpoints')
      .set(values)
      .where('consumer', '=', lease.consumer)
      .where('token', '=', lease.token)
      .where('owner', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows > 0n) return;
    throw findingsError('images/lease-lost', `Somebody else consumes as ${lease.consumer} by now.`);
  };

  const find = (consumer: string): Promise<Row | undefined> =>
    tables.selectFrom('images_checkpoints').selectAll().where('consumer', '=', consumer).executeTakeFirst();

  return {
    acquire: async ({ consumer, owner, now, ttl }) => {
      await tables
        .insertInto('images_checkpoints')
        .values({ consumer, after: 0, token: 0, owner: null, until: 0, failing: 0, tries: 0 })
        .onConflict((conflict) => conflict.column('consumer').doNothing())
        .execute();
      const row = await tables
        .updateTable('images_checkpoints')
        .set((old) => ({ token: old('token', '+', 1), owner, until: now + ttl }))
        .where('consumer', '=', consumer)
        .where((old) => old.or([old('owner', 'is', null), old('until', '<=', now)]))
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) return null;
      return { consumer, token: row.token, ttl, after: seqOf(row.after), failing: failingOf(row) };
    },
    save: (lease, { after, now }) =>
      update(lease, { after: parseSeq(after), until: now + lease.ttl, failing: 0, tries: 0 }),
    fail: async (lease, { seq, now }) => {
      const row = await find(lease.consumer);
      const tries = (failingOf(row)?.seq === seq ? (row?.tries ?? 0) : 0) + 1;
      await update(lease, { failing: parseSeq(seq), tries, until: now + lease.ttl });
      return tries;
    },
    setAside: (lease, { record, error, tries, now }) =>
      database.transaction(async ({ query }) => {
        const within = query.withTables<FindingsTables>();
        const seq = parseSeq(record.seq);
        await update(lease, { after: seq, until: now + lease.ttl, failing: 0, tries: 0 }, within);
        const values = {
          consumer: lease.consumer,
          seq,
          error,
          tries,
          at: now,
          record: JSON.stringify(record),
        };
        await within
          .insertInto('images_set_aside')
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(['consumer', 'seq']).doUpdateSet({ error, tries, at: now }),
          )
          .execute();
      }),
    release: async (lease) => {
      await tables
        .updateTable('images_checkpoints')
        .set({ owner: null, until: 0 })
        .where('consumer', '=', lease.consumer)
        .where('token', '=', lease.token)
        .execute();
    },
    state: async (consumer) => {
      const row = await find(consumer);
      if (row === undefined) return null;
      return { after: seqOf(row.after), owner: row.owner, until: row.until, failing: failingOf(row) };
    },
    listSetAside: async (consumer) => {
      const rows = await tables
        .selectFrom('images_set_aside')
        .selectAll()
        .where('consumer', '=', consumer)
        .orderBy('seq')
        .execute();
      return rows.map(({ record, error, tries, at }): SetAsideRecord => ({
        record: parseRecord(record),
        error,
        tries,
        at,
      }));
    },
    letGo: async (consumer, seq) => {
      const { numDeletedRows } = await tables
        .deleteFrom('images_set_aside')
        .where('consumer', '=', consumer)
        .where('seq', '=', parseSeq(seq))
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

const seqOf = (after: number): string | null => (after === 0 ? null : String(after));

function failingOf(row: Row | undefined): Failing | null {
  if (row === undefined || row.failing === 0) return null;
  return { seq: String(row.failing), tries: row.tries };
}

// Only this file writes this column.
const parseRecord = (json: string): ChangeRecord => JSON.parse(json);
