import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkValues, isValid, toJson } from './check-values.ts';

const said = (schema: unknown, values: unknown): readonly string[] =>
  checkValues(schema, values).map(({ path, message }) => `${path.join('/')}: ${message}`);

describe('checkValues', () => {
  it('says it so that people understand', () => {
    const cases: readonly (readonly [unknown, unknown, string])[] = [
      [{ type: 'string' }, 7, ': has to be a text'],
      [{ type: ['string', 'null'] }, 7, ': has to be a text or empty'],
      [{ required: ['name'] }, {}, 'name: is required'],
      [{ const: 'a' }, 'b', ': has to be "a"'],
      [{ enum: ['a', 7] }, 'b', ': has to be one of "a", 7'],
      [{ minLength: 3 }, 'ab', ': has to have at least 3 characters'],
      [{ maxLength: 1 }, 'ab', ': has to have at most 1 characters'],
      [{ pattern: '^[a-z]+$' }, 'A', ': has to match the pattern ^[a-z]+$'],
      [{ format: 'email' }, 'x', ': has to be an e-mail address, as anna@example.com'],
      [{ minimum: 3 }, 2, ': has to be at least 3'],
      [{ exclusiveMaximum: 3 }, 3, ': has to be less than 3'],
      [{ multipleOf: 2 }, 3, ': has to be a multiple of 2'],
      [{ minItems: 1 }, [], ': has to have at least 1 items'],
      [{ uniqueItems: true }, ['a', 'a'], ': must not have an item twice'],
      [{ contains: { const: 1 } }, [2], ': has to have an item that fits'],
      [
        { additionalProperties: false, properties: { a: {} } },
        { a: 1, b: 2 },
        ': has entries that the form does not know',
      ],
      [{ dependencies: { a: ['b'] } }, { a: 1 }, ': needs b beside a'],
      [{ not: { const: 1 } }, 1, ': is a value that the form rules out'],
      [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, ': has an entry with a name that does not fit'],
      [
        { oneOf: [{ type: 'string' }, { minLength: 1 }] },
        'a',
        ': has to fit exactly one of the ways that the form offers',
      ],
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
      'a/b/0/port: has to be at most 65535',
      'a/b/1/port: is required',
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
      'name: has to have at least 2 characters',
    ]);
    assert.deepEqual(said({ oneOf: [{ const: 'a' }, { const: 'b' }] }, 'c'), [': has to be one of "a", "b"']);
  });

  it('applies conditions', () => {
    const schema: unknown = JSON.parse(`{
      "if": { "properties": { "kind": { "const": "a" } }, "required": ["kind"] },
      "then": { "required": ["size"] },
      "else": { "required": ["name"] }
    }`);
    assert.deepEqual(said(schema, { kind: 'a' }), ['size: is required']);
    assert.deepEqual(said(schema, {}), ['name: is required']);
  });

  it('prefers the words of the template', () => {
    const schema = {
      properties: { name: { pattern: '^a', minLength: 9, errorMessage: { pattern: 'Begin with an a.' } } },
      required: ['name', 'size'],
      errorMessage: { required: { size: 'How large?' } },
    };
    assert.deepEqual(said(schema, { name: 'b' }), [
      'size: How large?',
      'name: has to have at least 9 characters',
      'name: Begin with an a.',
    ]);
  });

  it('takes a time as the fields for times write it', () => {
    assert.deepEqual(said({ format: 'time' }, '10:30:00'), []);
    assert.deepEqual(said({ format: 'time' }, '10:30:00Z'), []);
    assert.deepEqual(said({ format: 'time' }, '25:00:00'), [': has to have the format time']);
  });

  it('takes a value that is undefined for one that is not there', () => {
    assert.deepEqual(said({ required: ['a'] }, { a: undefined }), ['a: is required']);
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
    assert.deepEqual(said(wrong, { b: '!' }), [String.raw`b: has to match the pattern ^[\w\-]+\_x$`]);
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
