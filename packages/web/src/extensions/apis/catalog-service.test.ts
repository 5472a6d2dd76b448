import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Request } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import { CATALOG_FILTER_EXISTS, createCatalogService } from './catalog-service.ts';

function world(answer: (request: Request) => unknown): {
  readonly call: (method: string, ...given: readonly unknown[]) => Promise<unknown>;
  readonly asked: Request[];
} {
  const asked: Request[] = [];
  const service = createCatalogService(async (request) => {
    asked.push(request);
    return answer(request);
  });
  return {
    asked,
    async call(method, ...given) {
      const found = service[method];
      assert.ok(typeof found === 'function');
      return found.apply(service, given);
    },
  };
}

const isStream = (value: unknown): value is AsyncIterable<unknown> =>
  isObject(value) && Symbol.asyncIterator in value;

describe('createCatalogService', () => {
  it('asks for entities with alternatives, lists and what only has to exist', async () => {
    const { call, asked } = world(() => [{ kind: 'API' }]);
    const filter = [{ kind: ['api', 'component'] }, { 'metadata.annotations.x': CATALOG_FILTER_EXISTS }];
    assert.deepEqual(await call('getEntities', { filter, fields: ['kind', 'metadata.name'], limit: 5 }), {
      items: [{ kind: 'API' }],
    });
    const params = new URL(asked[0]?.path ?? '', 'http://x').searchParams;
    assert.deepEqual(params.getAll('filter'), ['kind=api,kind=component', 'metadata.annotations.x']);
    assert.equal(params.get('fields'), 'kind,metadata.name');
    assert.equal(params.get('limit'), '5');
  });

  it('is undefined for an entity that there is not, and rejects with any other failure', async () => {
    const none = world(() => Promise.reject(new ApiError(404, 'NotFoundError', 'no')));
    assert.equal(await none.call('getEntityByRef', 'component:default/booking'), undefined);
    const down = world(() => Promise.reject(new ApiError(503, 'X', 'down')));
    await assert.rejects(down.call('getEntityByRef', { kind: 'API', name: 'x' }), /down/);
  });

  it('asks for many references in parts and keeps their order', async () => {
    const { call, asked } = world(({ body }) => {
      const refs = isObject(body) && Array.isArray(body['entityRefs']) ? body['entityRefs'] : [];
      return { items: refs.map((ref) => (ref === 'c:d/7' ? null : ref)) };
    });
    const entityRefs = Array.from({ length: 1_001 }, (_, index) => `c:d/${index}`);
    const answer = await call('getEntitiesByRefs', { entityRefs });
    assert.equal(asked.length, 3);
    assert.deepEqual(answer, { items: entityRefs.map((ref) => (ref === 'c:d/7' ? undefined : ref)) });
  });

  it('follows pages', async () => {
    const { call } = world(({ path }) =>
      path.includes('cursor=next')
        ? { items: [2], totalItems: 2, pageInfo: {} }
        : { items: [1], totalItems: 2, pageInfo: { nextCursor: 'next' } },
    );
    const stream: unknown = await call('streamEntities');
    assert.ok(isStream(stream));
    const pages: unknown[] = [];
    for await (const page of stream) pages.push(page);
    assert.deepEqual(pages, [[1], [2]]);
  });
});
