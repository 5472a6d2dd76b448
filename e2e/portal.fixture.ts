/**
 * A real portal as its own process: started with the command that people use, on a free port, with a configuration
 * and a database in a folder that is gone afterwards.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isObject } from '@callboard/model';
import { COMPANY, copyCompany, countEntities, type Company } from './company.fixture.ts';
import { until } from './until.fixture.ts';

const COMMAND = fileURLToPath(new URL('../packages/server/bin/callboard.mjs', import.meta.url));
const CONFIG = 'app-config.yaml';
const READY_WITHIN_MS = 30_000;
const STOPPED_WITHIN_MS = 10_000;

export interface PortalOptions {
  /** Files of `catalog.locations`, relative to the folder. Default: the example company. */
  readonly locations?: readonly string[];
  /** Files to write before the start, by their path in the folder. */
  readonly files?: Readonly<Record<string, string>>;
  /** Further keys of `catalog`. */
  readonly catalog?: Readonly<Record<string, unknown>>;
  /** Further keys of `backend`. */
  readonly backend?: Readonly<Record<string, unknown>>;
  /** Golden images. Default: none are configured. */
  readonly images?: Readonly<Record<string, unknown>>;
  /** Keys of `scaffolder`, of `integrations`, and the plugins to load. Default: none. */
  readonly scaffolder?: Readonly<Record<string, unknown>>;
  readonly integrations?: Readonly<Record<string, unknown>>;
  readonly plugins?: readonly string[];
  /** Further keys at the root, as of a plugin. Default: none. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Further keys of `app`. */
  readonly app?: Readonly<Record<string, unknown>>;
  /** Whom the guest sign-in signs in. Default: `user:default/guest`. */
  readonly user?: string;
  /** Default: guests may sign in on this machine. */
  readonly auth?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the files are copied to; does not exist yet. Default: a new folder among the temporary files. */
  readonly folder?: string;
}

export interface Portal extends AsyncDisposable {
  /** Stays the same when the portal is stopped and started again. */
  readonly url: string;
  readonly company: Company;
  /** The parsed answer to a request with a guest's token. Rejects when the status is not 2xx. */
  readonly ask: (path: string, body?: unknown) => Promise<unknown>;
  /** How many entities match a predicate; all of them without one. */
  readonly total: (query?: Readonly<Record<string, unknown>>) => Promise<number>;
  /** What its processes have written, line by line. */
  readonly said: readonly string[];
  readonly stop: () => Promise<void>;
  /** Ends it as a crash does: with SIGKILL, in the middle of whatever it does. */
  readonly kill: () => Promise<void>;
  /** `user`: whom the guest sign-in signs in from now on. Default: as before. */
  readonly start: (changed?: Pick<PortalOptions, 'user'>) => Promise<void>;
}

/** Resolves when the catalog holds everything that the locations lead to. */
export async function startPortal(options: PortalOptions = {}): Promise<Portal> {
  const company = await copyCompany(options.folder);
  for (const [file, text] of Object.entries(options.files ?? {})) await company.write(file, text);
  const locations = options.locations ?? [COMPANY];
  const said: string[] = [];
  let port = 0;
  let running: Running | null = null;
  let current = options;

  const start: Portal['start'] = async (changed = {}) => {
    current = { ...current, ...changed };
    await company.write(CONFIG, JSON.stringify(toConfig({ ...current, locations, port }), null, 2));
    running = await launch(company.folder, { added: options.env ?? {}, said });
    port = Number(new URL(running.url).port);
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    await running?.end(signal);
    running = null;
  };
  const stop = (): Promise<void> => end('SIGTERM');

  try {
    await start();
  } catch (error) {
    await company[Symbol.asyncDispose]();
    throw error;
  }
  const url = `http://localhost:${port}`;
  const portal: Portal = {
    url,
    company,
    ask: createAsk(url),
    total: async (query) => {
      const body = { limit: 0, ...(query !== undefined && { query }) };
      const answer = await portal.ask('/api/catalog/entities/by-query', body);
      return isObject(answer) ? Number(answer['totalItems']) : Number.NaN;
    },
    said,
    stop,
    kill: () => end('SIGKILL'),
    start,
    async [Symbol.asyncDispose]() {
      await stop();
      await company[Symbol.asyncDispose]();
    },
  };
  try {
    if (options.auth === undefined) await untilFilled(portal, locations);
  } catch (error) {
    await portal[Symbol.asyncDispose]();
    throw error;
  }
  return portal;
}

