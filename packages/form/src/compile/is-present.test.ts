import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { FormGraph } from '../graph.ts';
import { compileForm } from './compile-form.ts';
import { isPresent } from './is-present.ts';

const compile = (page: JsonObject): Promise<FormGraph> => compileForm({ pages: [page] });

/** Ids of the fields that are there for values. */
const present = ({ fields }: FormGraph, values: JsonObject): readonly string[] =>
  [...new Set(fields.filter((field) => isPresent(field, values)).map(({ id }) => id))].toSorted();

/** `if`, `then` and `else`. An object with the second written in it would look like a promise. */
const when = (...parts: readonly JsonObject[]): JsonObject =>
  Object.fromEntries(parts.map((part, index) => [['if', 'then', 'else'][index] ?? '', part]));

describe('isPresent', () => {
  it('follows if, then and else', async () => {
    const graph = await compile({
      properties: { kind: {} },
      ...when(
        { properties: { kind: { const: 'api' } }, required: ['kind'] },
        {
          properties: { port: {} },
          ...when({ properties: { port: { const: 1 } } }, { properties: { deep: {} } }),
        },
        { properties: { why: {} } },
      ),
      allOf: [
        when({ $ref: '#/definitions/isJob' }, { properties: { cron: {} } }),
        { properties: { all: {} } },
      ],
      definitions: {
        isJob: { properties: { kind: { $ref: '#/definitions/job' } }, required: ['kind'] },
        job: { const: 'job' },
      },
    });
    assert.deepEqual(present(graph, {}), ['/all', '/kind', '/why']);
    assert.deepEqual(present(graph, { kind: 'api', port: 2 }), ['/all', '/kind', '/port']);
    assert.deepEqual(present(graph, { kind: 'api', port: 1 }), ['/all', '/deep', '/kind', '/port']);
    assert.deepEqual(present(graph, { kind: 'job' }), ['/all', '/cron', '/kind', '/why']);
    assert.deepEqual(graph.fields.at(graph.fields.findIndex(({ id }) => id === '/deep'))?.dependsOn, [
      '/kind',
      '/port',
    ]);
  });

  it('follows dependencies on a property, and on its value', async () => {
    const graph = await compile({
      properties: { cloud: {}, card: {} },
      dependencies: {
        card: ['cloud'],
        cloud: {
          properties: { any: {} },
          oneOf: [
            { properties: { cloud: { enum: ['aws'] }, account: {} }, required: ['account'] },
            { properties: { cloud: { enum: ['gcp', 'both'] }, project: {} } },
            { properties: { cloud: { enum: ['both'] }, account: {} } },
            { properties: { nothing: {} } },
          ],
        },
      },
      dependentSchemas: { card: { properties: { number: {} } } },
    });
    assert.deepEqual(present(graph, {}), ['/card', '/cloud']);
    assert.deepEqual(present(graph, { cloud: 'aws' }), ['/account', '/any', '/card', '/cloud']);
    assert.deepEqual(present(graph, { cloud: 'gcp' }), ['/any', '/card', '/cloud', '/project']);
    // Two alternatives fit: the form library takes none.
    assert.deepEqual(present(graph, { cloud: 'both' }), ['/any', '/card', '/cloud']);
    assert.deepEqual(present(graph, { card: 1 }), ['/card', '/cloud', '/number']);
    assert.equal(graph.fields.filter(({ id }) => id === '/account').length, 2);
  });

  it('tells alternatives that a person chooses by their constants', async () => {
    const option = (name: string, extra: JsonValue): JsonObject => ({
      properties: { kind: { const: name }, [name]: extra },
    });
    const graph = await compile({
      properties: { job: { oneOf: [option('once', {}), option('daily', {}), { properties: { free: {} } }] } },
      anyOf: [{ properties: { x: {} } }, { properties: { y: {} } }],
    });
    assert.deepEqual(present(graph, { job: { kind: 'daily' } }), [
      '/job',
      '/job/daily',
      '/job/free',
      '/job/kind',
      '/x',
      '/y',
    ]);
    assert.deepEqual(present(graph, {}), [
      '/job',
      '/job/daily',
      '/job/free',
      '/job/kind',
      '/job/once',
      '/x',
      '/y',
    ]);
  });

  it('looks at each item of a list', async () => {
    const graph = await compile({
      properties: {
        list: {
          items: {
            properties: { k: {} },
            ...when({ properties: { k: { const: 1 } }, required: ['k'] }, { properties: { t: {} } }),
          },
        },
      },
    });
    assert.deepEqual(present(graph, { list: [{ k: 2 }] }), ['/list', '/list/*', '/list/*/k']);
    assert.deepEqual(present(graph, { list: [{ k: 2 }, { k: 1 }] }), [
      '/list',
      '/list/*',
      '/list/*/k',
      '/list/*/t',
    ]);
  });

  it('lays a branch over the form', async () => {
    const graph = await compile({
      properties: { kind: {}, size: { title: 'Size', 'ui:default': '1 + 1', 'ui:visible': 'form.kind' } },
      ...when(
        { properties: { kind: { const: 'big' } } },
        { properties: { size: { enum: [8, 16], 'ui:default': '8 + 8' } } },
      ),
    });
    const [branch, base] = graph.fields.filter(({ id }) => id === '/size');
    assert.deepEqual([branch?.conditions.length, base?.conditions.length], [1, 0]);
    assert.deepEqual([branch?.title, branch?.schema['enum']], ['Size', [8, 16]]);
    const text = (field: typeof base, rule: 'suggest' | 'visible'): unknown => {
      const made = field?.rules?.[rule];
      return made?.kind === 'expression' ? made.expression.text : made;
    };
    assert.deepEqual([text(branch, 'suggest'), text(base, 'suggest')], ['8 + 8', '1 + 1']);
    assert.deepEqual([text(branch, 'visible'), graph.diagnostics], ['form.kind', []]);
  });
});
