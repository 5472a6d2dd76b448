import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, it } from 'node:test';
import { compileForm, type FormUser, type SourceAnswer, type SourceNeed } from '@callboard/form';
import type { Entity, JsonObject } from '@callboard/model';
import type { OptionsProvider } from '@callboard/plugin';
import type { EntityQuery } from '../../catalog-port.ts';
import { createRequester } from './requester.ts';
import { SOURCE_DEFAULTS } from './source-settings.ts';
import { createSources } from './sources.ts';

const ANNA: FormUser = {
  ref: 'user:default/anna',
  name: 'anna',
  displayName: 'Anna',
  email: null,
  groups: ['user:default/anna', 'group:default/board'],
};
const EVA: FormUser = { ...ANNA, ref: 'user:default/eva', name: 'eva', groups: ['user:default/eva'] };

interface World extends AsyncDisposable {
  ask(
    properties: JsonObject,
    need: Partial<SourceNeed> & Pick<SourceNeed, 'field'>,
    options?: { readonly user?: FormUser; readonly search?: string },
  ): Promise<SourceAnswer>;
  /** `POST /accounts?team=a {"body"}` of every request. */
  readonly requests: readonly string[];
  readonly queries: readonly EntityQuery[];
}

/** A server that lists accounts, a catalog of entities, and plugins. */
async function openWorld(
  parts: {
    readonly providers?: Readonly<Record<string, OptionsProvider>>;
    readonly entities?: readonly Entity[];
    readonly paths?: readonly string[];
    readonly answer?: (url: string) => { readonly status: number; readonly body: unknown };
  } = {},
): Promise<World> {
  const {
    providers = {},
    entities = [],
    paths = null,
    answer = () => ({ status: 200, body: ACCOUNTS }),
  } = parts;
  const requests: string[] = [];
  const queries: EntityQuery[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const { url = '', method, headers } = request;
      requests.push(`${method} ${url} ${body} ${String(headers['x-team'] ?? '')}`.trim());
      const given = answer(url);
      response
        .writeHead(given.status, { 'content-type': 'application/json' })
        .end(JSON.stringify(given.body));
    })();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const sources = createSources({
    settings: {
      endpoints: new Map([
        [
          'inventory',
          {
            target: `http://127.0.0.1:${port}`,
            headers: { Authorization: 'Bearer hunter22' },
            methods: ['GET', 'POST'],
            paths,
            allowedHeaders: null,
            rewrites: [],
            ...SOURCE_DEFAULTS,
          },
        ],
      ]),
      allow: [],
    },
    catalog: {
      query: async (asked) => {
        queries.push(asked);
        const { refs, limit } = asked;
        const found = entities.filter(
          ({ metadata }) => refs === undefined || refs.includes(`resource:default/${metadata.name}`),
        );
        return { entities: found.slice(0, limit), total: found.length };
      },
    },
    providers,
    request: createRequester(),
    now: () => 0,
  });
  return {
    requests,
    queries,
    ask: async (properties, need, { user = ANNA, search = '' } = {}) => {
      const graph = await compileForm({ pages: [{ properties }] });
      assert.deepEqual(graph.diagnostics, []);
      const whole = { what: 'options', form: {}, item: null, holds: [], ...need } as const;
      return sources.ask(whole, { graph, user, search, signal: new AbortController().signal });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const ACCOUNTS = {
  accounts: [
    { id: '1', name: 'shop' },
    { id: '2', name: 'yard' },
  ],
};
const OPTIONS = [
  { value: '1', label: 'shop' },
  { value: '2', label: 'yard' },
];

const http = (of: JsonObject, more: JsonObject = {}): JsonObject => ({
  team: { type: 'string' },
  account: { type: 'string', 'ui:source': { http: { endpoint: 'inventory', ...of }, ...more } },
});

describe('createSources', () => {
  it('puts values of the form into a request, escaped, and asks once for equal ones', async () => {
    await using world = await openWorld();
    const properties = http(
      {
        path: '/accounts/${{ form.team }}?who=${{ user.name }}',
        query: { team: '${{ form.team }}', all: true },
        headers: { 'X-Team': '${{ form.team }}' },
      },
      { items: 'accounts', value: 'id', label: 'name' },
    );
    const form = { team: 'a&b=c' };
    const { options } = await world.ask(properties, { field: '/account', form });
    assert.deepEqual(options, OPTIONS);
    await world.ask(properties, { field: '/account', form });
    assert.deepEqual(world.requests, ['GET /accounts/a%26b%3Dc?who=anna&team=a%26b%3Dc&all=true  a&b=c']);
    await world.ask(properties, { field: '/account', form: { team: 'b' } });
    assert.equal(world.requests.length, 2);
  });

  it('posts JSON', async () => {
    await using world = await openWorld();
    const properties = http({ path: '/search', method: 'POST', body: { team: '${{ form.team }}', n: 1 } });
    await world.ask(properties, { field: '/account', form: { team: 'a' } });
    assert.deepEqual(world.requests, ['POST /search {"team":"a","n":1}']);
  });

  it('asks nothing while a value that it reads is missing', async () => {
    await using world = await openWorld();
    const properties = http({ path: '/accounts/${{ form.team }}' });
    const { options, total } = await world.ask(properties, { field: '/account', form: {} });
    assert.deepEqual([options, total, world.requests], [[], 0, []]);
  });

  it('sends nothing that a value would lead elsewhere', async () => {
    await using world = await openWorld({ paths: ['/accounts'] });
    const properties = http({ path: '/accounts/${{ form.team }}' });
    for (const team of ['..', '../admin', '..%2fadmin', '.', '\u0000', String.raw`..\admin`]) {
      const asked = world.ask(properties, { field: '/account', form: { team } });
      await assert.rejects(asked, /leads out of|to another path/, team);
    }
    const whole = http({ path: '${{ form.team }}' });
    for (const team of ['/admin', '//127.0.0.1/accounts', 'http://127.0.0.1/']) {
      const asked = world.ask(whole, { field: '/account', form: { team } });
      await assert.rejects(asked, /may not|does not allow|leads out|another path/, team);
    }
    assert.deepEqual(world.requests, []);
  });

  it('lets no template set the headers that are the portal’s', async () => {
    await using world = await openWorld();
    for (const name of ['Authorization', 'cookie', 'Host', 'proxy-authorization', 'Content-Length', 'a b']) {
      const asked = world.ask(http({ path: '/accounts', headers: { [name]: 'x' } }), { field: '/account' });
      await assert.rejects(asked, /may not set the header/, name);
    }
    const broken = http({ path: '/accounts', headers: { 'X-Team': '${{ form.team }}' } });
    const asked = world.ask(broken, { field: '/account', form: { team: 'a\r\nX-Admin: 1' } });
    await assert.rejects(asked, { code: 'scaffolder/source-refused' });
    assert.deepEqual(world.requests, []);
  });

  it('gives a value where the source gives one', async () => {
    await using world = await openWorld();
    const properties = http({ path: '/accounts' }, { gives: 'value', value: 'accounts[0].name' });
    assert.equal((await world.ask(properties, { field: '/account' })).value, 'shop');
  });

  it('asks plugins as the person that fills the form in', async () => {
    const users: unknown[] = [];
    const accounts: OptionsProvider = async ({ input, user }) => {
      users.push(user.ref);
      if (input['fail'] === 'yes') throw new Error('The directory is closed.');
      return user.ref === ANNA.ref ? ACCOUNTS.accounts : [];
    };
    await using world = await openWorld({ providers: { 'harbourline:accounts': accounts } });
    const properties: JsonObject = {
      fail: { type: 'string' },
      account: {
        type: 'string',
        'ui:source': {
          provider: 'harbourline:accounts',
          with: { fail: '${{ form.fail }}' },
          whenEmpty: 'ask',
        },
      },
      none: { type: 'string', 'ui:source': { provider: 'harbourline:none' } },
    };
    const field = '/account';
    assert.equal((await world.ask(properties, { field })).total, 2);
    assert.equal((await world.ask(properties, { field })).total, 2);
    assert.equal((await world.ask(properties, { field }, { user: EVA })).total, 0);
    assert.deepEqual(users, [ANNA.ref, EVA.ref]);
    const failed = {
      code: 'scaffolder/source-failed',
      message: /harbourline:accounts.*The directory is closed/,
    };
    await assert.rejects(world.ask(properties, { field, form: { fail: 'yes' } }), failed);
    await assert.rejects(world.ask(properties, { field: '/none' }), /known: harbourline:accounts/);
  });

  it('lets the catalog search, and names what was entered', async () => {
    const entities = Array.from({ length: 3 }, (_, n) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Resource',
      metadata: {
        name: `r${n}`,
        namespace: 'default',
        ...(n === 0 && { title: 'First', description: 'One.' }),
      },
    }));
    await using world = await openWorld({ entities });
    const properties: JsonObject = {
      account: { type: 'string', 'ui:source': { catalog: { filter: { kind: 'Resource' } } } },
      name: { type: 'string', 'ui:source': { catalog: { kind: 'Resource' }, value: 'metadata.name' } },
    };
    const holds = ['resource:default/r2', 'resource:default/none', 'r1', 7];
    const answer = await world.ask(properties, { field: '/account', holds }, { search: ' R ' });
    assert.deepEqual(answer.options[0], {
      value: 'resource:default/r0',
      label: 'First',
      description: 'One.',
    });
    assert.deepEqual(
      answer.held.map(({ value }) => value),
      ['resource:default/r2'],
    );
    const [query] = world.queries;
    assert.deepEqual([query?.text, query?.who], ['R', { ref: ANNA.ref, ownership: ANNA.groups }]);
    const named = await world.ask(properties, { field: '/name', holds: ['r1'] }, { search: 'r2' });
    assert.deepEqual(named.options, [{ value: 'r2', label: 'r2' }]);
    assert.deepEqual(named.held, [{ value: 'r1', label: 'r1' }]);
  });

  it('sends a thousand options, finds the others by a text, and names those that were entered', async () => {
    const many = Array.from({ length: 2_500 }, (_, n) => ({ id: n, name: `account ${n}` }));
    await using world = await openWorld({ providers: { 'harbourline:accounts': async () => many } });
    const properties: JsonObject = {
      account: { type: 'number', 'ui:source': { provider: 'harbourline:accounts' } },
    };
    const all = await world.ask(properties, { field: '/account', holds: [2_400, 9_999] });
    assert.deepEqual([all.options.length, all.total, all.isTruncated], [1_000, 2_500, true]);
    assert.deepEqual(all.held, [{ value: 2_400, label: 'account 2400' }]);
    const found = await world.ask(properties, { field: '/account' }, { search: 'ACCOUNT 240' });
    assert.deepEqual([found.total, found.isTruncated], [11, false]);
  });

  it('answers for fields of the template alone', async () => {
    await using world = await openWorld();
    for (const field of ['/none', '/team', '/__proto__', '/account/x']) {
      const asked = world.ask(http({ path: '/accounts' }), { field });
      await assert.rejects(asked, { code: 'scaffolder/unknown-form-field', status: 404 }, field);
    }
    const check = world.ask(http({ path: '/accounts' }), { field: '/account', what: 'check' });
    await assert.rejects(check, { code: 'scaffolder/unknown-form-field' });
  });
});
