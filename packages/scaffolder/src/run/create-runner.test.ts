import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import { defineAction, type Action } from '@callboard/plugin';
import { parseTemplate } from '../template/parse-template.ts';
import { toTaskSpec } from '../template/to-task-spec.ts';
import { ECHO, FAIL, outputOf, runSteps, specOf, type StepPart } from './run.fixture.ts';
import { Suspended } from './run.ts';

const ACTIONS = [ECHO, FAIL];

const echo = (input: JsonObject, more: Partial<StepPart> = {}): StepPart => ({
  action: 'test:echo',
  input,
  ...more,
});

describe('createRunner: steps and output', () => {
  it('hands values from step to step and into the output, types kept', async () => {
    const spec = specOf(
      [
        echo(
          { n: '${{ parameters.count }}', who: '${{ user.ref }}', id: '${{ context.task.id }}' },
          { id: 'a' },
        ),
        echo(
          { twice: '${{ steps.a.output.n * 2 }}', region: '${{ environment.parameters.region }}' },
          { id: 'b' },
        ),
      ],
      {
        parameters: { count: 4 },
        user: { ref: 'user:default/eva' },
        output: {
          a: '${{ steps.a.output }}',
          b: '${{ steps["b"].output.twice }}',
          r: '${{ steps.b.output.region }}',
        },
      },
    );
    const run = await runSteps(ACTIONS, spec, { environment: { parameters: { region: 'eu' }, secrets: {} } });
    assert.deepEqual(outputOf(run), { a: { n: 4, who: 'user:default/eva', id: 'task-1' }, b: 8, r: 'eu' });
  });

  it('writes the lines that clients wait for', async () => {
    const spec = specOf([echo({}), echo({}, { if: '${{ false }}' }), { action: 'test:fail' }, echo({})]);
    const { log, ended } = await runSteps(ACTIONS, spec);
    assert.deepEqual(
      log.map(({ message, stepId, status }) => [message, stepId, status]),
      [
        ['Starting up task with 4 steps', undefined, undefined],
        ['Beginning step Step 0', 's0', 'processing'],
        ['Finished step Step 0', 's0', 'completed'],
        ['Skipping step s1 because its if condition was false', 's1', 'skipped'],
        ['Beginning step Step 2', 's2', 'processing'],
        ['Error: it failed', 's2', 'failed'],
        ['Skipping step s3 because a previous step failed', 's3', 'skipped'],
      ],
    );
    assert.deepEqual(ended, ['s0:completed', 's1:skipped', 's2:failed', 's3:skipped']);
  });

  const conditions: readonly [condition: string | boolean | undefined, runs: boolean][] = [
    [undefined, true],
    [true, true],
    [false, false],
    ['', false],
    ['false', true],
    ['${{ "false" }}', true],
    ['${{ false }}', false],
    ['${{ [] }}', false],
    ['${{ parameters.missing }}', false],
    ['${{ parameters.missing | nosuch }}', true],
    ['${{ secrets.token }}', false],
    ['${{ failure() }}', false],
    ['${{ always() }}', true],
  ];
  for (const [condition, runs] of conditions) {
    it(`${runs ? 'runs' : 'skips'} a step with the if ${JSON.stringify(condition)}`, async () => {
      const more = condition === undefined ? {} : { if: condition };
      const { ended } = await runSteps(ACTIONS, specOf([echo({}, more)]), { secrets: { token: 'x' } });
      assert.deepEqual(ended, [`s0:${runs ? 'completed' : 'skipped'}`]);
    });
  }

  it('shows the links and texts whose if holds, without it', async () => {
    const output = {
      links: [
        { title: 'yes', if: '${{ parameters.on }}', url: 'x' },
        { title: 'no', if: '${{ parameters.off }}' },
        { title: 'undefined', if: '${{ parameters.nothing }}' },
        { title: 'plain' },
      ],
      text: [{ if: false, content: 'no' }, { if: '${{ [] }}', content: 'no' }, { content: '# yes' }],
      other: [{ if: false }],
    };
    const run = await runSteps(ACTIONS, specOf([], { parameters: { on: true, off: false }, output }));
    assert.deepEqual(outputOf(run), {
      links: [{ title: 'yes', url: 'x' }, { title: 'plain' }],
      text: [{ content: '# yes' }],
      other: [{ if: false }],
    });
  });

  it('gives steps what was typed into password inputs, and shows it nowhere', async () => {
    const spec = specOf(
      [
        {
          action: 'test:echo',
          id: 'a',
          input: { login: '${{ parameters.login }}', loud: '${{ parameters.login | upper }}!' },
        },
      ],
      {
        parameters: { login: '******' },
        output: { told: 'with ${{ parameters.login }}', stepped: '${{ steps.a.output }}' },
      },
    );
    let given: unknown = null;
    const spy = {
      ...ECHO,
      handler: async (context: Parameters<typeof ECHO.handler>[0]) => {
        given = context.input;
        context.logger.info(`took ${JSON.stringify(context.input)}`);
        await ECHO.handler(context);
      },
    };
    const run = await runSteps([spy], spec, { secrets: { 'password:/login': 'kelp-forest' } });
    assert.deepEqual(given, { login: 'kelp-forest', loud: 'KELP-FOREST!' });
    const shown = JSON.stringify([run.messages, run.state, outputOf(run)]);
    assert.doesNotMatch(shown, /kelp-forest/i);
    assert.equal(outputOf(run)['told'], 'with ******');
  });

  it('lets steps of one written id share its output: the last that ran', async () => {
    const steps = [
      { id: 'publish', action: 'test:echo', if: false, input: { url: 'one' } },
      { id: 'publish', action: 'test:echo', input: { url: 'two' } },
      { id: 'publish', action: 'test:echo', if: false, input: { url: 'three' } },
    ];
    const { template } = parseTemplate({
      apiVersion: 'scaffolder.backstage.io/v1beta3',
      kind: 'Template',
      metadata: { name: 't' },
      spec: { type: 'x', steps, output: { url: '${{ steps.publish.output.url }}' } },
    });
    assert.ok(template !== null);
    assert.deepEqual(outputOf(await runSteps(ACTIONS, toTaskSpec({ template, values: {} }))), { url: 'two' });
  });
});

