/**
 * The room of software templates for Backstage's published client: the real engine, tasks, approvals and routes over one
 * database in memory, real HTTP on loopback, and a few actions that a test can hold back.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import type * as Integration from '@backstage/integration';
import { ScaffolderClient, type LogEvent } from '@backstage/plugin-scaffolder-common';
import {
  CodedError,
  configFrom,
  createHttp,
  createJobs,
  createLog,
  createMetrics,
  createUrlReader,
  jobsMigrations,
  migrate,
  openDatabase,
} from '@callboard/kernel';
import type { Entity, JsonObject } from '@callboard/model';
import {
  createScaffolder,
  parseTemplate,
  scaffolderMigrations,
  scaffolderRoutes,
  urlTreesOf,
  type Who,
} from '@callboard/scaffolder';
import { parseScaffolderConfig } from '@callboard/scaffolder/config';
import { createGit } from '@callboard/scaffolder/git';
import { held } from './scaffolder-plugin.fixture.ts';

export interface TemplateRoom extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/api/scaffolder` */
  readonly url: string;
  /** As anna. */
  readonly client: ScaffolderClient;
  /** The same, which asks again and again and takes no stream. */
  readonly polling: ScaffolderClient;
  /** Lets all steps of `test:hold` go on. */
  release(): void;
}

/** Node cannot load its ES modules: they name exports of a CommonJS package that Node does not see. */
const { ScmIntegrations }: typeof Integration = createRequire(import.meta.url)('@backstage/integration');

const TOKENS: Readonly<Record<string, string>> = {
  'token-anna': 'user:default/anna',
  'token-eva': 'user:default/eva',
};

export function template(name: string, steps: readonly JsonObject[]): Entity & { readonly spec: JsonObject } {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name, title: `The ${name}`, description: 'For tests.' },
    spec: {
      type: 'service',
      parameters: [
        { title: 'Name', required: ['name'], properties: { name: { type: 'string', pattern: '^[a-z-]+$' } } },
      ],
      steps: [...steps],
      output: { links: [{ title: 'Repository', url: 'https://example.com/${{ parameters.name }}' }] },
    },
  };
}

const LOG = { id: 'log', name: 'Say hello', action: 'debug:log' };

const TEMPLATES: readonly Entity[] = [
  template('greeting', [
    { ...LOG, input: { message: 'Hello ${{ parameters.name }}, ${{ secrets.word }}.' } },
  ]),
  template('waiting', [{ id: 'hold', action: 'test:hold' }]),
  template('failing', [
    { id: 'once', action: 'test:fail-once' },
    { ...LOG, input: { message: 'At last.' } },
  ]),
];

export async function openTemplateRoom(): Promise<TemplateRoom> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-templates-'));
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [jobsMigrations, scaffolderMigrations], Date.now);
  const log = createLog({ level: 'error', write: () => undefined });
  const clock = { now: Date.now, random: Math.random };
  const jobs = createJobs({ database, log, owner: 'conformance', ...clock }, { pollInterval: 10 });
  const entities = new Map(TEMPLATES.map((entity) => [`template:default/${entity.metadata.name}`, entity]));
  const catalog = {
    entity: async (ref: string) => entities.get(ref) ?? null,
    ownershipOf: async (ref: string) => [ref],
    register: async () => [],
    preview: async () => [],
  };
  const { settings } = parseScaffolderConfig(configFrom({ plugins: ['./scaffolder-plugin.fixture.ts'] }), {
    cwd: import.meta.dirname,
  });
  const scaffolder = createScaffolder({
    database,
    jobs,
    log,
    settings,
    catalog,
    secretKey: randomBytes(32),
    workspaces: join(folder, 'workspaces'),
    urls: urlTreesOf(createUrlReader({ allow: [], integrations: [] })),
    git: createGit(),
    forges: [],
    fetch,
    portal: { baseUrl: 'http://127.0.0.1:9', fetch, tokenFor: async () => null },
    notifications: null,
    now: Date.now,
    config: () => undefined,
    resolve: (file) => file,
  });
  await scaffolder.engine();
  const release = held.release;
  const http = createHttp({ log, metrics: createMetrics(), health: { isReady: () => true } });
  const deps = { ...scaffolder, catalog, parseTemplate, whoOf };
  await http.register(async (scope) => scaffolderRoutes(scope, deps), { prefix: '/api/scaffolder' });
  const url = await http.listen({ host: '127.0.0.1', port: 0 });
  await scaffolder.start();
  return {
    url: `${url}/api/scaffolder`,
    client: clientOf(url, { useLongPollingLogs: false }),
    polling: clientOf(url, { useLongPollingLogs: true }),
    release,
    [Symbol.asyncDispose]: async () => {
      release();
      await http.close();
      await jobs[Symbol.asyncDispose]();
      await scaffolder[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const whoOf = async ({
  headers,
}: {
  readonly headers: { readonly authorization?: string | undefined };
}): Promise<Who> => {
  const token = headers.authorization?.replace('Bearer ', '') ?? '';
  const ref = TOKENS[token];
  if (ref === undefined) throw new CodedError(401, 'test/nobody', 'Missing credentials');
  return { kind: 'user', ref, ownership: [ref], credentials: { token }, token };
};

/** The client with a token in every request, as a page of a browser has it. */
function clientOf(url: string, options: { readonly useLongPollingLogs: boolean }): ScaffolderClient {
  const integrations = { github: [{ host: 'github.harbourline.example' }], gitlab: [{ host: 'gitlab.com' }] };
  const asAnna: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has('authorization')) headers.set('authorization', 'Bearer token-anna');
    return fetch(input, { ...init, headers });
  };
  return new ScaffolderClient({
    discoveryApi: { getBaseUrl: async (plugin) => `${url}/api/${plugin}` },
    fetchApi: { fetch: asAnna },
    identityApi: {
      getBackstageIdentity: async () => ({
        type: 'user',
        userEntityRef: 'user:default/anna',
        ownershipEntityRefs: ['user:default/anna'],
      }),
    },
    scmIntegrationsApi: ScmIntegrations.fromConfig(new ConfigReader({ integrations })),
    ...options,
  });
}

/** Every event until the client says that there are no more. */
export function logOf(
  client: ScaffolderClient,
  taskId: string,
  after?: number,
): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<readonly LogEvent[]>();
  client.streamLogs({ taskId, ...(after !== undefined && { after }) }).subscribe({
    next: (event) => void events.push(event),
    error: reject,
    complete: () => resolve(events),
  });
  return promise;
}

/** What the client's reader of events expects of a browser. */
export function pretendBrowser(): void {
  const listeners = { addEventListener: () => undefined, removeEventListener: () => undefined };
  Object.assign(globalThis, { window: globalThis, document: listeners });
}
