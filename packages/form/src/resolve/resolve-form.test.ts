import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { AskSource } from '../graph.ts';
import { ANNA, answerOf, graphOf } from '../session/form.fixture.ts';
import { resolveForm, settleForm } from './resolve-form.ts';
import { createResolver } from './resolver.ts';

const { signal } = new AbortController();

describe('resolveForm', () => {
  it('is what was entered where nothing depends on anything', async () => {
    const graph = await graphOf({ a: { type: 'string' } });
    const entered = { a: 'x' };
    const resolution = await resolveForm({ graph, entered, user: ANNA, answers: new Map() });
    assert.equal(resolution.values, entered);
    assert.equal(resolution.fields.size, 0);
  });

  it('takes a list of any length from an expression, though JSONata gives a list of one as its item', async () => {
    const graph = await graphOf({
      tags: { type: 'array', items: { type: 'string' } },
      main: { type: 'string', 'ui:source': { static: 'form.tags' } },
    });
    for (const tags of [['a', 'b'], ['a'], []]) {
      const { fields } = await resolveForm({ graph, entered: { tags }, user: ANNA, answers: new Map() });
      const options = fields.get('/main')?.options;
      const values =
        options?.status === 'ready' ? options.options.map(({ value }) => value) : options?.status;
      // An empty list is no value that the source could be asked with.
      assert.deepEqual(values, tags.length === 0 ? 'waiting' : tags);
    }
  });

  it('says why a field is as it is', async () => {
    const graph = await graphOf({
      kind: { type: 'string' },
      team: { type: 'string', 'ui:visible': "form.kind = 'service'" },
    });
    const { fields } = await resolveForm({
      graph,
      entered: { kind: 'library' },
      user: ANNA,
      answers: new Map(),
    });
    assert.deepEqual(fields.get('/team')?.reasons, [
      {
        what: 'visible',
        text: "form.kind = 'service'",
        at: 'spec.parameters[0].properties.team["ui:visible"]',
        result: false,
        read: { '/kind': 'library' },
        failure: null,
      },
    ]);
  });

  it('shows a field whose rule fails, and says what failed', async () => {
    const graph = await graphOf({
      a: { type: 'string' },
      b: { type: 'string', 'ui:visible': '$number(form.a) = 1' },
    });
    const { fields } = await resolveForm({ graph, entered: { a: 'x' }, user: ANNA, answers: new Map() });
    assert.equal(fields.get('/b')?.isVisible, true);
    assert.equal(fields.get('/b')?.problems[0]?.kind, 'rule-failed');
  });

  it('never requires what is hidden', async () => {
    const graph = await graphOf(
      { a: { type: 'string', 'ui:visible': 'form.b', 'ui:required': true } },
      { required: ['a'] },
    );
    const { fields } = await resolveForm({ graph, entered: {}, user: ANNA, answers: new Map() });
    assert.equal(fields.get('/a')?.isRequired, false);
  });

  it('takes values with names of prototypes as values', async () => {
    const graph = await graphOf(
      JSON.parse(
        '{"__proto__": {"type": "string", "ui:default": "\'x\'"}, "constructor": {"type": "string", "ui:default": "\'y\'"}}',
      ),
    );
    const { values } = await resolveForm({ graph, entered: {}, user: ANNA, answers: new Map() });
    assert.deepEqual(
      Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      [
        ['__proto__', 'x'],
        ['constructor', 'y'],
      ],
    );
    assert.equal(Object.getPrototypeOf(values), Object.prototype);
  });

  it('takes values of any shape without a failure', async () => {
    const graph = await graphOf({
      aws: { type: 'object', properties: { a: { type: 'string', 'ui:default': "'x'" } } },
      rows: {
        type: 'array',
        items: { type: 'object', properties: { a: { type: 'string', 'ui:default': "'x'" } } },
      },
    });
    const odd: readonly JsonObject[] = [
      { aws: 'text', rows: {} },
      { aws: [1], rows: [1, null, 'x', []] },
      { aws: null, rows: null },
    ];
    for (const entered of odd) {
      const { values } = await resolveForm({ graph, entered, user: ANNA, answers: new Map() });
      assert.ok(Object.hasOwn(values, 'rows'));
    }
  });
});

