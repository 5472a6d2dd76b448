import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import {
  operationsOf,
  resolved,
  schemaCompiler,
  treeAt,
} from '../../../kernel/src/http/openapi-faults.fixture.ts';
import { imagesOpenApi } from './openapi.ts';
import { ANN, openPortal, PREFIX, type ImagesPortal } from './portal.fixture.ts';
import { ASKING, DIGEST, DONE, hashOf, PLAN, RUNNING, SCRIPT } from './samples.fixture.ts';

interface Call {
  readonly operation: string;
  readonly status: number;
  /** The value for the parameter in the path. */
  readonly of?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The state that the patch is put into before. */
  readonly before?: 'proved' | 'parked';
  /** The body is meant not to fit its schema. Default: false. */
  readonly malformed?: boolean;
}

const WHY = { reason: 'looked at it' };
const APPROVAL = { ...WHY, planHash: hashOf(PLAN) };
const DEEDS = [
  ['RejectPatch', ASKING],
  ['RetryPatch', RUNNING],
  ['CancelPatch', RUNNING],
  ['PromotePatch', RUNNING],
  ['RollBackPatch', DONE],
] as const;

const CALLS: readonly Call[] = [
  { operation: 'ListGoldenImages', status: 200 },
  { operation: 'ListFindings', status: 200 },
  {
    operation: 'ListFindings',
    status: 200,
    query: {
      limit: '1',
      severity: 'high,low',
      status: 'active',
      repository: 'r',
      digest: DIGEST,
      scanner: 'osv',
    },
  },
  { operation: 'ListFindings', status: 400, query: { cursor: 'zzz' } },
  { operation: 'CountFindings', status: 200 },
  { operation: 'GetFinding', status: 200, of: `trivy/${DIGEST}/CVE-2024-6119` },
  { operation: 'GetFinding', status: 200, of: 'arn:aws:inspector2:eu-west-1:1:finding/a b?#%' },
  { operation: 'GetFinding', status: 404, of: 'none' },
  { operation: 'TakeReport', status: 200, query: { name: 'a.json' }, body: {} },
  { operation: 'TakeReport', status: 400, body: 'nonsense' },
  { operation: 'TakeReport', status: 413, headers: { 'content-length': '99999999' }, body: {} },
  { operation: 'ListPatches', status: 200 },
  { operation: 'ListPatches', status: 200, query: { state: 'running', limit: '1' } },
  { operation: 'ListPatches', status: 400, query: { state: 'done' } },
  { operation: 'StartPatches', status: 202, body: { golden: 'debian-11', platform: 'linux/arm64/v8' } },
  { operation: 'StartPatches', status: 404, body: { golden: 'nope' } },
  { operation: 'StartPatches', status: 400, body: { golden: '' }, malformed: true },
  { operation: 'StartPatches', status: 400, body: { golden: 'a', platform: 'linux' }, malformed: true },
  ...[RUNNING, ASKING, DONE].map((of) => ({ operation: 'GetPatch', status: 200, of })),
  { operation: 'GetPatch', status: 404, of: 'p-9' },
  { operation: 'ApprovePatch', status: 200, of: ASKING, body: APPROVAL },
  { operation: 'ApprovePatch', status: 404, of: 'p-9', body: APPROVAL },
  { operation: 'ApprovePatch', status: 409, of: ASKING, body: { ...APPROVAL, planHash: hashOf('') } },
  { operation: 'ApprovePatch', status: 400, of: ASKING, body: WHY, malformed: true },
  { operation: 'RetryPatch', status: 200, of: RUNNING, body: WHY, before: 'parked' },
  { operation: 'PromotePatch', status: 200, of: RUNNING, body: WHY, before: 'proved' },
  ...['RejectPatch', 'CancelPatch', 'RollBackPatch'].map((operation) => ({
    operation,
    status: 200,
    of: DEEDS.find(([name]) => name === operation)?.[1] ?? '',
    body: WHY,
  })),
  ...DEEDS.flatMap(([operation, of]) => [
    { operation, status: 404, of: 'p-9', body: WHY },
    { operation, status: 409, of: of === DONE ? RUNNING : DONE, body: WHY },
    { operation, status: 400, of: RUNNING, body: { reason: 'two\nlines' }, malformed: true },
    { operation, status: 400, of: RUNNING, body: { reason: ' ' }, malformed: true },
    { operation, status: 400, of: RUNNING, body: { ...WHY, more: 1 }, malformed: true },
    { operation, status: 400, of: RUNNING, body: { reason: 'x'.repeat(1_001) }, malformed: true },
  ]),
  { operation: 'ReadPatchLog', status: 200, of: RUNNING, query: { after: '0', limit: '2' } },
  { operation: 'ReadPatchLog', status: 200, of: DONE, headers: { accept: 'text/event-stream' } },
  { operation: 'ReadPatchLog', status: 404, of: 'p-9' },
  { operation: 'ReadPatchLog', status: 400, of: RUNNING, query: { limit: '0' } },
  { operation: 'GetRecord', status: 200, of: hashOf(PLAN) },
  { operation: 'GetRecord', status: 200, of: hashOf(SCRIPT) },
  { operation: 'GetRecord', status: 404, of: hashOf('lost') },
  { operation: 'GetRecord', status: 400, of: 'abc' },
  { operation: 'GetFigures', status: 200 },
  { operation: 'ListTroubles', status: 200 },
  { operation: 'GetSigningKey', status: 200 },
  { operation: 'GetOpenApiDocument', status: 200 },
  ...['ListGoldenImages', 'CountFindings', 'GetFigures', 'ListTroubles', 'GetSigningKey'].map(
    (operation) => ({
      operation,
      status: 400,
      query: { colour: 'red' },
    }),
  ),
  { operation: 'GetOpenApiDocument', status: 400, query: { colour: 'red' } },
  { operation: 'GetFinding', status: 400, of: 'none', query: { colour: 'red' } },
  { operation: 'GetPatch', status: 400, of: RUNNING, query: { colour: 'red' } },
];

