/**
 * A process that works on the queue `work` of a database file until it is killed, or its input ends:
 * `node killed.fixture.ts <file> <owner>`. It writes a dot when a run begins.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSession } from '../db/database.ts';
import { openSqlite } from '../db/sqlite.ts';
import { createLog } from '../log/log.ts';
import { createJobs } from './jobs.ts';

type EffectTables = { effects: { job: string; what: string } };

const STEPS = 3;
const [file = '', owner = ''] = process.argv.slice(2);

await using database = openSqlite({ file, shared: true });
await using jobs = createJobs(
  {
    database,
    log: createLog({ level: 'error', write: (line) => process.stderr.write(line) }),
    now: Date.now,
    random: Math.random,
    owner,
  },
  { pollInterval: 50 },
);

const write = ({ query }: DatabaseSession, job: string, what: string) =>
  query.withTables<EffectTables>().insertInto('effects').values({ job, what }).execute();

jobs.handle('work', {
  concurrency: 4,
  lease: 1_000,
  backoff: { first: 50, max: 200 },
  run: async ({ id, checkpoint: last }, { checkpoint, complete }) => {
    process.stdout.write('.');
    for (let step = Number(last ?? 0); step < STEPS; step++) {
      await delay(5);
      await database.transaction(async (session) => {
        await checkpoint(step + 1, session);
        await write(session, id, `step ${step}`);
      });
    }
    await database.transaction(async (session) => {
      await complete(session);
      await write(session, id, 'end');
    });
  },
});

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
