/**
 * The whole room in a world that is not there: a database in memory, a registry on loopback, a fake machine, and a clock
 * that can be put forward. Whatever a test does, no golden tag may have moved without a proof in the end.
 */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import {
  createJobs,
  createLog,
  jobsMigrations,
  migrate,
  openDatabase,
  type After,
  type Database,
  type Jobs,
} from '@callboard/kernel';
import { createImages, type ImagesRoom } from '../create-images.ts';
import { STRICT_POLICY } from '../gate/verdict.ts';
import { createRegistryClient } from '../image/registry.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { startTestRegistry, type TestRegistry } from '../image/registry.fixture.ts';
import { imagesMigrations } from '../migrations.ts';
import { createPlanner } from '../plan/planner.ts';
import type { Planner } from '../plan/plan.ts';
import { DEFAULT_BUDGET } from '../prove/size.ts';
import { parsePolicy } from '../receive/policy.ts';
import type { GoldenSettings, ImagesSettings } from '../settings.ts';
import {
  createFakeMachine,
  temporaryFolder,
  type FakeMachine,
  type FakeMachineOptions,
} from './fake-machine.fixture.ts';
import { AMD64, putImage, type Installed, type LabelledImage } from './labelled-image.fixture.ts';
import type { Patch, PatchState } from './patch.ts';
import { trivyReport, type Advisory } from './reports.fixture.ts';

export const OPENSSL: Advisory = { vulnerability: 'CVE-2026-0001', package: 'openssl', fixed: '3.0.14-1' };
export const ZLIB: Advisory = { vulnerability: 'CVE-2026-0002', package: 'zlib1g', fixed: '1.2.13-2' };
export const INSTALLED: Installed = { bash: '5.2-1', openssl: '3.0.11-1', zlib1g: '1.2.13-1' };

export interface Clock {
  readonly now: () => number;
  readonly after: After;
  /** Lets time pass; what is due runs, and what it begins here and now may end. */
  readonly pass: (ms: number) => Promise<void>;
}

const LONG_STEP = 15_000;

/** Real time, and what was added to it. */
export function createClock(): Clock {
  const start = Date.UTC(2026, 10, 21, 12) - performance.now();
  let added = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const now = (): number => Math.trunc(start + performance.now() + added);
  return {
    now,
    after: (ms, run) => {
      const fire = (): void => {
        if (timers.delete(timer)) run();
      };
      const timer = { at: now() + ms, run: fire };
      timers.add(timer);
      const real = setTimeout(fire, Math.min(ms, 2 ** 31 - 1));
      real.unref();
      return () => {
        timers.delete(timer);
        clearTimeout(real);
      };
    },
    // In steps, as leases have to be held on the way.
    pass: async (ms) => {
      for (let left = ms; left > 0; left -= LONG_STEP) {
        added += Math.min(left, LONG_STEP);
        for (const timer of timers) if (timer.at <= now()) timer.run();
        for (let turns = 0; turns < 10; turns += 1) await turn();
      }
    },
  };
}

export interface WorldOptions {
  /** Name of the golden image → what is installed in it. Default: `debian` with INSTALLED. */
  readonly golden?: Readonly<Record<string, Installed>>;
  readonly settings?: Partial<ImagesSettings>;
  readonly machine?: Pick<FakeMachineOptions, 'mirror' | 'advisories'>;
  readonly planner?: (log: (line: string) => void) => Promise<Planner>;
}

/** One process of the portal. */
export interface Portal {
  readonly room: ImagesRoom;
  readonly jobs: Jobs;
  close(): Promise<void>;
}

export interface World extends Portal {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: TestRegistry;
  readonly client: RegistryClient;
  readonly machine: FakeMachine;
  readonly log: readonly string[];
  /** As it was put first. */
  readonly golden: (name: string) => LabelledImage;
  /** What the golden tag points to. */
  readonly pointsTo: (name: string) => string;
  /** How often the golden tag was put since the beginning. */
  readonly moves: (name: string) => number;
  /** Puts another image under the golden tag, as somebody else would. */
  readonly moveByHand: (name: string, installed: Installed) => Promise<LabelledImage>;
  readonly settings: ImagesSettings;
  /** One more process on the same database; it is closed with the world. */
  readonly portal: (options?: { readonly settings?: Partial<ImagesSettings> }) => Promise<Portal>;
  /** Takes a report in, as it would be sent. */
  readonly send: (report: unknown) => Promise<void>;
  /** Trivy's report on a golden image, by what the machine's scanner knows. */
  readonly report: (name: string) => Promise<void>;
  /** Waits until the newest patch is in the state. */
  readonly reached: (state: PatchState) => Promise<Patch>;
  /** Lets time pass, from one job that waits to the next, until the newest patch is in the state. */
  readonly passUntil: (state: PatchState) => Promise<Patch>;
  /** Waits until nothing is left to do at this time. */
  readonly idle: () => Promise<void>;
  /** All patches, the oldest first. */
  readonly patches: () => Promise<readonly Patch[]>;
}