function toConfig(options: PortalOptions & { readonly port: number }): Record<string, unknown> {
  const { port, locations = [], catalog, user = 'user:default/guest' } = options;
  const auth = options.auth ?? { providers: { guest: { userEntityRef: user } } };
  const baseUrl = `http://localhost${port === 0 ? '' : `:${port}`}`;
  return {
    app: { title: 'Callboard', baseUrl, ...options.app },
    organization: { name: 'Harbourline' },
    backend: {
      baseUrl,
      listen: { host: '127.0.0.1', port },
      database: { client: 'better-sqlite3', connection: { filename: './data/callboard.sqlite' } },
      ...options.backend,
    },
    auth,
    ...given(options, ['images', 'scaffolder', 'integrations', 'plugins']),
    ...options.extra,
    catalog: {
      rules: [
        {
          allow: [
            'Component',
            'API',
            'Resource',
            'System',
            'Domain',
            'Group',
            'User',
            'Location',
            'Template',
            'AiResource',
          ],
        },
      ],
      locations: locations.map((file) => ({ type: 'file', target: `./${file}` })),
      ...catalog,
    },
  };
}

/** Those of the keys that have a value. */
function given(options: PortalOptions, keys: readonly (keyof PortalOptions)[]): Record<string, unknown> {
  return Object.fromEntries(keys.flatMap((key) => (options[key] === undefined ? [] : [[key, options[key]]])));
}

/** Each configured location becomes an entity of its own. */
async function untilFilled({ company, total }: Portal, locations: readonly string[]): Promise<void> {
  let expected = locations.length;
  for (const file of locations) expected += await countEntities(company.path(file));
  await until(`the catalog holds ${expected} entities`, async () => (await total()) >= expected, {
    within: READY_WITHIN_MS,
  });
}

interface Running {
  readonly url: string;
  readonly end: (signal: 'SIGTERM' | 'SIGKILL') => Promise<void>;
}

interface LaunchOptions {
  /** To the environment. */
  readonly added: Readonly<Record<string, string>>;
  /** What it writes is added here. */
  readonly said: string[];
}

async function launch(folder: string, { added, said }: LaunchOptions): Promise<Running> {
  const child = spawn(process.execPath, [COMMAND, 'start', '--json', '--config', CONFIG], {
    cwd: folder,
    env: { ...inherited(), ...added },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = createEnd(child);
  try {
    return { url: await readyUrl(child, said), end };
  } catch (cause) {
    await end('SIGTERM');
    throw new Error(`the portal did not start; it said:\n${said.join('\n')}`, { cause });
  }
}

/** npm and the test runner leave variables that would make the portal another one than people start. */
function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR !== undefined && { TMPDIR }) };
}

function readyUrl(child: ChildProcess, said: string[]): Promise<string> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the portal has no output to read');
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready in ${READY_WITHIN_MS} ms`)), READY_WITHIN_MS);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(late);
      reject(new Error(`it ended with ${signal ?? code}`));
    });
    createInterface(stderr).on('line', (line) => said.push(line));
    createInterface(stdout).on('line', (line) => {
      said.push(line);
      const url = urlIn(line);
      if (url === null) return;
      clearTimeout(late);
      resolve(url);
    });
  });
}

/** The address in the line `{"ready":true,"url":…}`; null for any other line. */
function urlIn(line: string): string | null {
  if (!line.startsWith('{')) return null;
  const said: unknown = JSON.parse(line);
  if (!isObject(said) || said['ready'] !== true) return null;
  const { url } = said;
  return typeof url === 'string' ? url : null;
}

function createEnd(child: ChildProcess): Running['end'] {
  return async (signal) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    const late = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
    child.kill(signal);
    await gone;
    clearTimeout(late);
  };
}

function createAsk(url: string): Portal['ask'] {
  let token: string | null = null;
  return async (path, body) => {
    token ??= await guestToken(url);
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  };
}

async function guestToken(url: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/guest/refresh`, {
    headers: { 'X-Requested-With': 'XMLHttpRequest' },
  });
  const answer: unknown = await response.json();
  const identity = isObject(answer) ? answer['backstageIdentity'] : undefined;
  const token = isObject(identity) ? identity['token'] : undefined;
  if (typeof token !== 'string') throw new Error(`no token for a guest: ${response.status}`);
  return token;
}
