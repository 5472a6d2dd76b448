import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import {
  operationsOf,
  faultsOf,
  resolved,
  schemaCompiler,
  treeAt,
} from '../../../kernel/src/http/openapi-faults.fixture.ts';
import { scaffolderOpenApi } from './openapi.ts';
import {
  ACCOUNT_TEMPLATE,
  ANNA,
  EVA,
  openPortal,
  PREFIX,
  TEMPLATE,
  type ScaffolderPortal,
} from './portal.fixture.ts';
import { line } from './tasks.fixture.ts';

interface Call {
  readonly operation: string;
  readonly status: number;
  /** Values for the parameters in the path, in their order. */
  readonly of?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly as?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The body is meant not to fit its schema. Default: false. */
  readonly malformed?: boolean;
}

const FORM = ['default', 'template', 'service'];
const GOOD = { templateRef: 'service', values: { name: 'shop' } };
const DRY = { template: TEMPLATE, values: { name: 'shop' }, directoryContents: [] };
const OPTIONS = { template: 'workload', need: { field: '/account', form: { service: 'shop' } } };
const ODD = { colour: 'red' };

const CALLS: readonly Call[] = [
  { operation: 'GetTemplateParameterSchema', status: 200, of: FORM },
  { operation: 'GetTemplateParameterSchema', status: 404, of: ['default', 'template', 'none'] },
  { operation: 'GetTemplateParameterSchema', status: 400, of: ['default', 'template', 'broken'] },
  { operation: 'ListActions', status: 200 },
  { operation: 'ListActions', status: 400, query: ODD },
  { operation: 'ListTemplatingExtensions', status: 200 },
  { operation: 'ListTemplatingExtensions', status: 400, query: ODD },
  {
    operation: 'Autocomplete',
    status: 200,
    of: ['harbourline', 'repos'],
    body: { token: 't', context: { owner: 'a' } },
  },
  { operation: 'Autocomplete', status: 400, of: ['nobody', 'repos'], body: { token: 't', context: {} } },
  {
    operation: 'Autocomplete',
    status: 400,
    of: ['harbourline', 'repos'],
    body: { context: {} },
    malformed: true,
  },
  { operation: 'Autocomplete', status: 503, of: ['harbourline', 'broken'], body: { token: 't' } },
  { operation: 'DryRun', status: 200, body: DRY },
  { operation: 'DryRun', status: 400, body: { ...DRY, values: { name: 'x' } } },
  { operation: 'DryRun', status: 400, body: { ...DRY, template: { kind: 'Component' } } },
  { operation: 'DryRun', status: 400, body: { ...DRY, values: 7 }, malformed: true },
  { operation: 'LintTemplate', status: 200, body: { template: 'kind: Template' } },
  { operation: 'LintTemplate', status: 400, body: {}, malformed: true },
  { operation: 'ListFormFields', status: 200 },
  { operation: 'ListFormFields', status: 400, query: ODD },
  { operation: 'ExpandForm', status: 200, body: { template: 'workload' } },
  { operation: 'ExpandForm', status: 200, body: { template: ACCOUNT_TEMPLATE } },
  { operation: 'ExpandForm', status: 400, body: { template: 7 }, malformed: true },
  { operation: 'ExpandForm', status: 404, body: { template: 'none' } },
  { operation: 'ListFormOptions', status: 200, body: OPTIONS },
  {
    operation: 'ListFormOptions',
    status: 200,
    body: { ...OPTIONS, template: ACCOUNT_TEMPLATE, search: 'shop' },
  },
  { operation: 'ListFormOptions', status: 400, body: { ...OPTIONS, need: { field: 7 } }, malformed: true },
  { operation: 'ListFormOptions', status: 404, body: { ...OPTIONS, need: { field: '/none', form: {} } } },
  { operation: 'ListFormOptions', status: 503, as: EVA, body: OPTIONS },
  {
    operation: 'CheckForm',
    status: 200,
    body: { template: 'workload', values: { service: 'shop', region: 'no' } },
  },
  { operation: 'CheckForm', status: 200, body: { template: TEMPLATE, values: {} } },
  { operation: 'CheckForm', status: 400, body: { template: 'workload', values: [] }, malformed: true },
  { operation: 'CheckForm', status: 404, body: { template: 'none', values: {} } },
  { operation: 'ListCreated', status: 200, query: { entityRef: 'component:shop' } },
  { operation: 'ListCreated', status: 200, query: { entityRef: 'component:default/none' } },
  { operation: 'ListCreated', status: 400 },
  { operation: 'ListTasks', status: 200 },
  {
    operation: 'ListTasks',
    status: 200,
    query: { status: 'failed', order: 'desc:created_at', limit: '0', offset: '1' },
  },
  { operation: 'ListTasks', status: 400, query: { order: 'desc:colour' } },
  { operation: 'Scaffold', status: 201, body: GOOD },
  { operation: 'Scaffold', status: 400, body: { ...GOOD, values: {} } },
  { operation: 'Scaffold', status: 400, body: { ...GOOD, secrets: { token: 'abc' } } },
  { operation: 'Scaffold', status: 400, body: { ...GOOD, templateRef: 'component:a' } },
  { operation: 'Scaffold', status: 400, body: { values: {} }, malformed: true },
  { operation: 'Scaffold', status: 404, body: { ...GOOD, templateRef: 'none' } },
  ...['runs', 'done', 'failed', 'waits'].map((of) => ({ operation: 'GetTask', status: 200, of: [of] })),
  { operation: 'GetTask', status: 404, of: ['none'] },
  { operation: 'GetTask', status: 400, of: ['runs'], query: ODD },
  { operation: 'CancelTask', status: 200, of: ['runs'] },
  { operation: 'CancelTask', status: 404, of: ['none'] },
  { operation: 'CancelTask', status: 409, of: ['done'] },
  { operation: 'CancelTask', status: 400, of: ['runs'], query: ODD },
  { operation: 'Retry', status: 201, of: ['done'], body: {} },
  { operation: 'Retry', status: 201, of: ['done'] },
  { operation: 'Retry', status: 400, of: ['done'], body: { secrets: { token: 'abc' } } },
  { operation: 'Retry', status: 400, of: ['done'], body: { secrets: { token: 7 } }, malformed: true },
  { operation: 'Retry', status: 404, of: ['none'], body: {} },
  { operation: 'Retry', status: 409, of: ['runs'], body: {} },
  { operation: 'PauseTask', status: 200, of: ['runs'] },
  { operation: 'PauseTask', status: 404, of: ['none'] },
  { operation: 'PauseTask', status: 409, of: ['done'] },
  { operation: 'PauseTask', status: 400, of: ['runs'], query: ODD },
  { operation: 'ResumeTask', status: 200, of: ['waits'] },
  { operation: 'ResumeTask', status: 404, of: ['none'] },
  { operation: 'ResumeTask', status: 409, of: ['runs'] },
  { operation: 'ResumeTask', status: 400, of: ['runs'], query: ODD },
  { operation: 'StreamLogsPolling', status: 200, of: ['runs'], query: { after: '0' } },
  { operation: 'StreamLogsPolling', status: 200, of: ['over'] },
  { operation: 'StreamLogsPolling', status: 404, of: ['none'] },
  { operation: 'StreamLogsPolling', status: 400, of: ['runs'], query: { after: '-1' } },
  { operation: 'GetTaskBase', status: 200, of: ['done'] },
  { operation: 'GetTaskBase', status: 404, of: ['runs'] },
  { operation: 'GetTaskBase', status: 400, of: ['done'], query: ODD },
  { operation: 'ListApprovals', status: 200 },
  {
    operation: 'ListApprovals',
    status: 200,
    query: { awaiting: 'me', taskId: 'waits', state: 'waiting' },
    as: EVA,
  },
  { operation: 'ListApprovals', status: 400, query: { awaiting: 'you' } },
  { operation: 'Approve', status: 200, of: ['a-1'], as: EVA, body: { reason: 'Good.' } },
  { operation: 'Approve', status: 200, of: ['a-1'], as: EVA },
  { operation: 'Approve', status: 400, of: ['a-1'], as: EVA, body: { reason: 7 }, malformed: true },
  { operation: 'Approve', status: 404, of: ['a-9'], as: EVA },
  { operation: 'Approve', status: 409, of: ['a-0'], as: EVA },
  { operation: 'Reject', status: 200, of: ['a-1'], as: EVA, body: { reason: 'No.' } },
  { operation: 'Reject', status: 400, of: ['a-1'], as: EVA, body: {}, malformed: true },
  { operation: 'Reject', status: 404, of: ['a-9'], as: EVA, body: { reason: 'No.' } },
  { operation: 'Reject', status: 409, of: ['a-0'], as: EVA, body: { reason: 'No.' } },
  { operation: 'GetOpenApiDocument', status: 200 },
  { operation: 'GetOpenApiDocument', status: 400, query: ODD },
];

