import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { configFrom } from './config.ts';
import { loadConfig, type LoadedConfig } from './load.ts';
import { frontendConfig, printConfig, secretValues } from './print.ts';
import type { ConfigSchema } from './schema.ts';

function schemaOf(properties: JsonObject, rest: JsonObject = {}): ConfigSchema {
  return { id: 'test', schema: { type: 'object', properties, ...rest } };
}

async function load(defaults: JsonObject, schemas: readonly ConfigSchema[] = []): Promise<LoadedConfig> {
  return loadConfig({ cwd: import.meta.dirname, env: {}, defaults, schemas });
}

describe('frontendConfig', () => {
  it('holds only what a schema calls frontend, and the objects around it', () => {
    const schema = schemaOf({
      app: {
        properties: {
          title: { visibility: 'frontend' },
          token: { visibility: 'secret' },
          other: { visibility: 'backend' },
          empty: { visibility: 'frontend' },
          links: { items: { properties: { url: { visibility: 'frontend' } } } },
          names: { visibility: 'frontend', items: { type: 'string' } },
          flags: { items: { visibility: 'frontend' } },
        },
      },
      backend: { properties: { baseUrl: {} } },
    });
    const config = configFrom({
      app: {
        title: 'Board',
        token: 'abc',
        other: 1,
        undescribed: 2,
        empty: {},
        links: [{ url: 'a', hidden: 1 }, { hidden: 2 }, { url: 'b' }],
        names: ['x', null, 'y'],
        flags: [true, false],
      },
      backend: { baseUrl: 'http://x' },
      plugin: { key: 'value' },
    });
    assert.deepEqual(frontendConfig(config, [schema]), {
      app: {
        title: 'Board',
        empty: {},
        links: [{ url: 'a' }, { url: 'b' }],
        names: ['x', 'y'],
        flags: [true, false],
      },
    });
    assert.deepEqual(frontendConfig(config, []), {});
  });

  it('extends deep visibility to everything inside that does not say otherwise', () => {
    const schema = schemaOf({
      theme: {
        deepVisibility: 'frontend',
        properties: { inner: { visibility: 'backend' }, key: { visibility: 'secret' } },
      },
    });
    const theme = { colors: { primary: ['red', { shade: 1 }] }, inner: 'no', key: 'no' };
    assert.deepEqual(frontendConfig(configFrom({ theme }), [schema]), {
      theme: { colors: { primary: ['red', { shade: 1 }] } },
    });
  });

  it('shows nothing that any schema calls secret', () => {
    const open = schemaOf({ a: { deepVisibility: 'frontend' } });
    const closed = schemaOf({ a: { properties: { b: { visibility: 'secret' } } } });
    const config = configFrom({ a: { b: { c: 1 }, d: 2 } });
    assert.deepEqual(frontendConfig(config, [open, closed]), { a: { d: 2 } });
  });

  it('follows references, patterns, and the alternatives that a value takes', () => {
    // As text, because an object with a key `then` looks like a promise to the linter.
    const when: JsonObject = JSON.parse(`{
      "if": { "properties": { "open": { "const": true } }, "required": ["open"] },
      "then": { "properties": { "url": { "visibility": "frontend" } } }
    }`);
    const schema = schemaOf(
      {
        hosts: { patternProperties: { '^h': { $ref: '#/definitions/host' } } },
        any: { additionalProperties: { properties: { shown: { visibility: 'frontend' } } } },
        source: {
          oneOf: [
            { properties: { kind: { const: 'open' }, url: { visibility: 'frontend' } } },
            { properties: { kind: { const: 'closed' }, url: { type: 'string' } } },
          ],
        },
        when,
      },
      { definitions: { host: { properties: { name: { visibility: 'frontend' } } } } },
    );
    const shown = (data: JsonObject): JsonObject => frontendConfig(configFrom(data), [schema]);
    assert.deepEqual(shown({ hosts: { h1: { name: 'a', x: 1 }, other: { name: 'b' } } }), {
      hosts: { h1: { name: 'a' } },
    });
    assert.deepEqual(shown({ any: { thing: { shown: 1, hidden: 2 } } }), { any: { thing: { shown: 1 } } });
    assert.deepEqual(shown({ source: { kind: 'open', url: 'u' } }), { source: { url: 'u' } });
    assert.deepEqual(shown({ source: { kind: 'closed', url: 'u' } }), {});
    assert.deepEqual(shown({ when: { open: true, url: 'u' } }), { when: { url: 'u' } });
    assert.deepEqual(shown({ when: { open: false, url: 'u' } }), {});
  });

  it('survives schemas that refer to themselves', () => {
    const tree = { properties: { name: { visibility: 'frontend' }, child: { $ref: '#/definitions/tree' } } };
    const loop = { $ref: '#/definitions/loop' };
    const schema = schemaOf({ tree: { $ref: '#/definitions/tree' }, loop }, { definitions: { tree, loop } });
    const config = configFrom({ tree: { name: 'a', child: { name: 'b', x: 1 } }, loop: 1 });
    assert.deepEqual(frontendConfig(config, [schema]), { tree: { name: 'a', child: { name: 'b' } } });
  });
});

