import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { entityOf, GOOD_SPEC, openCatalogApi, PREFIX, type CatalogApi } from './openapi.fixture.ts';

const SHOP = 'component:default/shop';
const URL = `${PREFIX}/entities/by-name/component/default/shop/history`;

async function give({ catalog }: CatalogApi, lifecycles: readonly unknown[]): Promise<void> {
  for (const lifecycle of lifecycles) {
    const entity = entityOf('Component', 'shop', { ...GOOD_SPEC, lifecycle });
    await catalog.engine.mutate('test', {
      type: 'full',
      entities: lifecycle === null ? [] : [{ entity, locationKey: 'test:shop' }],
    });
  }
}

interface Answer {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}

async function ask({ app }: CatalogApi, url: string): Promise<Answer> {
  const { statusCode, body } = await app.inject(url);
  assert.equal(statusCode, 200, body);
  return JSON.parse(body);
}

const changes = ({ items }: Answer): unknown[] => items.map(({ change }) => change);

describe('GET /entities/by-name/:kind/:namespace/:name/history', () => {
  it('tells of every change, the newest first', async () => {
    await using api = await openCatalogApi();
    await give(api, ['experimental', 'production', []]);
    const answer = await ask(api, URL);
    assert.deepEqual(Object.keys(answer), ['entityRef', 'items', 'next']);
    assert.deepEqual(changes(answer), ['failing', 'changed', 'added']);
    const [failing, changed] = answer.items;
    assert.deepEqual(Object.keys(failing ?? {}), ['id', 'at', 'change', 'location', 'entity', 'problems']);
    assert.deepEqual(failing?.['entity'], changed?.['entity']);
    assert.deepEqual(Object.keys(Object(failing?.['entity'])), ['apiVersion', 'kind', 'metadata', 'spec']);
    assert.deepEqual(Object.keys(Object(Object(failing?.['entity']).metadata)).toSorted(), [
      'annotations',
      'name',
      'namespace',
    ]);
    assert.deepEqual([failing?.['location'], changed?.['problems']], ['test:shop', []]);
    const problems: unknown = failing?.['problems'];
    assert.ok(Array.isArray(problems) && isObject(problems[0]));
    assert.equal(problems[0]['code'], 'model/wrong-type');
  });

  it('knows the entity by any spelling, and after it is gone', async () => {
    await using api = await openCatalogApi();
    await give(api, ['experimental', null]);
    const upper = await ask(api, `${PREFIX}/entities/by-name/Component/Default/SHOP/history`);
    assert.deepEqual({ ...upper }, { ...upper, entityRef: SHOP, next: null });
    assert.deepEqual(changes(upper), ['removed', 'added']);
    assert.equal((await api.app.inject(URL.replace('/history', ''))).statusCode, 404);
  });

  it('answers in pages of 20, or of as many as are asked for', async () => {
    await using api = await openCatalogApi();
    await give(
      api,
      Array.from({ length: 45 }, (_, i) => `v${i}`),
    );
    const all = (await ask(api, `${URL}?limit=100`)).items;
    assert.equal(all.length, 45);
    const pages: Record<string, unknown>[][] = [];
    for (let next: string | null = ''; next !== null;) {
      const page: Answer = await ask(api, next === '' ? URL : `${URL}?before=${next}`);
      pages.push([...page.items]);
      next = page.next;
    }
    assert.deepEqual(
      pages.map(({ length }) => length),
      [20, 20, 5],
    );
    assert.deepEqual(pages.flat(), all);
  });

  it('refuses a limit beyond 1 to 100, and what is no id', async () => {
    await using api = await openCatalogApi();
    await give(api, ['experimental']);
    const queries = [
      'limit=0',
      'limit=101',
      'limit=-1',
      'limit=1.5',
      'limit=many',
      'limit=',
      'limit=1&limit=2',
    ];
    for (const query of [...queries, 'before=0', 'before=-3', 'before=abc', 'before=', 'before=%']) {
      const response = await api.app.inject(`${URL}?${query}`);
      assert.equal(response.statusCode, 400, query);
      assert.equal(response.json().error.code, 'catalog/invalid-parameter', query);
    }
    for (const query of ['limit=1', 'limit=100', 'before=1', 'other=x']) await ask(api, `${URL}?${query}`);
  });

  it('says that nothing is known of what never was there', async () => {
    await using api = await openCatalogApi();
    const response = await api.app.inject(URL);
    assert.equal(response.statusCode, 404);
    assert.equal(response.json().error.code, 'catalog/entity-not-found');
  });
});
