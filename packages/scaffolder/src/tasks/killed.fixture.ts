/**
 * A portal in a process of its own that runs tasks of a shared database until it is killed, or its input ends:
 * `node killed.fixture.ts <file> <workspaces> <key>`. It writes a dot when a step begins. Each step finds the workspace as
 * the step before it left it, or fails its task; what it begins is noted in the table `begun`.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createJobs, createLog, openDatabase } from '@callboard/kernel';
import { createApprovals } from '../approvals/approvals.ts';
import { createFakeRunner, type FakeAction } from './fake-runner.fixture.ts';
import { createSeal } from './seal.ts';
import { createTaskMemory } from './task-memory.ts';
import { createTasks } from './tasks.ts';
import { catalogOf } from './world.fixture.ts';

type BegunTables = { begun: { task: string; step: string } };

const textOf = (output: { readonly [key: string]: unknown }): string =>
  typeof output['text'] === 'string' ? output['text'] : '';
const [file = '', workspaces = '', key = ''] = process.argv.slice(2);
await using database = openDatabase({ client: 'sqlite', file }, { shared: true });
const log = createLog({ level: 'error', write: (line) => process.stderr.write(line) });
const now = Date.now;
const jobs = createJobs(
  { database, log, now, random: Math.random, owner: String(process.pid) },
  { pollInterval: 50 },
);

const work: FakeAction = async ({ workspacePath, step, request, state }) => {
  const begun = database.query.withTables<BegunTables>().insertInto('begun');
  await begun.values({ task: request.taskId, step: step.id }).execute();
  process.stdout.write('.');
  const before = Object.keys(state.steps).map((id) => `${id}.txt`);
  const found = (await readdir(workspacePath)).toSorted();
  if (found.join() !== before.toSorted().join()) throw new Error(`found ${found.join()} before ${step.id}`);
  for (const [id, { output }] of Object.entries(state.steps)) {
    const text = await readFile(join(workspacePath, `${id}.txt`), 'utf8');
    if (text !== textOf(output)) throw new Error(`${id} wrote ${textOf(output)}, found ${text}`);
  }
  const text = `${step.id} of ${request.secrets['name']}`;
  await writeFile(join(workspacePath, 'half.txt'), 'half');
  // A step may change what others wrote: here it is put back before it ends.
  for (const name of before) await writeFile(join(workspacePath, name), 'changed');
  await delay(8);
  for (const [id, { output }] of Object.entries(state.steps)) {
    await writeFile(join(workspacePath, `${id}.txt`), textOf(output));
  }
  await writeFile(join(workspacePath, `${step.id}.txt`), text);
  await rm(join(workspacePath, 'half.txt'));
  return { text };
};

const seal = createSeal(Buffer.from(key, 'hex'));
await using tasks = createTasks(
  {
    database,
    jobs,
    runner: createFakeRunner({ work }),
    approvals: createApprovals({ database, jobs, catalog: catalogOf([]), log, now }),
    seal,
    memory: createTaskMemory({ database, seal, now }),
    log,
    now,
    workspaces,
  },
  { lease: 1_000, tries: 1_000 },
);
await tasks.start();

process.stdin.resume();
await new Promise((resolve) => process.stdin.once('end', resolve));
await jobs.close();