describe('createResolver', () => {
  it('evaluates only what reads what changed', async () => {
    const language = await loadExpressions();
    let evaluated = 0;
    const counting = {
      ...language,
      evaluate: (...asked: Parameters<typeof language.evaluate>) => {
        evaluated += 1;
        return language.evaluate(...asked);
      },
    };
    const properties = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [
        `f${index}`,
        { type: 'string', 'ui:default': `form.g${index}` },
      ]),
    );
    const plain = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`g${index}`, { type: 'string' }]),
    );
    const { resolve } = createResolver(await graphOf({ ...properties, ...plain }), counting);
    const before = await resolve({ entered: { g1: 'a' }, user: ANNA, answers: new Map() });
    assert.equal(evaluated, 60);
    const after = await resolve({ entered: { g1: 'b' }, user: ANNA, answers: new Map() });
    assert.equal(evaluated, 61);
    assert.notEqual(after.resolution.fields.get('/f1'), before.resolution.fields.get('/f1'));
    assert.equal(after.resolution.fields.get('/f2'), before.resolution.fields.get('/f2'));
  });
});

describe('settleForm', () => {
  it('asks each need once, at most eight at a time, and what follows from answers', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `f${index}`);
    const properties = Object.fromEntries(
      names.map((name) => [
        name,
        { type: 'string', 'ui:source': { provider: `test:${name}` }, 'ui:default': 'options[0].value' },
      ]),
    );
    const last = {
      type: 'string',
      'ui:source': { provider: 'test:last', with: { of: '${{ form.f19 }}' } },
      'ui:default': 'options[0].value',
    };
    let open = 0;
    let most = 0;
    const asked: string[] = [];
    const ask: AskSource = async ({ field, form }) => {
      asked.push(field);
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => void setImmediate(resolve));
      open -= 1;
      return answerOf([`of ${JSON.stringify(Object.values(form)[0] ?? field)}`]);
    };
    const graph = await graphOf({ last, ...properties });
    const { resolution, answers } = await settleForm({ graph, entered: {}, user: ANNA, ask, signal });
    assert.equal(resolution.values['last'], 'of "of \\"/f19\\""');
    assert.deepEqual([asked.length, new Set(asked).size, answers.size, most], [21, 21, 21, 8]);
    assert.deepEqual(resolution.needs, []);
  });

  it('settles with sources that fail, and says so at the field', async () => {
    const graph = await graphOf({ a: { type: 'string', 'ui:source': { provider: 'test:a' } } });
    const ask: AskSource = () => Promise.reject(new Error('no answer'));
    const { resolution } = await settleForm({ graph, entered: {}, user: ANNA, ask, signal });
    assert.equal(resolution.fields.get('/a')?.options?.status, 'failed');
  });

  it('ends when it is aborted', async () => {
    const graph = await graphOf({ a: { type: 'string', 'ui:source': { provider: 'test:a' } } });
    const controller = new AbortController();
    const ask: AskSource = (_, { signal: given }) =>
      new Promise((_resolve, reject) => given.addEventListener('abort', () => reject(new Error('stopped'))));
    const settled = settleForm({ graph, entered: {}, user: ANNA, ask, signal: controller.signal });
    setImmediate(() => controller.abort(new Error('nobody waits')));
    await assert.rejects(settled, /nobody waits/);
  });

  it('takes a value that a source gives as the suggestion', async () => {
    const graph = await graphOf({
      id: { type: 'string' },
      owner: {
        type: 'string',
        'ui:source': { provider: 'test:owner', with: { id: '${{ form.id }}' }, gives: 'value' },
      },
    });
    const ask: AskSource = async ({ form }) => ({
      ...answerOf([]),
      value: `owner of ${JSON.stringify(form['id'])}`,
    });
    const asked = { graph, user: ANNA, ask, signal };
    assert.deepEqual((await settleForm({ ...asked, entered: { id: '1' } })).resolution.values, {
      id: '1',
      owner: 'owner of "1"',
    });
    const { values } = (await settleForm({ ...asked, entered: { id: '1', owner: 'me' } })).resolution;
    assert.deepEqual(values, { id: '1', owner: 'me' });
  });
});
