/** A portal with nothing but the REST API of templates: tasks in memory, real HTTP on loopback. */
import { CodedError, createHttp, createLog, createMetrics } from '@callboard/kernel';
import { parseRef, stringifyRef, type Entity } from '@callboard/model';
import { defineAction } from '@callboard/plugin';
import type { FastifyInstance } from 'fastify';
import type { Approval } from '../approvals/approval.ts';
import type { CatalogPort } from '../catalog-port.ts';
import { createTemplating } from '../expression/templating.ts';
import { parseTemplate } from '../template/parse-template.ts';
import { createFormChecks } from '../form/check-form.ts';
import type { FieldDeclarations } from '../form/expand-fields.ts';
import { queryEntities } from '../form/sources/query-entities.ts';
import { createSources } from '../form/sources/sources.ts';
import type { EventPace, RoutesEngine, ScaffolderRoutesDeps, WhoOf } from './deps.ts';
import { scaffolderRoutes } from './routes.ts';
import { createFakeTasks, SPEC, type FakeTasks } from './tasks.fixture.ts';

export interface ScaffolderPortal extends AsyncDisposable {
  readonly app: FastifyInstance;
  readonly tasks: FakeTasks;
  /** Base of the API; it listens. */
  readonly url: string;
  /** Every route below the prefix as `get /v2/tasks/{taskId}`; those that Fastify adds for HEAD are left out. */
  readonly routes: readonly string[];
  /** What the server wrote to its log. */
  readonly logged: readonly string[];
  readonly dryRuns: readonly AskedDryRun[];
}

type AskedDryRun = Parameters<RoutesEngine['dryRun']>[0];

export const PREFIX = '/api/scaffolder';
/** Anna started all tasks; eva is in the group that has to agree. */
export const ANNA = { authorization: 'Bearer user:default/anna' };
export const EVA = { authorization: 'Bearer user:default/eva' };
export const SERVICE = { authorization: 'Bearer service' };

export const TEMPLATE: Entity = {
  apiVersion: 'scaffolder.backstage.io/v1beta3',
  kind: 'Template',
  metadata: {
    name: 'service',
    title: 'A service',
    annotations: {
      'backstage.io/template-version': '1.0.0',
      'backstage.io/managed-by-location': 'url:https://example.com/service/template.yaml',
    },
  },
  spec: {
    type: 'service',
    parameters: {
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 2 },
        token: { type: 'string', 'ui:field': 'Secret' },
        colour: { type: 'string', 'ui:field': 'ColourPicker' },
        login: { type: 'string', 'ui:widget': 'password' },
      },
    },
    secrets: { schema: { properties: { token: { type: 'string', minLength: 4 } } } },
    steps: [
      { id: 'log', name: 'Say hello', action: 'debug:log', input: { message: '${{ parameters.name }}' } },
    ],
    output: { links: [{ title: 'Repository', url: 'https://example.com' }] },
    'callboard:approval': { by: ['group:default/board'], message: 'May it be?' },
  },
};

/** Its account follows its service, and its region the account. */
export const ACCOUNT_TEMPLATE: Entity = {
  ...TEMPLATE,
  metadata: { name: 'workload', title: 'A workload' },
  spec: {
    type: 'service',
    parameters: [
      {
        required: ['service'],
        properties: {
          service: { type: 'string' },
          account: { type: 'string', 'ui:field': 'AccountPicker' },
          region: {
            type: 'string',
            'ui:source': { static: ['eu', 'us'] },
            'ui:default': "'eu'",
            'ui:disabled': "form.account = '1'",
          },
          reason: { type: 'string', 'ui:visible': "form.region = 'us'", 'ui:required': 'true' },
          owner: { type: 'string', 'ui:field': 'OwnerPicker', 'ui:options': { allowArbitraryValues: false } },
          token: { type: 'string', 'ui:field': 'Secret' },
        },
      },
    ],
    steps: [{ id: 'log', name: 'Say hello', action: 'debug:log', input: {} }],
  },
};

const ACCOUNTS = [
  { id: '1', name: 'shop-account' },
  { id: '2', name: 'yard-account' },
];

/** A field of a plugin that is nothing but rules. */
const FIELDS: FieldDeclarations = {
  AccountPicker: {
    description: 'Picks an account.',
    schema: {
      returnValue: { type: 'string' },
      uiOptions: { properties: { autofillFrom: { type: 'string' } }, additionalProperties: false },
    },
    examples: [{ description: 'An account', example: 'ui:field: AccountPicker' }],
    expand: () => ({
      'ui:source': { provider: 'harbourline:accounts', value: 'id', label: 'name' },
      'ui:default': "options[label = $$.form.service & '-account'][0].value",
    }),
  },
};

