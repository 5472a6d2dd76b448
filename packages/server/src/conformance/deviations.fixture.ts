/**
 * Where Callboard answers other than Backstage's catalog on purpose. Each row is a row of docs/compatibility.md, and is
 * checked: what Backstage does is what its published server did when it was asked the same.
 */
import assert from 'node:assert/strict';
import { refs } from './client.fixture.ts';
import { codeOf, post, TOKEN, type TestPortal } from './portal.fixture.ts';
import { toQuery } from './requests.fixture.ts';

export interface Deviation {
  readonly what: string;
  readonly backstage: string;
  readonly callboard: string;
  readonly why: string;
  /** Fails when Callboard does not do what the row says. */
  readonly check: (portal: TestPortal) => Promise<void>;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    what: 'Unknown query parameters',
    backstage: '400 `Unknown query parameter`',
    callboard: 'ignored',
    why: 'Proxies and links add parameters, and a client that is newer than its server keeps working.',
    check: async (portal) => {
      assert.equal((await portal.ask('/entities?limit=1&utm_source=mail')).status, 200);
    },
  },
  {
    what: 'Ordering by a key that an entity has several values of, such as `metadata.tags`',
    backstage: 'by-query lists the entity once for each value, and counts it once',
    callboard: 'once, where its smallest value stands',
    why: 'A list that repeats its items cannot be paged or counted.',
    check: async ({ client }) => {
      const order = { field: 'spec.languages', order: 'asc' as const };
      const { items, totalItems } = await client.queryEntities({ orderFields: order });
      assert.deepEqual([refs(items), totalItems], [['component:odd/repeated'], 1]);
    },
  },
  {
    what: '`GET /entities` with `order`, without `limit` or `offset`',
    backstage: 'follows the first order key only, and leaves out entities without it',
    callboard: 'follows every key; entities without it come last, as they do in pages',
    why: 'The same request must not lose entities because nobody asked for pages.',
    check: async ({ client }) => {
      const order = [
        { field: 'spec.priority', order: 'asc' as const },
        { field: 'metadata.name', order: 'desc' as const },
      ];
      const { items } = await client.getEntities({ order });
      const everything = await client.getEntities();
      assert.equal(items.length, everything.items.length);
      assert.deepEqual(refs(items).slice(0, 3), [
        'component:odd/numbers',
        'component:odd/number-texts',
        'component:odd/wildcards',
      ]);
    },
  },
  {
    what: '`GET /entities` without `order`, `limit` or `offset`',
    backstage: 'by uid; with `limit` or `offset` by reference',
    callboard: 'by reference',
    why: 'One order for one question.',
    check: async ({ client }) => {
      const found = refs((await client.getEntities()).items);
      assert.deepEqual(found, found.toSorted());
    },
  },
  {
    what: 'Capitals in the `order` of `GET /entities`',
    backstage: 'with `limit` or `offset`, a key with capitals is a key that no entity has',
    callboard: 'keys are compared without regard to case',
    why: 'So they are everywhere else.',
    check: async ({ client }) => {
      const { items } = await client.getEntities({ order: { field: 'Spec.Ratio', order: 'asc' }, limit: 1 });
      assert.deepEqual(refs(items), ['component:odd/numbers']);
    },
  },
  {
    what: 'The order of texts beyond ASCII',
    backstage: "the database's: bytes of UTF-8 in SQLite, the collation in PostgreSQL",
    callboard: 'units of UTF-16, whatever the database',
    why: 'Reads are not answered by the database, and do not depend on how it was set up.',
    check: async ({ client }) => {
      const { items } = await client.queryEntities({ orderFields: { field: 'spec.rocket', order: 'asc' } });
      assert.deepEqual(refs(items), ['component:odd/unicode', 'component:odd/unicode-upper']);
    },
  },
  {
    what: '`%` and `_` in a full text term',
    backstage: 'stand for any text and any character',
    callboard: 'stand for themselves',
    why: 'People search for what they type.',
    check: async ({ client }) => {
      const found = async (term: string): Promise<string[]> => {
        const { items } = await client.queryEntities({
          fullTextFilter: { term, fields: ['metadata.title'] },
        });
        return refs(items);
      };
      assert.deepEqual(await found('100%_sure'), ['component:odd/punctuation']);
      assert.deepEqual(await found('100%sure'), []);
    },
  },
  {
    what: 'Capitals in `entityRefs` of by-refs',
    backstage: 'null',
    callboard: 'the entity',
    why: 'References are compared without regard to case.',
    check: async ({ client }) => {
      const { items } = await client.getEntitiesByRefs({ entityRefs: ['Component:Odd/PLAIN'] });
      assert.deepEqual(
        items.map((item) => item?.metadata.name),
        ['plain'],
      );
    },
  },
  {
    what: 'Refreshing `component:name`, without a namespace',
    backstage: '404',
    callboard: 'refreshes it in the namespace `default`',
    why: 'It is a reference everywhere else.',
    check: ({ client }) => client.refreshEntity('component:plain'),
  },
  {
    what: 'A query string that is not percent-encoded UTF-8',
    backstage: 'the text is searched for as it is, so nothing is found',
    callboard:
      "400; but the halves that Backstage's client makes of characters beyond U+FFFF, such as emoji, are put together",
    why: 'An empty list hides the mistake, and people do search for emoji.',
    check: async ({ client, ask }) => {
      const broken = await ask('/entities?filter=spec.rocket=%E0%A4%A');
      assert.equal(codeOf(broken), 'catalog/invalid-parameter');
      const { items } = await client.getEntities({ filter: { 'spec.rocket': '🚀' } });
      assert.deepEqual(refs(items), ['component:odd/unicode']);
    },
  },
  {
    what: 'A `filter` whose key starts with `$`',
    backstage: 'finds nothing',
    callboard: '400',
    why: 'No key starts so; it is a predicate in the wrong place.',
    check: async ({ ask }) => {
      assert.equal(codeOf(await ask('/entities?filter=$kind=x')), 'catalog/invalid-filter');
    },
  },
  {
    what: '`fields` that lead into lists or texts (`spec.endpoints.0`, `kind.length`), or through a number as a key',
    backstage: 'items and lengths are found, and the parts become lists',
    callboard: 'only keys of objects are found, and they stay objects',
    why: 'Paths name keys of objects; the rest is an accident of the library that follows them.',
    check: async ({ client }) => {
      const fields = ['spec.endpoints.0', 'kind.length', 'spec.toString.name', 'spec.rows.1'];
      const { items } = await client.getEntities({
        filter: { 'metadata.name': ['nested', 'dotted'] },
        fields,
      });
      assert.deepEqual(items, [{ spec: { rows: { 1: 'second' } } }, {}]);
    },
  },
  {
    what: 'Keys named `__proto__`',
    backstage: 'dropped from predicates, which then ask for everything, and from facets',
    callboard: 'keys like any other',
    why: 'A condition that is dropped answers another question.',
    check: async ({ ask }) => {
      const query = await ask('/entities/by-query', post('{"query":{"__proto__":"x"}}'));
      assert.deepEqual(query.body, { items: [], totalItems: 0, pageInfo: {} });
      const facets = await ask('/entity-facets?facet=__proto__');
      assert.equal(JSON.stringify(facets.body), '{"facets":{"__proto__":[]}}');
    },
  },
  {
    what: 'Size of a predicate, a filter, a list of fields or a cursor',
    backstage: 'whatever the stack and the database bear',
    callboard:
      '400 beyond 10,000 comparisons, 64 levels, 100 full text fields, 16,384 characters of fields or 1 MiB of cursor',
    why: 'One request must not stop the others.',
    check: async ({ ask }) => {
      const terms = JSON.stringify({ query: { kind: { $in: Array.from({ length: 10_001 }, String) } } });
      assert.equal(codeOf(await ask('/entities/by-query', post(terms))), 'catalog/invalid-query');
      const deep = `{"query":${'{"$not":'.repeat(65)}{}${'}'.repeat(65)}}`;
      assert.equal(codeOf(await ask('/entities/by-query', post(deep))), 'catalog/invalid-query');
    },
  },
  {
    what: 'Size of a body',
    backstage: '400 beyond 100 KiB',
    callboard: '413 beyond 1 MiB, for questions beyond 5 MiB',
    why: 'A list of a thousand references fits, and the status says what is wrong.',
    check: async ({ ask }) => {
      const large = JSON.stringify({ entityRefs: [], padding: 'x'.repeat(200_000) });
      assert.equal((await ask('/entities/by-refs', post(large))).status, 200);
      assert.equal((await ask('/locations', post(`"${'x'.repeat(1024 * 1024)}"`))).status, 413);
    },
  },
  {
    what: 'Size of a URL',
    backstage: '431 beyond 16 KiB of URL and headers',
    callboard: '431 beyond 64 KiB',
    why: 'Filters of a long list of names are asked by GET.',
    check: async ({ ask }) => {
      assert.equal((await ask(`/entities?limit=1&filter=${'x'.repeat(50_000)}`)).status, 200);
    },
  },
  {
    what: 'A body that is not JSON by its content type',
    backstage: '400',
    callboard: '400, or 415 for types that nothing here reads',
    why: 'The status says what is wrong.',
    check: async ({ ask }) => {
      const form = { method: 'POST', body: new URLSearchParams({ a: 'b' }) };
      assert.equal((await ask('/entities/by-query', form)).status, 415);
      assert.equal((await ask('/entities/by-query', { method: 'POST', body: 'kind' })).status, 400);
    },
  },
  {
    what: 'OPTIONS without CORS, and paths in capitals',
    backstage: '200 with the methods of the path; as the path in small letters',
    callboard: '404',
    why: 'Nobody asks for the first, and one resource has one address.',
    check: async ({ ask }) => {
      assert.equal((await ask('/entities', { method: 'OPTIONS' })).status, 404);
      assert.equal((await ask('/Entities')).status, 404);
    },
  },
  {
    what: '`error.code` of an error',
    backstage: 'rare',
    callboard: 'in every error of the catalog, such as `catalog/entity-not-found`',
    why: 'A code can be looked up and acted upon; a message is for people.',
    check: async ({ ask }) => {
      assert.equal(codeOf(await ask('/entities/by-uid/none')), 'catalog/entity-not-found');
    },
  },
  {
    what: '`fullTextFilter` in the body of `POST /entity-facets`',
    backstage: 'not known',
    callboard: 'counts the entities that match it too',
    why: 'The counts beside a searched list belong to that list.',
    check: async ({ ask }) => {
      const fullTextFilter = { term: 'shouting', fields: ['metadata.title'] };
      const { body } = await ask(
        '/entity-facets',
        post(JSON.stringify({ facets: ['kind'], fullTextFilter })),
      );
      assert.deepEqual(body, { facets: { kind: [{ value: 'API', count: 1 }] } });
    },
  },
  {
    what: 'Locations by `{}` inside another condition, or by `id` with `$in` in another case',
    backstage: 'an inner `{}` is dropped, so its negation is true; ids have to be written as they are',
    callboard: '`{}` is true of everything; case does not matter',
    why: 'A predicate means the same at every depth, and for entities and locations.',
    check: async ({ client }) => {
      const { location } = await client.addLocation({ target: 'https://example.com/case.yaml' });
      const found = async (query: object): Promise<number> =>
        (await client.queryLocations({ query: toQuery(query) })).totalItems;
      assert.equal(await found({ $not: {} }), 0);
      assert.equal(await found({ $any: [{ type: 'none' }, {}] }), 1);
      assert.equal(await found({ id: { $in: [location.id.toUpperCase()] } }), 1);
      await client.removeLocationById(location.id);
    },
  },
  {
    what: '`catalogFilename` of `POST /analyze-location`',
    backstage: 'read as such, described as `catalogFileName`',
    callboard: 'read in both spellings',
    why: 'Clients follow the description or the code.',
    check: async ({ ask }) => {
      for (const name of ['catalogFilename', 'catalogFileName']) {
        const location = { type: 'url', target: 'https://git.example.com/shop/web' };
        const { status } = await ask('/analyze-location', post(JSON.stringify({ location, [name]: 1 })));
        assert.equal(status, 400, name);
      }
    },
  },
  {
    what: 'Secrets in `GET /api/devtools/config`',
    backstage: 'what a schema calls secret is masked',
    callboard:
      'what is named or looks like a secret is masked, too; `callboard` beside it names the files that each key comes from',
    why: 'Not every plugin has a schema that says so.',
    check: async ({ ask }) => {
      const { status, body } = await ask('/../devtools/config');
      assert.equal(status, 200);
      assert.doesNotMatch(JSON.stringify(body), new RegExp(TOKEN));
      assert.match(JSON.stringify(body), /"sources":\{"backend":\["app-config\.yaml"\]/);
    },
  },
  {
    what: '`dependencies` of `GET /api/devtools/info`',
    backstage:
      'packages of the lock file whose names begin with `@backstage`, `@internal` or a configured prefix',
    callboard:
      'the rooms of the portal and their direct dependencies, as they are installed; `callboard` beside it tells of memory, database and requests',
    why: 'Whoever runs the portal has no lock file of it.',
    check: async ({ ask }) => {
      const text = JSON.stringify((await ask('/../devtools/info')).body);
      for (const name of ['@callboard/catalog', 'fastify'])
        assert.match(text, new RegExp(`"name":"${name}"`));
      assert.match(text, /"callboard":\{"version":/);
    },
  },
];