const document = scaffolderOpenApi();
const operations = new Map(operationsOf(document).map((found) => [found.id, found]));
const compile = schemaCompiler(document);

/** Sends what the document describes, and checks the answer against it. */
async function call({ app, tasks }: ScaffolderPortal, asked: Call): Promise<void> {
  tasks.say('runs', line('Beginning step Fetch', { stepId: 'fetch', status: 'processing' }));
  tasks.say('over', line('hello'));
  const found = operations.get(asked.operation);
  assert.ok(found, asked.operation);
  const { item, method, path } = found;
  checkRequestBody(item, asked);
  const values = [...(asked.of ?? [])];
  const target = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(values.shift() ?? ''));
  const response = await app.inject({
    method: method === 'get' ? 'GET' : 'POST',
    url: `${PREFIX}${target}?${new URLSearchParams(asked.query).toString()}`,
    headers: {
      ...ANNA,
      ...(asked.body !== undefined && { 'content-type': 'application/json' }),
      ...asked.as,
    },
    ...(asked.body !== undefined && { payload: JSON.stringify(asked.body) }),
  });
  assert.equal(response.statusCode, asked.status, response.body);
  const described = resolved(document, treeAt(item, 'responses')[asked.status]);
  const type = String(response.headers['content-type']).replace(/;.*$/, '');
  const { schema } = treeAt(treeAt(described, 'content'), type);
  assert.ok(isObject(schema), `${type} is not described`);
  const value: unknown = type === 'application/json' ? response.json() : response.body;
  assert.deepEqual(compile(schema)(value), [], response.body);
}

