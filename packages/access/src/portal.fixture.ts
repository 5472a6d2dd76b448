/** A portal with nothing but access, for tests: real SQLite, real HTTP on loopback, a clock that is told the time. */
import { randomBytes } from 'node:crypto';
import {
  configFrom,
  createHttp,
  createLog,
  createMetrics,
  migrate,
  openDatabase,
  type Database,
} from '@callboard/kernel';
import { isObject, type JsonValue } from '@callboard/model';
import { createAccess, type Access, type AccessDeps } from './access.ts';
import { parseAccessConfig } from './config.ts';
import type { ConfigReader } from './config-values.ts';
import type { Credentials } from './credentials.ts';
import { createGuard } from './guard.ts';
import { createPersonalTokenStore } from './personal-token-store.ts';
import { openPersonalTokens } from './personal-token.ts';
import { accessRoutes } from './routes.ts';
import type { SessionAnswer } from './session.ts';
import { accessMigrations, createKeyStore, createUserInfoStore } from './store.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pass: (seconds: number) => void;
}

export function createClock(start = Date.UTC(2026, 0, 1)): Clock {
  let time = start;
  return { now: () => time, pass: (seconds) => void (time += seconds * 1_000) };
}

/** A reader of dotted keys in a plain object. */
export function readerOf(config: unknown): ConfigReader {
  const at = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);
  const getOptional = (key: string): unknown => key.split('.').reduce(at, config);
  return {
    getOptional,
    getOptionalDuration: (key) => {
      const value: JsonValue = JSON.parse(JSON.stringify(getOptional(key) ?? null));
      return configFrom({ value }).getOptionalDuration('value');
    },
  };
}

export const GUEST_CONFIG = {
  backend: { baseUrl: 'http://portal.test:7007' },
  auth: { providers: { guest: {} } },
};

const PLUGINS = ['auth', 'catalog', 'scaffolder', 'search', 'techdocs', 'app'];

export interface PortalOptions extends Partial<Pick<AccessDeps, 'findUser' | 'providers'>> {
  /** Default: guest sign-in. */
  readonly config?: unknown;
  /** Default: true. */
  readonly development?: boolean;
  readonly clock?: Clock;
  /** Default: a new one. */
  readonly database?: Database;
  /** Default: auth, catalog, scaffolder, search, techdocs and app. */
  readonly plugins?: readonly string[];
}

export interface Portal extends AsyncDisposable {
  readonly url: string;
  readonly access: Access;
  readonly clock: Clock;
  readonly database: Database;
  /** Asks a path; the answer's body is parsed when it is JSON. */
  ask(path: string, request?: RequestInit): Promise<Answer>;
  /** Signs in as a guest. */
  signIn(): Promise<SessionAnswer>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export async function openMigratedDatabase(): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [accessMigrations], () => 0);
  return database;
}

/** The routes `/api/catalog/*` and `/api/scaffolder/*` answer who is calling; `/page` is outside the API. */
export async function openPortal(options: PortalOptions = {}): Promise<Portal> {
  const clock = options.clock ?? createClock();
  const database = options.database ?? (await openMigratedDatabase());
  const { findUser, providers, plugins = PLUGINS } = options;
  const access = createAccess(
    {
      keys: createKeyStore(database),
      users: createUserInfoStore(database),
      personalTokens: await openPersonalTokens({
        store: createPersonalTokenStore(database),
        now: clock.now,
        randomBytes,
      }),
      now: clock.now,
      fetch,
      ...(findUser && { findUser }),
      ...(providers && { providers }),
    },
    parseAccessConfig(readerOf(options.config ?? GUEST_CONFIG), { development: options.development ?? true })
      .options,
  );
  const app = createHttp({
    log: createLog({ write: () => undefined }),
    metrics: createMetrics(),
    health: { isReady: () => true },
  });
  const callers = new WeakMap<object, Credentials>();
  const guard = createGuard(access);
  app.addHook('onRequest', async (request) => {
    callers.set(request, await guard(request));
  });
  accessRoutes(access, { now: clock.now, plugins })(app);
  for (const url of ['/api/catalog/*', '/api/scaffolder/*', '/page']) {
    app.route({
      method: ['GET', 'POST'],
      url,
      handler: async (request) => ({ principal: callers.get(request)?.principal }),
    });
  }
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const ask: Portal['ask'] = async (path, request) => {
    const response = await fetch(url + path, request);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
  };
  return {
    url,
    access,
    clock,
    database,
    ask,
    signIn: () => access.signIn('guest', { headers: {} }),
    [Symbol.asyncDispose]: async () => {
      await app.close();
      if (options.database === undefined) await database[Symbol.asyncDispose]();
    },
  };
}

export const bearer = (token: string): { headers: { authorization: string } } => ({
  headers: { authorization: `Bearer ${token}` },
});
