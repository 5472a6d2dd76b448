import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '../db/database.ts';
import { migrate } from '../db/migrate.ts';
import { openSqlite } from '../db/sqlite.ts';
import { createLog } from '../log/log.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { jobsContract } from './jobs.contract.ts';
import { eventually, ledHandler, withRoom } from './jobs.fixture.ts';
import { createJobs } from './jobs.ts';
import { jobsMigrations } from './tables.ts';

const inMemory = async (): Promise<Database> => openSqlite({ file: ':memory:' });

jobsContract('SQLite in memory', inMemory);

describe('jobs on one SQLite file', () => {
  it('have each of their effects exactly once, although their processes are killed again and again', () =>
    withFile(async (file) => {
      await using database = openSqlite({ file, shared: true });
      await migrate(database, [jobsMigrations], Date.now);
      await database.query.schema
        .createTable('effects')
        .addColumn('job', 'text')
        .addColumn('what', 'text')
        .execute();
      const log = createLog({ write: () => {} });
      await using jobs = createJobs({ database, log, now: Date.now, random: Math.random, owner: 'test' });
      const ids: string[] = [];
      for (let payload = 0; payload < JOBS; payload++) {
        ids.push((await jobs.enqueue({ queue: 'work', payload, maxAttempts: 1_000 })).id);
      }

      await using crew = startCrew(file);
      for (let killed = 0; killed < KILLS; killed++) await crew.killOneAtWork();
      await eventually(async () => {
        await delay(20);
        const [count, ...others] = await jobs.counts();
        return others.length === 0 && count?.state === 'done';
      });

      const rows = await database.query
        .withTables<{ effects: { job: string; what: string } }>()
        .selectFrom('effects')
        .selectAll()
        .execute();
      const effects = Map.groupBy(rows, ({ job }) => job);
      assert.deepEqual(new Set(effects.keys()), new Set(ids));
      for (const [id, found] of effects) {
        const whats = found.map(({ what }) => what);
        assert.deepEqual(whats, ['step 0', 'step 1', 'step 2', 'end'], `job ${id}`);
      }
      const { jobs: all } = await jobs.list({ limit: 500 });
      const lost = all.filter(({ history }) => history.some(({ outcome }) => outcome === 'lost'));
      assert.ok(lost.length > 0, 'no process was killed in the middle of a run');
    }));

  it('are claimed by one of two connections only', () =>
    withFile(async (file) => {
      await using first = openSqlite({ file, shared: true });
      await using second = openSqlite({ file, shared: true });
      await migrate(first, [jobsMigrations], Date.now);
      const claims: string[] = [];
      const log = createLog({ write: () => {} });
      const start = (database: Database, owner: string) => {
        const jobs = createJobs(
          { database, log, now: Date.now, random: Math.random, owner },
          { pollInterval: 10 },
        );
        jobs.handle('q', { concurrency: 5, run: async ({ id }) => void claims.push(id) });
        return jobs;
      };
      await using one = start(first, 'one');
      await using other = start(second, 'other');
      const asked = await Promise.all(
        Array.from({ length: 100 }, (_, payload) =>
          (payload % 2 === 0 ? one : other).enqueue({ queue: 'q', payload }),
        ),
      );
      await eventually(() => claims.length >= asked.length);
      assert.deepEqual(new Set(claims), new Set(asked.map(({ id }) => id)));
      assert.equal(claims.length, asked.length);
    }));
});

describe('the metrics of jobs', () => {
  it('count runs by how they ended, and jobs by state', () =>
    withRoom(inMemory, async ({ start, reached }) => {
      const metrics = createMetrics();
      const { jobs } = start('a', {}, { metrics });
      const led = ledHandler();
      jobs.handle('q', led);
      const { id } = await jobs.enqueue({ queue: 'q', payload: 1 });
      (await led.begun(0)).finish();
      await reached(id, 'done');
      await eventually(async () => {
        const text = await metrics.text();
        return (
          text.includes('jobs_runs_total{queue="q",outcome="done"} 1') &&
          text.includes('{queue="q",state="done"} 1')
        );
      });
    }));
});

const JOBS = 400;
const KILLS = 12;
const CREW = 3;

async function withFile(work: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-jobs-'));
  try {
    await work(join(folder, 'jobs.sqlite'));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Processes that work on the file; as many as there were after each kill. */
function startCrew(file: string) {
  let started = 0;
  const script = fileURLToPath(new URL('killed.fixture.ts', import.meta.url));
  const startOne = () => {
    const owner = `owner-${++started}`;
    return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, file, owner], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  };
  const crew = Array.from({ length: CREW }, startOne);
  const end = async (child: ReturnType<typeof startOne>): Promise<void> => {
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  };
  return {
    /** Kills the one that works for the longest soon after it has begun a run, and starts another. */
    killOneAtWork: async (): Promise<void> => {
      const victim = crew.shift();
      if (victim === undefined) return;
      await Promise.race([once(victim.stdout, 'data'), delay(1_000)]);
      await delay(Math.random() * 20);
      const closed = once(victim, 'close');
      victim.kill('SIGKILL');
      await closed;
      crew.push(startOne());
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await Promise.all(crew.map(end));
    },
  };
}