const BROKEN: Entity = {
  ...TEMPLATE,
  metadata: { name: 'broken' },
  spec: { type: 'service', steps: 'none' },
};
const ANNA_ENTITY: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'anna' },
  spec: {},
};

const ENTITIES: Readonly<Record<string, Entity>> = {
  'template:default/service': TEMPLATE,
  'template:default/broken': BROKEN,
  'template:default/workload': ACCOUNT_TEMPLATE,
  'user:default/anna': ANNA_ENTITY,
};

const debugLog = defineAction({
  id: 'debug:log',
  description: 'Writes a line.',
  examples: [{ example: 'steps: []' }],
  supportsDryRun: true,
  schema: { input: { type: 'object', properties: { message: { type: 'string' } } } },
  handler: async () => undefined,
});

/** `pace`: long enough to never come, where the test does not say. */
export async function openPortal(
  pace: EventPace = { heartbeat: 3_600_000, poll: 3_600_000 },
): Promise<ScaffolderPortal> {
  const tasks = fillTasks(createFakeTasks());
  const logged: string[] = [];
  const dryRuns: AskedDryRun[] = [];
  const app = createHttp({
    log: createLog({ write: (text) => logged.push(text) }),
    metrics: createMetrics(),
    health: { isReady: () => true },
  });
  const routes: string[] = [];
  app.addHook('onRoute', ({ method, url }) => {
    if (!url.startsWith(PREFIX)) return;
    for (const each of [method].flat()) if (each !== 'HEAD') routes.push(toOperation(each, url));
  });
  const catalog: Pick<CatalogPort, 'entity' | 'query'> = {
    entity: async (ref) => (Object.hasOwn(ENTITIES, ref) ? (ENTITIES[ref] ?? null) : null),
    query: async (asked) => queryEntities(Object.values(ENTITIES), asked),
  };
  const sources = createSources({
    settings: { endpoints: new Map(), allow: [] },
    catalog,
    providers: {
      'harbourline:accounts': async ({ user }) => {
        if (user.ref === 'user:default/eva') throw new Error('The accounts are closed.');
        return ACCOUNTS;
      },
    },
    request: async () => {
      throw new Error('There is no network.');
    },
    now: Date.now,
  });
  const engine: RoutesEngine = {
    actions: { find: (id) => (id === debugLog.id ? debugLog : null), list: () => [debugLog] },
    templating: createTemplating({ globals: { company: { value: 'Harbourline' } } }),
    forms: createFormChecks({ sources, declarations: FIELDS, catalog }),
    sources,
    fields: FIELDS,
    fieldPlugins: { AccountPicker: 'harbourline' },
    dryRun: async (request) => {
      dryRuns.push(request);
      return {
        log: [{ body: { message: 'hello', stepId: 'log', status: 'completed' } }],
        output: {},
        steps: request.spec.steps,
        directoryContents: [{ path: 'a/b.sh', base64Content: 'ZWNobw==', executable: true }],
        changes: [{ stepId: 'log', files: [{ path: 'a/b.sh', change: 'added', diff: null }] }],
      };
    },
    lint: async ({ text }) =>
      text === ''
        ? []
        : [{ severity: 'error', code: 'template/none', summary: 'There is no template', line: 1 }],
    autocomplete: {
      harbourline: async ({ resource, token, context }) => {
        if (resource === 'broken') throw new Error(`The forge refused ${token}.`);
        return { results: [{ id: `${resource}/${context['owner'] ?? ''}`, title: 'One' }] };
      },
    },
  };
  const deps: ScaffolderRoutesDeps = {
    tasks,
    approvals: createFakeApprovals(),
    engine: async () => engine,
    catalog,
    customFields: async () => ['OtherPicker'],
    parseTemplate,
    memory: {
      createdFrom: async (entityRef) => (entityRef === CREATED.entityRef ? [CREATED, UNKNOWN] : []),
      createdBy: async (taskId) => (taskId === CREATED.taskId ? [CREATED, CREATED] : []),
      base: async (id) => (id === 'done' ? Buffer.from('packed') : null),
    },
    whoOf,
    pace,
  };
  await app.register(async (scope) => scaffolderRoutes(scope, deps), { prefix: PREFIX });
  const url = `${await app.listen({ host: '127.0.0.1', port: 0 })}${PREFIX}`;
  return { app, tasks, url, routes, logged, dryRuns, [Symbol.asyncDispose]: () => app.close() };
}

