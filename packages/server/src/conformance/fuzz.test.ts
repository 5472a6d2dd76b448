/** Whatever is sent, the portal answers: never a failure of its own, never nothing, and it stays well. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { openTestPortal, post, type Answer, type TestPortal } from './portal.fixture.ts';

let portal: TestPortal;
before(async () => {
  portal = await openTestPortal();
});
after(() => portal[Symbol.asyncDispose]());

const RUNS = { numRuns: 100 };
const READS = [
  '/entities',
  '/entities/by-query',
  '/entity-facets',
  '/locations',
  '/entities/unprocessed/failed',
];
const QUESTIONS = ['/entities/by-query', '/entities/by-refs', '/entity-facets', '/locations/by-query'];
const NAMES = words(
  'filter fields order orderField limit offset after cursor totalItems facet fullTextFilterTerm ' +
    'fullTextFilterFields owner filter[] filter[0] __proto__ constructor',
);
const TEXTS = words(
  'kind kind=component metadata.tags asc:kind kind,desc include 0 1 -1 1e309 NaN $all $not=1 .. . [ ] [0] \0 \u{1f680} ' +
    'toString __proto__ % , ,, =',
);
const PROPERTIES = words(
  'query fields limit offset orderBy cursor fullTextFilter totalItems facets entityRefs term field order $all $any ' +
    '$not $in $exists $contains $hasPrefix relations type targetRef kind __proto__ constructor toJSON length',
);

function words(line: string): string[] {
  return line.split(' ');
}

/** Sends, and fails when the answer does not come or is one of failure. */
async function ask(path: string, request: RequestInit = {}): Promise<Answer> {
  const answer = await portal.ask(path, { ...request, signal: AbortSignal.timeout(20_000) });
  assert.ok(answer.status < 500, `${answer.status} ${JSON.stringify(answer.body)}`);
  if (answer.status >= 400) {
    const { body } = answer;
    assert.ok(
      isObject(body) && (isObject(body['error']) || Array.isArray(body['errors'])),
      JSON.stringify(body),
    );
  }
  return answer;
}

const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.nat().map(String),
);
/** Encoded as it should be, or not at all. */
const written = fc.oneof(
  { weight: 4, arbitrary: text.map((value) => encodeURIComponent(value.toWellFormed())) },
  { weight: 1, arbitrary: fc.stringMatching(/^[%0-9A-Fa-f=,.$[\]+;:@!*'()-]{0,20}$/) },
);
const queryString = fc
  .array(fc.tuple(fc.oneof(fc.constantFrom(...NAMES), written), written), { maxLength: 6 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&'));

const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...PROPERTIES) }, { weight: 1, arbitrary: text }),
      tie('json'),
      { maxKeys: 4 },
    ),
  ),
}));

/** A cursor of ours in which something was changed. */
function edited(cursor: Record<string, unknown>): Arbitrary<string> {
  const parts = fc.dictionary(fc.constantFrom(...Object.keys(cursor), 'query', 'fullTextFilter'), json, {
    maxKeys: 3,
  });
  const changed = parts.map((part) => JSON.stringify({ ...cursor, ...part }));
  const whole = JSON.stringify(cursor);
  const torn = fc
    .tuple(fc.nat(whole.length), fc.nat(8), fc.string({ maxLength: 8 }))
    .map(([from, length, other]) => whole.slice(0, from) + other + whole.slice(from + length));
  const encoded = fc.oneof(changed, torn).map((value) => Buffer.from(value).toString('base64'));
  const cut = fc.nat(60).map((length) => Buffer.from(whole).toString('base64').slice(0, length));
  return fc.oneof({ weight: 4, arbitrary: encoded }, { weight: 1, arbitrary: cut });
}

function decoded({ body }: Answer): Record<string, unknown> {
  const page = isObject(body) && isObject(body['pageInfo']) ? body['pageInfo']['nextCursor'] : null;
  const cursor: unknown = JSON.parse(Buffer.from(String(page), 'base64').toString());
  assert.ok(isObject(cursor));
  return cursor;
}

describe('the portal answers', () => {
  it('any query string', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...READS), queryString, async (path, query) => {
        await ask(`${path}?${query}`);
      }),
      RUNS,
    ));

  it('any path', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(fc.constantFrom('entities', 'by-name', 'by-uid', 'locations', 'by-entity'), written),
          { maxLength: 6 },
        ),
        async (parts) => {
          await ask(`/${parts.join('/')}`);
        },
      ),
      RUNS,
    ));

  it('any body of a question', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...QUESTIONS), json, async (path, body) => {
        await ask(path, post(JSON.stringify(body)));
      }),
      RUNS,
    ));

  it('any predicate', () =>
    fc.assert(
      fc.asyncProperty(fc.constantFrom(...QUESTIONS), json, async (path, query) => {
        const body = { entityRefs: ['component:odd/plain'], facets: ['kind'], fields: ['kind'], query };
        await ask(path, post(JSON.stringify(body)));
      }),
      RUNS,
    ));

  it('any entity to be validated, and any reference to be refreshed', () =>
    fc.assert(
      fc.asyncProperty(json, text, async (value, location) => {
        const entity = {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'a' },
          spec: value,
        };
        await ask('/validate-entity', post(JSON.stringify({ entity, location: `url:${location}` })));
        await ask('/validate-entity', post(JSON.stringify({ entity: value, location })));
        await ask('/refresh', post(JSON.stringify({ entityRef: location })));
      }),
      { numRuns: 50 },
    ));

  it('any cursor of a page, by GET and by POST', async () => {
    const request = {
      query: { kind: 'component' },
      orderBy: [{ field: 'metadata.name', order: 'asc' }],
      limit: 5,
    };
    const cursor = decoded(await ask('/entities/by-query', post(JSON.stringify(request))));
    const property = fc.asyncProperty(edited(cursor), async (value) => {
      const byGet = await ask(`/entities/by-query?limit=5&cursor=${encodeURIComponent(value)}`);
      const byPost = await ask('/entities/by-query', post(JSON.stringify({ limit: 5, cursor: value })));
      if (value !== '')
        assert.deepEqual(
          [byGet.status, byPost.body],
          [byPost.status, byGet.status === 200 ? byGet.body : byPost.body],
        );
    });
    await fc.assert(property, RUNS);
  });

  it('any cursor of a list, and of locations', () =>
    fc.assert(
      fc.asyncProperty(
        edited({ limit: 5, offset: 10 }),
        edited({ limit: 5, afterId: 'a' }),
        async (position, cursor) => {
          await ask(`/entities?fields=kind&after=${encodeURIComponent(position)}`);
          await ask('/locations/by-query', post(JSON.stringify({ cursor })));
        },
      ),
      RUNS,
    ));

  it('and is well afterwards', async () => {
    const { status } = await fetch(`${portal.url}/.backstage/health/v1/readiness`);
    assert.equal(status, 200);
    const { totalItems } = await portal.client.queryEntities({
      filter: { 'metadata.namespace': 'odd' },
      limit: 0,
    });
    assert.equal(totalItems, 29);
  });
});
