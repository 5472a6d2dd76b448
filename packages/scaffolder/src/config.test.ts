import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkConfig, configFrom, secretValues } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { parseScaffolderConfig, scaffolderConfigSchema, type ScaffolderSettings } from './config.ts';

const HOUR = 3_600_000;

/** Of what nothing is wrong with. */
function settingsOf(config: JsonObject): ScaffolderSettings {
  return faultyOf(config, []);
}

/** Of what exactly these paths are wrong in. */
function faultyOf(config: JsonObject, paths: readonly string[]): ScaffolderSettings {
  const { settings, diagnostics } = parseScaffolderConfig(configFrom(config), { cwd: '/portal' });
  assert.deepEqual(
    diagnostics.map(({ path }) => path),
    paths,
  );
  for (const { code, severity, path } of diagnostics) {
    assert.deepEqual([code, severity], ['scaffolder/config', path === UNUSED ? 'warning' : 'error']);
  }
  return settings;
}

const DEFAULTS: ScaffolderSettings = {
  author: { name: 'Scaffolder', email: 'scaffolder@backstage.io' },
  commitMessage: 'initial commit',
  concurrency: 10,
  taskTimeout: 24 * HOUR,
  staleTimeout: null,
  environment: { parameters: {}, secrets: {} },
  actions: [],
  plugins: [],
  secretKey: null,
  workspaces: null,
  keepFailed: 7 * 24 * HOUR,
  forms: { endpoints: new Map(), allow: [] },
};

const KEY = Buffer.alloc(32, 7);

/** A key that is warned of: nothing signs. */
const UNUSED = 'scaffolder.defaultCommitSigningKey';

const EVERYTHING: JsonObject = {
  backend: { workingDirectory: '/srv/tasks' },
  plugins: ['@harbourline/plugin', './plugins/own.ts', './plugins/../plugins/own.ts'],
  scaffolder: {
    defaultAuthor: { name: 'Harbourline', email: 'templates@harbourline.example' },
    defaultCommitMessage: 'chore: begin',
    defaultCommitSigningKey: 'armoured',
    concurrentTasksLimit: '3',
    taskTimeout: { hours: 2 },
    taskTimeoutJanitorFrequency: '1m',
    defaultEnvironment: { parameters: { region: 'eu', list: [1] }, secrets: { token: 'hunter22' } },
    taskRecovery: { enabled: true, staleTimeout: 'PT45S', workspaceProvider: 'database' },
    EXPERIMENTAL_recoverTasks: true,
    EXPERIMENTAL_recoverTasksTimeout: { seconds: 10 },
    EXPERIMENTAL_workspaceSerialization: true,
    EXPERIMENTAL_workspaceSerializationProvider: 'database',
    EXPERIMENTAL_gracefulShutdown: true,
    auditor: { taskParameterMaxLength: 500 },
    actions: ['./actions/ticket.ts'],
    secretKey: KEY.toString('base64'),
    keepFailed: '1d',
  },
};

