import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { expandFields, type FieldDeclarations } from './expand-fields.ts';

const DECLARATIONS: FieldDeclarations = {
  AccountPicker: {
    description: 'Picks an account.',
    schema: {
      returnValue: { type: 'string' },
      uiOptions: { properties: { from: { type: 'string' } }, additionalProperties: false },
    },
    expand: ({ from }, { key }) => ({
      'ui:source': { provider: 'harbourline:accounts' },
      title: `Of ${key}`,
      ...(typeof from === 'string' && { 'ui:default': `form.${from}` }),
    }),
  },
  Throws: {
    description: 'Never works.',
    schema: { returnValue: {} },
    expand: () => {
      throw new Error('It is broken.');
    },
  },
};

const SOURCE = { provider: 'harbourline:accounts' };

function expanded(page: JsonObject, isList = true) {
  return expandFields([page], { declarations: DECLARATIONS, isList });
}

describe('expandFields', () => {
  it('adds what the field stands for; what the template writes wins', () => {
    const field = {
      type: 'string',
      'ui:field': 'AccountPicker',
      'ui:options': { from: 'service' },
      title: 'Mine',
    };
    const { pages, warnings } = expanded({ properties: { account: field } });
    assert.deepEqual(warnings, []);
    assert.deepEqual(pages[0]?.['properties'], {
      account: { ...field, 'ui:source': SOURCE, 'ui:default': 'form.service' },
    });
  });

  it('finds fields in branches, objects and lists, and tells each its name', () => {
    const field = { 'ui:field': 'AccountPicker' };
    const page = {
      properties: {
        aws: { type: 'object', properties: { main: field } },
        all: { type: 'array', items: field },
      },
      dependencies: { kind: { oneOf: [{ properties: { other: field } }] } },
      allOf: [{ anyOf: [{ properties: { last: field } }] }],
    };
    const text = JSON.stringify(expanded(page).pages);
    for (const key of ['main', 'all', 'other', 'last']) assert.ok(text.includes(`"title":"Of ${key}"`), key);
  });

  it('keeps the objects of a form that has none of them', () => {
    const page = { properties: { name: { type: 'string', default: { 'ui:field': 'AccountPicker' } } } };
    assert.equal(expanded(page).pages[0], page);
  });

  it('leaves a field plain whose options do not fit, and says where', () => {
    const field = { 'ui:field': 'AccountPicker', 'ui:options': { form: 'service' } };
    const { pages, warnings } = expanded({ properties: { a: field, b: { 'ui:field': 'Throws' } } });
    assert.deepEqual(pages[0]?.['properties'], { a: field, b: { 'ui:field': 'Throws' } });
    assert.deepEqual(
      warnings.map(({ code, path }) => [code, path]),
      [
        ['template/field-options', 'spec.parameters[0].properties.a["ui:options"]'],
        ['template/field-options', 'spec.parameters[0].properties.b["ui:options"]'],
      ],
    );
    assert.match(warnings[0]?.summary ?? '', /AccountPicker.*"form"/);
    assert.match(warnings[1]?.summary ?? '', /It is broken/);
    const [alone] = expanded({ properties: { a: field } }, false).warnings;
    assert.equal(alone?.path, 'spec.parameters.properties.a["ui:options"]');
  });

  it('takes names that objects inherit for what they are, and schemas without end', () => {
    const odd = { properties: { a: { 'ui:field': 'constructor' }, b: { 'ui:field': 'toString' } } };
    assert.equal(expanded(odd).pages[0], odd);
    let deep: JsonObject = { 'ui:field': 'AccountPicker' };
    for (let level = 0; level < 5_000; level += 1) deep = { properties: { a: deep } };
    assert.deepEqual(expanded(deep).warnings, []);
  });
});
