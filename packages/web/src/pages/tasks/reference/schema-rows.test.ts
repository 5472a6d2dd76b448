import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toSchemaTable } from './schema-rows.ts';

describe('toSchemaTable', () => {
  it('has a row for each property, with type, default, choices and what is required', () => {
    const { rows, isCut } = toSchemaTable({
      type: 'object',
      required: ['url'],
      properties: {
        url: { type: 'string', description: 'Where from' },
        visibility: { enum: ['private', 'public'], default: 'private' },
        replace: { type: 'boolean', title: 'Replace' },
      },
    });
    assert.equal(isCut, false);
    assert.deepEqual(rows[0], {
      path: 'url',
      name: 'url',
      depth: 0,
      type: 'string',
      isRequired: true,
      description: 'Where from',
      defaultValue: null,
      choices: [],
    });
    assert.deepEqual(
      [rows[1]?.type, rows[1]?.defaultValue, rows[1]?.choices],
      ['string', '"private"', ['"private"', '"public"']],
    );
    assert.equal(rows[2]?.description, 'Replace');
  });

  it('opens objects, lists of objects, alternatives and references', () => {
    const { rows } = toSchemaTable({
      properties: {
        files: {
          type: 'array',
          items: { type: 'object', required: ['from'], properties: { from: { type: 'string' } } },
        },
        who: {
          anyOf: [
            { type: 'string' },
            { type: 'object', properties: { user: { $ref: '#/definitions/name' } } },
          ],
        },
        labels: { type: 'object', additionalProperties: { type: 'string' } },
        mixed: { type: 'array', items: { type: ['string', 'number'] } },
      },
      definitions: { name: { type: 'string', description: 'A name' } },
    });
    assert.deepEqual(
      rows.map(({ path, type, depth, isRequired }) => [path, type, depth, isRequired]),
      [
        ['files', 'object[]', 0, false],
        ['files[].from', 'string', 1, true],
        ['who', 'string | object', 0, false],
        ['who.user', 'string', 1, false],
        ['labels', 'object', 0, false],
        ['labels.*', 'string', 1, false],
        ['mixed', '(string | number)[]', 0, false],
      ],
    );
  });

  it('ends where a schema refers to itself, and says that it is cut', () => {
    const { rows, isCut } = toSchemaTable({
      properties: { node: { $ref: '#/definitions/node' } },
      definitions: {
        node: { type: 'object', properties: { next: { $ref: '#/definitions/node' } } },
      },
    });
    assert.deepEqual(
      rows.map(({ path }) => path),
      ['node', 'node.next'],
    );
    assert.equal(isCut, true);
  });

  it('has no rows for what is no schema', () => {
    for (const nothing of [undefined, null, true, 'text', [], {}, { properties: 5 }]) {
      assert.deepEqual(toSchemaTable(nothing), { rows: [], isCut: false });
    }
  });

  it('cuts very long schemas', () => {
    const properties = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}`, {}]));
    const { rows, isCut } = toSchemaTable({ properties });
    assert.equal(rows.length, 300);
    assert.equal(isCut, true);
  });
});
