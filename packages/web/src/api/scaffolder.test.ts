import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Client, ClientDeps, Request } from './client.ts';
import { ApiError } from './error.ts';
import {
  isWithoutScaffolder,
  readSuggestions,
  readTemplateForm,
  startTask,
  toTemplateForm,
  type NewTask,
} from './scaffolder.ts';
import { decide, readApprovals } from './scaffolder-approvals.ts';
import { dryRun, lintTemplate, readActions, readExtensions } from './scaffolder-authoring.ts';
import {
  actOnTask,
  readCreatedFrom,
  readTask,
  readTaskEvents,
  readTasks,
  retryTask,
} from './scaffolder-tasks.ts';

const { signal } = new AbortController();
const TEMPLATE = { kind: 'Template', namespace: 'default', name: 'New service' };
const NONSENSE: readonly unknown[] = [null, 7, 'x', [], {}];

function server(answer: unknown): { readonly client: Client; readonly asked: Request[] } {
  const asked: Request[] = [];
  const client: Client = async (request) => {
    asked.push(request);
    return answer;
  };
  return { client, asked };
}

function wire(status: number, body: unknown): { readonly deps: ClientDeps; readonly sent: unknown[] } {
  const sent: unknown[] = [];
  const deps: ClientDeps = {
    session: { token: async () => 't', renew: async () => 't' },
    fetch: async (_path, init) => {
      const text = init?.body;
      sent.push(typeof text === 'string' ? JSON.parse(text) : null);
      return Response.json(body, { status });
    },
  };
  return { deps, sent };
}

describe('readTemplateForm', () => {
  it('reads pages, labels, decorators, who has to agree and what will not work', async () => {
    const { client, asked } = server({
      title: 'A service',
      presentation: { buttonLabels: { createButtonText: 'Make' } },
      steps: [{ title: 'One', schema: { properties: {} } }, { schema: null }],
      EXPERIMENTAL_formDecorators: [{ id: 'token', input: { a: 1 } }, {}],
      templateVersion: '1.2',
      approval: { message: 'Ask', by: ['group:default/x', 7] },
      warnings: [{ severity: 'warning', code: 'c', summary: 's', path: 'spec', line: 3 }, { code: 'none' }],
      user: { ref: 'user:default/anna', name: 'anna', displayName: 'Anna', groups: ['group:default/x', 7] },
    });
    assert.deepEqual(await readTemplateForm(client, TEMPLATE, signal), {
      title: 'A service',
      description: null,
      labels: { back: null, create: 'Make', review: null },
      pages: [
        { title: 'One', description: null, schema: { properties: {} } },
        { title: null, description: null, schema: {} },
      ],
      decorators: [{ id: 'token', input: { a: 1 } }],
      version: '1.2',
      approval: { message: 'Ask', by: ['group:default/x'] },
      warnings: [{ severity: 'warning', code: 'c', summary: 's', path: 'spec', line: 3 }],
      user: {
        ref: 'user:default/anna',
        name: 'anna',
        displayName: 'Anna',
        email: null,
        groups: ['group:default/x'],
      },
    });
    assert.equal(
      asked[0]?.path,
      '/api/scaffolder/v2/templates/default/template/new%20service/parameter-schema',
    );
  });

  it('is no form without pages', () => {
    for (const answer of NONSENSE) assert.throws(() => toTemplateForm(answer), ApiError);
  });
});

describe('startTask', () => {
  const task: NewTask = { template: TEMPLATE, values: { a: 1 }, secrets: { s: 'x' } };

  it('sends the values, and the secrets apart from them', async () => {
    const { deps, sent } = wire(201, { id: 'one' });
    assert.deepEqual(await startTask(deps, task), { kind: 'started', taskId: 'one' });
    assert.deepEqual(sent, [
      { templateRef: 'template:default/new service', values: { a: 1 }, secrets: { s: 'x' } },
    ]);
  });

  it('answers what the server does not take', async () => {
    const errors = [{ path: ['a', 0], message: 'is wrong', name: 'required', argument: 'b' }, { path: [] }];
    assert.deepEqual(await startTask(wire(400, { errors }).deps, task), {
      kind: 'invalid',
      problems: [{ path: ['a', 0], message: 'is wrong', word: 'required', argument: 'b' }],
    });
  });

  it('rejects for any other refusal, and without a task', async () => {
    await assert.rejects(
      startTask(wire(400, { error: { name: 'InputError', message: 'no' } }).deps, task),
      (thrown: unknown) => thrown instanceof ApiError && thrown.status === 400 && thrown.message === 'no',
    );
    await assert.rejects(startTask(wire(201, {}).deps, task), ApiError);
  });
});