const TAG = '12';
const PATIENCE = 20_000;
const MOST_PASSED = 100;

/** Waits until the answer is not null; the limit only ends a test that has failed. */
export async function eventually<T>(ask: () => Promise<T | null>, what: () => Promise<string>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    const found = await ask();
    if (found !== null) return found;
    if (performance.now() > giveUpAt) throw new Error(`What was waited for did not come: ${await what()}`);
    await turn();
  }
}

export function settingsOf(registry: string, names: readonly string[]): ImagesSettings {
  return {
    registries: [],
    golden: names.map((name): GoldenSettings => ({
      name,
      title: null,
      owner: null,
      system: null,
      registry,
      repository: `golden/${name}`,
      tag: TAG,
      platforms: [AMD64],
      mirrors: {},
      smokeTests: [],
      allowedPaths: [],
    })),
    applications: [],
    policy: parsePolicy(undefined),
    gate: STRICT_POLICY,
    proof: { budget: DEFAULT_BUDGET, worstNew: 'high' },
    planner: { afterEndOfLife: 'defer', model: null, asks: 'residue' },
    scanner: { kind: 'trivy', program: 'trivy', cacheDir: null },
    engine: null,
    limits: { unpackedBytes: 1_000_000, layerBytes: 1_000_000, entries: 1_000 },
    promote: 'automatic',
    reportsFolder: null,
    debounce: 0,
    maxWait: 0,
    scanEvery: null,
    concurrency: 4,
    signingKey: null,
    author: 'Test',
  };
}

/** Calls `work` in a world, and sees to it that no golden tag was moved without a proof. */
export async function inWorld(options: WorldOptions, work: (world: World) => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await startTestRegistry());
  const folder = stack.use(await temporaryFolder());
  const database = stack.use(openDatabase({ client: 'sqlite', file: ':memory:' }));
  const clock = createClock();
  await migrate(database, [jobsMigrations, imagesMigrations], clock.now);
  const { golden: contents = { debian: INSTALLED } } = options;
  const goldens = new Map<string, LabelledImage>();
  const byHand = new Set<string>();
  const putGolden = (name: string, installed: Installed): Promise<LabelledImage> =>
    putImage(registry, { repository: `golden/${name}`, tag: TAG, installed });
  for (const [name, installed] of Object.entries(contents))
    goldens.set(name, await putGolden(name, installed));
  const client = createRegistryClient({
    fetch,
    now: clock.now,
    random: () => 0,
    wait: async () => {},
    limits: { tries: 2, idleMs: 5_000 },
  });
  const machine = createFakeMachine({
    client,
    folder: folder.path,
    mirror: { openssl: OPENSSL.fixed, zlib1g: ZLIB.fixed },
    advisories: [OPENSSL],
    ...options.machine,
  });
  const lines: string[] = [];
  const log = createLog({ level: 'debug', write: (line) => void lines.push(line) });
  const settings = { ...settingsOf(registry.host, [...goldens.keys()]), ...options.settings };
  let portals = 0;
  const portal: World['portal'] = async (given = {}) => {
    const owner = `portal ${++portals}`;
    const jobs = createJobs(
      { database, log, now: clock.now, random: () => 0.5, owner, after: clock.after },
      { pollInterval: 20, closeWait: 200 },
    );
    const room = createImages({
      database,
      jobs,
      log,
      client,
      scanner: machine.scanner,
      prove: machine.prove,
      engine: async () => machine.engine,
      planner: options.planner ?? (async () => createPlanner()),
      builder: { id: 'https://portal.example', version: '1' },
      now: clock.now,
      owner,
      settings: { ...settings, ...given.settings },
    });
    await room.start();
    let closing: Promise<void> | null = null;
    const close = async (): Promise<void> => {
      await room[Symbol.asyncDispose]();
      await jobs.close();
    };
    const closeOnce = (): Promise<void> => (closing ??= close());
    stack.defer(closeOnce);
    return { room, jobs, close: closeOnce };
  };
  const first = await portal();
  const patches = async (): Promise<readonly Patch[]> => {
    const all: Patch[] = [];
    let cursor: string | null = null;
    do {
      const page = await first.room.patches.list({ limit: 200, ...(cursor !== null && { cursor }) });
      all.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return all.toReversed();
  };
  const golden = (name: string): LabelledImage => {
    const image = goldens.get(name);
    if (image === undefined) throw new Error(`There is no golden image ${name} in this world.`);
    return image;
  };
  const pointsTo = (name: string): string => digestAt(registry, `golden/${name}:${TAG}`);
  const describePatches = async (): Promise<string> =>
    `${(await patches()).map(({ state, stage, reason }) => `${state} ${stage} ${reason}`).join(' | ')}\n${lines.slice(-20).join('')}`;
  const idle = async (): Promise<void> => {
    await eventually(
      async () => ((await isIdle(first, { database, clock })) ? 'idle' : null),
      describePatches,
    );
  };
  const send = async (report: unknown): Promise<void> => {
    await first.room.takeReport(Buffer.from(JSON.stringify(report)), { name: 'report.json' });
  };
  const world: World = {
    ...first,
    database,
    clock,
    registry,
    client,
    machine,
    log: lines,
    settings,
    golden,
    pointsTo,
    moves: (name) =>
      registry.asked.filter((line) => line === `PUT /v2/golden/${name}/manifests/${TAG}`).length,
    moveByHand: async (name, installed) => {
      const image = await putGolden(name, installed);
      byHand.add(image.digest);
      return image;
    },
    portal,
    send,
    report: async (name) => {
      const image = golden(name);
      const installed = contents[name] ?? {};
      const config = { diffIds: image.diffIds };
      await send(trivyReport({ image: { ...image, config }, installed, advisories: machine.advisories }));
    },
    reached: (state) =>
      eventually(async () => {
        const newest = (await patches()).at(-1);
        return newest?.state === state ? newest : null;
      }, describePatches),
    passUntil: async (state) => {
      for (let passed = 0; passed < MOST_PASSED; passed += 1) {
        await idle();
        const newest = (await patches()).at(-1);
        if (newest?.state === state) return newest;
        const dueAt = await nextDue(first);
        if (dueAt === null) break;
        await clock.pass(Math.max(1, dueAt - clock.now()));
      }
      throw new Error(`No patch came to be ${state}: ${await describePatches()}`);
    },
    idle,
    patches,
  };
  await work(world);
  for (const [name, image] of goldens) {
    const current = pointsTo(name);
    if (current === image.digest || byHand.has(current)) continue;
    const made = (await patches()).find(({ built }) => built?.digest === current);
    assert.ok(made !== undefined, `${name} points to an image that no patch has built`);
    assert.ok(made.records.seal !== undefined, `${name} points to an image without a proof`);
    assert.ok(made.checks?.every(({ ok }) => ok));
  }
}

