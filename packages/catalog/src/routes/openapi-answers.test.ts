import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { CHANGES, READONLY_REFUSALS, READS, REFUSALS, SHOP, type Call } from './openapi-calls.fixture.ts';
import { operationsOf, parametersOf, resolved, treeAt } from './openapi-faults.fixture.ts';
import { schemaCompiler } from './openapi-schemas.fixture.ts';
import { fill, openCatalogApi, PREFIX, type CatalogApi } from './openapi.fixture.ts';
import { catalogOpenApi } from './openapi.ts';

const METHODS: Readonly<Record<string, 'GET' | 'POST' | 'PUT' | 'DELETE'>> = {
  get: 'GET',
  post: 'POST',
  put: 'PUT',
  delete: 'DELETE',
};

const document = catalogOpenApi();
const operations = new Map(operationsOf(document).map((found) => [String(found.item['operationId']), found]));
const compile = schemaCompiler(document);

interface FilledApi extends CatalogApi {
  readonly ids: ReadonlyMap<string, string>;
}

/** Sends what the document describes, checks the answer against it, and returns that. */
async function call(api: FilledApi, asked: Call): Promise<unknown> {
  const found = operations.get(asked.operation);
  assert.ok(found, asked.operation);
  const { item, method, path } = found;
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = asked.path?.[name] ?? '';
    return encodeURIComponent(api.ids.get(value) ?? value);
  });
  const declared = parametersOf(document, item).map(
    ({ in: place, name }) => `${String(place)} ${String(name)}`,
  );
  for (const name of Object.keys(asked.query ?? {})) assert.ok(declared.includes(`query ${name}`), name);
  checkRequestBody(item, asked);
  const response = await api.app.inject({
    method: METHODS[method] ?? 'GET',
    url: `${PREFIX}${url}?${new URLSearchParams(asked.query).toString()}`,
    ...(asked.body !== undefined && { payload: asked.body }),
  });
  assert.equal(response.statusCode, asked.status, response.body);

  const described = resolved(document, treeAt(item, 'responses')[asked.status]);
  assert.equal(typeof described['description'], 'string', `${asked.status} is not described`);
  const schema = schemaOf(described);
  if (schema === null) {
    assert.equal(response.body, '');
    return null;
  }
  assert.match(String(response.headers['content-type']), /^application\/json\b/);
  assert.deepEqual(compile(schema)(response.json()), []);
  return response.json();
}

function checkRequestBody(operation: Record<string, unknown>, { body, malformed = false }: Call): void {
  const described = resolved(document, operation['requestBody']);
  if (body === undefined) {
    assert.notEqual(described['required'], true);
    return;
  }
  const schema = schemaOf(described);
  assert.ok(schema !== null);
  assert.equal(compile(schema)(body).length > 0, malformed);
}

/** Null for what has no content. */
function schemaOf(described: Record<string, unknown>): object | null {
  const { schema } = treeAt(treeAt(described, 'content'), 'application/json');
  return isObject(schema) ? schema : null;
}

function titleOf({ operation, status, path, query, body }: Call): string {
  const parts = [...Object.values(path ?? {}), ...Object.values(query ?? {})].join(' ');
  return `${operation} ${parts} ${body === undefined ? '' : JSON.stringify(body)} with ${status}`;
}

describe('the answers of the catalog API', () => {
  let api: FilledApi;
  before(async () => {
    const opened = await openCatalogApi();
    api = { ...opened, ids: await fill(opened) };
  });
  after(() => api[Symbol.asyncDispose]());

  for (const asked of [...READS, ...REFUSALS]) {
    it(`fit the document: ${titleOf(asked)}`, async () => {
      await call(api, asked);
    });
  }

  it('fit the document when something is changed', async () => {
    await using opened = await openCatalogApi();
    const ids = await fill(opened);
    for (const asked of CHANGES) await call({ ...opened, ids }, asked);
  });

  it('fit the document when the catalog is read-only', async () => {
    await using opened = await openCatalogApi({ readonly: true });
    for (const asked of READONLY_REFUSALS) await call({ ...opened, ids: new Map() }, asked);
  });

  it('are all that the document names', () => {
    const given = [...READS, ...REFUSALS, ...CHANGES, ...READONLY_REFUSALS].map(
      ({ operation, status }) => `${operation} ${status}`,
    );
    const named = [...operations].flatMap(([id, { item }]) =>
      Object.keys(treeAt(item, 'responses'))
        .filter((status) => status !== 'default')
        .map((status) => `${id} ${status}`),
    );
    assert.deepEqual([...new Set(given)].toSorted(), named.toSorted());
  });

  it('could be told from others: no schema takes an empty object but that of this document', () => {
    const loose: string[] = [];
    for (const [id, { item }] of operations) {
      for (const response of Object.values(treeAt(item, 'responses'))) {
        const schema = schemaOf(resolved(document, response));
        if (schema !== null && compile(schema)({}).length === 0) loose.push(id);
      }
    }
    assert.deepEqual(loose, ['GetOpenApiDocument']);
  });

  it('have something of everything', async () => {
    const shop = await call(api, { operation: 'GetEntityByName', status: 200, path: SHOP });
    assert.notDeepEqual(treeAt({ shop }, 'shop')['status'], undefined);
    const explained = await call(api, { operation: 'GetEntityDiagnosticsByName', status: 200, path: SHOP });
    const { state, ...rest } = treeAt({ explained }, 'explained');
    assert.equal(state, 'failing');
    for (const name of ['sources', 'conflicts', 'diagnostics']) assert.notDeepEqual(rest[name], [], name);
  });
});