const CREATED = {
  taskId: 'done',
  entityRef: 'component:default/shop',
  templateRef: 'template:default/service',
  templateVersion: '0.9.0',
  values: { name: 'shop' },
  createdAt: 5_000,
  createdBy: 'user:default/anna',
};

/** By a task of long ago. */
const UNKNOWN = { ...CREATED, templateRef: null, templateVersion: null, createdBy: null };

/** One that runs, one that completed, one that failed, one that waits for people. */
function fillTasks(tasks: FakeTasks): FakeTasks {
  const output = { entityRef: 'component:default/shop' };
  const state = { checkpoints: {}, failure: null };
  const fetched = { fetch: { status: 'completed', output: {} } } as const;
  tasks.put({ id: 'runs', startedAt: 1_500, lastHeartbeatAt: 1_600, state: { ...state, steps: fetched } });
  tasks.put({
    id: 'done',
    status: 'completed',
    endedAt: 9_000,
    templateVersion: '1.0.0',
    output: { text: [] },
    state: { ...state, steps: { ...fetched, register: { status: 'completed', output } } },
  });
  tasks.put({
    id: 'failed',
    status: 'failed',
    error: { name: 'Error', message: 'No.', stepId: 'fetch' },
    createdBy: null,
  });
  tasks.put({ id: 'waits', waiting: { kind: 'approval', approvalId: 'a-1', since: 4_000 } });
  tasks.put({ id: 'over', spec: { ...SPEC, EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy: 'startOver' } } });
  return tasks;
}

const APPROVAL: Approval = {
  id: 'a-1',
  taskId: 'waits',
  stepId: null,
  stepName: null,
  templateRef: 'template:default/service',
  requestedBy: 'user:default/anna',
  requestedAt: 4_000,
  rule: {
    by: ['group:default/board'],
    count: 1,
    message: 'May it be?',
    remindEvery: null,
    expiresAfter: null,
    allowRequester: false,
  },
  approvers: ['group:default/board'],
  state: 'waiting',
  expiresAt: 90_000,
  remindedAt: null,
  decisions: [],
  endedAt: null,
};

function createFakeApprovals(): ScaffolderRoutesDeps['approvals'] {
  const old: Approval = {
    ...APPROVAL,
    id: 'a-0',
    taskId: 'gone',
    stepId: 'fetch',
    stepName: 'Fetch',
    state: 'rejected',
    expiresAt: null,
    decisions: [{ by: 'user:default/eva', verdict: 'reject', reason: 'No.', at: 4_500 }],
  };
  const stored = new Map([APPROVAL, old].map((approval) => [approval.id, approval]));
  return {
    list: async ({ awaiting, for: person, taskId, state }) =>
      [...stored.values()].filter(
        (one) =>
          (awaiting === undefined || one.approvers.some((ref) => awaiting.includes(ref))) &&
          (person === undefined || one.requestedBy !== person) &&
          (taskId === undefined || one.taskId === taskId) &&
          (state === undefined || state.includes(one.state)),
      ),
    decide: async (id, { verdict, by, reason }) => {
      const approval = stored.get(id);
      if (approval === undefined) throw new CodedError(404, 'scaffolder/approval-not-found', 'None.');
      if (approval.state !== 'waiting') throw new CodedError(409, 'scaffolder/approval-ended', 'It ended.');
      if (!by.ownership.includes('group:default/board')) {
        throw new CodedError(403, 'scaffolder/approval-not-yours', 'It is not yours.');
      }
      const decided: Approval = {
        ...approval,
        state: verdict === 'approve' ? 'approved' : 'rejected',
        decisions: [{ by: by.ref, verdict, reason, at: 6_000 }],
      };
      stored.set(id, decided);
      return decided;
    },
  };
}

const whoOf: WhoOf = async ({ headers }) => {
  const token = headers.authorization?.replace('Bearer ', '');
  if (token === undefined) throw new CodedError(401, 'test/nobody', 'Missing credentials');
  const ref = parseRef(token);
  const credentials = { token };
  if (ref === null) return { kind: 'service', ref: token, ownership: [], credentials };
  const ownership = token === 'user:default/eva' ? [token, 'group:default/board'] : [token];
  return { kind: 'user', ref: stringifyRef(ref), ownership, credentials, token };
};

function toOperation(method: string, url: string): string {
  return `${method.toLowerCase()} ${url.slice(PREFIX.length).replace(/:(\w+)/g, '{$1}')}`;
}
