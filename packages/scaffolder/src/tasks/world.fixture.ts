/** A portal of tasks and approvals for tests: one database, processes that start and stop, a clock that can be put on. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createJobs,
  createLog,
  jobsMigrations,
  migrate,
  openDatabase,
  type Database,
  type Jobs,
  type Metrics,
} from '@callboard/kernel';
import { stringifyRef, type Entity } from '@callboard/model';
import type { Approval } from '../approvals/approval.ts';
import { createApprovals, type Approvals } from '../approvals/approvals.ts';
import { approvalMigrationSteps } from '../approvals/migrations.ts';
import type { CatalogPort } from '../catalog-port.ts';
import { TEMPLATE_API_VERSION, type TaskSpec, type TaskStep } from '../template/template.ts';
import { createFakeRunner, type FakeAction } from './fake-runner.fixture.ts';
import { taskMigrationSteps } from './migrations.ts';
import { createSeal, type Seal } from './seal.ts';
import { createTaskMemory, type TaskMemory } from './task-memory.ts';
import type { NewTask, Task } from './task.ts';
import { createTasks, type DurableTasks, type TasksOptions } from './tasks.ts';

export const migrations = {
  room: 'scaffolder',
  steps: [...taskMigrationSteps, ...approvalMigrationSteps],
};

/** A process of the portal. */
export interface Portal {
  readonly tasks: DurableTasks;
  readonly approvals: Approvals;
  readonly jobs: Jobs;
  readonly memory: TaskMemory;
  stop(): Promise<void>;
}

export interface World {
  readonly database: Database;
  readonly folder: string;
  readonly seal: Seal;
  /** What was told to approvers. */
  readonly asked: readonly Approval[];
  readonly reminded: readonly Approval[];
  /** Every line that was logged. */
  readonly lines: readonly string[];
  now(): number;
  /** Puts the clock on. */
  pass(ms: number): void;
  start(options?: TasksOptions & { readonly seal?: Seal; readonly metrics?: Metrics }): Promise<Portal>;
}

export async function withWorld(
  actions: Readonly<Record<string, FakeAction>>,
  work: (world: World) => Promise<void>,
  { onSuspend = async () => {} }: { readonly onSuspend?: () => Promise<void> } = {},
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-tasks-'));
  await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [jobsMigrations, migrations], Date.now);
  let offset = 0;
  const now = (): number => Date.now() + offset;
  const asked: Approval[] = [];
  const reminded: Approval[] = [];
  const lines: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => lines.push(line) });
  const seal = createSeal(randomBytes(32));
  const portals = new Set<Portal>();
  const start: World['start'] = async ({ seal: own = seal, metrics, ...options } = {}) => {
    const jobs = createJobs(
      { database, log, now, random: () => 0.5, owner: `portal ${portals.size}` },
      { pollInterval: 10 },
    );
    const catalog = catalogOf(PEOPLE);
    const approvals = createApprovals({
      database,
      jobs,
      catalog,
      log,
      now,
      onAsked: (approval) => void asked.push(approval),
      onReminder: (approval) => void reminded.push(approval),
    });
    const memory = createTaskMemory({ database, seal: own, now });
    const tasks = createTasks(
      {
        database,
        jobs,
        runner: createFakeRunner(actions, { onSuspend }),
        approvals,
        seal: own,
        memory,
        log,
        now,
        workspaces: join(folder, 'workspaces'),
        ...(metrics !== undefined && { metrics }),
      },
      options,
    );
    const portal: Portal = {
      tasks,
      approvals,
      jobs,
      memory,
      stop: async () => {
        portals.delete(portal);
        await jobs.close();
        await tasks[Symbol.asyncDispose]();
      },
    };
    portals.add(portal);
    approvals.start();
    await tasks.start();
    return portal;
  };
  try {
    const pass = (ms: number): void => {
      offset += ms;
    };
    await work({ database, folder, seal, asked, reminded, lines, now, pass, start });
  } finally {
    for (const portal of portals) await portal.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export function specOf(steps: readonly (Partial<TaskStep> & { readonly action: string })[]): TaskSpec {
  return {
    apiVersion: TEMPLATE_API_VERSION,
    parameters: { name: 'shop' },
    steps: steps.map((step, index) => {
      const id = step.id ?? `step-${index + 1}`;
      return { ...step, id, name: step.name ?? id };
    }),
    output: { text: [{ title: 'done' }] },
    templateInfo: { entityRef: 'template:default/service' },
  };
}

export function newTask(spec: TaskSpec, more: Partial<NewTask> = {}): NewTask {
  return { spec, secrets: {}, createdBy: 'user:default/anna', templateVersion: '1', ...more };
}

const PATIENCE = 20_000;

/** Waits until the answer is neither null nor false; the limit only ends a test that has failed. */
export async function eventually<T>(ask: () => Promise<T | null | false> | T | null | false): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > giveUpAt) throw new Error('what was waited for did not come');
    await delay(5);
  }
}

export function reached(tasks: DurableTasks, id: string, status: Task['status']): Promise<Task> {
  return eventually(async () => {
    const task = await tasks.get(id);
    return task.status === status && task;
  });
}

/** Waits until the task stands still for people. */
export function waits(tasks: DurableTasks, id: string): Promise<{ readonly approvalId: string }> {
  return eventually(async () => {
    const { waiting } = await tasks.get(id);
    return waiting?.kind === 'approval' && waiting;
  });
}

/** Groups `team-a` (anna, eva, tom) and `team-b` (nobody); the system `shop` belongs to team-a. */
export const PEOPLE: readonly Entity[] = [
  user('anna'),
  user('eva'),
  user('tom'),
  group('team-a', ['anna', 'eva', 'tom']),
  group('team-b', []),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'System',
    metadata: { name: 'shop' },
    spec: { owner: 'team-a' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team-a' }],
  },
];

function user(name: string): Entity {
  return { apiVersion: 'backstage.io/v1alpha1', kind: 'User', metadata: { name } };
}

function group(title: string, members: readonly string[]): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: title },
    relations: members.map((name) => ({ type: 'hasMember', targetRef: `user:default/${name}` })),
  };
}

export function catalogOf(entities: readonly Entity[]): Pick<CatalogPort, 'entity' | 'ownershipOf'> {
  const byRef = new Map(
    entities.map((entity) => [stringifyRef({ kind: entity.kind, name: entity.metadata.name }), entity]),
  );
  return {
    entity: async (ref) => byRef.get(ref.toLowerCase()) ?? null,
    ownershipOf: async (userRef) => {
      const groups = [...byRef].filter(([, { relations = [] }]) =>
        relations.some(({ type, targetRef }) => type === 'hasMember' && targetRef === userRef),
      );
      return [userRef, ...groups.map(([ref]) => ref)];
    },
  };
}

/** As somebody who is a member of team-a. */
export function member(name: string): { readonly ref: string; readonly ownership: readonly string[] } {
  const ref = `user:default/${name}`;
  return { ref, ownership: [ref, 'group:default/team-a'] };
}
