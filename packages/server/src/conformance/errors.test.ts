/** What the API says when a request is wrong: always the same shape, the right status, and no trace of the inside. */
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { codeOf, openTestPortal, post, TOKEN, type Answer, type TestPortal } from './portal.fixture.ts';

interface Expected {
  readonly status: number;
  readonly error: string;
}

interface Wrong extends Expected {
  readonly name: string;
  readonly path: string;
  readonly request?: RequestInit;
}

const location = (body: object): RequestInit => post(JSON.stringify(body));
const put = (body: object): RequestInit => ({ ...location(body), method: 'PUT' });
const at = (target: string): { type: string; target: string } => ({ type: 'url', target });
const cursorOf = (changes: object): string => {
  const cursor = {
    orderFields: [],
    orderFieldValues: [null, 'a'],
    isPrevious: false,
    totalItems: 1,
    ...changes,
  };
  return Buffer.from(JSON.stringify(cursor)).toString('base64');
};
const by = (form: Expected, cases: readonly (readonly [string, string, RequestInit?])[]): Wrong[] =>
  cases.map(([name, path, request]) => ({ ...form, name, path, ...(request !== undefined && { request }) }));

const WRONG: readonly Wrong[] = [
  ...by({ status: 404, error: 'NotFoundError' }, [
    ['an unknown name', '/entities/by-name/component/default/none'],
    ['the ancestry of an unknown name', '/entities/by-name/component/default/none/ancestry'],
    ['an unknown uid', '/entities/by-uid/none'],
    ['a name that cannot be', '/entities/by-name/component/default/%00'],
    ['an unknown location', '/locations/none'],
    ['a change of an unknown location', '/locations/none', put(at('https://example.com/a'))],
    ['the removal of an unknown location', '/locations/none', { method: 'DELETE' }],
    ['the location of an unknown entity', '/locations/by-entity/component/default/none'],
    ['the refresh of an unknown entity', '/refresh', post('{"entityRef":"component:default/none"}')],
    ['the refresh of no reference', '/refresh', post('{"entityRef":"::"}')],
    ['an unknown route', '/nothing'],
    ['the root', ''],
    ['two slashes', '//entities'],
    ['a wrong method', '/entities', { method: 'PUT' }],
    ['another wrong method', '/locations', { method: 'DELETE' }],
    ['OPTIONS', '/entities', { method: 'OPTIONS' }],
  ]),
  ...by({ status: 400, error: 'InputError' }, [
    ['a filter without a key', '/entities?filter==x'],
    ['an empty filter', '/entities?filter='],
    ['a filter of another form', '/entities?filter[kind]=component'],
    ['limit -1', '/entities?limit=-1'],
    ['limit 0 of a list', '/entities?limit=0'],
    ['limit -1 of a page', '/entities/by-query?limit=-1'],
    ['a limit that is no number', '/entities/by-query?limit=many'],
    ['a limit that is no whole number', '/entities/by-query?limit=1.5'],
    ['a limit without end', '/entities/by-query?limit=1e400'],
    ['two limits', '/entities/by-query?limit=1&limit=2'],
    ['offset -1', '/entities/by-query?offset=-1'],
    ['an order without a direction', '/entities?order=metadata.name'],
    ['an order in no direction', '/entities/by-query?orderField=metadata.name,up'],
    ['fields in brackets', '/entities?fields=metadata.tags[0]'],
    ['a count that is neither in nor out', '/entities/by-query?totalItems=maybe'],
    ['no facet', '/entity-facets'],
    ['an empty facet', '/entity-facets?facet='],
    ['a cursor that is no cursor', '/entities/by-query?cursor=abc'],
    ['an empty cursor', '/entities/by-query?cursor='],
    ['a cursor without its fields', `/entities/by-query?cursor=${btoa('{}')}`],
    ['a cursor edited to a bad filter', `/entities/by-query?cursor=${cursorOf({ query: { $or: [] } })}`],
    [
      'a cursor edited to a bad order',
      `/entities/by-query?cursor=${cursorOf({ orderFields: [{ field: 1 }] })}`,
    ],
    ['a cursor edited to a bad count', `/entities/by-query?cursor=${cursorOf({ totalItems: -1 })}`],
    ['a cursor edited to a bad place', `/entities/by-query?cursor=${cursorOf({ orderFieldValues: [{}] })}`],
    ['an after that is none', '/entities?after=abc'],
    ['an after edited to a bad limit', `/entities?after=${btoa('{"limit":0,"offset":0}')}`],
    ['percent-encoding that is cut', '/entities?filter=kind%3'],
    ['percent-encoding that is not UTF-8', '/entities?filter=%ff'],
    ['JSON that is cut', '/entities/by-query', post('{"query":')],
    ['JSON that is a list', '/entities/by-query', post('[]')],
    ['a query that is a text', '/entities/by-query', post('{"query":"kind"}')],
    ['a query that is null', '/entities/by-query', post('{"query":null}')],
    ['an unknown operator', '/entities/by-query', post('{"query":{"$or":[]}}')],
    ['two operators', '/entities/by-query', post('{"query":{"$all":[],"$any":[]}}')],
    ['an unknown matcher', '/entities/by-query', post('{"query":{"kind":{"$like":"c"}}}')],
    ['a limit that is a text', '/entities/by-query', post('{"limit":"1"}')],
    ['an order that is no list', '/entities/by-query', post('{"orderBy":{"field":"kind","order":"asc"}}')],
    ['no references', '/entities/by-refs', post('{}')],
    ['references that are no texts', '/entities/by-refs', post('{"entityRefs":[1]}')],
    ['no facets', '/entity-facets', post('{"facets":[]}')],
    ['a refresh of nothing', '/refresh', post('{}')],
    ['a location of type file', '/locations', location({ type: 'file', target: '/etc/passwd' })],
    [
      'a trial of a location of type file',
      '/locations?dryRun=true',
      location({ type: 'file', target: '/etc/passwd' }),
    ],
    ['a location without a target', '/locations', location({ type: 'url' })],
    [
      'a location with more than it has',
      '/locations',
      location({ ...at('https://example.com/a'), id: 'mine' }),
    ],
    ['a location that is nothing', '/locations', post('null')],
    [
      'an unknown answer to a conflict',
      '/locations?onConflict=replace',
      location(at('https://example.com/a')),
    ],
    ['locations by an unknown key', '/locations/by-query', post('{"query":{"kind":"x"}}')],
    ['locations by 0', '/locations/by-query', post('{"limit":0}')],
    ['locations after no cursor', '/locations/by-query', post('{"cursor":"abc"}')],
    ['an analysis of nothing', '/analyze-location', post('{}')],
    ['an analysis of no repository', '/analyze-location', location({ location: at('nowhere') })],
  ]),
  ...by({ status: 400, error: 'InputError' }, [
    ['a path that is not percent-encoded', '/entities/by-uid/%'],
    ['a path that is not UTF-8', '/entities/by-name/component/default/%ff'],
  ]),
  ...by({ status: 401, error: 'AuthenticationError' }, [
    ['no token', '/entities', { headers: { authorization: '' } }],
    ['a wrong token', '/entities', { headers: { authorization: `Bearer ${TOKEN}x` } }],
    ['another scheme', '/entities', { headers: { authorization: `Basic ${btoa(`user:${TOKEN}`)}` } }],
    ['no token on an unknown route', '/nothing', { headers: { authorization: '' } }],
    [
      'no token and a change',
      '/locations',
      { ...location(at('https://example.com/a')), headers: { authorization: '' } },
    ],
  ]),
];