describe('createRunner: failures', () => {
  it('runs only steps that ask always() or failure() after one, and ends with the first error', async () => {
    const spec = specOf([
      { action: 'test:fail', input: { message: 'first' } },
      echo({}, { if: '${{ always() }}' }),
      echo({}, { if: '${{ failure() }}' }),
      echo({}, { if: '${{ not failure() }}' }),
      echo({}, { if: true }),
      echo({}, { if: '${{ true }}' }),
      { action: 'test:fail', if: '${{ failure() and steps.s2 }}', input: { message: 'second' } },
    ]);
    const { outcome, ended } = await runSteps(ACTIONS, spec);
    assert.deepEqual(ended, [
      's0:failed',
      's1:completed',
      's2:completed',
      's3:skipped',
      's4:skipped',
      's5:skipped',
      's6:failed',
    ]);
    assert.equal(outcome.status, 'failed');
    assert.ok(outcome.status === 'failed');
    assert.equal(outcome.stepId, 's0');
    assert.equal(outcome.error.message, 'first');
  });

  it('names an unknown action, and the step with it', async () => {
    const { outcome } = await runSteps(ACTIONS, specOf([{ action: 'no:such' }]));
    assert.ok(outcome.status === 'failed');
    assert.match(outcome.error.message, /"Step 0".*steps\[0\].*"no:such"/);
  });

  it('ends an endless loop of an expression with an error, in input, if, each and output', async () => {
    const endless = '${{ 1 }}{% for i in range(100000000) %}{% endfor %}';
    for (const step of [echo({ a: endless }), echo({}, { if: endless }), echo({}, { each: endless })]) {
      const { outcome } = await runSteps(ACTIONS, specOf([step]));
      assert.ok(outcome.status === 'failed' && outcome.stepId === 's0');
      assert.match(outcome.error.message, /steps\[0\]\.(input\.a|if|each)/);
    }
    const { outcome } = await runSteps(ACTIONS, specOf([], { output: { x: endless } }));
    assert.ok(outcome.status === 'failed');
    assert.match(outcome.error.message, /output\.x/);
  });

  it('tells each expression that was used as text', async () => {
    const run = await runSteps(ACTIONS, specOf([echo({ a: ['x', '${{ parameters.b | nosuch }}'] })]));
    assert.match(run.messages, /steps\[0\]\.input\.a\[1\] \(line 1, column 20\).*"nosuch"/);
    assert.deepEqual(run.state.steps['s0']?.output, { a: ['x', '${{ parameters.b | nosuch }}'] });
  });

  it('refuses values that are nested too deeply instead of breaking', async () => {
    let deep: JsonObject = {};
    for (let level = 0; level < 3000; level += 1) deep = { deep };
    const { outcome } = await runSteps(ACTIONS, specOf([], { parameters: deep }));
    assert.ok(outcome.status === 'failed');
    assert.match(outcome.error.message, /nested/);
  });

  const bad: Readonly<Record<string, unknown>> = {
    function: () => 1,
    bigint: 1n,
    'not a number': Number.NaN,
  };
  for (const [what, value] of Object.entries(bad)) {
    it(`fails a step that puts out a ${what}`, async () => {
      const action = outputs({ x: { inner: value } });
      const { outcome } = await runSteps([action], specOf([{ action: action.id }]));
      assert.ok(outcome.status === 'failed');
      assert.match(outcome.error.message, /"x".*"inner"/);
    });
  }
});