const document = imagesOpenApi();
const operations = new Map(operationsOf(document).map((found) => [found.id, found]));
const compile = schemaCompiler(document);

/** Sends what the document describes, and checks the answer against it. */
async function call({ app, images }: ImagesPortal, asked: Call): Promise<void> {
  const found = operations.get(asked.operation);
  assert.ok(found, asked.operation);
  const { item, method, path } = found;
  if (asked.before !== undefined) images.change(asked.of ?? '', { state: asked.before });
  checkRequestBody(item, asked);
  const query = new URLSearchParams(asked.query).toString();
  const response = await app.inject({
    method: method === 'get' ? 'GET' : 'POST',
    url: `${PREFIX}${path.replace(/\{\w+\}/, encodeURIComponent(asked.of ?? ''))}?${query}`,
    headers: {
      ...ANN,
      ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    ...(asked.body !== undefined && { payload: JSON.stringify(asked.body) }),
  });
  assert.equal(response.statusCode, asked.status, response.body);
  const described = resolved(document, treeAt(item, 'responses')[asked.status]);
  const type = String(response.headers['content-type']).replace(/;.*$/, '');
  const { schema } = treeAt(treeAt(described, 'content'), type);
  assert.ok(isObject(schema), `${type} is not described`);
  const value: unknown = type === 'application/json' ? response.json() : response.body;
  assert.deepEqual(compile(schema)(value), []);
}

function checkRequestBody(operation: Readonly<Record<string, unknown>>, asked: Call): void {
  const described = treeAt(operation, 'requestBody');
  assert.equal(described['required'] === true, asked.body !== undefined);
  const { schema } = treeAt(treeAt(described, 'content'), 'application/json');
  if (!isObject(schema)) return;
  assert.equal(compile(schema)(asked.body).length > 0, asked.malformed ?? false, JSON.stringify(asked.body));
}

function titleOf({ operation, status, of = '', query = {}, body }: Call): string {
  const parts = [operation, of.slice(0, 20), ...Object.entries(query).flat()].join(' ');
  return `${parts} ${JSON.stringify(body ?? '').slice(0, 60)} with ${status}`;
}

describe('the answers of the API of golden images', () => {
  for (const asked of CALLS) {
    it(`fit the document: ${titleOf(asked)}`, async () => {
      await using portal = await openPortal();
      for (const text of ['one', 'two', 'three']) {
        portal.images.say(RUNNING, text);
        portal.images.say(DONE, text);
      }
      await call(portal, asked);
    });
  }

  it('are all that the document names', () => {
    const given = CALLS.map(({ operation, status }) => `${operation} ${status}`);
    const named = [...operations.values()].flatMap(({ id, item }) =>
      Object.keys(treeAt(item, 'responses'))
        .filter((status) => status !== 'default')
        .map((status) => `${id} ${status}`),
    );
    assert.deepEqual([...new Set(given)].toSorted(), named.toSorted());
  });

  it('could be told from others: no JSON schema takes an empty object but those of anything', () => {
    const loose: string[] = [];
    for (const { id, item } of operations.values()) {
      for (const response of Object.values(treeAt(item, 'responses'))) {
        const { schema } = treeAt(treeAt(resolved(document, response), 'content'), 'application/json');
        if (isObject(schema) && compile(schema)({}).length === 0) loose.push(id);
      }
    }
    assert.deepEqual(loose.toSorted(), ['GetOpenApiDocument', 'GetRecord']);
  });
});