let portal: TestPortal;
before(async () => {
  portal = await openTestPortal();
});
after(() => portal[Symbol.asyncDispose]());

function assertError({ status, headers, body }: Answer, expected: Expected): void {
  assert.equal(status, expected.status, JSON.stringify(body));
  assert.match(headers.get('content-type') ?? '', /^application\/json\b/);
  assert.ok(isObject(body) && isObject(body['error']) && isObject(body['response']));
  const { name, message, code, stack } = body['error'];
  assert.equal(name, expected.error);
  assert.ok(typeof message === 'string' && message !== '' && message.length < 2_000);
  assert.match(String(code), /^[a-z]+\/[a-z-]+$/);
  assert.equal(stack, undefined);
  assert.deepEqual(body['response'], { statusCode: expected.status });
}

describe('a wrong request', () => {
  for (const wrong of WRONG) {
    it(`is answered ${wrong.status}: ${wrong.name}`, async () => {
      const answer = await portal.ask(wrong.path, wrong.request);
      assertError(answer, wrong);
      assert.ok(isObject(answer.body));
      const { method = 'GET' } = wrong.request ?? {};
      assert.deepEqual(answer.body['request'], { method, url: `/api/catalog${wrong.path}` });
    });
  }

  it('of HEAD is answered as GET is, without a body', async () => {
    const entity = await portal.ask('/entities/by-name/component/odd/plain', { method: 'HEAD' });
    assert.deepEqual([entity.status, entity.body], [200, '']);
    assert.notEqual(entity.headers.get('content-length'), '0');
    const nothing = await portal.ask('/entities/by-name/component/odd/none', { method: 'HEAD' });
    assert.deepEqual([nothing.status, nothing.body], [404, '']);
  });

  it('to be validated is answered with a list of errors', async () => {
    for (const body of ['{}', 'null', '{"entity":{}}', '{"entity":{"kind":1},"location":1}']) {
      const { status, body: answer } = await portal.ask('/validate-entity', post(body));
      assert.equal(status, 400);
      assert.ok(isObject(answer) && Array.isArray(answer['errors']) && answer['errors'].length > 0, body);
    }
  });

  it('of another origin is not let in by CORS', async () => {
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'GET' },
    };
    const { headers } = await portal.ask('/entities', preflight);
    assert.equal(headers.get('access-control-allow-origin'), null);
  });
});