/** An action in JavaScript may put out anything. */
function outputs(values: Readonly<Record<string, unknown>>): Action {
  return {
    id: 'test:outputs',
    async handler(context) {
      for (const [name, value] of Object.entries(values))
        Reflect.apply(Reflect.get(context, 'output'), context, [name, value]);
    },
  };
}

describe('createRunner: each', () => {
  it('runs once for each item and collects outputs as lists', async () => {
    const step = echo({ k: '${{ each.key }}', v: '${{ each.value }}' }, { each: '${{ parameters.list }}' });
    const list = await runSteps(ACTIONS, specOf([step], { parameters: { list: ['a', { b: 1 }] } }));
    assert.deepEqual(list.state.steps['s0']?.output, { k: ['0', '1'], v: ['a', { b: 1 }] });
    assert.match(list.messages, /Running step each: \{"key":"0","value":"a"\}/);
    const object = await runSteps(ACTIONS, specOf([{ ...step, each: { x: 1, y: '${{ 1 + 1 }}' } }]));
    assert.deepEqual(object.state.steps['s0']?.output, { k: ['x', 'y'], v: [1, 2] });
  });

  it('asks if for each item, with the item and the secrets', async () => {
    const step = echo(
      { v: '${{ each.value }}' },
      { each: [1, 2, 3], if: '${{ secrets.token and each.value != 2 }}' },
    );
    const run = await runSteps(ACTIONS, specOf([step]), { secrets: { token: 'x' } });
    assert.deepEqual(run.state.steps['s0']?.output, { v: [1, 3] });
    assert.match(run.messages, /Skipping step each: \{"key":"1","value":2\}/);
  });

  it('runs nothing for an empty list', async () => {
    const run = await runSteps(ACTIONS, specOf([echo({ a: 1 }, { each: [] })]));
    assert.deepEqual(run.ended, ['s0:completed']);
    assert.deepEqual(run.state.steps['s0']?.output, {});
  });

  for (const each of [
    '${{ parameters.nothing }}',
    '${{ 7 }}',
    'text',
    '${{ range(20000) }}',
    '${{ x | nosuch }}',
  ]) {
    it(`fails for the each ${each}`, async () => {
      const { outcome } = await runSteps(ACTIONS, specOf([echo({}, { each })]));
      assert.ok(outcome.status === 'failed');
      assert.match(outcome.error.message, /"each"/);
    });
  }
});

