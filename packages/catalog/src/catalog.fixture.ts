/**
 * A whole catalog for tests: real files in a folder of its own, real SQLite, URLs that the test answers, a clock that
 * is told the time. Watching is off unless asked for, so nothing happens but what the test does.
 */
import { mkdir, mkdtemp, realpath, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CodedError,
  createLog,
  createMetrics,
  migrate,
  openDatabase,
  type Database,
  type ErrorStatus,
} from '@callboard/kernel';
import type { Diagnostic, Entity, LocationRef } from '@callboard/model';
import { createCatalog, type Catalog, type CatalogOptions, type CatalogSettings } from './catalog.ts';
import { explain, type Explanation } from './explain.ts';
import { locationEntityRef } from './process/location.ts';
import type { SourceUrls } from './process/annotate.ts';
import type { UrlContent, UrlReading } from './source/read-url.ts';
import { catalogMigrations } from './store/tables.ts';

export const ALL_KINDS = ['Component', 'API', 'Location', 'Resource', 'System', 'Domain', 'Group', 'User'];

const START = Date.UTC(2026, 0, 1);

export interface WorldOptions extends Partial<
  Pick<CatalogOptions, 'kinds' | 'processors' | 'readers' | 'providers' | 'random'>
> {
  /** Added to settings that allow every kind, never poll and never watch. */
  readonly settings?: Partial<CatalogSettings>;
  /** Keeps the database in the folder of the world instead of in memory. */
  readonly onDisk?: boolean;
  /** False: `restart` starts the catalog for the first time. Default: true. */
  readonly started?: boolean;
}

