import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { given, read } from './reading.fixture.ts';

describe('autofillFrom', () => {
  const from = (more: JsonObject): JsonObject => ({ 'ui:options': { autofillFrom: 'service' }, ...more });
  const input = {
    form: { service: 'CRANE' },
    options: [
      { value: '1', label: 'harbour' },
      { value: '2', label: 'Crane' },
    ],
  };

  it('suggests the option whose value or label the other value is, in any case', async () => {
    for (const [schema, expected] of [
      [{ 'ui:source': { static: [] } }, '2'],
      [{ enum: ['x', 'crane'] }, 'crane'],
      [{ enum: ['x', 'y'], enumNames: ['Dock', 'Crane'] }, 'y'],
      [{ 'ui:enum': ['crane'] }, 'crane'],
      [{ 'ui:enum': "[{'value': 'k', 'label': 'Crane'}]" }, 'k'],
      [{ 'ui:enum': "['a', 'crane']" }, 'crane'],
      [{ enum: ['x'] }, undefined],
    ] satisfies [JsonObject, unknown][]) {
      const { rules, said } = await read(from(schema));
      assert.deepEqual(said, []);
      assert.equal(await given(rules?.suggest, input), expected, JSON.stringify(schema));
      assert.equal(await given(rules?.suggest, { ...input, form: {} }), undefined);
    }
  });

  it('copies the value where there are no options, from inside of objects too', async () => {
    assert.equal(await given((await read(from({}))).rules?.suggest, input), 'CRANE');
    const deep = await read({ 'ui:options': { autofillFrom: '/aws/odd name' } });
    assert.equal(await given(deep.rules?.suggest, { form: { aws: { 'odd name': 1 } } }), 1);
  });

  it('leaves a field with code of its own and no options alone: the code reads the option itself', async () => {
    const own = { 'ui:field': 'HarbourPicker' };
    assert.equal((await read(from(own))).rules, null);
    assert.equal(await given((await read(from({ ...own, enum: ['crane'] }))).rules?.suggest, input), 'crane');
  });

  it('leaves the suggestion to ui:default, and names what is no field', async () => {
    const { rules, said } = await read(from({ 'ui:default': "'x'" }));
    assert.deepEqual([await given(rules?.suggest, input), said], ['x', []]);
    const bad = await read({ 'ui:options': { autofillFrom: 7 } });
    assert.deepEqual(bad.said, ['form/bad-rule p.x["ui:options"].autofillFrom']);
  });
});