describe('createRunner: input', () => {
  const strict = defineAction({
    id: 'test:strict',
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        additionalProperties: false,
        properties: {
          repoUrl: { type: 'string' },
          access: { enum: ['a', 'b'] },
          n: { type: 'array', items: { type: 'number' } },
        },
      },
    },
    async handler() {},
  });

  it('is checked before the action runs; the message names the fields and no value', async () => {
    const input = { access: 'my-wrong-value', n: ['x'], other: 1 };
    const { outcome } = await runSteps([strict], specOf([{ action: 'test:strict', input }]));
    assert.ok(outcome.status === 'failed');
    const { message } = outcome.error;
    for (const part of [
      'the step "Step 0" (s0)',
      'test:strict',
      '"repoUrl" is missing',
      '"other" is not known',
      '"access" has to be one of "a", "b"',
      '"n.0" has to be of type number',
    ]) {
      assert.ok(message.includes(part), `${part} in ${message}`);
    }
    assert.ok(!message.includes('my-wrong-value'));
  });

  it('is checked for all items before the first one runs', async () => {
    const each = ['ok', 5];
    const step = { action: 'test:strict', each, input: { repoUrl: '${{ each.value }}' } };
    const { outcome } = await runSteps([strict], specOf([step]));
    assert.ok(outcome.status === 'failed');
    assert.match(outcome.error.message, /for item 1/);
  });

  it('takes the drafts of schemas that plugins have, and names one that is broken', async () => {
    for (const $schema of [
      'http://json-schema.org/draft-07/schema#',
      'http://json-schema.org/draft-04/schema#',
      'https://json-schema.org/draft/2020-12/schema',
      'https://json-schema.org/draft/2019-09/schema',
    ]) {
      const action: Action = {
        ...ECHO,
        schema: { input: { $schema, $id: 'same', type: 'object', required: ['a'], unheardOf: 1 } },
      };
      const { outcome } = await runSteps([action], specOf([echo({}), echo({ a: 1 })]));
      assert.ok(outcome.status === 'failed' && /"a" is missing/.test(outcome.error.message));
    }
    const broken: Action = {
      ...ECHO,
      schema: { input: { type: 'object', properties: { a: { $ref: '#/no' } } } },
    };
    const { outcome } = await runSteps([broken], specOf([echo({})]));
    assert.ok(outcome.status === 'failed');
    assert.match(outcome.error.message, /schema of the action test:echo cannot be read/);
  });

  it('lets keys of prototypes do nothing', async () => {
    const evil: JsonObject = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"a": 1}, "b": "${{ parameters.b }}"}',
    );
    const required: Action = { ...ECHO, schema: { input: { type: 'object', required: ['toString'] } } };
    const missing = await runSteps([required], specOf([echo({})]));
    assert.equal(missing.outcome.status, 'failed');
    const run = await runSteps(
      ACTIONS,
      specOf([echo({ evil }), echo({ seen: '${{ steps.s0.output }}' })], { parameters: evil }),
    );
    assert.deepEqual(run.state.steps['s1']?.output, { seen: { evil: { b: '${{ parameters.b }}' } } });
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    for (const name of ['__proto__', 'constructor', 'prototype']) {
      const step = { action: 'test:outputs' };
      const { outcome } = await runSteps([outputs(JSON.parse(`{"${name}": 1}`))], specOf([step]));
      assert.ok(outcome.status === 'failed');
      assert.match(outcome.error.message, new RegExp(name));
    }
    const each = await runSteps(ACTIONS, specOf([echo({ k: '${{ each.key }}' }, { each: evil })]));
    assert.deepEqual(each.state.steps['s0']?.output, { k: ['constructor'] });
  });
});