describe('readSuggestions', () => {
  it('reads names, and keeps the token in the body', async () => {
    const { client, asked } = server({ results: [{ id: 'a', title: 'A' }, { id: 'b' }, {}] });
    const query = { provider: 'github', resource: 'branches', token: 't', context: { owner: 'o' } };
    assert.deepEqual(await readSuggestions(client, query, signal), [
      { id: 'a', title: 'A' },
      { id: 'b', title: null },
    ]);
    assert.equal(asked[0]?.path, '/api/scaffolder/v2/autocomplete/github/branches');
  });
});

describe('isWithoutScaffolder', () => {
  it('tells a portal without templates from one without this template', () => {
    assert.equal(isWithoutScaffolder(new ApiError(404, 'NotFoundError', 'x')), true);
    const code = 'scaffolder/template-not-found';
    assert.equal(isWithoutScaffolder(new ApiError(404, 'NotFoundError', 'x', { code })), false);
    assert.equal(isWithoutScaffolder(new ApiError(500, 'Error', 'x')), false);
  });
});

const TASK = {
  id: 't1',
  status: 'processing',
  createdAt: '2026-01-02T03:04:05.000Z',
  createdBy: 'user:default/anna',
  spec: {
    parameters: { name: 'shop' },
    templateInfo: { entityRef: 'template:default/x', entity: { metadata: { title: 'X' } } },
    steps: [{ id: 'a', name: 'A', action: 'debug:log' }],
  },
  waiting: { kind: 'approval', approvalId: 'p1', since: '2026-01-02T03:04:06.000Z' },
  output: { links: [{ title: 'Repo', url: 'https://x.test/' }], text: [{ content: '# Hi' }], extra: 1 },
  created: ['component:default/shop', 7],
  isRetryable: true,
};

describe('readTask', () => {
  it('reads what it is, what it waits for and what came of it', async () => {
    const task = await readTask(server(TASK).client, 't1', signal);
    assert.equal(task.templateTitle, 'X');
    assert.deepEqual(task.values, { name: 'shop' });
    assert.deepEqual(task.waiting, {
      kind: 'approval',
      approvalId: 'p1',
      since: new Date('2026-01-02T03:04:06.000Z'),
    });
    assert.deepEqual(task.steps, [
      { id: 'a', name: 'A', action: 'debug:log', status: 'open', startedAt: null, endedAt: null },
    ]);
    assert.deepEqual(task.output?.others, { extra: 1 });
    assert.equal(task.output?.links[0]?.url, 'https://x.test/');
    assert.deepEqual(task.created, [{ kind: 'component', namespace: 'default', name: 'shop' }]);
    assert.equal(task.attempts, 1);
  });

  it('rejects an answer that is no task', async () => {
    for (const answer of NONSENSE)
      await assert.rejects(readTask(server(answer).client, 'x', signal), ApiError);
  });
});

describe('readTasks', () => {
  it('asks for the newest first, as far as they are chosen', async () => {
    const { client, asked } = server({ tasks: [TASK], totalTasks: 9 });
    const query = {
      statuses: ['open', 'failed'],
      createdBy: ['user:default/anna'],
      template: 'template:default/x',
    } as const;
    const page = await readTasks(client, { query, offset: 20, limit: 10 }, signal);
    assert.equal(page.total, 9);
    const params = new URL(asked[0]?.path ?? '', 'http://portal.test').searchParams;
    assert.deepEqual(params.getAll('status'), ['open', 'failed']);
    assert.equal(params.get('order'), 'desc:created_at');
    assert.equal(params.get('templateRef'), 'template:default/x');
  });
});

describe('readTaskEvents', () => {
  it('reads the events that it knows', async () => {
    const { client, asked } = server([
      { id: 4, type: 'log', createdAt: 'x', body: { message: 'm', stepId: 's', status: 'completed' } },
      { id: 'x', type: 'log' },
      { id: 5, type: 'other' },
    ]);
    assert.deepEqual(await readTaskEvents(client, { id: 't', after: 3 }, signal), [
      { id: 4, type: 'log', at: null, message: 'm', stepId: 's', status: 'completed' },
    ]);
    assert.equal(asked[0]?.path, '/api/scaffolder/v2/tasks/t/events?after=3');
  });
});

