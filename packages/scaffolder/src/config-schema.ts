/** JSON Schema of the keys that this room reads of a configuration. `visibility: secret` marks what must never be shown. */
import type { JsonObject } from '@callboard/model';

const text = (description: string) => ({ type: 'string', description }) as const;
const secret = (description: string) => ({ type: 'string', description, visibility: 'secret' }) as const;
const flag = (description: string) => ({ type: 'boolean', description }) as const;
const number = (description: string) => ({ type: 'number', description }) as const;
const texts = (description: string) => ({ type: 'array', items: { type: 'string' }, description }) as const;
const duration = (description: string) =>
  ({ anyOf: [{ type: 'string' }, { type: 'object' }], description }) as const;
const object = (properties: JsonObject, description: string): JsonObject => ({
  type: 'object',
  properties,
  description,
});

const headers = (description: string): JsonObject => ({
  type: 'object',
  additionalProperties: { type: ['string', 'number'], visibility: 'secret' },
  description,
});

const forms = object(
  {
    endpoints: {
      type: 'object',
      additionalProperties: object(
        {
          target: text('URL that paths of templates are put below.'),
          headers: headers('Sent with every request; the browser never sees them.'),
          methods: texts('GET and POST. Default: GET.'),
          paths: texts('Paths, and what is below them, that may be asked for. Default: all.'),
          timeout: duration('Of a whole exchange. Default: 10 s.'),
          cache: duration('That an answer is used again. Default: 30 s.'),
          maxSize: {
            type: ['string', 'number'],
            description: 'Bytes of an answer, as 500kB or 2MB. Default: 2 MB.',
          },
        },
        'What sources of forms name as http.endpoint.',
      ),
      description: 'Servers that sources of forms ask, by name.',
    },
    allow: {
      type: 'array',
      items: object(
        {
          host: text('As api.example.com, with its port if that is not the usual one.'),
          paths: texts('Paths, and what is below them. Default: all.'),
        },
        'A host at a public address, which is sent no secret.',
      ),
      description: 'Hosts that sources of forms may name by URL. Default: none.',
    },
  },
  'What forms of templates may ask.',
);

/** Backstage's own. Sources of forms can use what is there; nothing else of the proxy is followed. */
const proxy: JsonObject = {
  type: 'object',
  properties: {
    endpoints: {
      type: 'object',
      additionalProperties: {
        anyOf: [
          { type: 'string' },
          {
            type: 'object',
            properties: { target: text('URL.'), headers: headers('Sent with every request.') },
          },
        ],
      },
      description: 'Endpoints that sources of forms may name, too.',
    },
  },
};

/** Backstage's own ways to save tasks. Here every task goes on after a restart, with its workspace. */
const ALWAYS = 'Taken and not used: tasks always go on after a restart, with their workspaces.';

const scaffolder = object(
  {
    defaultAuthor: object(
      {
        name: text('Default: Scaffolder.'),
        email: text('Default: scaffolder@backstage.io.'),
      },
      'Who commits what templates make, where a step names nobody.',
    ),
    defaultCommitMessage: text('Default: initial commit.'),
    defaultCommitSigningKey: secret('Taken and not used, with a warning: commits are not signed.'),
    concurrentTasksLimit: number('Tasks at the same time in one process; 0 runs none. Default: 10.'),
    taskTimeout: duration('After which a task that still runs has failed. Default: 24 h.'),
    taskTimeoutJanitorFrequency: duration('Taken and not used: a task ends when its time is up.'),
    defaultEnvironment: object(
      {
        parameters: { type: 'object', description: 'Read as `environment.parameters.<name>`.' },
        secrets: {
          type: 'object',
          additionalProperties: secret('Read as `environment.secrets.<name>` in the input of steps.'),
          description: 'Never shown, and not there in a dry-run.',
        },
      },
      'What every template can read.',
    ),
    taskRecovery: object(
      {
        enabled: flag(ALWAYS),
        staleTimeout: duration(
          'After which a task whose process is silent goes on in another. Default: 15 s.',
        ),
        workspaceProvider: text(ALWAYS),
      },
      'What becomes of tasks whose process ended.',
    ),
    EXPERIMENTAL_recoverTasks: flag(ALWAYS),
    EXPERIMENTAL_recoverTasksTimeout: duration('As taskRecovery.staleTimeout, which goes before it.'),
    EXPERIMENTAL_workspaceSerialization: flag(ALWAYS),
    EXPERIMENTAL_workspaceSerializationProvider: text(ALWAYS),
    EXPERIMENTAL_gracefulShutdown: flag(ALWAYS),
    requireScmUserCredentials: flag('Steps of forges take no token of the configuration. Default: false.'),
    auditor: object(
      { taskParameterMaxLength: number('Taken and not used.') },
      'Of the audit log of Backstage.',
    ),
    actions: texts('Files with actions of your own, relative to the working folder. Default: none.'),
    secretKey: secret(
      '32 bytes in base64 or hexadecimal that secrets of tasks are encrypted with. Default: a key is made once, in a file beside the database.',
    ),
    workspaces: text(
      'Folder that tasks work in. Default: one in backend.workingDirectory, else one beside the database.',
    ),
    keepFailed: duration(
      'How long the workspace of a task that failed is kept for a retry. Default: 7 days.',
    ),
    forms,
  },
  'Software templates.',
);

/** For the configuration to be checked against. */
export const scaffolderConfigSchema: { readonly id: 'scaffolder'; readonly schema: JsonObject } = {
  id: 'scaffolder',
  schema: {
    type: 'object',
    properties: {
      scaffolder,
      proxy,
      plugins: texts('Plugins to load: names of installed modules, and files that begin with ./ or /.'),
      backend: object(
        { workingDirectory: text('Folder for what is made and thrown away again.') },
        'Of the backend.',
      ),
    },
  },
};
