import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SplitDeps } from './split-schema.ts';
import { readRjsfAsModule } from '../rjsf.fixture.ts';

readRjsfAsModule();
const { MISSING_FIELD, splitSchema } = await import('./split-schema.ts');

const nothing = (): null => null;

const DEPS: SplitDeps = {
  fields: new Set(['OwnerPicker']),
  layouts: new Set(['TwoColumns']),
  widgets: { TextWidget: nothing, TextareaWidget: nothing, RadioWidget: nothing, SelectWidget: nothing },
  isFlagOn: (flag) => flag === 'on',
};

describe('splitSchema', () => {
  it('puts what begins with ui: on one side, in the shape of the schema', () => {
    const page = {
      'ui:order': ['b', '*'],
      properties: {
        a: { type: 'string', title: 'A', 'ui:widget': 'textarea', 'ui:options': { rows: 3 } },
        b: { type: 'array', items: { type: 'string', 'ui:placeholder': 'x' } },
        c: { type: 'object', additionalProperties: { type: 'string', 'ui:help': 'h' } },
      },
    };
    const { schema, uiSchema } = splitSchema(page, DEPS);
    assert.deepEqual(schema, {
      properties: {
        a: { type: 'string', title: 'A' },
        b: { type: 'array', items: { type: 'string' } },
        c: { type: 'object', additionalProperties: { type: 'string' } },
      },
    });
    assert.deepEqual(uiSchema, {
      'ui:order': ['b', '*'],
      a: { 'ui:widget': 'textarea', 'ui:options': { rows: 3 } },
      b: { items: { 'ui:placeholder': 'x' } },
      c: { additionalProperties: { 'ui:help': 'h' } },
    });
  });

  it('finds the words of branches, dependencies and definitions', () => {
    const page: unknown = JSON.parse(`{
      "definitions": { "owner": { "type": "string", "ui:field": "OwnerPicker" } },
      "properties": { "owner": { "$ref": "#/definitions/owner" } },
      "dependencies": { "a": { "oneOf": [{ "properties": { "b": { "ui:help": "b" } } }] } },
      "allOf": [{ "if": {}, "then": { "properties": { "c": { "ui:help": "c" } } } }]
    }`);
    const { uiSchema } = splitSchema(page, DEPS);
    assert.deepEqual(uiSchema, {
      owner: { 'ui:field': 'OwnerPicker' },
      b: { 'ui:help': 'b' },
      c: { 'ui:help': 'c' },
    });
  });

  it('keeps the words of rules from rjsf, and draws what has choices by them where its field is not there', () => {
    const page: unknown = JSON.parse(`{
      "visible": { "jqQuery": ".form.x" },
      "properties": {
        "account": {
          "type": "string", "ui:field": "AwsAccountPicker", "ui:options": { "autofillFrom": "service" },
          "ui:source": { "provider": "aws:accounts" }, "ui:visible": "form.service"
        },
        "owner": { "type": "string", "ui:field": "OwnerPicker", "ui:source": { "static": [] } },
        "plan": { "type": "string", "ui:widget": "radio", "ui:enum": "['a']" },
        "drop": { "type": "string", "ui:widget": "ActiveDropdown", "ui:props": { "fetch:url": "x" } },
        "port": { "type": "string", "enum": { "jqQuery": ".x" }, "required": { "jqQuery": ".y" } },
        "other": { "type": "string", "ui:field": "Unknown", "ui:visible": "form.service" }
      },
      "dependencies": { "plan": { "oneOf": [{ "properties": { "x": { "type": "string", "ui:source": {} } } }] } }
    }`);
    const { schema, uiSchema } = splitSchema(page, DEPS);
    const text = { type: 'string' };
    assert.deepEqual(schema, {
      properties: { account: text, owner: text, plan: text, drop: text, port: text, other: text },
      dependencies: { plan: { oneOf: [{ properties: { x: text } }] } },
    });
    assert.deepEqual(uiSchema, {
      account: { 'ui:options': { autofillFrom: 'service' } },
      owner: { 'ui:field': 'OwnerPicker' },
      plan: { 'ui:widget': 'radio' },
      drop: {},
      port: {},
      other: {
        'ui:field': MISSING_FIELD,
        'ui:options': { missing: { kind: 'field', name: 'Unknown' } },
      },
      x: {},
    });
  });

  it('lets two alternatives call the same field differently', () => {
    const page = {
      oneOf: [{ properties: { x: { 'ui:help': 'first' } } }, { properties: { x: { 'ui:help': 'second' } } }],
    };
    const { oneOf }: Record<string, unknown> = splitSchema(page, DEPS).uiSchema;
    assert.deepEqual(oneOf, [{ x: { 'ui:help': 'first' } }, { x: { 'ui:help': 'second' } }]);
  });

  it('leaves out what hangs on a flag that is off, also where it is required', () => {
    const page = {
      required: ['a', 'b', 'c', 'd'],
      properties: {
        a: { 'backstage:featureFlag': 'off' },
        b: { 'ui:backstage': { featureFlag: 'off' } },
        c: { 'backstage:featureFlag': 'on', type: 'string' },
        d: { type: 'object', properties: { e: { 'backstage:featureFlag': 'off' } } },
      },
    };
    const { schema } = splitSchema(page, DEPS);
    assert.deepEqual(schema['required'], ['c', 'd']);
    assert.deepEqual(schema['properties'], {
      c: { 'backstage:featureFlag': 'on', type: 'string' },
      d: { type: 'object', properties: {} },
    });
  });

  it('names what this portal does not have', () => {
    const page = {
      'ui:ObjectFieldTemplate': 'TwoColumns',
      properties: {
        a: { type: 'string', 'ui:field': 'Unknown', 'ui:options': { size: 1 } },
        b: { type: 'number', 'ui:widget': 'textarea' },
        c: { type: 'object', 'ui:ObjectFieldTemplate': 'Unknown' },
        d: { $ref: '#/definitions/none' },
        e: { type: 'string', 'ui:widget': 'radio' },
      },
    };
    const { schema, uiSchema } = splitSchema(page, DEPS);
    const missing = (word: unknown, options = {}): unknown => ({
      'ui:field': MISSING_FIELD,
      'ui:options': { ...options, missing: word },
    });
    assert.deepEqual(uiSchema, {
      'ui:ObjectFieldTemplate': 'TwoColumns',
      a: missing({ kind: 'field', name: 'Unknown' }, { size: 1 }),
      b: missing({ kind: 'widget', name: 'textarea' }),
      c: missing({ kind: 'layout', name: 'Unknown' }),
      d: missing({ kind: 'reference', name: '#/definitions/none' }),
      e: { 'ui:widget': 'radio' },
    });
    assert.deepEqual(Object(schema['properties']).d, { type: 'string' });
  });

  it('takes anything, and never changes it', () => {
    for (const page of [null, 7, 'x', [], {}, { properties: null, items: 7, oneOf: {}, dependencies: [] }]) {
      assert.equal(typeof splitSchema(page, DEPS).schema, 'object');
    }
    const frozen = Object.freeze({ properties: Object.freeze({ a: Object.freeze({ 'ui:help': 'h' }) }) });
    assert.deepEqual(splitSchema(frozen, DEPS).uiSchema, { a: { 'ui:help': 'h' } });
    const { schema } = splitSchema(JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'), DEPS);
    assert.deepEqual(Object.keys(Object(schema['properties'])), ['__proto__']);
  });
});
