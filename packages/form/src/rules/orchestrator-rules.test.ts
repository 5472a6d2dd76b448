import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { Expression, SourceRequest } from '../graph.ts';
import { given, read, type Read } from './reading.fixture.ts';

const PROPS = 'p.x["ui:props"]';
const PROXY = '$${{backend.baseUrl}}/api/proxy/inventory';

function widget(name: string, props: JsonObject): Promise<Read> {
  return read({ type: 'string', 'ui:widget': name, 'ui:props': props });
}

function http(request: SourceRequest | undefined): Extract<SourceRequest, { kind: 'http' }> {
  assert.ok(request?.kind === 'http');
  return request;
}

async function evaluated(expression: Expression | null | undefined, answer: unknown): Promise<unknown> {
  assert.ok(expression !== null && expression !== undefined);
  const result = await (await loadExpressions()).evaluate(expression, answer);
  return 'failure' in result ? result.failure : result.value;
}

describe("The Orchestrator's spelling", () => {
  it('asks the endpoint that a proxy is, for the value of ActiveTextInput', async () => {
    const { rules, said } = await widget('ActiveTextInput', {
      'fetch:url': `${PROXY}/accounts?team=$\${{current.group.team}}&user=$\${{identityApi.userEntityRef}}`,
      'fetch:method': 'POST',
      'fetch:headers': { 'x-mail': '$${{identityApi.profileEmail}}' },
      'fetch:body': {
        list: ['a', '$${{current.name}}'],
        size: 'jsonata:$.size',
        twice: 'jsonata:$.size * 2',
      },
      'fetch:retrigger': ['current.group.team'],
      'fetch:error:ignoreUnready': true,
      'fetch:error:silent': true,
      'fetch:response:value': 'account.name',
    });
    assert.deepEqual(said, []);
    const source = rules?.source;
    assert.ok(source);
    const request = http(source.request);
    assert.deepEqual([request.endpoint, request.method, source.gives], ['inventory', 'POST', 'value']);
    assert.deepEqual(source.reads.toSorted(), ['/group/team', '/name', '/size']);
    assert.equal(await evaluated(source.shape.value, { account: { name: 'crane' } }), 'crane');
    assert.ok(request.url.kind === 'text');
    assert.equal(request.url.parts[0], '/accounts?team=');
  });

  it('makes items of the two lists of ActiveDropdown', async () => {
    const { rules, said } = await widget('ActiveDropdown', {
      'fetch:url': 'https://api.example.com/accounts',
      'fetch:response:value': 'data.id',
      'fetch:response:label': 'data.name',
      'fetch:response:default': 'one',
    });
    assert.deepEqual(said, []);
    assert.equal(rules?.source?.gives, 'options');
    const { items } = rules.source.shape;
    const all = [
      { id: 'a', name: 'A' },
      { id: 'b', name: 'B' },
    ];
    assert.deepEqual(await evaluated(items, { data: all }), [
      { value: 'a', label: 'A' },
      { value: 'b', label: 'B' },
    ]);
    assert.deepEqual(await evaluated(items, { data: all.slice(0, 1) }), [{ value: 'a', label: 'A' }]);
    assert.deepEqual(rules.suggest, { kind: 'literal', value: 'one' });
  });

  it('takes the autocomplete of ActiveMultiSelect as its options', async () => {
    const { rules, said } = await widget('ActiveMultiSelect', {
      'fetch:url': `${PROXY}/tags`,
      'fetch:response:autocomplete': 'tags',
      'fetch:response:mandatory': 'always',
      'ui:allowNewItems': true,
    });
    assert.deepEqual(said, [
      `form/unsupported ${PROPS}["fetch:response:mandatory"]`,
      `form/unsupported ${PROPS}["ui:allowNewItems"]`,
    ]);
    assert.deepEqual(await evaluated(rules?.source?.shape.items, { tags: ['a', 'b'] }), ['a', 'b']);
  });

  it('suggests a static default where nothing is asked', async () => {
    const { rules } = await widget('ActiveBoolean', { 'fetch:response:default': true });
    assert.deepEqual([rules?.suggest, rules?.source], [{ kind: 'literal', value: true }, null]);
  });

  it('reads the props where ui:options has them', async () => {
    const props = { 'fetch:url': `${PROXY}/x`, 'fetch:response:value': 'a' };
    const { rules } = await read({ 'ui:options': { widget: 'ActiveTextInput', props } });
    assert.equal(rules?.source?.at, 'p.x["ui:options"].props');
  });

  it('reads validate:* as a check by another system', async () => {
    const { rules } = await widget('ActiveTextInput', {
      'validate:url': `${PROXY}/check`,
      'validate:method': 'POST',
      'validate:body': { name: '$${{current.x}}' },
      'validate:retrigger': ['current.x'],
    });
    assert.ok(rules?.remoteCheck);
    assert.deepEqual(rules.remoteCheck.reads, ['/x']);
    assert.equal(http(rules.remoteCheck.request).endpoint, 'inventory');
  });

  it('shows the text of ActiveText, of the form or of an answer', async () => {
    const form = await widget('ActiveText', {
      'ui:text': 'Hello $${{current.name}}, $${{identityApi.displayName}}!',
    });
    const input = { form: { name: 'crane' }, user: { displayName: 'Anna' } };
    assert.equal(await given(form.rules?.suggest, input), 'Hello crane, Anna!');
    assert.deepEqual(form.rules?.disabled, { kind: 'literal', value: true });
    const answer = await widget('ActiveText', {
      'fetch:url': `${PROXY}/x`,
      'fetch:response:name': 'data.name',
      'ui:text': 'Name: $${{fetch:response:name}}',
    });
    assert.equal(await evaluated(answer.rules?.source?.shape.value, { data: { name: 'a' } }), 'Name: a');
    const both = await widget('ActiveText', { 'fetch:url': `${PROXY}/x`, 'ui:text': '$${{current.name}}' });
    assert.deepEqual(both.said, [`form/unsupported ${PROPS}["ui:text"]`]);
  });

  it('hands no token and no secret on', async () => {
    for (const unit of [
      'identityApi.token',
      'githubAuthApi.token',
      'microsoftAuthApi.openIdToken',
      'secrets.x',
    ]) {
      for (const part of ['headers', 'body'] as const) {
        const { rules, said } = await widget('ActiveTextInput', {
          'fetch:url': `${PROXY}/x`,
          'fetch:method': 'POST',
          [`fetch:${part}`]: { a: `Bearer $\${{${unit}}}` },
          'fetch:response:value': 'a',
        });
        assert.deepEqual([rules, said], [null, [`form/token-refused ${PROPS}["fetch:${part}"].a`]]);
      }
      const { said } = await widget('ActiveText', { 'ui:text': `$\${{${unit}}}` });
      assert.deepEqual(said, [`form/token-refused ${PROPS}["ui:text"]`]);
    }
  });

  it('names what cannot be done here, and what to write instead', async () => {
    const url = 'fetch:url';
    for (const [name, props, ...expected] of [
      ['SchemaUpdater', { [url]: `${PROXY}/x` }, 'form/unsupported p.x["ui:widget"]'],
      [
        'ActiveTextInput',
        { [url]: '/x', 'fetch:response:value': 'a' },
        `form/unsupported ${PROPS}["fetch:url"]`,
      ],
      [
        'ActiveTextInput',
        { [url]: '$${{backend.baseUrl}}/api/catalog/entities', 'fetch:response:value': 'a' },
        `form/unsupported ${PROPS}["fetch:url"]`,
      ],
      [
        'ActiveTextInput',
        { [url]: 'https://$${{current.host}}/', 'fetch:response:value': 'a' },
        `form/bad-rule ${PROPS}["fetch:url"]`,
      ],
      [
        'ActiveTextInput',
        { [url]: `${PROXY}/$\${{rjsfConfig.orchestrator.x}}`, 'fetch:response:value': 'a' },
        `form/unsupported ${PROPS}["fetch:url"]`,
      ],
      ['ActiveDropdown', { [url]: `${PROXY}/x` }, `form/bad-rule ${PROPS}`],
      ['ActiveText', {}, `form/bad-rule ${PROPS}["ui:text"]`],
      ['ActiveTextInput', { 'fetch:ulr': 'x' }, `form/unknown-key ${PROPS}["fetch:ulr"]`],
    ] satisfies [string, JsonObject, ...string[]][]) {
      const { rules, said } = await widget(name, props);
      assert.deepEqual([rules, said], [null, expected], JSON.stringify(props));
    }
  });

  it('hides a field by the conditions of ui:hidden', async () => {
    const hidden = async (condition: JsonObject | boolean, form: JsonObject): Promise<unknown> =>
      given((await read({ 'ui:hidden': condition })).rules?.visible, { form });
    assert.equal(await hidden(true, {}), false);
    assert.equal(await hidden({ when: 'a', is: 'x' }, { a: 'x' }), false);
    assert.equal(await hidden({ when: 'a', is: ['x', 'y'] }, { a: 'z' }), true);
    assert.equal(await hidden({ when: 'a.b', isNot: true }, {}), false);
    assert.equal(await hidden({ when: 'a', isEmpty: true }, { a: [] }), false);
    assert.equal(await hidden({ when: 'a', isEmpty: false }, { a: '' }), true);
    const both = {
      allOf: [
        { when: 'a', is: 1 },
        {
          anyOf: [
            { when: 'b', is: 2 },
            { when: 'c', is: 3 },
          ],
        },
      ],
    };
    assert.equal(await hidden(both, { a: 1, c: 3 }), false);
    assert.equal(await hidden(both, { a: 1 }), true);
    assert.deepEqual((await read({ 'ui:hidden': { anyOf: [{ if: 'a' }] } })).said, [
      'form/bad-rule p.x["ui:hidden"].anyOf[0]',
    ]);
  });
});