describe('parseScaffolderConfig', () => {
  it('has a default for every key, also where the key is empty', () => {
    assert.deepEqual(settingsOf({}), DEFAULTS);
    assert.deepEqual(settingsOf({ scaffolder: null, plugins: null, backend: null }), DEFAULTS);
    assert.deepEqual(settingsOf({ scaffolder: {}, plugins: [] }), DEFAULTS);
  });

  it('reads all that Backstage has, and all of its own', () => {
    assert.deepEqual(faultyOf(EVERYTHING, [UNUSED]), {
      author: { name: 'Harbourline', email: 'templates@harbourline.example' },
      commitMessage: 'chore: begin',
      concurrency: 3,
      taskTimeout: 2 * HOUR,
      staleTimeout: 45_000,
      environment: { parameters: { region: 'eu', list: [1] }, secrets: { token: 'hunter22' } },
      actions: ['/portal/actions/ticket.ts'],
      plugins: ['@harbourline/plugin', '/portal/plugins/own.ts'],
      secretKey: new Uint8Array(KEY),
      workspaces: '/srv/tasks/scaffolder-workspaces',
      keepFailed: 24 * HOUR,
      forms: { endpoints: new Map(), allow: [] },
    });
  });

  it('takes the older name of a duration, a folder of its own, a key in hexadecimal, and no worker', () => {
    const settings = settingsOf({
      backend: { workingDirectory: 'work' },
      scaffolder: {
        EXPERIMENTAL_recoverTasksTimeout: '10s',
        workspaces: 'tasks',
        secretKey: KEY.toString('hex'),
        concurrentTasksLimit: 0,
      },
    });
    const { staleTimeout, workspaces, secretKey, concurrency } = settings;
    assert.deepEqual([staleTimeout, workspaces, concurrency], [10_000, '/portal/tasks', 0]);
    assert.deepEqual(secretKey, new Uint8Array(KEY));
  });

  it('says what is wrong without quoting it, and has the default there and the rest as it is written', () => {
    const config = {
      plugins: 'hunter22',
      scaffolder: {
        defaultAuthor: { name: ['hunter22'] },
        defaultCommitMessage: ' ',
        concurrentTasksLimit: -1,
        taskTimeout: 'soon',
        defaultEnvironment: { parameters: 'hunter22', secrets: { token: ['hunter22'], good: 'x' } },
        actions: ['a.ts', ''],
        secretKey: 'hunter22',
        keepFailed: '3h',
      },
    };
    const paths = [
      'scaffolder.defaultAuthor.name',
      'scaffolder.defaultCommitMessage',
      'scaffolder.concurrentTasksLimit',
      'scaffolder.taskTimeout',
      'scaffolder.defaultEnvironment.secrets.token',
      'scaffolder.defaultEnvironment.parameters',
      'scaffolder.actions',
      'plugins',
      'scaffolder.secretKey',
    ];
    const environment = { parameters: {}, secrets: { good: 'x' } };
    assert.deepEqual(faultyOf(config, paths), { ...DEFAULTS, environment, keepFailed: 3 * HOUR });
    const { diagnostics } = parseScaffolderConfig(configFrom(config), { cwd: '/' });
    assert.ok(!JSON.stringify(diagnostics).includes('hunter22'));
    for (const scaffolder of ['on', ['x'], true]) {
      assert.deepEqual(faultyOf({ scaffolder }, ['scaffolder']), DEFAULTS);
    }
    for (const part of ['defaultAuthor', 'taskRecovery', 'defaultEnvironment']) {
      assert.deepEqual(faultyOf({ scaffolder: { [part]: 'x' } }, [`scaffolder.${part}`]), DEFAULTS);
    }
    assert.deepEqual(settingsOf({ backend: 'x' }), DEFAULTS);
  });

  it('refuses keys of other lengths', () => {
    for (const secretKey of [
      '00'.repeat(31),
      Buffer.alloc(33).toString('base64'),
      '0'.repeat(32),
      '%'.repeat(44),
    ]) {
      assert.equal(faultyOf({ scaffolder: { secretKey } }, ['scaffolder.secretKey']).secretKey, null);
    }
  });
});

describe('scaffolderConfigSchema', () => {
  it('fits what is read, and lets keys of Backstage modules pass', async () => {
    const sentry = {
      ...EVERYTHING,
      scaffolder: { ...Object(EVERYTHING['scaffolder']), sentry: { token: 'x' } },
    };
    assert.deepEqual(await checkConfig(configFrom(EVERYTHING), [scaffolderConfigSchema]), []);
    const found = await checkConfig(configFrom(sentry), [scaffolderConfigSchema]);
    assert.deepEqual(
      found.filter(({ severity }) => severity === 'error'),
      [],
    );
  });

  it('calls secrets secret', () => {
    const secrets = [...secretValues(configFrom(EVERYTHING), [scaffolderConfigSchema])];
    assert.deepEqual(secrets.toSorted(), [KEY.toString('base64'), 'armoured', 'hunter22'].toSorted());
  });
});
