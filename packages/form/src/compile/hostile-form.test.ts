import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { pathSegments, type JsonObject, type JsonValue } from '@callboard/model';
import type { FormGraph } from '../graph.ts';
import { compileForm } from './compile-form.ts';

const RUNS = process.env['CALLBOARD_LONG'] === '1' ? 20_000 : 200;

const compile = (page: JsonValue): Promise<FormGraph> => compileForm({ pages: [page] });
const codes = ({ diagnostics }: FormGraph): readonly string[] => [
  ...new Set(diagnostics.map(({ code }) => code)),
];

const WORDS = (
  'a b __proto__ properties items allOf oneOf anyOf if then else required dependencies dependentSchemas definitions ' +
  '$ref const enum ui:visible ui:default ui:source ui:enum ui:validate ui:options static http url catalog title type'
).split(' ');
const TEXTS = 'a|#/definitions/a|#|#/properties/a|form.a|${{ form.b }}|${{|(|form|/(a+)+/'.split('|');

function nested(levels: number, wrap: (inside: JsonObject) => JsonObject): JsonObject {
  let made: JsonObject = { 'ui:visible': 'form.a' };
  for (let level = 0; level < levels; level += 1) made = wrap(made);
  return made;
}

describe('compileForm on hostile forms', () => {
  it('ends at forms that are nested deep', async () => {
    const wraps: readonly ((inside: JsonObject) => JsonObject)[] = [
      (inside) => ({ properties: { a: inside } }),
      (inside) => ({ items: inside }),
      (inside) => ({ allOf: [inside] }),
      (inside) => Object.fromEntries(['if', 'then'].map((key) => [key, inside])),
      (inside) => ({ dependencies: { a: { oneOf: [{ properties: { a: {}, b: inside } }] } } }),
    ];
    for (const wrap of wraps) assert.ok(codes(await compile(nested(3000, wrap))).includes('form/too-deep'));
  });

  it('ends at forms that are large, or that references make so', async () => {
    const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`f${index}`, {}]));
    const large = await compile({ properties: many });
    assert.deepEqual([large.fields.length, codes(large)], [2000, ['form/too-large']]);
    const twice = (index: number): JsonObject => ({
      allOf: [{ $ref: `#/definitions/d${index}` }, { $ref: `#/definitions/d${index}` }],
    });
    const definitions = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`d${index}`, twice(index + 1)]),
    );
    assert.deepEqual(codes(await compile({ definitions, ...twice(0) })), ['form/too-large']);
    const parts = [{ $ref: '#/definitions/d0' }, { properties: { x: {} } }];
    const inIf = Object.fromEntries(['if', 'then'].map((key, index) => [key, parts[index] ?? {}]));
    assert.deepEqual((await compile({ definitions, ...inIf })).fields.length, 1);
  });

  it('ends at rings of many fields', async () => {
    const count = 600;
    const properties = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `f${index}`,
        { 'ui:visible': `form.f${(index + 1) % count}` },
      ]),
    );
    const graph = await compile({ properties });
    assert.equal(graph.diagnostics.length, 1);
    assert.equal(graph.fields.at(-1)?.rules?.visible?.kind, 'expression');
  });

  it('takes the names of prototypes for names of fields', async () => {
    const properties: JsonObject = JSON.parse(
      '{"__proto__": {"ui:visible": "form.constructor = 1"}, "constructor": {"properties": {"prototype": {}}}, "toString": {"ui:default": "form.hasOwnProperty"}}',
    );
    const graph = await compile({ properties });
    assert.deepEqual(
      graph.fields.map(({ id }) => id),
      ['/constructor', '/constructor/prototype', '/__proto__', '/toString'],
    );
    assert.deepEqual(graph.byId.get('/__proto__')?.dependsOn.toSorted(), [
      '/constructor',
      '/constructor/prototype',
    ]);
    assert.deepEqual(codes(graph), ['form/unknown-field']);
  });

  it('never rejects, and every diagnostic says where', async () => {
    const word = fc.constantFrom(...WORDS);
    const text = fc.constantFrom(...TEXTS);
    const { json } = fc.letrec<{ json: JsonValue }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 6, depthSize: 'large' },
        text,
        fc.constantFrom<JsonValue>(null, true, 1, -1),
        fc.array(tie('json'), { maxLength: 3 }),
        fc.dictionary(word, tie('json'), { maxKeys: 5 }),
        fc.dictionary(word, tie('json'), { maxKeys: 5 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(json, json, json, async (properties, definitions, other) => {
        const graph = await compileForm({ pages: [{ properties, definitions, allOf: [other] }, other] });
        for (const { code, path, summary } of graph.diagnostics) {
          assert.match(code, /^form\/[a-z-]+$/);
          assert.ok(path !== undefined && pathSegments(path) !== null, summary);
        }
        for (const { id, schema } of graph.fields) {
          assert.ok(graph.byId.has(id));
          assert.equal(typeof schema, 'object');
        }
      }),
      { numRuns: RUNS },
    );
  });
});