export function digestAt(registry: TestRegistry, name: string): string {
  const manifest = registry.manifests.get(name);
  const digests = [...registry.manifests].filter(([key, { bytes }]) => {
    return key.includes(':sha256:') && bytes === manifest?.bytes;
  });
  const [key] = digests.at(-1) ?? [''];
  return key.slice(key.indexOf(':sha256:') + 1);
}

/** Of what is due some time after a failure; the readings of golden tags go on for ever. */
async function nextDue({ jobs }: Portal): Promise<number | null> {
  const { jobs: waiting } = await jobs.list({ states: ['waiting'], limit: 500 });
  const due = waiting.filter(({ queue }) => queue !== 'images.refresh').map(({ dueAt }) => dueAt);
  return due.length === 0 ? null : Math.min(...due);
}

async function isIdle(
  { jobs }: Portal,
  of: { readonly database: Database; readonly clock: Clock },
): Promise<boolean> {
  const { rows } = await changesLeft(of.database);
  if (rows > 0) return false;
  const { jobs: live } = await jobs.list({ states: ['waiting', 'running'], limit: 500 });
  return live.every(({ state, dueAt }) => state === 'waiting' && dueAt > of.clock.now());
}

/** Changes of findings that nobody has handled. */
async function changesLeft({ query }: Database): Promise<{ readonly rows: number }> {
  const tables = query.withTables<{
    images_finding_changes: { seq: number };
    images_checkpoints: { consumer: string; after: number; owner: string | null };
  }>();
  const last = await tables
    .selectFrom('images_finding_changes')
    .select((select) => select.fn.max('seq').as('seq'))
    .executeTakeFirst();
  const checkpoint = await tables.selectFrom('images_checkpoints').selectAll().executeTakeFirst();
  const isBusy = checkpoint !== undefined && checkpoint.owner !== null;
  return { rows: (last?.seq ?? 0) - (checkpoint?.after ?? 0) + (isBusy ? 1 : 0) };
}