function checkRequestBody(operation: Readonly<Record<string, unknown>>, asked: Call): void {
  const described = treeAt(operation, 'requestBody');
  if (asked.body === undefined) {
    assert.notEqual(described['required'], true);
    return;
  }
  const { schema } = treeAt(treeAt(described, 'content'), 'application/json');
  assert.ok(isObject(schema));
  assert.equal(compile(schema)(asked.body).length > 0, asked.malformed ?? false, JSON.stringify(asked.body));
}

describe('scaffolderOpenApi', () => {
  it('describes the routes that there are, but for the stream of events, and no others', async () => {
    await using portal = await openPortal();
    const described = operationsOf(document).map(({ method, path }) => `${method} ${path}`);
    const stream = 'get /v2/tasks/{taskId}/eventstream';
    assert.deepEqual([...described, stream].toSorted(), portal.routes.toSorted());
  });

  it('is whole: every reference leads somewhere, every schema is used and can be compiled', () => {
    assert.deepEqual(faultsOf(document), []);
    for (const [name, of] of Object.entries(document.components.schemas)) {
      assert.doesNotThrow(() => compile(of), name);
    }
  });

  it('describes every operation by a summary, a tag, and its failures', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { id, item } of operations.values()) {
      assert.equal(typeof item['summary'], 'string', id);
      assert.ok(Array.isArray(item['tags']) && tags.includes(String(item['tags'][0])), id);
      assert.ok('default' in treeAt(item, 'responses') && '400' in treeAt(item, 'responses'), id);
    }
    assert.equal(operations.size, operationsOf(document).length);
  });

  it('names the parameters that the routes take', async () => {
    await using portal = await openPortal();
    for (const { item, method, path } of operations.values()) {
      if (method !== 'get') continue;
      const target = path
        .replace(/\{(?:namespace|kind)\}\/\{\w+\}\/\{name\}/, FORM.join('/'))
        .replace('{taskId}', 'runs');
      const { body } = await portal.app.inject({ url: `${PREFIX}${target}?colour=red`, headers: ANNA });
      const known = /this route takes ([^"]*)\."/.exec(body)?.[1];
      const parameters = Array.isArray(item['parameters']) ? item['parameters'] : [];
      const named = parameters.filter((one) => isObject(one) && one['in'] === 'query');
      const names = named.map((one: unknown) => String(isObject(one) ? one['name'] : ''));
      assert.deepEqual(known === 'none' ? [] : known?.split(', ').toSorted(), names.toSorted(), path);
    }
  });
});

describe('the answers of the API of templates', () => {
  it('fit the document, every operation with every status that it names', async () => {
    for (const asked of CALLS) {
      await using portal = await openPortal();
      await call(portal, asked);
    }
    const given = CALLS.map(({ operation, status }) => `${operation} ${status}`);
    const named = [...operations.values()].flatMap(({ id, item }) =>
      Object.keys(treeAt(item, 'responses'))
        .filter((status) => status !== 'default')
        .map((status) => `${id} ${status}`),
    );
    assert.deepEqual([...new Set(given)].toSorted(), named.toSorted());
  });
});
