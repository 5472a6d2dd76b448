/** Every method of Backstage's published scaffolder client, over HTTP against the real engine. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  ScaffolderClient,
  type ScaffolderTask,
  type TemplateEntityV1beta3,
} from '@backstage/plugin-scaffolder-common';
import { isObject } from '@callboard/model';
import { scaffolderOpenApi } from '../../../scaffolder/src/routes/openapi.ts';
import { eventually, refusal } from './client.fixture.ts';
import {
  logOf,
  openTemplateRoom,
  pretendBrowser,
  template,
  type TemplateRoom,
} from './scaffolder-client.fixture.ts';

/** The methods that are tested here. */
const METHODS = [
  'autocomplete',
  'cancelTask',
  'dryRun',
  'getIntegrationsList',
  'getTask',
  'getTemplateParameterSchema',
  'listActions',
  'listTasks',
  'listTemplatingExtensions',
  'retry',
  'scaffold',
  'streamLogs',
];
const INTERNAL = ['constructor', 'requestRequired', 'streamLogsEventStream', 'streamLogsPolling'];

/** The operations of Backstage's scaffolder 4.2. */
const OPERATIONS = [
  'get /v2/actions ListActions',
  'get /v2/tasks ListTasks',
  'get /v2/tasks/{taskId} GetTask',
  'get /v2/tasks/{taskId}/events StreamLogsPolling',
  'get /v2/templates/{namespace}/{kind}/{name}/parameter-schema GetTemplateParameterSchema',
  'get /v2/templating-extensions ListTemplatingExtensions',
  'post /v2/autocomplete/{provider}/{resource} Autocomplete',
  'post /v2/dry-run DryRun',
  'post /v2/tasks Scaffold',
  'post /v2/tasks/{taskId}/cancel CancelTask',
  'post /v2/tasks/{taskId}/retry Retry',
];

let room: TemplateRoom;
let client: ScaffolderClient;

before(async () => {
  pretendBrowser();
  room = await openTemplateRoom();
  ({ client } = room);
});
after(() => room[Symbol.asyncDispose]());

async function start(name: string): Promise<string> {
  const request = {
    templateRef: `template:default/${name}`,
    values: { name: 'shop' },
    secrets: { word: 'hunter22' },
  };
  const { taskId } = await client.scaffold(request);
  return taskId;
}

function ended(taskId: string): Promise<ScaffolderTask> {
  return eventually(
    () => client.getTask(taskId),
    ({ status }) => status !== 'open' && status !== 'processing',
  );
}

