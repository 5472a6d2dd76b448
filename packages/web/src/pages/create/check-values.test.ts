import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkValues, isValid, toJson } from './check-values.ts';

const said = (schema: unknown, values: unknown): readonly string[] =>
  checkValues(schema, values).map(({ path, message }) => `${path.join('/')}: ${message}`);

describe('checkValues', () => {
  it('speaks as ajv does', () => {
    const cases: readonly (readonly [unknown, unknown, string])[] = [
      [{ type: 'string' }, 7, ': must be string'],
      [{ type: ['string', 'null'] }, 7, ': must be string,null'],
      [{ required: ['name'] }, {}, "name: must have required property 'name'"],
      [
        { required: ['name'], properties: { name: { title: 'The name' } } },
        {},
        "name: must have required property 'The name'",
      ],
      [{ const: 'a' }, 'b', ': must be equal to constant'],
      [{ enum: ['a'] }, 'b', ': must be equal to one of the allowed values'],
      [{ minLength: 3 }, 'ab', ': must NOT have fewer than 3 characters'],
      [{ maxLength: 1 }, 'ab', ': must NOT have more than 1 characters'],
      [{ pattern: '^[a-z]+$' }, 'A', ': must match pattern "^[a-z]+$"'],
      [{ format: 'email' }, 'x', ': must match format "email"'],
      [{ minimum: 3 }, 2, ': must be >= 3'],
      [{ exclusiveMaximum: 3 }, 3, ': must be < 3'],
      [{ multipleOf: 2 }, 3, ': must be multiple of 2'],
      [{ minItems: 1 }, [], ': must NOT have fewer than 1 items'],
      [{ uniqueItems: true }, ['a', 'a'], ': must NOT have duplicate items (items ## 1 and 0 are identical)'],
      [{ contains: { const: 1 } }, [2], ': must contain at least 1 valid item(s)'],
      [
        { additionalProperties: false, properties: { a: {} } },
        { a: 1, b: 2 },
        ': must NOT have additional properties',
      ],
      [{ dependencies: { a: ['b'] } }, { a: 1 }, ': must have property b when property a is present'],
      [{ not: { const: 1 } }, 1, ': must NOT be valid'],
      [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, ': property name must be valid'],
      [{ oneOf: [{ type: 'string' }, { minLength: 1 }] }, 'a', ': must match exactly one schema in oneOf'],
    ];
    for (const [schema, values, message] of cases) assert.deepEqual(said(schema, values), [message]);
  });

  it('names the place of what is wrong, and follows references', () => {
    const schema = {
      definitions: { port: { type: 'integer', maximum: 65_535 } },
      properties: {
        'a/b': { items: { properties: { port: { $ref: '#/definitions/port' } }, required: ['port'] } },
      },
    };
    assert.deepEqual(said(schema, { 'a/b': [{ port: 70_000 }, {}] }), [
      'a/b/0/port: must be <= 65535',
      "a/b/1/port: must have required property 'port'",
    ]);
  });

  it('says of alternatives only what the nearest one lacks', () => {
    const alternatives = {
      oneOf: [
        { properties: { kind: { const: 'a' }, size: { type: 'number' } }, required: ['size'] },
        { properties: { kind: { const: 'b' }, name: { type: 'string', minLength: 2 } }, required: ['name'] },
      ],
    };
    assert.deepEqual(said(alternatives, { kind: 'b', name: 'x' }), [
      'name: must NOT have fewer than 2 characters',
    ]);
    assert.deepEqual(said({ oneOf: [{ const: 'a' }, { const: 'b' }] }, 'c'), [
      ': must be equal to one of the allowed values',
    ]);
  });

  it('applies conditions', () => {
    const schema: unknown = JSON.parse(`{
      "if": { "properties": { "kind": { "const": "a" } }, "required": ["kind"] },
      "then": { "required": ["size"] },
      "else": { "required": ["name"] }
    }`);
    assert.deepEqual(said(schema, { kind: 'a' }), ["size: must have required property 'size'"]);
    assert.deepEqual(said(schema, {}), ["name: must have required property 'name'"]);
  });

  it('prefers the words of the template', () => {
    const schema = {
      properties: { name: { pattern: '^a', minLength: 9, errorMessage: { pattern: 'Begin with an a.' } } },
      required: ['name', 'size'],
      errorMessage: { required: { size: 'How large?' } },
    };
    assert.deepEqual(said(schema, { name: 'b' }), [
      'size: How large?',
      'name: must NOT have fewer than 9 characters',
      'name: Begin with an a.',
    ]);
  });

  it('takes a time as the fields for times write it', () => {
    assert.deepEqual(said({ format: 'time' }, '10:30:00'), []);
    assert.deepEqual(said({ format: 'time' }, '10:30:00Z'), []);
    assert.deepEqual(said({ format: 'time' }, '25:00:00'), [': must match format "time"']);
  });

  it('takes a value that is undefined for one that is not there', () => {
    assert.deepEqual(said({ required: ['a'] }, { a: undefined }), ["a: must have required property 'a'"]);
    assert.deepEqual(toJson({ a: undefined, b: [undefined, 1], c: { d: null } }), {
      b: [null, 1],
      c: { d: null },
    });
  });

  it('lets nothing that an author wrote wrong stop the page', () => {
    const wrong = {
      required: true,
      enum: 'a',
      properties: {
        a: { pattern: '(', minLength: '3', required: true, type: 7, oneOf: {} },
        b: { pattern: String.raw`^[\w\-]+\_x$` },
        c: { $ref: '#/definitions/none' },
        d: 'string',
      },
      items: 7,
    };
    assert.deepEqual(said(wrong, { a: 'x', b: 'a-b_x', c: 1, d: 2 }), []);
    assert.deepEqual(said(wrong, { b: '!' }), [String.raw`b: must match pattern "^[\w\-]+\_x$"`]);
  });

  it('ends with references that only lead to each other', () => {
    const schema = { $ref: '#/a', a: { $ref: '#/a' } };
    assert.deepEqual(said({ ...schema, definitions: {} }, {}), []);
  });

  it('never changes the schema it is given', () => {
    const schema = Object.freeze({ properties: Object.freeze({ a: Object.freeze({ $ref: '#' }) }) });
    assert.deepEqual(said(schema, { a: { a: 1 } }), []);
  });
});

describe('isValid', () => {
  it('looks references up in the root', () => {
    const root = { definitions: { kind: { const: 'a' } } };
    assert.equal(isValid({ $ref: '#/definitions/kind' }, 'a', root), true);
    assert.equal(isValid({ $ref: '#/definitions/kind' }, 'b', root), false);
  });

  it('takes nothing for wrong where the schema says what it has to be', () => {
    assert.equal(isValid({ type: 'string' }, undefined), false);
    assert.equal(isValid({ const: 'x' }, undefined), false);
    assert.equal(isValid({ properties: {} }, undefined), true);
  });
});
