/**
 * The portal: reads the configuration, opens the database, wires the rooms together and listens. It decides
 * nothing; time, randomness, the environment and the network enter here and are handed down.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import {
  accessMigrations,
  accessRoutes,
  createAccess,
  createGuard,
  createKeyStore,
  createPersonalTokenStore,
  createUserInfoStore,
  openPersonalTokens,
  type Access,
} from '@callboard/access';
import { catalogMigrations, catalogRoutes, createCatalog, type Catalog } from '@callboard/catalog';
import {
  CodedError,
  createHttp,
  createJobs,
  createLog,
  createMetrics,
  createTraffic,
  createUrlReader,
  jobsMigrations,
  messageOf,
  migrate,
  openDatabase,
  watchConfig,
  type BackendSettings,
  type Database,
  type Jobs,
  type LoadedConfig,
  type Log,
  type Metrics,
  type UrlReader,
} from '@callboard/kernel';
import type { Forge } from '@callboard/plugin';
import { formatDiagnostic, hasErrors, type Diagnostic } from '@callboard/model';
import { scaffolderMigrations, type ScaffolderSettings } from '@callboard/scaffolder';
import { createGit, withGitServers, type PortalGit } from '@callboard/scaffolder/git';
import {
  createSettingsStore,
  settingsMigrations,
  settingsRoutes,
  type SettingsDeps,
} from '@callboard/settings';
import type { Images } from '@callboard/images';
import type { ExtensionsSettings } from '@callboard/extensions';
import type { ImagesSettings } from '@callboard/images/config';
import { devtoolsRoutes } from './devtools/routes.ts';
import type { OpenedImages, OpenImagesDeps } from './images-room.ts';
import {
  CONFIG_SCHEMAS,
  createSecretList,
  loadPortalConfig,
  parseRooms,
  type Surroundings,
} from './portal-config.ts';
import { openExtensionsRoom } from './extensions-room.ts';
import { openScaffolderRoom } from './scaffolder-room.ts';
import type { WebSettings } from './web-config.ts';
import { serveWeb, type Web } from './web.ts';

export interface PortalOptions extends Surroundings {
  /** Given files replace the default ones; later wins. */
  readonly configFiles: readonly string[];
  /** Plain log lines for people instead of JSON. */
  readonly plainLog: boolean;
  readonly write: (line: string) => void;
}

export interface Portal extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string;
  /** How many entities it knows now. */
  readonly entities: number;
  /** Resolves when the locations and providers of the configuration have been brought in. */
  readonly filled: Promise<void>;
}

export interface OpenedImageRoom extends AsyncDisposable {
  readonly images: Images;
}

/**
 * The golden images of a configuration without a server: what is stored, and a way to add to it. Nothing is done about
 * it here; a running portal follows.
 * @throws CodedError `server/no-images` when the configuration has none
 */
export async function openImages(
  options: Pick<PortalOptions, 'configFiles' | 'cwd' | 'env' | 'write'>,
): Promise<OpenedImageRoom> {
  const rooms = await openRooms({ ...options, plainLog: true, quiet: true, shared: true });
  if (rooms.images === null) {
    await rooms.database[Symbol.asyncDispose]();
    const message =
      'The configuration has no golden images. Write them below `images:`; see docs/golden-images.md.';
    throw new CodedError(404, 'server/no-images', message);
  }
  const { images } = rooms.images;
  return { images, [Symbol.asyncDispose]: () => closeRooms(rooms) };
}

export interface OpenedCatalog extends AsyncDisposable {
  readonly catalog: Catalog;
}

/** The catalog of a configuration without a server: what is stored, and a way to add to it. */
export async function openCatalog(
  options: Pick<PortalOptions, 'configFiles' | 'cwd' | 'env' | 'write'> & {
    /** Only reads, so that it works beside a running portal. */
    readonly readOnly: boolean;
  },
): Promise<OpenedCatalog> {
  const { readOnly: shared } = options;
  const rooms = await openRooms({ ...options, plainLog: true, quiet: true, shared });
  return { catalog: rooms.catalog, [Symbol.asyncDispose]: () => closeRooms(rooms) };
}