describe('printConfig', () => {
  it('masks what a schema calls secret, with all that is in it', async () => {
    const schemas = [
      schemaOf({
        a: { properties: { hidden: { visibility: 'secret' }, shown: {} } },
        deep: { deepVisibility: 'secret' },
        whole: { visibility: 'secret' },
      }),
    ];
    const data = { a: { hidden: 5, shown: 5 }, deep: { x: { y: 'z' }, on: true }, whole: { x: ['y'] } };
    const loaded = await load(data, schemas);
    assert.deepEqual(printConfig(loaded), {
      a: { hidden: '<secret>', shown: 5 },
      deep: { x: { y: '<secret>' }, on: '<secret>' },
      whole: { x: ['<secret>'] },
    });
    assert.deepEqual(printConfig(loaded, { showSecrets: true }), data);
  });

  it('masks by the name of the key where no schema states a visibility', async () => {
    const data = {
      password: 'p',
      clientSecret: 's',
      API_KEY: 12345678,
      'x-api-key': 'k',
      privateKey: 'k',
      JWTSigningKey: 'k',
      PGPASSWORD: 'p',
      accesstoken: 't',
      headers: { Authorization: 'Bearer x', accept: 'json' },
      token: { type: 'static', token: 't' },
      tokens: { first: 't', nested: [{ any: 't' }] },
      secret: '',
    };
    assert.deepEqual(printConfig(await load(data)), {
      password: '<secret>',
      clientSecret: '<secret>',
      API_KEY: '<secret>',
      'x-api-key': '<secret>',
      privateKey: '<secret>',
      JWTSigningKey: '<secret>',
      PGPASSWORD: '<secret>',
      accesstoken: '<secret>',
      headers: { Authorization: '<secret>', accept: 'json' },
      token: { type: 'static', token: '<secret>' },
      tokens: { first: '<secret>', nested: [{ any: '<secret>' }] },
      secret: '',
    });
  });

  it('leaves alone what only reminds of a secret, or what a schema states to be none', async () => {
    const data = {
      tokenUrl: 'https://x/token',
      passwordField: 'pw',
      secretName: 'n',
      publicKey: 'k',
      key: 'k',
      accessKeyId: 'id',
      tokenless: true,
      token: true,
    };
    assert.deepEqual(printConfig(await load(data)), data);
    const schemas = [schemaOf({ token: { visibility: 'frontend' }, secret: { visibility: 'backend' } })];
    const stated = { token: 'design', secret: 'santa' };
    assert.deepEqual(printConfig(await load(stated, schemas)), stated);
  });

  it('masks passwords in URLs and private keys, whatever the key', async () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----';
    const data = {
      database: 'postgres://board:pa$$:w0rd@db:5432/x',
      file: pem,
      site: 'https://a.example/b@c',
    };
    assert.deepEqual(printConfig(await load(data)), {
      database: 'postgres://board:<secret>@db:5432/x',
      file: '<secret>',
      site: 'https://a.example/b@c',
    });
  });

  it('prints the part for the browser', async () => {
    const schemas = [schemaOf({ a: { visibility: 'frontend' } })];
    const loaded = await load({ a: 1, b: 2 }, schemas);
    assert.deepEqual(printConfig(loaded, { visibility: 'frontend' }), { a: 1 });
  });
});

describe('secretValues', () => {
  it('lists what is masked, longest first, without repeats and without short texts', () => {
    const schema = schemaOf({ hidden: { visibility: 'secret' }, open: { visibility: 'frontend' } });
    const config = configFrom({
      hidden: 'by schema',
      password: 'by key name',
      again: { password: 'by key name' },
      pin: 1,
      token: 12345678,
      secret: 'short',
      database: 'postgres://board:in the url@db/x',
      title: 'not secret',
    });
    // A blank cannot be in a URL, so that one is no password.
    assert.deepEqual(secretValues(config, [schema]), ['by key name', 'by schema', '12345678']);
    const url = configFrom({ database: 'postgres://board:in-the-url@db/x' });
    assert.deepEqual(secretValues(url, []), ['in-the-url']);
  });
});
