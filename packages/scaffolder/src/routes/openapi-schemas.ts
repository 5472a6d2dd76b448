/** The schemas of the REST API: what is sent, and what is answered. */
import { closed, COUNT, oneOf, open, schema, TEXT, TEXTS, type Schemas } from '@callboard/kernel/openapi';
import { TASK_STATUSES } from '../tasks/task.ts';
import { APPROVAL_STATES } from './parameters.ts';
import { ANY, ANY_OBJECT, FLAG, listOf, REF, TIME } from './openapi-forms.ts';

export const TEMPLATE_SCHEMAS: Schemas = {
  TemplateParameterSchema: closed(
    {
      title: TEXT,
      description: TEXT,
      presentation: ANY,
      'ui:options': ANY,
      steps: listOf(
        closed(
          {
            title: TEXT,
            description: TEXT,
            schema: { ...ANY_OBJECT, description: 'JSON Schema, as rjsf reads it.' },
          },
          ['description'],
        ),
      ),
      formDecorators: ANY,
      EXPERIMENTAL_formDecorators: ANY,
      templateVersion: TEXT,
      approval: closed({ message: TEXT, by: TEXTS }),
      warnings: listOf(schema('Diagnostic')),
      user: schema('FormUser'),
    },
    [
      'description',
      'presentation',
      'ui:options',
      'formDecorators',
      'EXPERIMENTAL_formDecorators',
      'approval',
    ],
  ),
  Diagnostic: closed(
    {
      severity: oneOf(['error', 'warning', 'info']),
      code: TEXT,
      summary: TEXT,
      detail: TEXT,
      file: TEXT,
      line: COUNT,
      column: COUNT,
      path: { ...TEXT, description: 'Inside the document, as `spec.steps[2].id`.' },
    },
    ['detail', 'file', 'line', 'column', 'path'],
  ),
  Action: closed(
    {
      id: TEXT,
      description: TEXT,
      examples: listOf(closed({ description: TEXT, example: TEXT })),
      schema: closed({ input: ANY_OBJECT, output: ANY_OBJECT }, ['input', 'output']),
      supportsDryRun: FLAG,
    },
    ['description', 'examples', 'schema'],
  ),
  TemplatingExtensions: closed({
    filters: { type: 'object', additionalProperties: schema('TemplateFunction') },
    globals: closed({
      functions: { type: 'object', additionalProperties: schema('TemplateFunction') },
      values: {
        type: 'object',
        additionalProperties: closed({ description: TEXT, value: ANY }, ['description']),
      },
    }),
  }),
  TemplateFunction: closed(
    {
      description: TEXT,
      schema: closed({ input: ANY_OBJECT, arguments: listOf(ANY_OBJECT), output: ANY_OBJECT }, [
        'input',
        'arguments',
        'output',
      ]),
      examples: listOf(open({ example: TEXT, description: TEXT, notes: TEXT }, ['description', 'notes'])),
    },
    ['description', 'schema', 'examples'],
  ),
  AutocompleteRequest: open(
    { token: { ...TEXT, minLength: 1 }, context: { type: 'object', additionalProperties: TEXT } },
    ['context'],
  ),
  DryRunRequest: open(
    {
      template: { ...ANY_OBJECT, description: 'The entity of a template.' },
      values: ANY_OBJECT,
      secrets: schema('Secrets'),
      directoryContents: {
        ...listOf(open({ path: TEXT, base64Content: TEXT })),
        description: 'What lies beside the template.',
      },
    },
    ['secrets', 'directoryContents'],
  ),
  DryRunResult: closed(
    {
      log: listOf(closed({ body: open({ message: TEXT }) })),
      output: ANY_OBJECT,
      steps: listOf(ANY_OBJECT),
      directoryContents: listOf(closed({ path: TEXT, base64Content: TEXT, executable: FLAG })),
      changes: listOf(closed({ stepId: TEXT, files: listOf(schema('FileChange')) })),
      error: {
        ...closed({
          name: TEXT,
          message: TEXT,
          code: { type: ['string', 'null'] },
          stepId: { type: ['string', 'null'] },
        }),
        description: 'When a step failed.',
      },
    },
    ['error'],
  ),
  FileChange: closed({
    path: TEXT,
    change: oneOf(['added', 'changed', 'deleted']),
    diff: { type: ['string', 'null'], description: 'Unified; null for what is binary or large.' },
  }),
  Created: closed(
    {
      taskId: TEXT,
      entityRef: REF,
      templateRef: REF,
      templateVersion: TEXT,
      currentVersion: { type: ['string', 'null'], description: 'Null when the template is gone.' },
      values: ANY_OBJECT,
      createdAt: TIME,
      createdBy: TEXT,
    },
    ['templateRef', 'templateVersion', 'createdBy'],
  ),
};

