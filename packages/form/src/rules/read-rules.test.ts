import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { JsonObject, JsonValue } from '@callboard/model';
import { given, read } from './reading.fixture.ts';

describe('readRules', () => {
  it('finds nothing in a property that declares nothing', async () => {
    for (const schema of [
      {},
      { type: 'string', title: 'Name', default: 'x', enum: ['x'] },
      { 'ui:disabled': true, 'ui:readonly': true, 'ui:widget': 'textarea', 'ui:options': { rows: 3 } },
      { 'ui:disabled': false },
      { 'ui:visible': true },
      { visible: true, disabled: false, required: true, dependsOn: 'x', dataset: 1 },
    ] satisfies JsonObject[]) {
      assert.deepEqual(await read(schema), { rules: null, diagnostics: [], said: [] });
    }
  });

  it('reads ui:visible, ui:disabled and ui:required as expressions or literals', async () => {
    const { rules, said } = await read({
      'ui:visible': "form.kind = 'service'",
      'ui:disabled': true,
      'ui:required': 'form.size > 3',
    });
    assert.deepEqual(said, []);
    assert.equal(await given(rules?.visible, { form: { kind: 'service' } }), true);
    assert.deepEqual(rules?.disabled, { kind: 'literal', value: true });
    assert.equal(await given(rules?.required, { form: { size: 2 } }), false);
    assert.deepEqual((await read({ 'ui:visible': false })).rules?.visible, { kind: 'literal', value: false });
  });

  it('reads ui:default as an expression when it is a text, else as it is', async () => {
    const text = await read({ 'ui:default': "form.name & '-db'" });
    assert.equal(await given(text.rules?.suggest, { form: { name: 'crane' } }), 'crane-db');
    assert.deepEqual((await read({ 'ui:default': ['a'] })).rules?.suggest, { kind: 'literal', value: ['a'] });
  });

  it('reads ui:enum as a list or an expression, and leaves out what has no value', async () => {
    const { rules, said } = await read({ 'ui:enum': ['a', { label: 'B' }, { value: 'c', label: 'C' }] });
    assert.deepEqual(rules?.options, { kind: 'literal', value: ['a', { value: 'c', label: 'C' }] });
    assert.deepEqual(said, ['form/bad-rule p.x["ui:enum"][1]']);
    const filtered = await read({ 'ui:enum': "options[group = 'eu']" });
    assert.ok(filtered.rules?.options?.kind === 'expression');
    assert.equal(filtered.rules.options.expression.readsOptions, true);
  });

  it('reads ui:validate as one expression or several', async () => {
    const one = await read({ 'ui:validate': "value = 'a' ? '' : 'has to be a'" });
    assert.equal(one.rules?.checks.length, 1);
    const more = await read({ 'ui:validate': ["$length(value) > 3 or 'is short'", 7] });
    assert.deepEqual(
      more.rules?.checks.map(({ at }) => at),
      ['p.x["ui:validate"][0]'],
    );
    assert.deepEqual(more.said, ['form/bad-rule p.x["ui:validate"][1]']);
  });

  it('names what cannot be used, and keeps the rest', async () => {
    for (const [schema, ...expected] of [
      [{ 'ui:visible': 3 }, 'form/bad-rule p.x["ui:visible"]'],
      [{ 'ui:disabled': { jqQuery: '.form.a' } }, 'form/bad-rule p.x["ui:disabled"]'],
      [{ 'ui:enum': { a: 1 } }, 'form/bad-rule p.x["ui:enum"]'],
      [{ 'ui:visibel': 'true' }, 'form/unknown-key p.x["ui:visibel"]'],
      [{ 'ui:deps': ['a'] }, 'form/unknown-key p.x["ui:deps"]'],
      [{ 'ui:default': 'form.' }, 'form/bad-expression p.x["ui:default"]'],
    ] satisfies [JsonObject, ...string[]][]) {
      const { rules, said } = await read({ ...schema, 'ui:required': true });
      assert.deepEqual(said, expected);
      assert.deepEqual(rules?.required, { kind: 'literal', value: true });
    }
  });

  it('says that an expression which YAML took apart needs quotes', async () => {
    for (const schema of [
      { 'ui:validate': [{ "value = 'a' ? ''": 'has to be a' }] },
      { 'ui:visible': { 'form.a ? true': false } },
    ] satisfies JsonObject[]) {
      const { diagnostics } = await read(schema);
      assert.match(diagnostics[0]?.detail ?? '', /^Put the expression in quotes/);
    }
  });

  it('says of two spellings which one counts, and joins conditions', async () => {
    const { rules, said } = await read({
      'ui:default': "'a'",
      default: { jqQuery: '"b"' },
      'ui:visible': 'form.a',
      visible: { jqQuery: '.form.b == 1' },
    });
    assert.equal(await given(rules?.suggest, {}), 'a');
    assert.deepEqual(said, ['form/declared-twice p.x.default']);
    assert.equal(await given(rules?.visible, { form: { a: true, b: 1 } }), true);
    assert.equal(await given(rules?.visible, { form: { a: true, b: 2 } }), false);
  });

  it('takes ui:visible of a page for the fields that stand on it', async () => {
    const page = { schema: { 'ui:visible': 'form.more' }, at: 'p' };
    const { rules } = await read({}, { page });
    assert.equal(await given(rules?.visible, { form: { more: true } }), true);
    assert.equal((await read({}, { page, id: '/around/x' })).rules, null);
  });

  it('lets nothing fill in or read a secret', async () => {
    for (const secret of [{ 'ui:field': 'Secret' }, { 'ui:options': { widget: 'password' } }]) {
      const { rules, said } = await read({
        ...secret,
        'ui:default': "'x'",
        'ui:source': { provider: 'a:b', gives: 'value' },
        'ui:validate': 'value',
        'ui:visible': 'form.a',
      });
      assert.deepEqual(said, [
        'form/secret-rule p.x["ui:source"]',
        'form/secret-rule p.x["ui:default"]',
        'form/secret-rule p.x["ui:validate"]',
      ]);
      assert.deepEqual([rules?.suggest, rules?.source, rules?.checks], [null, null, []]);
      assert.equal(rules?.visible?.kind, 'expression');
    }
  });

  it('never throws, whatever a property holds', async () => {
    const key = fc.constantFrom(
      ...'ui:source ui:visible ui:disabled ui:required ui:default ui:enum ui:validate ui:options ui:widget ui:props'.split(
        ' ',
      ),
      ...'ui:hidden visible disabled required default enum dependsOn dataset blueprint format items __proto__ ui:x'.split(
        ' ',
      ),
    );
    const inner = fc.constantFrom(
      ...'http static catalog provider with url path endpoint method headers body items value label jqQuery'.split(
        ' ',
      ),
      ...'rules combinator property operator allOf anyOf when is fetch:url fetch:body fetch:response:value ui:text'.split(
        ' ',
      ),
      ...'autofillFrom props constructor toString'.split(' '),
    );
    const texts =
      'form.a .form.a ActiveDropdown ActiveText SchemaUpdater entity https://a.example.com/${{form.a}} $${{current.a}} ' +
      '$${{ Secret /a/b ${{form and service in';
    const text = fc.constantFrom(...texts.split(' '), '');
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        text,
        fc.constantFrom(null, true, false, 0),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(inner, tie('value'), { maxKeys: 4 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(fc.dictionary(key, value, { maxKeys: 6 }), async (schema) => {
        const { diagnostics } = await read(schema, { page: { schema, at: 'p' } });
        assert.ok(diagnostics.every(({ path }) => path?.startsWith('p')));
      }),
      { numRuns: process.env['CALLBOARD_LONG'] === '1' ? 50_000 : 500 },
    );
  });
});