/** @throws CodedError `server/config` when the configuration has errors, and whatever a room cannot start without. */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const rooms = await openRooms(options);
  const { loaded, backend, log, metrics, database, catalog, access, jobs } = rooms;
  let ready = false;
  const startedAt = Date.now();
  const traffic = createTraffic({ now: Date.now, secrets: createSecretList(loaded.config) });
  const http = createHttp({
    log: log.child({ room: 'http' }),
    metrics,
    health: { isReady: () => ready },
    traffic,
    corsOrigins: backend.corsOrigins,
    csp: backend.csp,
  });
  const guard = createGuard(access);
  access.openPath('/api/catalog/openapi.json');
  http.addHook('onRequest', (request, _reply, done) => {
    const found = guard(request);
    if (found instanceof Promise) void settle(found, done);
    else done();
  });
  accessRoutes(access, {
    now: Date.now,
    plugins: ['catalog', 'devtools', 'extensions', 'images', 'scaffolder', 'user-settings'],
  })(http);
  await http.register(async (scope) => catalogRoutes(scope, catalog), { prefix: '/api/catalog' });
  const devtools = { loaded, cwd: options.cwd, database: backend.database, traffic, startedAt };
  await http.register(async (scope) => devtoolsRoutes(scope, { ...devtools, now: Date.now, fetch }), {
    prefix: '/api/devtools',
  });
  const userOf: SettingsDeps['userOf'] = async (headers) =>
    (await access.authenticateUser(headers, { plugin: 'user-settings' })).userEntityRef;
  const settings = { store: createSettingsStore(database), userOf };
  await http.register(async (scope) => settingsRoutes(scope, settings), { prefix: '/api/user-settings' });
  rooms.images?.mount(http, access);
  const scaffolder = openScaffolderRoom({
    ...rooms,
    settings: rooms.scaffolder,
    config: loaded.config,
    log: log.child({ room: 'scaffolder' }),
    cwd: options.cwd,
    customFields: () => extensions.fieldNames(),
  });
  scaffolder.mount(http);
  const extensions = openExtensionsRoom({
    settings: rooms.extensions,
    backend,
    access,
    log: log.child({ room: 'extensions' }),
    cwd: options.cwd,
    browserFiles: async () => (await scaffolder.engine()).browser,
  });
  extensions.mount(http);
  const web = await serveWeb(http, { settings: rooms.web });
  await http.listen({ host: backend.host, port: backend.port });
  ready = true;

  const watcher = watchConfig(loaded, {
    schemas: CONFIG_SCHEMAS,
    onChange: ({ outcome, diagnostics }) => {
      for (const diagnostic of diagnostics) logDiagnostic(diagnostic, log);
      if (outcome === 'applied') follow(rooms, { options, web });
    },
  });
  const filled = catalog.start().then(() => catalog.engine.idle());
  await rooms.images?.images.start();
  await scaffolder.start();

  return {
    url: addressOf(http.server.address(), backend.host),
    get entities() {
      return catalog.index.size;
    },
    filled,
    [Symbol.asyncDispose]: async () => {
      ready = false;
      await watcher[Symbol.asyncDispose]();
      await http.close();
      await jobs.close();
      await extensions[Symbol.asyncDispose]();
      await scaffolder[Symbol.asyncDispose]();
      await closeRooms(rooms);
      await Promise.allSettled([filled]);
    },
  };
}