export const TASK_SCHEMAS: Schemas = {
  Secrets: { type: 'object', additionalProperties: TEXT, description: 'By name. Never shown again.' },
  ScaffoldRequest: open({ templateRef: TEXT, values: ANY_OBJECT, secrets: schema('Secrets') }, ['secrets']),
  Task: closed(
    {
      id: TEXT,
      spec: open({ apiVersion: TEXT, parameters: ANY_OBJECT, steps: listOf(ANY_OBJECT), output: ANY_OBJECT }),
      status: oneOf(TASK_STATUSES),
      createdAt: TIME,
      lastHeartbeatAt: TIME,
      createdBy: TEXT,
      startedAt: TIME,
      endedAt: TIME,
      templateVersion: TEXT,
      attempts: COUNT,
      waiting: {
        description: 'Why it stands still.',
        anyOf: [
          closed({ kind: oneOf(['paused']), by: TEXT, since: TIME }),
          closed({ kind: oneOf(['approval']), approvalId: TEXT, since: TIME }),
        ],
      },
      steps: listOf(schema('TaskStep')),
      output: ANY_OBJECT,
      error: closed({ name: TEXT, message: TEXT, stepId: TEXT }, ['stepId']),
      created: { ...TEXTS, description: 'References of entities that it made. Not in lists.' },
      isRetryable: FLAG,
    },
    [
      'lastHeartbeatAt',
      'createdBy',
      'startedAt',
      'endedAt',
      'templateVersion',
      'waiting',
      'output',
      'error',
      'created',
    ],
  ),
  TaskStep: closed(
    {
      id: TEXT,
      name: TEXT,
      action: TEXT,
      status: oneOf(TASK_STATUSES),
      startedAt: { ...TIME, description: 'Not in lists.' },
      endedAt: { ...TIME, description: 'Not in lists.' },
    },
    ['startedAt', 'endedAt'],
  ),
  TaskEvent: closed(
    {
      id: { ...COUNT, description: 'Grows.' },
      taskId: TEXT,
      type: oneOf(['cancelled', 'completion', 'log', 'recovered']),
      createdAt: TIME,
      isTaskRecoverable: { const: true },
      body: open({ message: TEXT, stepId: TEXT, status: oneOf(TASK_STATUSES) }, ['stepId', 'status']),
    },
    ['isTaskRecoverable'],
  ),
  ValidationErrors: closed({ errors: listOf(schema('ValidationError')) }),
  ValidationError: closed({
    path: { type: 'array', items: { type: ['string', 'integer'] } },
    property: { ...TEXT, description: 'The path as text, as `instance.list[0].name`.' },
    message: TEXT,
    name: { ...TEXT, description: 'The keyword that does not hold.' },
    argument: { ...ANY, description: 'What the keyword asks for.' },
    stack: { ...TEXT, description: 'Property and message.' },
    schema: ANY_OBJECT,
    instance: { ...ANY_OBJECT, description: 'Always empty: a value may be one that nobody should see.' },
  }),
};

export const APPROVAL_SCHEMAS: Schemas = {
  Approval: closed(
    {
      id: TEXT,
      taskId: TEXT,
      stepId: { ...TEXT, description: 'Absent: it is about the whole task.' },
      stepName: TEXT,
      templateRef: REF,
      templateTitle: TEXT,
      requestedBy: TEXT,
      requestedAt: TIME,
      message: TEXT,
      approvers: { ...TEXTS, description: 'Users and groups who may decide.' },
      count: { ...COUNT, description: 'How many people have to agree.' },
      decisions: listOf(closed({ by: REF, verdict: oneOf(['approve', 'reject']), reason: TEXT, at: TIME })),
      state: oneOf(APPROVAL_STATES),
      expiresAt: TIME,
      mayDecide: { ...FLAG, description: 'Whether the caller is asked now.' },
      values: { ...ANY_OBJECT, description: 'Of the task.' },
    },
    ['stepId', 'stepName', 'templateRef', 'templateTitle', 'requestedBy', 'expiresAt'],
  ),
};
