/** A portal with nothing but settings, for tests: real SQLite, real HTTP on loopback, users that are just named. */
import {
  CodedError,
  createHttp,
  createLog,
  createMetrics,
  migrate,
  openDatabase,
  type Database,
} from '@callboard/kernel';
import { settingsRoutes } from './routes.ts';
import { createSettingsStore, settingsMigrations } from './store.ts';

export interface Portal extends AsyncDisposable {
  /** The base of the API. */
  readonly url: string;
  readonly database: Database;
  /** Asks a path as somebody; a body is sent as JSON. */
  ask(path: string, request?: Request): Promise<Answer>;
}

interface Request {
  /** Default: GET. */
  readonly method?: string;
  readonly body?: unknown;
  /** A reference, or `service`. Default: anna; null: nobody. */
  readonly user?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when there is one. */
  readonly body: unknown;
}

export const ANNA = 'user:default/anna';

/** `database`: one with the tables of this room. Default: a new one. */
export async function openPortal({ database }: { readonly database?: Database } = {}): Promise<Portal> {
  const used = database ?? (await openMigratedDatabase());
  const app = createHttp({
    log: createLog({ write: () => undefined }),
    metrics: createMetrics(),
    health: { isReady: () => true },
  });
  const deps = { store: createSettingsStore(used), userOf };
  await app.register(async (scope) => settingsRoutes(scope, deps), { prefix: '/api/user-settings' });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/api/user-settings`;
  return {
    url,
    database: used,
    ask: async (path, request = {}) => {
      const response = await fetch(url + path, toInit(request));
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? null : JSON.parse(text),
      };
    },
    [Symbol.asyncDispose]: async () => {
      await app.close();
      if (database === undefined) await used[Symbol.asyncDispose]();
    },
  };
}

export async function openMigratedDatabase(): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [settingsMigrations], () => 0);
  return database;
}

function toInit({ method = 'GET', body, user = ANNA }: Request): RequestInit {
  const headers = {
    ...(user !== null && { authorization: `Bearer ${user}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  return { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
}

async function userOf({ authorization }: { readonly authorization?: string | undefined }): Promise<string> {
  const user = authorization?.replace('Bearer ', '');
  if (user === undefined) throw new CodedError(401, 'test/nobody', 'Missing credentials');
  if (user === 'service') throw new CodedError(403, 'test/service', 'Not for services');
  return user;
}
