import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { z as zod4 } from 'zod';
import { z } from 'zod/v3';
import { makeFieldSchema, makeFieldSchemaFromZod } from './field-schema.ts';
import { toJsonSchema } from './zod-3-schema.ts';

describe('toJsonSchema', () => {
  it('says what fields say with zod', () => {
    const type = z.object({
      name: z.string().min(2).max(9).regex(/^a/).describe('A name'),
      size: z.number().int().min(1).optional(),
      kind: z.enum(['a', 'b']).default('a'),
      tags: z.array(z.string()).nonempty().nullable(),
      more: z.record(z.union([z.literal(1), z.boolean()])).optional(),
    });
    assert.deepEqual(toJsonSchema(type), {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 2, maxLength: 9, pattern: '^a', description: 'A name' },
        size: { type: 'integer', minimum: 1 },
        kind: { type: 'string', enum: ['a', 'b'], default: 'a' },
        tags: { anyOf: [{ type: 'array', items: { type: 'string' }, minItems: 1 }, { type: 'null' }] },
        more: { type: 'object', additionalProperties: { anyOf: [{ const: 1 }, { type: 'boolean' }] } },
      },
      required: ['name', 'tags'],
      additionalProperties: false,
    });
  });

  it('ends for a type that holds itself', () => {
    const list: z.ZodTypeAny = z.lazy(() => z.array(list));
    assert.equal(toJsonSchema(list)['type'], 'array');
  });

  it('is anything for what JSON cannot say', () => {
    assert.deepEqual(toJsonSchema(z.instanceof(Map)), {});
  });
});

describe('makeFieldSchema', () => {
  it('gives both schemas', () => {
    const { schema } = makeFieldSchema({
      output: (zod) => zod.string(),
      uiOptions: (zod) => zod.object({ from: zod.string() }),
    });
    assert.deepEqual(schema.returnValue, { type: 'string' });
    assert.deepEqual(schema.uiOptions, {
      type: 'object',
      properties: { from: { type: 'string' } },
      required: ['from'],
      additionalProperties: false,
    });
  });

  it('takes types of zod 4 as well', () => {
    const { schema } = makeFieldSchemaFromZod(zod4.array(zod4.string()));
    assert.deepEqual(schema.returnValue, {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'array',
      items: { type: 'string' },
    });
    assert.equal(schema.uiOptions, undefined);
  });
});
