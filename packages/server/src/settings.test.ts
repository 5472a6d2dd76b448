/** What a whole portal keeps for its users: settings and personal tokens, also over a restart. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { folderOf } from './commands/callboard.fixture.ts';
import { startPortal, type Portal } from './main.ts';

const THEME = '/api/user-settings/buckets/userSettings/keys/theme';
const TOKENS = '/api/auth/v1/personal-tokens';
const SERVICE = 'static-token-of-a-service';

const CONFIG = {
  app: { title: 'Harbour' },
  backend: {
    listen: { host: '127.0.0.1', port: 0 },
    database: { client: 'better-sqlite3', connection: 'portal.sqlite' },
    auth: { externalAccess: [{ type: 'static', options: { token: SERVICE, subject: 'ci' } }] },
  },
  auth: { providers: { guest: {} } },
};

interface Running extends AsyncDisposable {
  /** Asks a path with a token; a body is sent as JSON. */
  ask(path: string, request: { method?: string; token?: string; body?: unknown }): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function start(cwd: string): Promise<Running> {
  const portal: Portal = await startPortal({
    configFiles: [`${cwd}/app-config.yaml`],
    cwd,
    env: {},
    plainLog: false,
    write: () => undefined,
  });
  const url = portal.url.replace('localhost', '127.0.0.1');
  return {
    ask: async (path, { method = 'GET', token, body }) => {
      const headers = {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(url + path, { method, headers, ...sent });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    [Symbol.asyncDispose]: () => portal[Symbol.asyncDispose](),
  };
}

function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce((found: unknown, key) => (isObject(found) ? found[key] : undefined), value);
}

async function signIn(portal: Running): Promise<string> {
  const { body } = await portal.ask('/api/auth/guest/refresh', { method: 'POST' });
  return String(fieldOf(body, 'backstageIdentity', 'token'));
}

describe('startPortal', () => {
  it('keeps settings for users, and refuses services and nobody', async () => {
    await using folder = await folderOf({ 'app-config.yaml': JSON.stringify(CONFIG) });
    await using portal = await start(folder.path);
    const token = await signIn(portal);
    const { status } = await portal.ask(THEME, { method: 'PUT', token, body: { value: 'dark' } });
    assert.equal(status, 200);
    const nobody = await portal.ask(THEME, {});
    assert.deepEqual([nobody.status, fieldOf(nobody.body, 'error', 'code')], [401, 'access/unauthenticated']);
    const service = await portal.ask(THEME, { token: SERVICE });
    assert.deepEqual([service.status, fieldOf(service.body, 'error', 'name')], [403, 'NotAllowedError']);
  });

  it('has settings and personal tokens again after a restart', async () => {
    await using folder = await folderOf({ 'app-config.yaml': JSON.stringify(CONFIG) });
    let personal: string;
    {
      await using before = await start(folder.path);
      const token = await signIn(before);
      const made = await before.ask(TOKENS, { method: 'POST', token, body: { name: 'ci' } });
      personal = String(fieldOf(made.body, 'token'));
      await before.ask(THEME, { method: 'PUT', token: personal, body: { value: 'dark' } });
    }
    await using after = await start(folder.path);
    const theme = { bucket: 'userSettings', key: 'theme', value: 'dark' };
    assert.deepEqual((await after.ask(THEME, { token: personal })).body, theme);
    assert.equal((await after.ask('/api/catalog/entities', { token: personal })).status, 200);
    const { body } = await after.ask(TOKENS, { token: await signIn(after) });
    assert.match(JSON.stringify(body), /^\{"items":\[\{"id":"[\w-]{16}","name":"ci",[^{}]*\}\]\}$/);
  });
});
