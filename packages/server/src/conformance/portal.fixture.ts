/**
 * A whole portal for tests: its own folder, configuration and database, listening on a free port of loopback, with
 * Backstage's published client pointed at it.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogClient } from '@backstage/catalog-client';
import { isObject } from '@callboard/model';
import { startPortal } from '../main.ts';
import { entityTexts } from '../../../../bench/catalog-data.ts';

/** The static token of an external caller that every test portal accepts. */
export const TOKEN = 'conformance-token';

export interface TestPortalOptions {
  /** Texts of catalog files by name; each is a configured location. Default: `catalogFiles()`. */
  readonly files?: Readonly<Record<string, string>>;
  /** Keys of `catalog` beside locations and rules. */
  readonly catalog?: Readonly<Record<string, unknown>>;
  /** Keys of `backend` beside listen, database and auth. */
  readonly backend?: Readonly<Record<string, unknown>>;
}

export interface TestPortal extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Where the files are. */
  readonly folder: string;
  /** Sends the token by itself. */
  readonly client: CatalogClient;
  /** Asks a path below `/api/catalog`, with the token unless the request has its own. */
  readonly ask: (path: string, request?: RequestInit) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template'];

/** About 200 entities: 170 generated ones, and all that a generator does not think of. */
export async function catalogFiles(): Promise<Record<string, string>> {
  return {
    'bulk.yaml': [...entityTexts(170)].join('---\n'),
    'odd.yaml': await readFile(new URL('odd-entities.yaml', import.meta.url), 'utf8'),
  };
}

/** Starts a portal and waits until its files are in the catalog. */
export async function openTestPortal(options: TestPortalOptions = {}): Promise<TestPortal> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-conformance-'));
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const portal = await startPortal({
      configFiles: [await writeConfig(folder, options)],
      cwd: folder,
      env: {},
      plainLog: false,
      write: () => undefined,
    });
    await portal.filled;
    const url = portal.url.replace('localhost', '127.0.0.1');
    return {
      url,
      folder,
      client: clientOf(url),
      ask: (path, request) => ask(`${url}/api/catalog${path}`, request),
      [Symbol.asyncDispose]: async () => {
        await portal[Symbol.asyncDispose]();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** The client with a token in every request, as a plugin of a backend has it. */
function clientOf(url: string): CatalogClient {
  return new CatalogClient({
    discoveryApi: { getBaseUrl: async (plugin) => `${url}/api/${plugin}` },
    fetchApi: { fetch: (input, init) => fetch(input, withToken(init)) },
  });
}

async function ask(url: string, request?: RequestInit): Promise<Answer> {
  const response = await fetch(url, withToken(request));
  const text = await response.text();
  const isJson = text !== '' && response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

function withToken(request: RequestInit = {}): RequestInit {
  const headers = new Headers(request.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${TOKEN}`);
  return { ...request, headers };
}

/** A request with a body of JSON. */
export function post(body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

/** The code of an error in the common shape. */
export function codeOf({ body }: Answer): unknown {
  const error = isObject(body) ? body['error'] : null;
  return isObject(error) ? error['code'] : null;
}

/** Returns the path of the file. */
async function writeConfig(folder: string, options: TestPortalOptions): Promise<string> {
  const files = options.files ?? (await catalogFiles());
  await mkdir(join(folder, 'catalog'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'catalog', name), text);
  const config = {
    backend: {
      listen: { host: '127.0.0.1', port: 0 },
      database: { client: 'better-sqlite3', connection: ':memory:' },
      auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'conformance' } }] },
      ...options.backend,
    },
    catalog: {
      rules: [{ allow: KINDS }],
      locations: Object.keys(files).map((name) => ({ type: 'file', target: `./catalog/${name}` })),
      processingInterval: false,
      watch: false,
      ...options.catalog,
    },
  };
  const file = join(folder, 'app-config.yaml');
  await writeFile(file, JSON.stringify(config, null, 2));
  return file;
}
