import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Action } from '@callboard/plugin';
import { ECHO, outputOf, runSteps, specOf, type TestRun } from './run.fixture.ts';

const SECRETS = { token: 'ghp_seaweed' };
const ENVIRONMENT = { parameters: {}, secrets: { key: 'env-kelp-77' } };

/** Nothing that is stored or shown has a piece of a secret. */
function assertHidden(run: TestRun): void {
  const { outcome, log, state } = run;
  const failure = outcome.status === 'failed' ? [outcome.error.message, outcome.error.stack] : [];
  const seen = JSON.stringify([outcome, failure, log, state]);
  for (const piece of ['seaweed', 'SEAWEED', 'kelp', Buffer.from('ghp_seaweed').toString('base64')]) {
    assert.equal(seen.includes(piece), false, `${piece} in ${seen}`);
  }
}

describe('createRunner: secrets', () => {
  it('can be seen in inputs and each, and nowhere else', async () => {
    const got: unknown[] = [];
    const action: Action = {
      id: 'test:take',
      async handler({ input }) {
        got.push(input);
      },
    };
    const input = { t: '${{ secrets.token }}', k: '${{ environment.secrets.key }}', e: '${{ each.value }}' };
    const step = { action: 'test:take', each: ['${{ secrets.token }}'], input };
    const output = { t: '${{ secrets.token }}', k: '${{ environment.secrets.key }}', rest: 1 };
    const run = await runSteps([action], specOf([step], { output }), {
      secrets: SECRETS,
      environment: ENVIRONMENT,
    });
    assert.deepEqual(got, [{ t: 'ghp_seaweed', k: 'env-kelp-77', e: 'ghp_seaweed' }]);
    assert.deepEqual(outputOf(run), { rest: 1 });
    assertHidden(run);
  });

  it('reach later steps through outputs, and are hidden in state, log, output and errors', async () => {
    const got: unknown[] = [];
    const leak: Action = {
      id: 'test:leak',
      async handler({ input, logger, secrets }) {
        got.push(input['url']);
        logger.info(`cloning ${JSON.stringify(input['url'])}`, {
          header: Buffer.from(`x:${secrets['token']}`).toString('base64'),
        });
        const error = new Error(`cannot push with ${secrets['token']}`, { cause: secrets });
        throw error;
      },
    };
    const spec = specOf([
      { action: 'test:echo', input: { url: 'https://x:${{ secrets.token }}@h', 'k-ghp_seaweed': 1 } },
      { action: 'test:leak', input: { url: '${{ steps.s0.output.url }}' } },
      { action: 'test:echo', if: '${{ always() }}', input: { again: '${{ steps.s0.output }}' } },
    ]);
    const run = await runSteps([ECHO, leak], spec, { secrets: SECRETS });
    assert.deepEqual(got, ['https://x:ghp_seaweed@h']);
    assert.match(run.messages, /cloning "https:\/\/x:\*\*\*@h/);
    assert.match(run.messages, /cannot push with \*\*\*/);
    assertHidden(run);
    const shown = specOf(spec.steps.slice(0, 1), { output: { all: '${{ steps.s0.output }}' } });
    const whole = await runSteps([ECHO], shown, { secrets: SECRETS });
    assert.deepEqual(outputOf(whole), { all: { url: 'https://x:***@h', 'k-***': 1 } });
  });

  it('that an expression made of another are hidden too', async () => {
    const shout: Action = {
      id: 'test:shout',
      async handler({ input, logger }) {
        logger.info(`${JSON.stringify(input['loud'])} and ${JSON.stringify(input['quiet'])}`);
      },
    };
    const input = { loud: '${{ secrets.token | upper }}', quiet: 'a plain text' };
    const run = await runSteps([shout], specOf([{ action: 'test:shout', input }]), { secrets: SECRETS });
    assert.match(run.messages, /"\*\*\*" and "a plain text"/);
    assertHidden(run);
  });

  it('that a step makes are hidden when its schema says so', async () => {
    const create: Action = {
      id: 'test:create',
      schema: { output: { type: 'object', properties: { token: { type: 'string', writeOnly: true } } } },
      async handler(context) {
        context.output('token', 'glpat-seaweed');
      },
    };
    const got: unknown[] = [];
    const use: Action = {
      id: 'test:use',
      async handler({ input, logger }) {
        got.push(input['t']);
        logger.info(`with ${JSON.stringify(input['t'])}`);
      },
    };
    const steps = [
      { action: 'test:create' },
      { action: 'test:use', input: { t: '${{ steps.s0.output.token }}' } },
    ];
    const run = await runSteps([create, use], specOf(steps));
    assert.deepEqual(got, ['glpat-seaweed']);
    assert.match(run.messages, /with "\*\*\*"/);
    assertHidden(run);
  });
});
