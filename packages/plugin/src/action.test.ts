import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '@callboard/model';
import { defineAction, type ActionContext } from './action.ts';
import { definePlugin } from './plugin.ts';
import type { FromSchema, JsonSchema } from './schema.ts';

/** `true` only for types that accept the same, so that a wrong inference does not compile. */
type Same<A, B> = [A, B] extends [B, A] ? true : 'these types differ';

const sameTypes = (...all: readonly true[]): number => all.length;

function contextOf(input: JsonObject, outputs: Map<string, unknown>): ActionContext {
  const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
  return {
    input,
    logger,
    secrets: {},
    workspacePath: '/workspace',
    output: (name, value) => void outputs.set(String(name), value),
    checkpoint: async ({ fn }) => fn(),
    createTemporaryDirectory: async () => '/temporary',
    getInitiatorCredentials: async () => null,
    task: { id: 'task' },
    signal: new AbortController().signal,
    step: { id: 'step', name: 'Step' },
  };
}

describe('defineAction', () => {
  it('gives an action whose handler gets the input and sets outputs', async () => {
    const action = defineAction({
      id: 'acme:greet',
      description: 'Greets',
      supportsDryRun: true,
      schema: {
        input: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        output: { type: 'object', properties: { text: { type: 'string' } } },
      },
      handler: async (context) => context.output('text', `Hello, ${context.input.name}`),
    });
    const outputs = new Map<string, unknown>();
    await action.handler(contextOf({ name: 'anna' }, outputs));
    assert.deepEqual([...outputs], [['text', 'Hello, anna']]);
    assert.deepEqual([action.id, action.description, action.supportsDryRun], ['acme:greet', 'Greets', true]);
    assert.deepEqual(action.schema?.output, { type: 'object', properties: { text: { type: 'string' } } });
  });

  it('types input and output by the schemas as they are written', async () => {
    const action = defineAction({
      id: 'acme:types',
      schema: {
        input: {
          type: 'object',
          required: ['name', 'kinds'],
          properties: {
            name: { type: 'string' },
            count: { type: 'integer' },
            kinds: { type: 'array', items: { enum: ['a', 'b'] } },
            nested: { type: 'object', required: ['deep'], properties: { deep: { type: 'boolean' } } },
            anything: {},
          },
        },
        output: { type: 'object', properties: { total: { type: 'number' } } },
      },
      handler: async (context) => {
        type Input = typeof context.input;
        sameTypes(
          true satisfies Same<Input['name'], string>,
          true satisfies Same<Input['count'], number | undefined>,
          true satisfies Same<Input['kinds'], readonly ('a' | 'b')[]>,
          true satisfies Same<Input['nested'], { readonly deep: boolean } | undefined>,
          true satisfies Same<Input['anything'], JsonValue | undefined>,
        );
        // @ts-expect-error: it is not in the schema
        const missing: unknown = context.input.missing;
        // @ts-expect-error: the output is a number
        context.output('total', 'text');
        // @ts-expect-error: there is no such output
        context.output('other', 1);
        context.output('total', context.input.kinds.length + (missing === undefined ? 0 : 1));
      },
    });
    const outputs = new Map<string, unknown>();
    await action.handler(contextOf({ name: 'x', kinds: ['a', 'b'] }, outputs));
    assert.equal(outputs.get('total'), 2);
  });

  it('leaves input and output open for schemas that say nothing of their members', async () => {
    const open: JsonSchema = { type: 'object' };
    const action = defineAction({
      id: 'acme:open',
      schema: { input: open },
      handler: async (context) => {
        sameTypes(true satisfies Same<typeof context.input, JsonObject>);
        context.output('any', context.input['any']);
      },
    });
    const outputs = new Map<string, unknown>();
    await action.handler(contextOf({ any: [1] }, outputs));
    assert.deepEqual(outputs.get('any'), [1]);
  });
});

describe('FromSchema', () => {
  it('follows constants, enumerations, unions, plain types, lists and objects', () => {
    const checked = sameTypes(
      true satisfies Same<FromSchema<{ const: 'x' }>, 'x'>,
      true satisfies Same<FromSchema<{ type: 'string'; enum: readonly ['a', 'b'] }>, 'a' | 'b'>,
      true satisfies Same<FromSchema<{ type: 'number' }>, number>,
      true satisfies Same<FromSchema<{ type: 'boolean' }>, boolean>,
      true satisfies Same<FromSchema<{ type: 'null' }>, null>,
      true satisfies Same<FromSchema<{ type: readonly ['string', 'boolean'] }>, string | boolean>,
      true satisfies Same<FromSchema<{ type: 'array' }>, readonly JsonValue[]>,
      true satisfies Same<FromSchema<{ type: 'object' }>, JsonObject>,
      true satisfies Same<FromSchema<object>, JsonValue>,
      true satisfies Same<
        FromSchema<{ anyOf: readonly [{ type: 'string' }, { type: 'array'; items: { type: 'string' } }] }>,
        string | readonly string[]
      >,
      true satisfies Same<
        FromSchema<{ type: 'object'; additionalProperties: { type: 'string' } }>,
        { readonly [key: string]: string | undefined }
      >,
    );
    assert.equal(checked, 11);
  });
});

describe('definePlugin', () => {
  it('gives the plugin back as it is', () => {
    const plugin = { id: 'acme', provision: () => ({}) };
    assert.equal(definePlugin(plugin), plugin);
  });
});
