import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { AskSource, FormGraph } from '../graph.ts';
import { settleForm } from '../resolve/resolve-form.ts';
import { ANNA, answerOf, graphOf } from '../session/form.fixture.ts';
import { refusals } from './refusals.ts';
import { valuesToSend } from './values-to-send.ts';

async function refused(
  graph: FormGraph,
  sent: JsonObject,
  ask: AskSource = async () => answerOf(['a', 'b']),
) {
  const { resolution } = await settleForm({
    graph,
    entered: sent,
    user: ANNA,
    ask,
    signal: new AbortController().signal,
  });
  const found = refusals({ graph, resolution, sent });
  return {
    values: resolution.values,
    said: found.map(({ path, kind, message }) => `${path.join('.')} ${kind}: ${message}`),
  };
}

const SOURCE = { provider: 'test:list' };

describe('refusals', () => {
  it('names values of hidden fields, and of what stands in them once', async () => {
    const graph = await graphOf({
      more: { type: 'boolean' },
      aws: {
        type: 'object',
        'ui:visible': 'form.more',
        properties: { a: { type: 'string' }, b: { type: 'string' } },
      },
    });
    const hidden = 'is not asked for with these values, and may not be sent';
    assert.deepEqual((await refused(graph, { aws: { a: '1', b: '2' } })).said, [`aws hidden: ${hidden}`]);
    assert.deepEqual((await refused(graph, { more: true, aws: { a: '1' } })).said, []);
    assert.deepEqual((await refused(graph, { aws: {} })).said, []);
  });

  it('names values of branches that do not hold', async () => {
    const graph = await graphOf(
      { kind: { type: 'string' }, x: { type: 'string', 'ui:visible': 'true' } },
      {
        dependencies: {
          kind: {
            oneOf: [
              { properties: { kind: { const: 'a' }, extra: { type: 'string' } } },
              { properties: { kind: { const: 'b' } } },
            ],
          },
        },
      },
    );
    assert.equal(graph.isDynamic, true);
    assert.equal((await refused(graph, { kind: 'b', extra: 'y' })).said.length, 1);
    assert.equal((await refused(graph, { kind: 'a', extra: 'y' })).said.length, 0);
  });

  it('names values of disabled fields that are not the suggested ones, and fills in what was not sent', async () => {
    const graph = await graphOf({
      a: { type: 'string', 'ui:disabled': true, 'ui:visible': true, 'ui:default': "'x'" },
    });
    assert.deepEqual((await refused(graph, { a: 'y' })).said, ['a fixed: cannot be changed now: it is x']);
    assert.deepEqual(await refused(graph, { a: 'x' }), { values: { a: 'x' }, said: [] });
    assert.deepEqual(await refused(graph, {}), { values: { a: 'x' }, said: [] });
  });

  it('names values and items that are no options', async () => {
    const graph = await graphOf({
      one: { type: 'string', 'ui:source': SOURCE },
      many: { type: 'array', items: { type: 'string' }, 'ui:source': SOURCE },
    });
    assert.deepEqual((await refused(graph, { one: 'c', many: ['a', 'c'] })).said, [
      'one not-an-option: is not one of the options',
      'many not-an-option: has items that are not among the options: c',
    ]);
    assert.deepEqual((await refused(graph, { one: 'a', many: ['a', 'b'] })).said, []);
    assert.deepEqual((await refused(graph, { one: { $ne: 1 }, many: 'a' })).said.length, 1);
  });

  it('lets nobody past options that cannot be looked up', async () => {
    const graph = await graphOf({
      parent: { type: 'string' },
      child: { type: 'string', 'ui:source': { ...SOURCE, with: { parent: '${{ form.parent }}' } } },
    });
    assert.deepEqual((await refused(graph, { child: 'admin' })).said, [
      'child not-an-option: cannot be checked before there is a value for /parent',
    ]);
    const failing: AskSource = async () => {
      throw new Error('the host does not answer');
    };
    assert.deepEqual((await refused(graph, { parent: 'x', child: 'admin' }, failing)).said, [
      'child source-failed: cannot be looked up: the host does not answer',
    ]);
    assert.deepEqual((await refused(graph, { parent: 'x' }, failing)).said, []);
  });

  it('names what checks say, and rules that fail', async () => {
    const graph = await graphOf({
      name: { type: 'string', 'ui:validate': ["$length(value) > 3 ? 'is too long'", 'value != form.other'] },
      other: { type: 'string' },
      odd: { type: 'string', 'ui:disabled': '$number(form.other) > 1' },
    });
    const { said } = await refused(graph, { name: 'abcd', other: 'abcd', odd: 'x' });
    assert.deepEqual(said.slice(0, 2), ['name check: is too long', 'name check: is not valid']);
    assert.match(said[2] ?? '', /^odd rule-failed: has a rule for being disabled that failed: /);
  });
});

describe('valuesToSend', () => {
  it('tells a server of fields that were emptied, so that nothing is filled in there', async () => {
    const graph = await graphOf({ a: { type: 'string', 'ui:default': "'x'" }, b: { type: 'string' } });
    const sent = valuesToSend(graph, { a: undefined, b: undefined });
    assert.deepEqual(sent, { a: null, b: undefined });
    assert.equal((await refused(graph, sent)).values['a'], undefined);
  });
});