/** With what the client's types do not say. */
function wire(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

const lastOf = <T>(list: readonly T[]): T | undefined => list.at(-1);

describe('ScaffolderClient', () => {
  it('getTemplateParameterSchema gives the form', async () => {
    const { title, description, steps } =
      await client.getTemplateParameterSchema('template:default/greeting');
    assert.deepEqual([title, description], ['The greeting', 'For tests.']);
    assert.deepEqual(
      steps.map((step) => [step.title, step.schema['required']]),
      [['Name', ['name']]],
    );
    assert.deepEqual(await refusal(client.getTemplateParameterSchema('none')), [404, 'NotFoundError']);
  });

  it('scaffold starts a task, and getTask says when it is done, with no secret in it', async () => {
    const task = await ended(await start('greeting'));
    assert.equal(task.status, 'completed');
    assert.equal(wire(task)['createdBy'], 'user:default/anna');
    assert.deepEqual(task.spec.parameters, { name: 'shop' });
    assert.match(task.createdAt, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    assert.ok(!JSON.stringify(task).includes('hunter22'));
    assert.deepEqual(await refusal(client.getTask('none')), [404, 'NotFoundError']);
  });

  it('scaffold is refused with every value that is wrong', async () => {
    const templateRef = 'template:default/greeting';
    await assert.rejects(client.scaffold({ templateRef, values: { name: 'Not A Name' } }), (error) => {
      assert.ok(error instanceof Error);
      assert.match(error.message, /^Backend request failed, 400 /);
      const answer: unknown = JSON.parse(error.message.slice(error.message.indexOf('{')));
      assert.ok(isObject(answer) && Array.isArray(answer['errors']) && isObject(answer['errors'][0]));
      const { path, property, name } = answer['errors'][0];
      assert.deepEqual(
        { path, property, name },
        { path: ['name'], property: 'instance.name', name: 'pattern' },
      );
      return true;
    });
  });

  it('streamLogs follows a task by a stream and by asking, and both tell the same', async () => {
    const taskId = await start('greeting');
    const streamed = await logOf(client, taskId);
    const polled = await logOf(room.polling, taskId);
    assert.deepEqual(streamed, polled);
    const completion = lastOf(streamed);
    assert.equal(completion?.type, 'completion');
    assert.deepEqual(wire(completion?.body)['output'], {
      links: [{ title: 'Repository', url: 'https://example.com/shop' }],
    });
    const statuses = streamed.flatMap(({ body }) => (body.stepId === 'log' ? (body.status ?? []) : []));
    assert.deepEqual(statuses, ['processing', 'completed']);
    const text = JSON.stringify(streamed);
    assert.ok(text.includes('Hello shop') && !text.includes('hunter22'));
    const ids = streamed.map(({ id }) => id);
    assert.deepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    );
    const rest = await logOf(client, taskId, ids[1]);
    assert.deepEqual(rest, streamed.slice(2));
    assert.deepEqual(await logOf(room.polling, taskId, ids.at(-1)), [completion]);
  });

  it('cancelTask ends a task that runs, and its log', async () => {
    const taskId = await start('waiting');
    const log = logOf(client, taskId);
    await eventually(
      () => client.getTask(taskId),
      ({ status }) => status === 'processing',
    );
    assert.deepEqual(await client.cancelTask(taskId), { status: 'cancelled' });
    const types = (await log).map(({ type }) => type);
    assert.deepEqual(types.slice(-2), ['cancelled', 'completion']);
    assert.equal((await client.getTask(taskId)).status, 'cancelled');
    assert.deepEqual(await refusal(client.cancelTask(taskId)), [409, 'ConflictError']);
  });

  it('retry goes on from the step that failed', async () => {
    const taskId = await start('failing');
    const failed = lastOf(await logOf(client, taskId));
    assert.ok(isObject(wire(failed?.body)['error']));
    assert.equal((await ended(taskId)).status, 'failed');
    assert.deepEqual(await client.retry?.(taskId), { id: taskId });
    assert.equal((await ended(taskId)).status, 'completed');
    assert.equal(lastOf(await logOf(room.polling, taskId))?.type, 'completion');
    assert.deepEqual(await refusal(client.retry(taskId)), [409, 'ConflictError']);
  });

  it('listTasks gives mine, and those of all', async () => {
    const body = JSON.stringify({ templateRef: 'greeting', values: { name: 'of-eva' } });
    const headers = { authorization: 'Bearer token-eva', 'content-type': 'application/json' };
    assert.equal((await fetch(`${room.url}/v2/tasks`, { method: 'POST', headers, body })).status, 201);
    const owned = await client.listTasks({ filterByOwnership: 'owned' });
    const everybodys = await client.listTasks({ filterByOwnership: 'all' });
    assert.equal(everybodys.totalTasks, (owned.totalTasks ?? 0) + 1);
    assert.ok(owned.tasks.every((task) => wire(task)['createdBy'] === 'user:default/anna'));
    const page = await client.listTasks({ filterByOwnership: 'all', limit: 2, offset: 1 });
    assert.deepEqual(
      page.tasks.map(({ id }) => id),
      everybodys.tasks.slice(1, 3).map(({ id }) => id),
    );
  });

  it('listActions and listTemplatingExtensions say what templates can use', async () => {
    const actions = await client.listActions();
    const ids = actions.map(({ id }) => id);
    const some = ['catalog:register', 'debug:log', 'fetch:template', 'publish:git', 'test:hold'];
    assert.deepEqual(
      some.filter((id) => !ids.includes(id)),
      [],
    );
    const log = actions.find(({ id }) => id === 'debug:log');
    assert.ok(log?.schema?.input !== undefined && (log.examples?.length ?? 0) > 0);
    const { filters, globals } = await client.listTemplatingExtensions();
    const names = ['parseEntityRef', 'parseRepoUrl', 'pick', 'projectSlug'];
    assert.deepEqual(
      names.filter((name) => !(name in filters)),
      [],
    );
    assert.equal(globals.values['company']?.value, 'Harbourline');
  });

  it('dryRun runs a template that is not in the catalog', async () => {
    const made = template('tried', [
      { id: 'log', name: 'Look', action: 'debug:log', input: { message: 'It is ${{ parameters.name }}.' } },
      { id: 'hold', name: 'Hold', action: 'test:hold' },
    ]);
    const tried: TemplateEntityV1beta3 = JSON.parse(JSON.stringify(made));
    const { log, output, steps, directoryContents } = await client.dryRun({
      template: tried,
      values: { name: 'shop' },
      directoryContents: [{ path: 'skeleton/a.txt', base64Content: 'YQ==' }],
    });
    assert.ok(log.some(({ body }) => body.message.includes('It is shop.')));
    assert.deepEqual(output['links'], [{ title: 'Repository', url: 'https://example.com/shop' }]);
    assert.deepEqual([steps.map(({ id }) => id), directoryContents], [['log', 'hold'], []]);
    const wrong = client.dryRun({ template: tried, values: {}, directoryContents: [] });
    assert.equal((await refusal(wrong))[0], 400);
  });

  it('autocomplete asks a provider', async () => {
    const request = {
      token: 't',
      provider: 'harbourline',
      resource: 'repositories',
      context: { owner: 'anna' },
    };
    const { results } = (await client.autocomplete?.(request)) ?? { results: [] };
    assert.deepEqual(results, [{ id: 'repositories of anna', title: 'One' }]);
    const unknown = client.autocomplete({ ...request, provider: 'nobody' });
    assert.deepEqual(await refusal(unknown), [400, 'InputError']);
  });

  it('getIntegrationsList needs no server', async () => {
    const { integrations } = await client.getIntegrationsList({
      allowedHosts: ['github.harbourline.example'],
    });
    assert.deepEqual(
      integrations.map(({ host, type }) => [host, type]),
      [['github.harbourline.example', 'github']],
    );
  });

  it('is asked by all its methods', () => {
    const names = Object.getOwnPropertyNames(ScaffolderClient.prototype).filter(
      (name) => !INTERNAL.includes(name),
    );
    assert.deepEqual(names.toSorted(), METHODS);
  });
});

describe('the OpenAPI document of templates', () => {
  it('has every operation of the published one, under its name', () => {
    const own = Object.entries(scaffolderOpenApi().paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => `${method} ${path} ${operation.operationId}`),
    );
    assert.deepEqual(
      OPERATIONS.filter((operation) => !own.includes(operation)),
      [],
    );
  });
});
