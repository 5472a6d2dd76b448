import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import { read } from './reading.fixture.ts';

const SOURCE = 'p.x["ui:source"]';

describe('ui:source', () => {
  const SHAPE = { items: null, value: null, label: null, description: null, group: null };

  it('reads a static list, or an expression that gives one', async () => {
    const list = await read({ 'ui:source': { static: ['a', { value: 'b', label: 'B' }] } });
    assert.deepEqual(list.rules?.source, {
      request: { kind: 'static', items: { kind: 'literal', value: ['a', { value: 'b', label: 'B' }] } },
      shape: SHAPE,
      at: SOURCE,
      reads: [],
      whenEmpty: 'wait',
      gives: 'options',
    });
    const expression = await read({ 'ui:source': { static: 'form.regions.name' } });
    assert.deepEqual(expression.rules?.source?.reads.length, 1);
    assert.equal((await read({ 'ui:source': { static: 3 } })).said[0], `form/bad-rule ${SOURCE}.static`);
  });

  it('reads a filter of the catalog with and without a name for it', async () => {
    const filter = { kind: 'Resource', 'spec.type': 'aws-account', 'spec.owner': '${{ form.owner }}' };
    for (const catalog of [filter, { filter }]) {
      const { rules, said } = await read({ 'ui:source': { catalog } });
      assert.deepEqual(said, []);
      assert.equal(rules?.source?.request.kind, 'catalog');
      assert.deepEqual(rules.source.reads, ['/owner']);
    }
    const { said } = await read({ 'ui:source': { catalog: 'Resource' } });
    assert.deepEqual(said, [`form/bad-rule ${SOURCE}.catalog`]);
  });

  it('reads a request with its shape', async () => {
    const { rules, said } = await read({
      'ui:source': {
        http: {
          endpoint: 'inventory',
          path: '/accounts?team=${{ form.team }}',
          method: 'post',
          query: { kind: '${{ form.kind }}' },
          headers: { 'x-user': '${{ user.ref }}' },
          body: { size: '${{ form.size }}' },
        },
        items: 'data.accounts',
        value: 'id',
        label: "name & ' (' & id & ')'",
        description: 'note',
        group: 'unit',
        whenEmpty: 'ask',
        gives: 'value',
      },
    });
    assert.deepEqual(said, []);
    assert.deepEqual(rules?.source?.reads, ['/team', '/kind', '/size']);
    const { request, shape, whenEmpty, gives } = rules.source;
    assert.ok(request.kind === 'http');
    assert.deepEqual(
      [request.endpoint, request.method, whenEmpty, gives],
      ['inventory', 'POST', 'ask', 'value'],
    );
    assert.deepEqual(
      Object.values(shape).map((one) => one?.text),
      ['data.accounts', 'id', "name & ' (' & id & ')'", 'note', 'unit'],
    );
  });

  it('wants the host of a URL written out', async () => {
    const url = async (text: JsonValue): Promise<readonly string[]> =>
      (await read({ 'ui:source': { http: { url: text } } })).said;
    assert.deepEqual(await url('https://api.example.com/x?y=${{ form.y }}'), []);
    assert.deepEqual(await url('https://api.example.com:8443'), []);
    for (const bad of [
      'https://${{ form.host }}/x',
      'https://api.${{ form.host }}/x',
      '${{ form.url }}',
      'https://anna@api.example.com/',
      'https://api.example.com\\@other.example.com/',
      'ftp://api.example.com/',
      '/x',
      7,
    ]) {
      assert.deepEqual(await url(bad), [`form/bad-rule ${SOURCE}.http.url`], String(bad));
    }
  });

  it('reads a provider with its input', async () => {
    const { rules } = await read({
      'ui:source': { provider: 'aws:roles', with: { account: '${{ form.account }}' } },
    });
    assert.ok(rules?.source?.request.kind === 'provider');
    assert.equal(rules.source.request.provider, 'aws:roles');
    assert.deepEqual(rules.source.reads, ['/account']);
  });

  it('names what cannot be used', async () => {
    for (const [source, ...expected] of [
      ['aws', `form/unknown-source ${SOURCE}`],
      [{}, `form/unknown-source ${SOURCE}`],
      [{ static: [], provider: 'a:b' }, `form/unknown-source ${SOURCE}`],
      [{ htttp: {} }, `form/unknown-key ${SOURCE}.htttp`, `form/unknown-source ${SOURCE}`],
      [{ static: [], whenEmpty: 'never' }, `form/bad-rule ${SOURCE}.whenEmpty`],
      [{ static: [], gives: 'x' }, `form/bad-rule ${SOURCE}.gives`],
      [{ static: [], label: 3 }, `form/bad-rule ${SOURCE}.label`],
      [{ static: [], with: {} }, `form/unknown-key ${SOURCE}.with`],
      [{ http: 'x' }, `form/bad-rule ${SOURCE}.http`],
      [{ http: { path: '/x' } }, `form/bad-rule ${SOURCE}.http`],
      [{ http: { endpoint: '../x' } }, `form/bad-rule ${SOURCE}.http.endpoint`],
      [{ http: { endpoint: 'a', url: 'https://b.example.com' } }, `form/bad-rule ${SOURCE}.http`],
      [{ http: { endpoint: 'a', method: 'DELETE' } }, `form/bad-rule ${SOURCE}.http.method`],
      [{ http: { endpoint: 'a', body: {} } }, `form/bad-rule ${SOURCE}.http.body`],
      [{ http: { endpoint: 'a', query: 'x' } }, `form/bad-rule ${SOURCE}.http.query`],
      [{ http: { endpoint: 'a', paht: 'x' } }, `form/unknown-key ${SOURCE}.http.paht`],
      [{ provider: 3 }, `form/bad-rule ${SOURCE}.provider`],
      [{ provider: 'a:b', with: 3 }, `form/bad-rule ${SOURCE}.with`],
    ] satisfies [JsonValue, ...string[]][]) {
      const { said } = await read({ 'ui:source': source });
      assert.deepEqual(said, expected, JSON.stringify(source));
    }
  });
});