async function closeRooms({ images, jobs, catalog, database }: Rooms): Promise<void> {
  await jobs.close();
  await images?.[Symbol.asyncDispose]();
  await catalog[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
}

interface Rooms {
  readonly loaded: LoadedConfig;
  readonly backend: BackendSettings;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly catalog: Catalog;
  readonly access: Access;
  readonly jobs: Jobs;
  /** Reads URLs by the rules of the configuration, those of plain git servers too. */
  readonly urls: UrlReader;
  readonly git: PortalGit;
  readonly forges: readonly Forge[];
  readonly scaffolder: ScaffolderSettings;
  readonly extensions: ExtensionsSettings;
  /** Null without `images` in the configuration. */
  readonly images: OpenedImages | null;
  readonly web: WebSettings;
}

async function openRooms(
  options: PortalOptions & { readonly quiet?: boolean; readonly shared?: boolean },
): Promise<Rooms> {
  const now = Date.now;
  const loaded = await loadPortalConfig(options);
  const { config } = loaded;
  const parsed = parseRooms(loaded, options);
  const log = createLog({
    level: options.quiet === true ? 'error' : parsed.backend.logLevel,
    plain: options.plainLog,
    secrets: createSecretList(config),
    write: options.write,
  });
  reportOrRefuse(parsed.diagnostics, log);
  const metrics = createMetrics();
  const database = openDatabase(parsed.backend.database, { shared: options.shared === true });
  await migrate(
    database,
    [jobsMigrations, catalogMigrations, accessMigrations, settingsMigrations, scaffolderMigrations],
    now,
  );
  const owner = `${hostname()}:${process.pid}`;
  const jobs = createJobs({ database, log, metrics, owner, now, random: Math.random });
  const { forges } = parsed;
  const git = createGit({ env: options.env, folders: parsed.gitFolders, now });
  const urls = withGitServers(createUrlReader(parsed.reading), { servers: forges, git });
  const images = await openImagesIfAny(parsed.images, {
    database,
    jobs,
    owner,
    log,
    metrics,
    env: options.env,
  });
  const catalog = await createCatalog({
    database,
    log: log.child({ room: 'catalog' }),
    metrics,
    urls,
    now,
    random: Math.random,
    settings: parsed.catalog,
    providers: images === null ? [] : [images.provider],
  });
  const access = createAccess(
    {
      keys: createKeyStore(database),
      users: createUserInfoStore(database),
      personalTokens: await openPersonalTokens({
        store: createPersonalTokenStore(database),
        now,
        randomBytes,
      }),
      now,
      fetch,
      findUser: async (ref) => {
        const ordinal = catalog.index.ordinalOf(ref.toLowerCase());
        return ordinal === undefined ? null : catalog.index.entityOf(ordinal);
      },
    },
    parsed.access,
  );
  return {
    loaded,
    backend: parsed.backend,
    log,
    metrics,
    database,
    catalog,
    access,
    jobs,
    urls,
    git,
    forges,
    scaffolder: parsed.scaffolder,
    extensions: parsed.extensions,
    images,
    web: parsed.web,
  };
}

/** Its code is loaded only where there are golden images. */
async function openImagesIfAny(
  settings: ImagesSettings | null,
  deps: Omit<OpenImagesDeps, 'settings'>,
): Promise<OpenedImages | null> {
  if (settings === null) return null;
  const { openImagesRoom } = await import('./images-room.ts');
  return openImagesRoom({ ...deps, settings, log: deps.log.child({ room: 'images' }) });
}

function follow(
  { loaded, catalog, log }: Rooms,
  { options, web }: { readonly options: PortalOptions; readonly web: Web },
): void {
  log.info(
    'the configuration changed; locations, rules and what the page shows are followed, other keys at the next start',
  );
  const parsed = parseRooms(loaded, options);
  for (const diagnostic of parsed.diagnostics) logDiagnostic(diagnostic, log);
  web.reconfigure(parsed.web);
  catalog.reconfigure(parsed.catalog).catch((error: unknown) => {
    log.error('the changed configuration could not be followed', { error: messageOf(error) });
  });
}

async function settle(identified: Promise<unknown>, done: (error?: Error) => void): Promise<void> {
  try {
    await identified;
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
    return;
  }
  done();
}

function reportOrRefuse(diagnostics: readonly Diagnostic[], log: Log): void {
  for (const diagnostic of diagnostics) if (diagnostic.severity !== 'error') logDiagnostic(diagnostic, log);
  if (!hasErrors(diagnostics)) return;
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  throw new CodedError(
    500,
    'server/config',
    `The configuration has errors, so the portal does not start:\n${errors.map(formatDiagnostic).join('\n')}`,
  );
}

function logDiagnostic(diagnostic: Diagnostic, log: Log): void {
  const { severity, summary, ...rest } = diagnostic;
  log[severity === 'warning' ? 'warn' : severity](summary, rest);
}

function addressOf(address: string | { port: number } | null, host: string): string {
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const name = host === '0.0.0.0' || host === '::' || host === '127.0.0.1' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
