/** A portal with a generated catalog for the browser: started as its users start it, where guests may sign in. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isObject } from '@callboard/model';
import { generateCatalog } from '../catalog-data.ts';
import { startMeasured } from '../measure.ts';

const BIN = new globalThis.URL('../../packages/server/bin/callboard.mjs', import.meta.url).pathname;
/** As package.json starts it. */
const START = ['--max-semi-space-size=4', BIN, 'start', '--json', '--config'];
const PORT = 7392;
const TOKEN = 'bench-token-not-secret';
const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template'];
const FILLED_WITHIN_MS = 120_000;

export interface BrowsedPortal extends AsyncDisposable {
  readonly url: string;
  /** The parsed answer; with a body it is a POST. Rejects when the status is not 2xx. */
  readonly ask: (path: string, body?: unknown) => Promise<unknown>;
}

/** Resolves once the portal has every entity. `folder`: for its data; what is in it is replaced. */
export async function startBrowsed(options: {
  readonly entities: number;
  readonly folder: string;
  /** Further entities, as YAML. Default: none. */
  readonly more?: { readonly entities: number; readonly text: string };
  /** Default: 7392. */
  readonly port?: number;
}): Promise<BrowsedPortal> {
  const { entities, folder, more, port = PORT } = options;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await generateCatalog({ entities, folder: join(folder, 'data') });
  if (more !== undefined) await writeFile(join(folder, 'data', 'more.yaml'), more.text);
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, 'app-config.yaml');
  await writeFile(config, JSON.stringify(toConfig(folder, url)));
  const portal = await startMeasured({
    command: process.execPath,
    args: [...START, config],
    ready: /"ready":true/,
    timeoutSeconds: 120,
  });
  const ask = async (path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  try {
    await untilFilled(ask, entities + (more?.entities ?? 0) + 1);
  } catch (error) {
    await portal.stop();
    throw error;
  }
  return { url, ask, [Symbol.asyncDispose]: () => portal.stop() };
}

function toConfig(folder: string, url: string): Record<string, unknown> {
  return {
    app: { title: 'Callboard', baseUrl: url },
    backend: {
      baseUrl: url,
      listen: { host: '127.0.0.1', port: Number(new globalThis.URL(url).port) },
      database: { client: 'better-sqlite3', connection: { filename: join(folder, 'callboard.sqlite') } },
      auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'bench' } }] },
    },
    auth: { providers: { guest: { userEntityRef: 'user:default/user-1' } } },
    catalog: {
      rules: [{ allow: KINDS }],
      locations: [{ type: 'file', target: join(folder, 'data', '*.yaml') }],
    },
  };
}

async function untilFilled(ask: BrowsedPortal['ask'], wanted: number): Promise<void> {
  const deadline = performance.now() + FILLED_WITHIN_MS;
  for (;;) {
    const answer = await ask('/api/catalog/entities/by-query?limit=0');
    const total = isObject(answer) ? answer['totalItems'] : null;
    if (total === wanted) return;
    if (performance.now() > deadline)
      throw new Error(`${String(total)} of ${wanted} entities after two minutes`);
    await pause(50);
  }
}
