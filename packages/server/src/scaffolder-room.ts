/** Connects the room of software templates with the rest of the portal. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Access, Credentials } from '@callboard/access';
import type { Catalog } from '@callboard/catalog';
import {
  CodedError,
  type BackendSettings,
  type Config,
  type Database,
  type Jobs,
  type Log,
  type Metrics,
  type UrlReader,
} from '@callboard/kernel';
import type { Forge } from '@callboard/plugin';
import {
  createRequester,
  createScaffolder,
  parseTemplate,
  scaffolderRoutes,
  urlTreesOf,
  type CatalogPort,
  type Scaffolder,
  type ScaffolderSettings,
  type Who,
} from '@callboard/scaffolder';
import type { PortalGit } from '@callboard/scaffolder/git';
import type { FastifyInstance } from 'fastify';
import { createCatalogPort } from './catalog-port.ts';
import { openSecretKey } from './secret-key.ts';

export interface ScaffolderRoomDeps {
  readonly settings: ScaffolderSettings;
  readonly backend: BackendSettings;
  readonly config: Config;
  readonly database: Database;
  readonly jobs: Jobs;
  readonly catalog: Catalog;
  readonly access: Access;
  readonly urls: UrlReader;
  readonly git: PortalGit;
  readonly forges: readonly Forge[];
  readonly log: Log;
  readonly metrics: Metrics;
  readonly cwd: string;
  /** Names of form fields that run in the browser. Default: none. */
  readonly customFields?: () => readonly string[] | Promise<readonly string[]>;
}

export interface ScaffolderRoom extends Scaffolder {
  /** Adds its routes. */
  mount(http: FastifyInstance): void;
}

/** The database must be migrated with `scaffolderMigrations`. */
export function openScaffolderRoom(deps: ScaffolderRoomDeps): ScaffolderRoom {
  const { settings, backend, config, access, database, jobs, log, metrics } = deps;
  const catalog = createCatalogPort(deps.catalog);
  const { file } = backend.database;
  const beside = file === ':memory:' ? deps.cwd : dirname(file);
  const scaffolder = createScaffolder({
    database,
    jobs,
    metrics,
    log,
    settings,
    catalog,
    secretKey: settings.secretKey ?? openSecretKey(backend),
    workspaces: settings.workspaces ?? join(beside, 'workspaces'),
    urls: urlTreesOf(deps.urls),
    git: deps.git,
    forges: deps.forges,
    fetch,
    request: createRequester(),
    portal: {
      baseUrl: backend.baseUrl,
      fetch,
      tokenFor: ({ credentials, pluginId }) => tokenFor(access, { credentials, pluginId }),
    },
    notifications: null,
    now: Date.now,
    config: (key) => config.getOptional(key),
    resolve: (module) => resolveModule(module, deps.cwd),
  });
  return {
    ...scaffolder,
    mount: (http) => mount(http, { scaffolder, access, catalog, customFields: deps.customFields }),
  };
}

function mount(
  http: FastifyInstance,
  {
    scaffolder,
    access,
    catalog,
    customFields,
  }: {
    readonly scaffolder: Scaffolder;
    readonly access: Access;
    readonly catalog: CatalogPort;
    readonly customFields: ScaffolderRoomDeps['customFields'];
  },
): void {
  access.openPath('/api/scaffolder/openapi.json');
  const deps = {
    ...scaffolder,
    catalog,
    parseTemplate,
    ...(customFields !== undefined && { customFields }),
    whoOf: async ({ headers }: { readonly headers: { readonly authorization?: string | undefined } }) =>
      toWho(await access.authenticate(headers, { plugin: 'scaffolder' }), catalog),
  };
  void http.register(async (scope) => scaffolderRoutes(scope, deps), { prefix: '/api/scaffolder' });
}

/** The token is kept with the task, encrypted, so that its steps can speak for who started it. */
async function toWho({ principal, token }: Credentials, catalog: CatalogPort): Promise<Who> {
  const proof = { credentials: token === null ? null : { token }, ...(token !== null && { token }) };
  switch (principal.type) {
    case 'user': {
      const ref = principal.userEntityRef;
      return { kind: 'user', ref, ownership: await catalog.ownershipOf(ref), ...proof };
    }
    case 'service':
      return { kind: 'service', ref: principal.subject, ownership: [], ...proof };
    case 'none':
      return { kind: 'nobody', ref: null, ownership: [], ...proof };
    default:
      return principal satisfies never;
  }
}

/** @throws CodedError 401 `server/sign-in-ended` when the token of who started the task has ended meanwhile */
async function tokenFor(
  access: Access,
  { credentials, pluginId }: { readonly credentials: unknown; readonly pluginId: string },
): Promise<string | null> {
  const token = isTokenHolder(credentials) ? credentials.token : null;
  if (token === null) return null;
  const onBehalfOf = await authenticate(access, token);
  return (await access.issuePluginToken({ from: 'scaffolder', to: pluginId, onBehalfOf })).token;
}

async function authenticate(access: Access, token: string): Promise<Credentials> {
  try {
    return await access.authenticateToken(token, { plugin: 'scaffolder' });
  } catch (error) {
    const message =
      'The sign-in of who started the task has ended meanwhile, so it cannot speak for them any more. Retry the task: it goes on from this step with a new one.';
    throw new CodedError(401, 'server/sign-in-ended', message, { cause: error });
  }
}

function isTokenHolder(value: unknown): value is { readonly token: string } {
  return typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string';
}

/** The file of a module that is installed beside the configuration or beside the portal; null when it is not. */
export function resolveModule(name: string, cwd: string): string | null {
  if (name.startsWith('/')) return name;
  for (const from of [join(cwd, 'package.json'), import.meta.filename]) {
    try {
      return createRequire(from).resolve(name);
    } catch {
      // Not there; the next one is asked.
    }
  }
  try {
    return fileURLToPath(import.meta.resolve(name));
  } catch {
    return null;
  }
}