export interface World extends AsyncDisposable {
  readonly folder: string;
  readonly database: Database;
  readonly urls: FakeUrls;
  /** Lines of the log that are not just information. */
  readonly warnings: string[];
  readonly catalog: Catalog;
  /** The absolute path of a file or glob in the folder. */
  path(name: string): string;
  /** The Location entity that stands for a file target in the folder. */
  locationOf(name: string): string;
  write(name: string, text: string): Promise<void>;
  /** Writes beside the file and renames, as editors do. */
  save(name: string, text: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Reads every location again, as the timetable would, and waits until nothing is left to do. */
  poll(): Promise<void>;
  /** Lets the clock go on; it stands still otherwise. */
  pass(milliseconds: number): void;
  /** A new catalog over the same database; options replace those given before. */
  restart(options?: WorldOptions): Promise<Catalog>;
  /** References of all entities but Locations, sorted. */
  refs(): string[];
  entity(ref: string): Entity;
  /** Messages of the status of an entity. */
  errors(ref: string): string[];
  explain(ref: string): Promise<Explanation>;
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'callboard-catalog-')));
  const file = options.onDisk === true ? join(folder, 'db', 'portal.sqlite') : ':memory:';
  // Tests that stop a process in the middle of its work look at its database from here.
  const database = openDatabase({ client: 'sqlite', file }, { shared: true });
  const urls = createFakeUrls();
  const warnings: string[] = [];
  let time = START;
  let saved = 0;
  await migrate(database, [catalogMigrations], () => time);

  const open = (given: WorldOptions): Promise<Catalog> =>
    createCatalog({
      random: () => 0,
      ...given,
      database,
      urls,
      log: createLog({ level: 'warn', write: (line) => void warnings.push(line) }),
      metrics: createMetrics(),
      now: () => time,
      settings: settingsOf(given.settings),
    });
  const path = (name: string): string => join(folder, name);
  /** Each writing gets a modification time of its own, whatever the resolution of the file system's clock is. */
  const write = async (target: string, text: string): Promise<void> => {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    saved += 1;
    const at = new Date(START + saved * 1_000);
    await utimes(target, at, at);
  };

  let current = options;
  let catalog = await open(options);
  const start = async (): Promise<void> => {
    await catalog.start();
    await catalog.engine.idle();
  };
  if (options.started !== false) await start();
  const ordinalOf = (ref: string): number => {
    const ordinal = catalog.index.ordinalOf(ref);
    if (ordinal === undefined) throw new Error(`${ref} is not in the catalog`);
    return ordinal;
  };

  return {
    folder,
    database,
    urls,
    warnings,
    get catalog() {
      return catalog;
    },
    path,
    locationOf: (name) => locationEntityRef({ type: 'file', target: path(name) }),
    write: (name, text) => write(path(name), text),
    save: async (name, text) => {
      await write(path(`${name}.saving`), text);
      await rename(path(`${name}.saving`), path(name));
    },
    remove: (name) => rm(path(name), { recursive: true }),
    poll: async () => {
      for (const ref of locationRefs(catalog)) catalog.engine.requestRead(ref);
      await catalog.engine.retry();
      await catalog.engine.idle();
    },
    pass: (milliseconds) => void (time += milliseconds),
    restart: async (next) => {
      await catalog[Symbol.asyncDispose]();
      current = next === undefined ? current : { ...current, ...next };
      catalog = await open(current);
      await start();
      return catalog;
    },
    refs: () => allRefs(catalog).filter((ref) => !ref.startsWith('location:')),
    entity: (ref) => catalog.index.entityOf(ordinalOf(ref)),
    errors: (ref) => (catalog.index.entityOf(ordinalOf(ref)).status?.items ?? []).map((item) => item.message),
    explain: async (ref) => {
      const found = await explain(catalog, ref);
      if (found === null) throw new Error(`nothing is known of ${ref}`);
      return found;
    },
    [Symbol.asyncDispose]: async () => {
      await catalog[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export function settingsOf(settings: Partial<CatalogSettings> = {}): CatalogSettings {
  return {
    locations: [],
    rules: [{ allow: ALL_KINDS.map((kind) => ({ kind })) }],
    readonly: false,
    orphanStrategy: 'delete',
    orphanProviderStrategy: 'delete',
    locationConflictStrategy: 'reject',
    pollInterval: null,
    processorOptions: {},
    disabledProviders: [],
    disableDefaultProcessors: false,
    watch: false,
    ...settings,
  };
}

/** A world that reads these file targets of its folder, after `prepare` has filled it. */
export async function createFileWorld(
  targets: readonly string[],
  files: Readonly<Record<string, string>>,
  options: WorldOptions = {},
): Promise<World> {
  const world = await createWorld({ ...options, started: false });
  for (const [name, text] of Object.entries(files)) await world.write(name, text);
  const locations = targets.map((target): LocationRef => ({ type: 'file', target: world.path(target) }));
  await world.restart({ ...options, settings: { ...options.settings, locations } });
  return world;
}

export function allRefs(catalog: Catalog): string[] {
  return [...catalog.index.live].map((ordinal) => catalog.index.refOf(ordinal)).toSorted();
}

export function locationRefs(catalog: Catalog): string[] {
  return allRefs(catalog).filter((ref) => ref.startsWith('location:'));
}

/** What answers the catalog's requests. A URL that is not set is not found. */
export interface FakeUrls extends UrlReading, SourceUrls {
  /** Every request, with the ETag it carried. */
  readonly requests: { readonly url: string; readonly etag: string | null }[];
  set(url: string, body: string, options?: { readonly etag?: string }): void;
  /** Every request for the URL fails with this. */
  fail(url: string, error: Error): void;
  remove(url: string): void;
}

export function createFakeUrls(): FakeUrls {
  const answers = new Map<string, { readonly body: string; readonly etag: string | null } | Error>();
  const requests: { url: string; etag: string | null }[] = [];
  const read = async (url: string, { etag }: { readonly etag?: string }): Promise<UrlContent> => {
    requests.push({ url, etag: etag ?? null });
    const answer = answers.get(url);
    if (answer === undefined) throw urlError(404, `${url} was not found`);
    if (answer instanceof Error) throw answer;
    if (etag !== undefined && etag === answer.etag) return { kind: 'not-modified' };
    return { kind: 'content', bytes: Buffer.from(answer.body), etag: answer.etag };
  };
  return {
    requests,
    read,
    set: (url, body, { etag } = {}) => void answers.set(url, { body, etag: etag ?? null }),
    fail: (url, error) => void answers.set(url, error),
    remove: (url) => void answers.delete(url),
    resolveUrl: (url, base) => new URL(url, base).href,
    resolveEditUrl: (url) => `${url}?edit`,
    folderUrl: (url) => new URL('.', url).href,
  };
}

export function urlError(status: ErrorStatus, message: string): CodedError {
  return new CodedError(status, status === 404 ? 'reading/not-found' : 'reading/unavailable', message);
}

/** The YAML of an entity, one of several documents of a file. */
export function yaml(
  kind: string,
  name: string,
  fields: { readonly metadata?: object; readonly spec?: object } = {},
): string {
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name, ...fields.metadata },
    spec: fields.spec ?? {},
  };
  return `${JSON.stringify(entity, null, 2)}\n`;
}

export function component(name: string, spec: object = {}): string {
  return yaml('Component', name, {
    spec: { type: 'service', lifecycle: 'production', owner: 'team-a', ...spec },
  });
}

export function locationYaml(name: string, spec: object): string {
  return yaml('Location', name, { spec });
}

/** Several documents in one file. */
export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

export function codesOf(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code }) => code);
}

/** Waits until something is true, looking every 5 ms; rejects after `limit` milliseconds. */
export async function until(holds: () => boolean, limit = 2_000): Promise<number> {
  const began = performance.now();
  while (!holds()) {
    if (performance.now() - began > limit) throw new Error(`it did not happen within ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - began;
}