describe('retryTask', () => {
  it('sends secrets again; other actions send nothing', async () => {
    const { client, asked } = server({});
    await retryTask(client, 't', { a: 'b' });
    await actOnTask(client, 't', 'pause');
    assert.deepEqual(
      asked.map(({ path, body }) => [path, body]),
      [
        ['/api/scaffolder/v2/tasks/t/retry', { secrets: { a: 'b' } }],
        ['/api/scaffolder/v2/tasks/t/pause', {}],
      ],
    );
  });
});

describe('readCreatedFrom', () => {
  it('reads where an entity came from', async () => {
    const items = [
      { taskId: 't', templateRef: 'template:default/x', templateVersion: '1', currentVersion: null },
    ];
    const [found] = await readCreatedFrom(server({ items }).client, 'component:default/shop', signal);
    assert.equal(found?.templateVersion, '1');
    assert.equal(found?.currentVersion, null);
  });
});

describe('readApprovals', () => {
  it('reads them, and asks for what awaits the person', async () => {
    const { client, asked } = server({ approvals: [{ id: 'p', taskId: 't', count: 2, mayDecide: true }] });
    const [approval] = await readApprovals(client, { awaiting: 'me' }, signal);
    assert.equal(asked[0]?.path, '/api/scaffolder/v2/approvals?awaiting=me');
    assert.equal(approval?.count, 2);
    assert.equal(approval?.mayDecide, true);
  });

  it('sends a reason only when there is one', async () => {
    const { client, asked } = server({ id: 'p' });
    await decide(client, { id: 'p', verdict: 'approve', reason: '' });
    await decide(client, { id: 'p', verdict: 'reject', reason: 'no' });
    assert.deepEqual(
      asked.map(({ body }) => body),
      [{}, { reason: 'no' }],
    );
  });
});

describe('readActions', () => {
  it('reads their schemas and examples', async () => {
    const [action] = await readActions(
      server([{ id: 'a', schema: { input: { type: 'object' } }, examples: [{ example: 'x: 1' }, {}] }, {}])
        .client,
      signal,
    );
    assert.deepEqual(action, {
      id: 'a',
      description: null,
      examples: [{ description: null, text: 'x: 1' }],
      input: { type: 'object' },
      output: null,
    });
  });
});

describe('readExtensions', () => {
  it('reads filters, functions and values', async () => {
    const answer = {
      filters: { pick: {} },
      globals: { functions: { now: {} }, values: { who: { value: 7 } } },
    };
    const found = await readExtensions(server(answer).client, signal);
    assert.deepEqual(
      found.map(({ name, kind, value }) => [name, kind, value]),
      [
        ['pick', 'filter', undefined],
        ['now', 'function', undefined],
        ['who', 'value', 7],
      ],
    );
  });
});

describe('dryRun', () => {
  it('reads files and what each step changed, or what is wrong with the values', async () => {
    const request = { template: {}, values: {}, secrets: {}, files: [{ path: 'a', base64: 'AA==' }] };
    const answer = {
      log: [{ body: { message: 'm' } }],
      directoryContents: [{ path: 'a', base64Content: 'AA==', executable: true }, {}],
      changes: [
        {
          stepId: 's',
          files: [
            { path: 'a', change: 'added', diff: null },
            { path: 'b', change: 'x' },
          ],
        },
      ],
    };
    const { deps, sent } = wire(200, answer);
    const result = await dryRun(deps, request, signal);
    assert.equal(result.kind, 'ran');
    if (result.kind !== 'ran') return;
    assert.deepEqual(result.run.files, [{ path: 'a', base64: 'AA==', isExecutable: true }]);
    assert.deepEqual(result.run.changes, [
      { stepId: 's', files: [{ path: 'a', change: 'added', diff: null }] },
    ]);
    assert.deepEqual(Object(sent[0]).directoryContents, [{ path: 'a', base64Content: 'AA==' }]);
    const refused = await dryRun(wire(400, { errors: [{ path: [], message: 'x' }] }).deps, request, signal);
    assert.equal(refused.kind, 'invalid');
  });
});

describe('lintTemplate', () => {
  it('reads diagnostics', async () => {
    const { client } = server({
      diagnostics: [{ severity: 'error', code: 'c', summary: 's', line: 1, column: 2 }],
    });
    assert.deepEqual(await lintTemplate(client, 'x', signal), [
      { severity: 'error', code: 'c', summary: 's', line: 1, column: 2 },
    ]);
  });
});
