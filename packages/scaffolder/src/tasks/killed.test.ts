import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createJobs, createLog, jobsMigrations, migrate, openDatabase } from '@callboard/kernel';
import { createApprovals } from '../approvals/approvals.ts';
import { createFakeRunner } from './fake-runner.fixture.ts';
import { createSeal } from './seal.ts';
import { createTaskMemory } from './task-memory.ts';
import { createTasks } from './tasks.ts';
import { catalogOf, eventually, migrations, newTask, specOf } from './world.fixture.ts';

const TASKS = 100;
const STEPS = ['one', 'two', 'three', 'four', 'five'];
const KILLS = 4;
const CREW = 2;

describe('tasks whose processes are killed', () => {
  it('lose nothing: each step is finished once, in order, on the workspace that the one before it left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-killed-'));
    const file = join(folder, 'portal.sqlite');
    const workspaces = join(folder, 'workspaces');
    const key = randomBytes(32);
    try {
      await using database = openDatabase({ client: 'sqlite', file }, { shared: true });
      const now = Date.now;
      await migrate(database, [jobsMigrations, migrations], now);
      await database.query.schema
        .createTable('begun')
        .addColumn('task', 'text')
        .addColumn('step', 'text')
        .execute();
      const log = createLog({ write: () => {} });
      await using jobs = createJobs({ database, log, now, random: Math.random, owner: 'test' });
      const seal = createSeal(key);
      await using tasks = createTasks({
        database,
        jobs,
        runner: createFakeRunner({}),
        approvals: createApprovals({ database, jobs, catalog: catalogOf([]), log, now }),
        seal,
        memory: createTaskMemory({ database, seal, now }),
        log,
        now,
        workspaces,
      });
      const spec = specOf(STEPS.map((id) => ({ id, action: 'work' })));
      const ids: string[] = [];
      for (let index = 0; index < TASKS; index++) {
        ids.push((await tasks.create(newTask(spec, { secrets: { name: `task ${index}` } }))).id);
      }

      {
        await using crew = startCrew([file, workspaces, key.toString('hex')]);
        for (let killed = 0; killed < KILLS; killed++) await crew.killOneAtWork();
        await eventually(async () => {
          await delay(30);
          return (await tasks.list({ status: ['open', 'processing'], limit: 1 })).total === 0;
        });
      }

      const { tasks: all } = await tasks.list({});
      assert.deepEqual(
        all.filter(({ status }) => status !== 'completed').map(({ error }) => error),
        [],
      );
      assert.deepEqual(new Set(all.map(({ id }) => id)), new Set(ids));
      const rows = await database.query
        .withTables<{ begun: { task: string; step: string } }>()
        .selectFrom('begun')
        .selectAll()
        .execute();
      const begun = Map.groupBy(rows, ({ task }) => task);
      let recovered = 0;
      for (const id of ids) {
        const events = await tasks.events(id);
        const finished = events.filter(({ body }) => body['status'] === 'completed');
        assert.deepEqual(
          finished.map(({ body }) => body['stepId']),
          STEPS,
        );
        assert.equal(events.at(-1)?.type, 'completion');
        recovered += events.filter(({ type }) => type === 'recovered').length;
        // A step may begin again, as long as it has not been finished.
        const numbers = (begun.get(id) ?? []).map(({ step }) => STEPS.indexOf(step));
        assert.deepEqual(
          numbers,
          numbers.toSorted((left, right) => left - right),
        );
      }
      assert.ok(recovered > 0, 'no process was killed in the middle of a task');
      assert.deepEqual(await readdir(workspaces), []);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

/** Processes that run tasks; as many as there were after each kill. */
function startCrew(args: readonly string[]) {
  const script = fileURLToPath(new URL('killed.fixture.ts', import.meta.url));
  const startOne = () =>
    spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  const crew = Array.from({ length: CREW }, startOne);
  const end = async (child: ReturnType<typeof startOne>): Promise<void> => {
    const closed = once(child, 'close');
    child.stdin.end();
    await closed;
  };
  return {
    /** Kills the one that works for the longest soon after it has begun a step, and starts another. */
    killOneAtWork: async (): Promise<void> => {
      const victim = crew.shift();
      if (victim === undefined) return;
      await Promise.race([once(victim.stdout, 'data'), delay(1_000)]);
      await delay(Math.random() * 80);
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