describe('a request that is too large', () => {
  it('in its body is refused before it is read', async () => {
    const large = post(`{"entityRefs":["${'x'.repeat(50_000_000)}"]}`);
    assertError(await refused(large), {
      status: 413,
      error: 'PayloadTooLargeError',
    });
  });

  it('in its body is refused when its length is not told', async () => {
    const answer = await sendInParts('/api/catalog/entities/by-query', {
      part: Buffer.alloc(1_000_000, 'x'),
      parts: 50,
    });
    assert.equal(answer, 413);
  });

  it('in its URL is refused', async () => {
    const answer = await portal.ask(`/entities?filter=${'x'.repeat(100_000)}`);
    assert.equal(answer.status, 431);
    assert.equal(codeOf(answer), 'http/unreadable');
  });

  it('of 10,000 conditions is refused by GET and answered by POST', async () => {
    const names = Array.from({ length: 9_999 }, (_, i) => `name-${i}`);
    const filter = names.map((name) => `metadata.name=${name}`).join(',');
    assert.equal((await portal.ask(`/entities?filter=${filter}`)).status, 431);

    const query = {
      $any: [...names.map((name) => ({ 'metadata.name': name })), { 'metadata.name': 'loner' }],
    };
    const { status, body } = await portal.ask(
      '/entities/by-query',
      post(JSON.stringify({ query, fields: ['kind'] })),
    );
    assert.deepEqual([status, body], [200, { items: [{ kind: 'User' }], totalItems: 1, pageInfo: {} }]);
    const more = { query: { 'metadata.name': { $in: [...names, 'a', 'b'] } } };
    assertError(await portal.ask('/entities/by-query', post(JSON.stringify(more))), {
      status: 400,
      error: 'InputError',
    });
  });

  it('in its depth is refused', async () => {
    const deep = (levels: number): string => `{"query":${'{"$not":'.repeat(levels)}{}${'}'.repeat(levels)}}`;
    assertError(await portal.ask('/entities/by-query', post(deep(100_000))), {
      status: 400,
      error: 'InputError',
    });
    assert.equal((await portal.ask('/entities/by-query', post(deep(62)))).status, 200);
    const list = `{"entityRefs":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
    assertError(await portal.ask('/entities/by-refs', post(list)), { status: 400, error: 'InputError' });
  });

  it('leaves the portal as it was', async () => {
    const { status } = await fetch(`${portal.url}/.backstage/health/v1/readiness`);
    assert.equal(status, 200);
    assert.equal((await portal.ask('/entities?limit=1')).status, 200);
  });

  /** Node's fetch sees a connection that is closed while it sends as an error, now and then before the answer. */
  async function refused(request: RequestInit): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await portal.ask('/entities/by-refs', request);
      } catch (error) {
        if (attempt === 5) throw error;
      }
    }
  }
});

/** The status of a request whose body comes in parts, until it is answered or cut off. */
function sendInParts(path: string, body: { part: Buffer; parts: number }): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
    const request = httpRequest(`${portal.url}${path}`, { method: 'POST', headers });
    let status: number | null = null;
    request.on('response', (response) => {
      status = response.statusCode ?? null;
      response.resume();
      request.destroy();
    });
    request.on('error', () => undefined);
    request.on('close', () => resolve(status));
    for (let part = 0; part < body.parts; part++) request.write(body.part);
    request.end();
  });
}

describe('a catalog that is only read', () => {
  let readonly: TestPortal;
  before(async () => {
    readonly = await openTestPortal({ files: {}, catalog: { readonly: true } });
  });
  after(() => readonly[Symbol.asyncDispose]());

  const refused: readonly (readonly [string, string, RequestInit])[] = [
    ['registers', '/locations', location(at('https://example.com/a'))],
    ['changes', '/locations/none', put(at('https://example.com/a'))],
    ['removes', '/locations/none', { method: 'DELETE' }],
  ];
  for (const [what, path, request] of refused) {
    it(`${what} no location`, async () => {
      assertError(await readonly.ask(path, request), { status: 403, error: 'NotAllowedError' });
    });
  }

  it('still tries a location', async () => {
    const answer = await readonly.ask('/locations?dryRun=true', location({ type: 'file', target: '/a' }));
    assertError(answer, { status: 400, error: 'InputError' });
  });
});

describe('a location that is registered', () => {
  it('is refused a second time', async () => {
    const request = location(at('https://example.com/catalog-info.yaml'));
    const first = await portal.ask('/locations', request);
    assert.equal(first.status, 201);
    assertError(await portal.ask('/locations', request), { status: 409, error: 'ConflictError' });
    assertError(await portal.ask('/locations?onConflict=reject', request), {
      status: 409,
      error: 'ConflictError',
    });
    assert.equal((await portal.ask('/locations?onConflict=refresh', request)).status, 201);
  });
});
