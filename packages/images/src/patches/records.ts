/** Texts under the hash of what is in them: plans, scripts, prompts, verdicts. They are never changed. */
import { createHash } from 'node:crypto';
import type { Database, DatabaseSession } from '@callboard/kernel';
import type { KeptRecord } from '../images.ts';
import type { PatchTables } from './migrations.ts';
import type { RecordKind } from './patch.ts';

export interface Records {
  /** Gives the hash. The same text is kept once, as what it was first. */
  keep(kind: RecordKind, text: string, session?: DatabaseSession): Promise<string>;
  /** Null when there is none. */
  read(hash: string): Promise<KeptRecord | null>;
}

export function createRecords(database: Database, now: () => number): Records {
  return {
    keep: async (kind, text, session = database) => {
      const hash = createHash('sha256').update(text).digest('hex');
      await session.query
        .withTables<PatchTables>()
        .insertInto('images_records')
        .values({ hash, kind, at: now(), text })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .execute();
      return hash;
    },
    read: async (hash) => {
      const row = await database.query
        .withTables<PatchTables>()
        .selectFrom('images_records')
        .selectAll()
        .where('hash', '=', hash)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}