describe('createRunner: stopping', () => {
  const wait: Action = {
    id: 'test:wait',
    async handler({ signal, logger }) {
      // The log of this test aborts when it sees this line.
      logger.info('waits');
      signal.throwIfAborted();
    },
  };

  async function abortWith(reason: unknown) {
    const stop = new AbortController();
    const spec = specOf([{ action: 'test:wait' }, echo({}, { if: '${{ always() }}' })]);
    const log = (line: { message: string }): void => {
      if (line.message === 'waits') stop.abort(reason);
    };
    return runSteps([wait, ECHO], spec, { signal: stop.signal, hooks: { log } });
  }

  it('ends cancelled when its task was cancelled, and runs nothing more', async () => {
    const { outcome, ended } = await abortWith(
      new CodedError(409, 'scaffolder/cancelled', 'Anna cancelled it'),
    );
    assert.deepEqual(outcome, { status: 'cancelled' });
    assert.deepEqual(ended, ['s0:cancelled']);
  });

  it('ends suspended when the process stops; the step is left as if it had not run', async () => {
    const { outcome, ended } = await abortWith(new Error('the process ends'));
    assert.deepEqual(outcome, { status: 'suspended', reason: 'the process ends' });
    assert.deepEqual(ended, []);
  });

  it('ends suspended when beforeStep says so, before anything of the step is told', async () => {
    const { outcome, log } = await runSteps(ACTIONS, specOf([echo({})]), {
      hooks: {
        async beforeStep() {
          throw new Suspended('waits for anna');
        },
      },
    });
    assert.deepEqual(outcome, { status: 'suspended', reason: 'waits for anna' });
    assert.equal(log.length, 1);
  });

  it('asks beforeStep only for steps whose condition holds', async () => {
    const asked: string[] = [];
    await runSteps(ACTIONS, specOf([echo({}, { if: '${{ false }}' }), echo({})]), {
      hooks: {
        async beforeStep({ id }) {
          asked.push(id);
        },
      },
    });
    assert.deepEqual(asked, ['s1']);
  });

  it('rejects with what a hook threw, even when the action catches it', async () => {
    const lost = new Error('the lease is lost');
    const stubborn: Action = {
      id: 'test:stubborn',
      async handler(context) {
        await context.checkpoint({ key: 'k', fn: () => 1 }).catch(() => {});
      },
    };
    for (const hook of ['log', 'beforeStep', 'afterStep', 'onCheckpoint'] as const) {
      const hooks = {
        async [hook]() {
          throw lost;
        },
      };
      await assert.rejects(runSteps([stubborn], specOf([{ action: 'test:stubborn' }]), { hooks }), lost);
    }
  });
});

describe('createRunner: what actions are given', () => {
  it('gives folders that are gone after the run, and the step and template', async () => {
    let folder = '';
    const action: Action = {
      id: 'test:folder',
      async handler(context) {
        folder = await context.createTemporaryDirectory();
        assert.ok(existsSync(folder) && existsSync(context.workspacePath));
        assert.ok(!folder.startsWith(`${context.workspacePath}/`));
        assert.deepEqual(context.step, { id: 's0', name: 'Step 0' });
        assert.deepEqual(context.templateInfo, { entityRef: 'template:default/t' });
        assert.equal(await context.getInitiatorCredentials(), 'of eva');
      },
    };
    const spec = specOf([{ action: 'test:folder' }], { templateInfo: { entityRef: 'template:default/t' } });
    const { outcome } = await runSteps([action], spec, { credentials: async () => 'of eva' });
    assert.equal(outcome.status, 'completed');
    assert.equal(existsSync(folder), false);
  });

  it('writes what the logger says, fields and child included, and cuts endless lines', async () => {
    const action: Action = {
      id: 'test:log',
      async handler({ logger }) {
        logger.info('plain', { n: 1 });
        logger.child({ of: 'child' }).warn('careful');
        logger.debug('not for people');
        logger.info('x'.repeat(100_000));
      },
    };
    const { log } = await runSteps([action], specOf([{ action: 'test:log' }]));
    const lines = log.filter(({ stepId, status }) => stepId === 's0' && status === undefined);
    assert.deepEqual(
      lines.slice(0, 2).map(({ message }) => message),
      ['plain {"n":1}', 'Warning: careful {"of":"child"}'],
    );
    assert.equal(lines.length, 3);
    assert.ok((lines[2]?.message.length ?? 0) < 61_000);
  });
});
