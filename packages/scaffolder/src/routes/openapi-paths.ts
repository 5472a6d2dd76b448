/** The operations of the REST API, with the names that Backstage gives to its own. */
import {
  ANY_FAILURE,
  answer,
  jsonBody,
  closed,
  COUNT,
  failure,
  inPath,
  inQuery,
  oneOf,
  open,
  schema,
  TEXT,
  type Paths,
} from '@callboard/kernel/openapi';
import { APPROVAL_STATES, MAX_TASKS, ORDER_FIELDS } from './parameters.ts';
import { TASK_STATUSES } from '../tasks/task.ts';
import { listOf, severalInQuery, VALUES_FAILURE } from './openapi-forms.ts';

const TEMPLATES = { tags: ['Templates'] };
const TASKS = { tags: ['Tasks'] };
const APPROVALS = { tags: ['Approvals'] };

const TASK_ID = { parameters: [inPath('taskId', 'Of the task.')] };
const NO_TASK = failure('There is no such task.');
const WRONG_STATE = failure('The task is in a state in which that cannot be done.');
const CREATED_ID = answer('It was taken.', closed({ id: TEXT }));

export const TEMPLATE_PATHS: Paths = {
  '/v2/templates/{namespace}/{kind}/{name}/parameter-schema': {
    get: {
      operationId: 'GetTemplateParameterSchema',
      ...TEMPLATES,
      summary: 'Gives the form of a template.',
      parameters: [
        inPath('namespace', 'Of the template.'),
        inPath('kind', 'Always template.'),
        inPath('name', 'Of the template.'),
      ],
      responses: {
        200: answer('The form.', schema('TemplateParameterSchema')),
        404: failure('There is no such template.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/actions': {
    get: {
      operationId: 'ListActions',
      ...TEMPLATES,
      summary: 'Lists the actions that steps can use, by id.',
      responses: { 200: answer('All of them.', listOf(schema('Action'))), ...ANY_FAILURE },
    },
  },
  '/v2/templating-extensions': {
    get: {
      operationId: 'ListTemplatingExtensions',
      ...TEMPLATES,
      summary: 'Lists the filters and globals that expressions can use.',
      responses: { 200: answer('All of them.', schema('TemplatingExtensions')), ...ANY_FAILURE },
    },
  },
  '/v2/autocomplete/{provider}/{resource}': {
    post: {
      operationId: 'Autocomplete',
      ...TEMPLATES,
      summary: 'Gives suggestions for a field of a form.',
      parameters: [inPath('provider', 'As github.'), inPath('resource', 'What is looked for, as branches.')],
      requestBody: jsonBody(schema('AutocompleteRequest')),
      responses: {
        200: answer(
          'The suggestions.',
          closed({ results: listOf(closed({ id: TEXT, title: TEXT }, ['title'])) }),
        ),
        503: failure('Whoever was asked gave no answer.'),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/dry-run': {
    post: {
      operationId: 'DryRun',
      ...TEMPLATES,
      summary: 'Runs a template without changing anything but a folder that is thrown away.',
      requestBody: jsonBody(schema('DryRunRequest')),
      responses: { 200: answer('What it wrote and said.', schema('DryRunResult')), ...VALUES_FAILURE },
    },
  },
  '/v2/lint': {
    post: {
      operationId: 'LintTemplate',
      ...TEMPLATES,
      summary: 'Says what is wrong with the text of a template, and where.',
      requestBody: jsonBody(closed({ template: { ...TEXT, description: 'YAML.' } })),
      responses: {
        200: answer('What was found.', closed({ diagnostics: listOf(schema('Diagnostic')) })),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/created': {
    get: {
      operationId: 'ListCreated',
      ...TEMPLATES,
      summary: 'Says which run of which template made an entity, and with which values.',
      parameters: [{ ...inQuery('entityRef', 'Full reference of the entity.', TEXT), required: true }],
      responses: {
        200: answer('Empty when no template made it.', closed({ items: listOf(schema('Created')) })),
        ...ANY_FAILURE,
      },
    },
  },
};

export const TASK_PATHS: Paths = {
  '/v2/tasks': {
    get: {
      operationId: 'ListTasks',
      ...TASKS,
      summary: 'Lists tasks, the newest first.',
      parameters: [
        severalInQuery('createdBy', 'Reference of a user, or subject of a service.'),
        severalInQuery('status', 'What became of them.', oneOf(TASK_STATUSES)),
        severalInQuery('order', 'As `desc:created_at`; the first goes before the second.', {
          type: 'string',
          pattern: `^(asc|desc):(${ORDER_FIELDS.join('|')})$`,
        }),
        severalInQuery('templateRef', 'Reference of a template.'),
        inQuery('limit', 'How many tasks to answer with at most.', { ...COUNT, maximum: MAX_TASKS }),
        inQuery('offset', 'How many tasks to leave out before them.', COUNT),
      ],
      responses: {
        200: answer('Some of them.', closed({ tasks: listOf(schema('Task')), totalTasks: COUNT })),
        ...ANY_FAILURE,
      },
    },
    post: {
      operationId: 'Scaffold',
      ...TASKS,
      summary: 'Asks for a run of a template.',
      requestBody: jsonBody(schema('ScaffoldRequest')),
      responses: { 201: CREATED_ID, 404: failure('There is no such template.'), ...VALUES_FAILURE },
    },
  },
  '/v2/tasks/{taskId}': {
    get: {
      operationId: 'GetTask',
      ...TASKS,
      summary: 'Gives a task.',
      ...TASK_ID,
      responses: { 200: answer('The task.', schema('Task')), 404: NO_TASK, ...ANY_FAILURE },
    },
  },
  '/v2/tasks/{taskId}/cancel': {
    post: {
      operationId: 'CancelTask',
      ...TASKS,
      summary: 'Ends a task. What it did is not undone.',
      ...TASK_ID,
      responses: {
        200: answer('It is ended.', closed({ status: oneOf(TASK_STATUSES) })),
        404: NO_TASK,
        409: WRONG_STATE,
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/tasks/{taskId}/retry': {
    post: {
      operationId: 'Retry',
      ...TASKS,
      summary: 'Starts a task again from the step that failed.',
      ...TASK_ID,
      requestBody: jsonBody(open({ secrets: schema('Secrets') }, ['secrets']), { required: false }),
      responses: { 201: CREATED_ID, 404: NO_TASK, 409: WRONG_STATE, ...VALUES_FAILURE },
    },
  },
  '/v2/tasks/{taskId}/pause': {
    post: {
      operationId: 'PauseTask',
      ...TASKS,
      summary: 'Lets a task stand still before its next step.',
      ...TASK_ID,
      responses: { 200: answer('The task.', schema('Task')), 404: NO_TASK, 409: WRONG_STATE, ...ANY_FAILURE },
    },
  },
  '/v2/tasks/{taskId}/resume': {
    post: {
      operationId: 'ResumeTask',
      ...TASKS,
      summary: 'Lets a task that was paused go on.',
      ...TASK_ID,
      responses: { 200: answer('The task.', schema('Task')), 404: NO_TASK, 409: WRONG_STATE, ...ANY_FAILURE },
    },
  },
  '/v2/tasks/{taskId}/events': {
    get: {
      operationId: 'StreamLogsPolling',
      ...TASKS,
      summary: 'Gives the events of a task, and waits up to 30 s for one when there is none.',
      parameters: [
        ...TASK_ID.parameters,
        inQuery('after', 'Number of the last event that the reader has.', COUNT),
      ],
      responses: {
        200: answer('Empty when nothing happened.', listOf(schema('TaskEvent'))),
        404: NO_TASK,
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/tasks/{taskId}/base': {
    get: {
      operationId: 'GetTaskBase',
      ...TASKS,
      summary: 'Gives what the template wrote, as a tar archive, to compare later versions with.',
      ...TASK_ID,
      responses: {
        200: {
          description: 'The files.',
          content: { 'application/gzip': { schema: { type: 'string', contentEncoding: 'binary' } } },
        },
        404: failure('There is no such task, or its files are not kept.'),
        ...ANY_FAILURE,
      },
    },
  },
};

const DECIDED = {
  200: answer('The approval.', schema('Approval')),
  404: failure('There is no such approval.'),
  409: failure('It has ended, or the caller has decided before.'),
  ...ANY_FAILURE,
};

export const APPROVAL_PATHS: Paths = {
  '/v2/approvals': {
    get: {
      operationId: 'ListApprovals',
      ...APPROVALS,
      summary: 'Lists what people are asked, the newest first.',
      parameters: [
        inQuery('awaiting', 'Only what the caller is asked.', oneOf(['me'])),
        inQuery('taskId', 'Only of this task.', TEXT),
        severalInQuery('state', 'What became of it.', oneOf(APPROVAL_STATES)),
      ],
      responses: {
        200: answer('Some of them.', closed({ approvals: listOf(schema('Approval')) })),
        ...ANY_FAILURE,
      },
    },
  },
  '/v2/approvals/{id}/approve': {
    post: {
      operationId: 'Approve',
      ...APPROVALS,
      summary: 'Agrees.',
      parameters: [inPath('id', 'Of the approval.')],
      requestBody: jsonBody(open({ reason: TEXT }, ['reason']), { required: false }),
      responses: DECIDED,
    },
  },
  '/v2/approvals/{id}/reject': {
    post: {
      operationId: 'Reject',
      ...APPROVALS,
      summary: 'Refuses, which ends the task.',
      parameters: [inPath('id', 'Of the approval.')],
      requestBody: jsonBody(open({ reason: { ...TEXT, minLength: 1 } })),
      responses: DECIDED,
    },
  },
  '/openapi.json': {
    get: {
      operationId: 'GetOpenApiDocument',
      tags: ['Status'],
      summary: 'Gives this document.',
      responses: {
        200: answer(
          'OpenAPI 3.1.',
          open({ openapi: TEXT, info: { type: 'object' }, paths: { type: 'object' } }),
        ),
        ...ANY_FAILURE,
      },
    },
  },
};
