import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import * as fc from 'fast-check';
import { ANNA, EVA, openPortal, PREFIX, SERVICE, TEMPLATE, type ScaffolderPortal } from './portal.fixture.ts';
import { line } from './tasks.fixture.ts';

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

type Headers = Readonly<Record<string, string>>;

async function ask(
  { app }: ScaffolderPortal,
  path: string,
  { as = ANNA, ...request }: { readonly as?: Headers; readonly body?: unknown; readonly post?: true } = {},
): Promise<Answer> {
  const hasBody = 'body' in request;
  const response = await app.inject({
    method: hasBody || request.post === true ? 'POST' : 'GET',
    url: `${PREFIX}${path}`,
    headers: { ...as, ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { payload: JSON.stringify(request.body) }),
  });
  const body: unknown = response.body === '' ? {} : response.json();
  return { status: response.statusCode, body: isObject(body) ? body : { list: body } };
}

/** What of an answer decides about it. */
function codeOf({ status, body }: Answer): readonly [number, unknown] {
  const error = body['error'];
  return [status, isObject(error) ? error['code'] : undefined];
}

const SCAFFOLD = { templateRef: 'template:default/service', values: { name: 'shop' } };

describe('POST /v2/tasks', () => {
  it('takes a task with the template, the values, who asks, and their secrets apart', async () => {
    await using portal = await openPortal();
    const body = { ...SCAFFOLD, secrets: { token: 'hunter22' }, extra: 'let pass' };
    assert.deepEqual(await ask(portal, '/v2/tasks', { body }), { status: 201, body: { id: 't-1' } });
    const [task] = portal.tasks.created;
    assert.deepEqual(task?.secrets, { token: 'hunter22', backstageToken: 'user:default/anna' });
    assert.deepEqual([task?.createdBy, task?.templateVersion], ['user:default/anna', '1.0.0']);
    assert.deepEqual(task?.credentials, { token: 'user:default/anna' });
    assert.deepEqual(task?.spec.parameters, { name: 'shop' });
    assert.equal(task?.spec.user?.ref, 'user:default/anna');
    assert.equal(task?.spec.user?.entity?.kind, 'User');
    assert.equal(task?.spec.templateInfo?.entityRef, 'template:default/service');
    assert.equal(task?.spec.templateInfo?.baseUrl, 'https://example.com/service/template.yaml');
    assert.deepEqual(task?.spec['callboard:approval'], TEMPLATE.spec?.['callboard:approval']);
    assert.ok(!JSON.stringify(task?.spec).includes('hunter22'));
  });

  it('takes one of a service, which is no user', async () => {
    await using portal = await openPortal();
    await ask(portal, '/v2/tasks', { body: SCAFFOLD, as: SERVICE });
    const [task] = portal.tasks.created;
    assert.deepEqual([task?.createdBy, task?.spec.user, task?.secrets], ['service', {}, {}]);
  });

  it('answers with what is wrong with the values, and takes nothing', async () => {
    await using portal = await openPortal();
    const body = { ...SCAFFOLD, values: { name: 'x' }, secrets: { token: 'abc' } };
    const { status, body: answer } = await ask(portal, '/v2/tasks', { body });
    const errors = Array.isArray(answer['errors']) ? answer['errors'] : [];
    assert.equal(status, 400);
    assert.deepEqual(
      errors.map((error: unknown) => isObject(error) && error['stack']),
      ['instance.name has to have at least 2 characters', 'secrets.token has to have at least 4 characters'],
    );
    assert.deepEqual(portal.tasks.created, []);
  });

  it('keeps secrets out of the values that it stores, and out of the log', async () => {
    await using portal = await openPortal();
    const values = { name: 'shop', token: 'hunter22' };
    await ask(portal, '/v2/tasks', { body: { ...SCAFFOLD, values } });
    assert.deepEqual(portal.tasks.created[0]?.spec.parameters, { name: 'shop', token: '******' });
    const secrets = { token: ['hunter22'], other: 'hunter22' };
    const refused = await ask(portal, '/v2/tasks', { body: { ...SCAFFOLD, secrets } });
    assert.deepEqual(codeOf(refused), [400, 'scaffolder/invalid-body']);
    const broken = { ...SCAFFOLD, templateRef: 'template:default/broken', secrets: { a: 'hunter22' } };
    assert.deepEqual(codeOf(await ask(portal, '/v2/tasks', { body: broken })), [
      400,
      'scaffolder/template-unusable',
    ]);
    assert.ok(![JSON.stringify(refused), ...portal.logged].some((text) => text.includes('hunter22')));
  });

  it('refuses bodies of another shape', async () => {
    await using portal = await openPortal();
    let deep: unknown = 1;
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    const bodies: readonly unknown[] = [
      null,
      [],
      'x',
      {},
      { ...SCAFFOLD, values: [] },
      { ...SCAFFOLD, templateRef: 7 },
      { ...SCAFFOLD, templateRef: 'component:default/service' },
      { ...SCAFFOLD, secrets: [] },
      { ...SCAFFOLD, secrets: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`s${i}`, 'x'])) },
    ];
    for (const body of bodies) {
      assert.deepEqual(codeOf(await ask(portal, '/v2/tasks', { body })), [400, 'scaffolder/invalid-body']);
    }
    const nested = `{"templateRef":"service","values":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
    const response = await portal.app.inject({
      method: 'POST',
      url: `${PREFIX}/v2/tasks`,
      headers: { ...ANNA, 'content-type': 'application/json' },
      payload: nested,
    });
    assert.equal(response.statusCode, 400);
    const gone = await ask(portal, '/v2/tasks', { body: { ...SCAFFOLD, templateRef: 'none' } });
    assert.deepEqual(codeOf(gone), [404, 'scaffolder/template-not-found']);
  });

  it('asks who it is', async () => {
    await using portal = await openPortal();
    assert.equal((await ask(portal, '/v2/tasks', { body: SCAFFOLD, as: {} })).status, 401);
  });
});

describe('GET /v2/tasks', () => {
  it('filters, and counts what a page leaves out', async () => {
    await using portal = await openPortal();
    const ids = async (query: string): Promise<readonly unknown[]> => {
      const { body } = await ask(portal, `/v2/tasks?${query}`);
      const tasks = Array.isArray(body['tasks']) ? body['tasks'] : [];
      return [body['totalTasks'], ...tasks.map((task: unknown) => isObject(task) && task['id'])];
    };
    assert.deepEqual(await ids('status=completed&status=failed'), [2, 'done', 'failed']);
    assert.deepEqual(await ids('createdBy=User:default/Anna&limit=1&offset=1'), [4, 'done']);
    assert.deepEqual(await ids('templateRef=service&limit=0'), [5]);
    assert.deepEqual(await ids('createdBy=user:default/eva'), [0]);
  });
});

describe('GET /v2/tasks/{taskId}', () => {
  it('says all that is known of a task, its steps and what it made', async () => {
    await using portal = await openPortal();
    portal.tasks.say('done', line('Beginning', { stepId: 'fetch', status: 'processing' }));
    portal.tasks.say('done', line('Finished', { stepId: 'fetch', status: 'completed' }));
    const { body } = await ask(portal, '/v2/tasks/done');
    const { spec, ...rest } = body;
    assert.ok(isObject(spec) && Array.isArray(spec['steps']));
    const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
    assert.deepEqual(rest, {
      id: 'done',
      status: 'completed',
      createdAt: at(1),
      createdBy: 'user:default/anna',
      endedAt: at(9),
      templateVersion: '1.0.0',
      attempts: 1,
      steps: [
        {
          id: 'fetch',
          name: 'Fetch',
          action: 'fetch:template',
          status: 'completed',
          startedAt: at(2),
          endedAt: at(2.001),
        },
        { id: 'register', name: 'Register', action: 'catalog:register', status: 'completed' },
      ],
      output: { text: [] },
      created: ['component:default/shop'],
      isRetryable: false,
    });
  });

  it('says what runs, and what waits for whom', async () => {
    await using portal = await openPortal();
    portal.tasks.say('runs', line('Beginning', { stepId: 'register', status: 'processing' }));
    const { body } = await ask(portal, '/v2/tasks/runs');
    const steps = Array.isArray(body['steps']) ? body['steps'] : [];
    assert.deepEqual(
      steps.map((step: unknown) => isObject(step) && step['status']),
      ['completed', 'processing'],
    );
    const waits = await ask(portal, '/v2/tasks/waits');
    const since = new Date(4_000).toISOString();
    assert.deepEqual(waits.body['waiting'], { kind: 'approval', approvalId: 'a-1', since });
    const failed = await ask(portal, '/v2/tasks/failed');
    assert.deepEqual(failed.body['error'], { name: 'Error', message: 'No.', stepId: 'fetch' });
    assert.equal(failed.body['isRetryable'], true);
  });
});

describe('what is done to a task', () => {
  it('is for who started it, and for services; everybody may look', async () => {
    for (const deed of ['cancel', 'pause', 'retry', 'resume']) {
      await using portal = await openPortal();
      const refused = await ask(portal, `/v2/tasks/runs/${deed}`, { post: true, as: EVA });
      assert.deepEqual(codeOf(refused), [403, 'scaffolder/not-allowed']);
      assert.equal((await ask(portal, '/v2/tasks/runs', { as: EVA })).status, 200);
      const service = await ask(portal, `/v2/tasks/waits/${deed}`, { post: true, as: SERVICE });
      assert.notEqual(service.status, 403, deed);
    }
  });

  it('gives a further attempt the secrets and the credentials of who asks for it', async () => {
    await using portal = await openPortal();
    const body = { secrets: { token: 'hunter22' } };
    assert.deepEqual(await ask(portal, '/v2/tasks/done/retry', { body }), {
      status: 201,
      body: { id: 'done' },
    });
    const credentials = { token: 'user:default/anna' };
    const secrets = { token: 'hunter22', backstageToken: 'user:default/anna' };
    assert.deepEqual(portal.tasks.retried, [{ secrets, credentials }]);
    assert.equal(
      (await ask(portal, '/v2/tasks/done/retry', { body: { secrets: { token: 'a' } } })).status,
      400,
    );
  });

  it('asks for passwords again that the task has asterisks for', async () => {
    await using portal = await openPortal();
    const task = await portal.tasks.get('done');
    portal.tasks.put({ ...task, spec: { ...task.spec, parameters: { name: 'shop', login: '******' } } });
    const retry = (secrets: object): ReturnType<typeof ask> =>
      ask(portal, '/v2/tasks/done/retry', { body: { secrets } });
    const token = 'hunter22';
    const refused = await retry({ token });
    assert.equal(refused.status, 400);
    assert.match(JSON.stringify(refused.body), /password:\/login.*asked for again/);
    assert.equal((await retry({ token, 'password:/login': 'kelp' })).status, 201);
  });

  it('can be pausing, and going on', async () => {
    await using portal = await openPortal();
    const paused = await ask(portal, '/v2/tasks/runs/pause', { post: true });
    const since = new Date(3_000).toISOString();
    assert.deepEqual(paused.body['waiting'], { kind: 'paused', by: 'user:default/anna', since });
    assert.equal((await ask(portal, '/v2/tasks/runs/resume', { post: true })).body['waiting'], undefined);
    const cancelled = await ask(portal, '/v2/tasks/runs/cancel', { post: true });
    assert.deepEqual(cancelled.body, { status: 'cancelled' });
  });
});

describe('POST /v2/dry-run', () => {
  const DRY = { template: TEMPLATE, values: { name: 'shop' } };

  it('hands over what is to be tried, and answers with what came of it', async () => {
    await using portal = await openPortal();
    const directoryContents = [{ path: 'skeleton/a.txt', base64Content: 'aGVsbG8=' }];
    const answer = await ask(portal, '/v2/dry-run', { body: { ...DRY, directoryContents } });
    assert.deepEqual(answer.body['directoryContents'], [
      { path: 'a/b.sh', executable: true, base64Content: 'ZWNobw==' },
    ]);
    assert.ok(Array.isArray(answer.body['steps']) && isObject(answer.body['steps'][0]));
    const [request] = portal.dryRuns;
    assert.equal(Buffer.from(request?.files[0]?.content ?? []).toString(), 'hello');
    assert.equal(request?.spec.user?.ref, 'user:default/anna');
    assert.deepEqual(request?.spec.parameters, { name: 'shop' });
    assert.deepEqual(await request?.credentials?.(), { token: 'user:default/anna' });
  });

  it('refuses files that leave their folder, and values that do not fit', async () => {
    await using portal = await openPortal();
    for (const path of ['../x', '/etc/passwd', 'a/../../x', '', 'a\\b', 'a\0b', '..']) {
      const body = { ...DRY, directoryContents: [{ path, base64Content: '' }] };
      assert.deepEqual(
        codeOf(await ask(portal, '/v2/dry-run', { body })),
        [400, 'scaffolder/invalid-body'],
        path,
      );
    }
    assert.equal((await ask(portal, '/v2/dry-run', { body: { ...DRY, values: {} } })).status, 400);
    assert.deepEqual(portal.dryRuns, []);
  });

  it('takes more than other routes, and not everything', async () => {
    await using portal = await openPortal();
    const big = (bytes: number): object => ({
      ...DRY,
      directoryContents: [{ path: 'a', base64Content: 'A'.repeat(bytes) }],
    });
    assert.equal((await ask(portal, '/v2/dry-run', { body: big(4_000_000) })).status, 200);
    assert.equal((await ask(portal, '/v2/dry-run', { body: big(11_000_000) })).status, 413);
  });
});

describe('GET /v2/created', () => {
  it('says which run made an entity, and which version the template has now', async () => {
    await using portal = await openPortal();
    const made = {
      taskId: 'done',
      entityRef: 'component:default/shop',
      currentVersion: '1.0.0',
      values: { name: 'shop' },
      createdAt: new Date(5_000).toISOString(),
    };
    const { body } = await ask(portal, '/v2/created?entityRef=Component:Shop');
    const known = {
      ...made,
      templateRef: 'template:default/service',
      templateVersion: '0.9.0',
      createdBy: 'user:default/anna',
    };
    assert.deepEqual(body['items'], [known, { ...made, currentVersion: null }]);
  });
});

describe('approvals', () => {
  it('are listed with what was asked for, and whether it is mine to decide', async () => {
    await using portal = await openPortal();
    const list = async (query: string, as: Headers): Promise<readonly unknown[]> => {
      const { body } = await ask(portal, `/v2/approvals${query}`, { as });
      const approvals = Array.isArray(body['approvals']) ? body['approvals'] : [];
      return approvals.map(
        (one: unknown) => isObject(one) && [one['id'], one['mayDecide'], one['templateTitle'], one['values']],
      );
    };
    const waiting = ['a-1', true, 'A service', { name: 'shop' }];
    assert.deepEqual(await list('?awaiting=me', EVA), [waiting]);
    assert.deepEqual(await list('?awaiting=me', ANNA), []);
    assert.deepEqual(await list('', ANNA), [
      ['a-1', false, 'A service', { name: 'shop' }],
      ['a-0', false, undefined, {}],
    ]);
    assert.deepEqual(await list('?state=rejected', EVA), [['a-0', false, undefined, {}]]);
  });

  it('are decided by people alone, and refused with a reason alone', async () => {
    await using portal = await openPortal();
    const reason = 'Too dear.';
    const path = '/v2/approvals/a-1/reject';
    assert.equal((await ask(portal, path, { body: {}, as: EVA })).status, 400);
    assert.equal((await ask(portal, path, { body: { reason }, as: SERVICE })).status, 403);
    assert.equal((await ask(portal, path, { body: { reason }, as: ANNA })).status, 403);
    const { body } = await ask(portal, path, { body: { reason }, as: EVA });
    const at = new Date(6_000).toISOString();
    assert.deepEqual(body['decisions'], [{ by: 'user:default/eva', verdict: 'reject', reason, at }]);
    assert.deepEqual([body['state'], body['mayDecide']], ['rejected', false]);
  });
});

describe('templates', () => {
  it('are shown with their form, in any case of letters, and with what will not work', async () => {
    await using portal = await openPortal();
    const { body } = await ask(portal, '/v2/templates/Default/Template/Service/parameter-schema');
    assert.deepEqual([body['title'], body['templateVersion']], ['A service', '1.0.0']);
    assert.deepEqual(body['approval'], { message: 'May it be?', by: ['group:default/board'] });
    const warnings = Array.isArray(body['warnings']) ? body['warnings'] : [];
    assert.deepEqual(
      warnings.map((one: unknown) => isObject(one) && one['code']),
      ['template/unknown-field'],
    );
    const other = await ask(portal, '/v2/templates/default/component/service/parameter-schema');
    assert.deepEqual(codeOf(other), [400, 'scaffolder/invalid-parameter']);
  });

  it('get suggestions, and no token gets out when there are none', async () => {
    await using portal = await openPortal();
    const body = { token: 'hunter22', context: { owner: 'anna' } };
    const found = await ask(portal, '/v2/autocomplete/harbourline/repos', { body });
    assert.deepEqual(found.body, { results: [{ id: 'repos/anna', title: 'One' }] });
    const broken = await ask(portal, '/v2/autocomplete/harbourline/broken', { body });
    assert.deepEqual(codeOf(broken), [503, 'scaffolder/autocomplete-failed']);
    const nobody = await ask(portal, '/v2/autocomplete/toString/repos', { body });
    assert.deepEqual(codeOf(nobody), [400, 'scaffolder/unknown-provider']);
    assert.ok(![JSON.stringify(broken), ...portal.logged].some((text) => text.includes('hunter22')));
  });
});

describe('whatever is sent', () => {
  it('is answered, and never by a failure of the server', async () => {
    await using portal = await openPortal({ heartbeat: 1, poll: 1 });
    const gets = [
      '/v2/tasks',
      '/v2/approvals',
      '/v2/created',
      '/v2/tasks/runs/events',
      '/v2/tasks/done/eventstream',
    ];
    const names = [
      'createdBy',
      'status',
      'order',
      'limit',
      'offset',
      'after',
      'state',
      'awaiting',
      'entityRef',
      'taskId',
    ];
    const odd = fc.oneof(
      fc.constantFrom(
        '',
        '-1',
        '1e9',
        '99999999999999999999',
        '%',
        '%00',
        '%ff',
        '__proto__',
        '../..',
        "' or 1=1",
        'desc:id',
        'user:',
        'a:b/c',
      ),
      fc.string({ unit: 'binary' }).map((text) => encodeURIComponent(text.toWellFormed())),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...gets),
        fc.array(fc.tuple(fc.constantFrom(...names), odd), { maxLength: 3 }),
        async (path, pairs) => {
          const query = pairs.map(([name, value]) => `${name}=${value}`).join('&');
          const { statusCode } = await portal.app.inject({ url: `${PREFIX}${path}?${query}`, headers: ANNA });
          assert.ok(statusCode < 500, `${statusCode} for ${path}?${query}`);
        },
      ),
      { numRuns: 80 },
    );
    const paths = ['tasks/$', 'tasks/$/events', 'tasks/$/base', 'templates/$/template/$/parameter-schema'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), odd, async (path, value) => {
        const url = `${PREFIX}/v2/${path.replaceAll('$', value)}`;
        const { statusCode } = await portal.app.inject({ url, headers: ANNA });
        assert.ok(statusCode < 500, `${statusCode} for ${url}`);
      }),
      { numRuns: 60 },
    );
  });

  it('as a body is answered too', async () => {
    await using portal = await openPortal();
    const posts = [
      '/v2/tasks',
      '/v2/dry-run',
      '/v2/lint',
      '/v2/autocomplete/harbourline/repos',
      '/v2/tasks/done/retry',
      '/v2/approvals/a-1/approve',
      '/v2/approvals/a-1/reject',
    ];
    const keys = fc.constantFrom(
      'templateRef',
      'values',
      'secrets',
      'template',
      'directoryContents',
      'token',
      'context',
      'reason',
      'path',
      'base64Content',
      'name',
      '__proto__',
      'kind',
      'metadata',
      'spec',
      'steps',
    );
    const leaf = fc.oneof(
      fc.constantFrom(null, true, 0, 'service', 'Template', ''),
      fc.string({ unit: 'binary' }),
    );
    const inner = fc.oneof(leaf, fc.array(leaf, { maxLength: 2 }), fc.dictionary(keys, leaf, { maxKeys: 4 }));
    const body = fc.oneof(
      leaf,
      fc.dictionary(keys, fc.oneof(inner, fc.array(inner, { maxLength: 2 })), { maxKeys: 5 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...posts), body, async (path, payload) => {
        const { status } = await ask(portal, path, { body: payload, as: EVA });
        assert.ok(status < 500, `${status} for ${path} ${JSON.stringify(payload)}`);
      }),
      { numRuns: 120 },
    );
  });
});
