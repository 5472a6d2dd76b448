/** The wire of user settings, mounted at `/api/user-settings`. Shapes and statuses are Backstage's. */
import type { FastifyInstance } from 'fastify';
import { settingsError } from './errors.ts';
import { parseKey, parseList, parseValue } from './setting.ts';
import type { SettingKey, SettingsStore } from './store.ts';

export interface SettingsDeps {
  readonly store: SettingsStore;
  /** The full lower-case reference of the user who sent these headers; throws when that is no user. */
  readonly userOf: (headers: { readonly authorization?: string | undefined }) => Promise<string>;
}

type KeyParams = { Params: { readonly bucket: string; readonly '*': string } };

/** A user has at most so many keys. */
const MAX_KEYS = 1_000;
/** Keys may hold slashes, as they may in Backstage. */
const KEY = '/buckets/:bucket/keys/*';
const JSON_TYPE = 'application/json; charset=utf-8';

export function settingsRoutes(app: FastifyInstance, { store, userOf }: SettingsDeps): void {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.header('cache-control', 'no-store');
    done();
  });

  app.get<KeyParams>(KEY, async ({ headers, params }, reply) => {
    const user = await userOf(headers);
    const at = parseKey(params.bucket, params['*']);
    const json = await store.get(user, at);
    if (json === null) {
      throw settingsError('settings/not-found', `Unable to find '${at.key}' in bucket '${at.bucket}'`);
    }
    return reply.type(JSON_TYPE).send(toWire(at, json));
  });

  app.put<KeyParams>(KEY, async ({ headers, params, body }, reply) => {
    const user = await userOf(headers);
    const at = parseKey(params.bucket, params['*']);
    const json = parseValue(body);
    if (!(await store.put(user, at, { json, limit: MAX_KEYS }))) {
      throw settingsError('settings/too-many-keys', `There are ${MAX_KEYS} keys already. Delete some first.`);
    }
    return reply.type(JSON_TYPE).send(toWire(at, json));
  });

  app.delete<KeyParams>(KEY, async ({ headers, params }, reply) => {
    const user = await userOf(headers);
    await store.remove(user, parseKey(params.bucket, params['*']));
    return reply.code(204).send();
  });

  app.post('/multiget', async ({ headers, body }, reply) => {
    const user = await userOf(headers);
    const found = await store.getAll(user, parseList(body));
    const items = found.map((json) => (json === null ? 'null' : `{"value":${json}}`));
    return reply.type(JSON_TYPE).send(`{"items":[${items.join(',')}]}`);
  });
}

/** The value goes out as the text it is kept as. */
function toWire({ bucket, key }: SettingKey, json: string): string {
  return `{"bucket":${JSON.stringify(bucket)},"key":${JSON.stringify(key)},"value":${json}}`;
}
