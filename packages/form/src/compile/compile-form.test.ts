import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import type { FormGraph } from '../graph.ts';
import { compileForm } from './compile-form.ts';

const compile = (...pages: readonly JsonObject[]): Promise<FormGraph> => compileForm({ pages });
const ids = ({ fields }: FormGraph): readonly string[] => fields.map(({ id }) => id);
const codes = ({ diagnostics }: FormGraph): readonly string[] =>
  diagnostics.map(({ code, path }) => `${code} ${path ?? ''}`);

describe('compileForm', () => {
  it('finds fields at any depth, with where they are written', async () => {
    const graph = await compile(
      { properties: { name: { type: 'string', title: 'Name' } } },
      {
        properties: {
          aws: { type: 'object', properties: { 'odd/name': {} } },
          regions: {
            type: 'array',
            items: { properties: { name: {}, zones: { items: { type: 'string' } } } },
          },
          pair: { type: 'array', items: [{}, {}], additionalItems: { properties: { x: {} } } },
        },
      },
    );
    assert.deepEqual(
      graph.fields.map(({ id, at, page }) => `${page} ${id} ${at.replace('spec.parameters', '')}`),
      [
        '0 /name [0].properties.name',
        '1 /aws [1].properties.aws',
        '1 /aws/odd~1name [1].properties.aws.properties["odd/name"]',
        '1 /regions [1].properties.regions',
        '1 /regions/* [1].properties.regions.items',
        '1 /regions/*/name [1].properties.regions.items.properties.name',
        '1 /regions/*/zones [1].properties.regions.items.properties.zones',
        '1 /regions/*/zones/* [1].properties.regions.items.properties.zones.items',
        '1 /pair [1].properties.pair',
        '1 /pair/0 [1].properties.pair.items[0]',
        '1 /pair/1 [1].properties.pair.items[1]',
        '1 /pair/* [1].properties.pair.additionalItems',
        '1 /pair/*/x [1].properties.pair.additionalItems.properties.x',
      ],
    );
    assert.deepEqual([graph.isDynamic, graph.diagnostics], [false, []]);
    assert.equal(graph.byId.get('/name')?.title, 'Name');
  });

  it('takes one page as well as a list, and nothing at all', async () => {
    const one = await compileForm({ pages: { properties: { a: {} } }, root: 'parameters' });
    assert.equal(one.fields[0]?.at, 'parameters.properties.a');
    assert.deepEqual(ids(await compileForm({ pages: undefined })), []);
    assert.deepEqual(ids(await compileForm({ pages: [null, 7, 'x', [], { properties: { a: {} } }] })), [
      '/a',
    ]);
  });

  it('puts what others depend on first', async () => {
    const graph = await compile({
      properties: {
        role: { 'ui:visible': 'form.account != ""' },
        account: { 'ui:default': 'form.service & "-account"' },
        service: {},
        other: { 'ui:disabled': 'form.nested.kind = 1' },
        nested: { properties: { kind: {} } },
      },
    });
    assert.deepEqual(ids(graph), ['/service', '/account', '/role', '/nested', '/nested/kind', '/other']);
    assert.deepEqual(graph.byId.get('/role')?.dependsOn, ['/account']);
    assert.deepEqual(graph.byId.get('/other')?.dependsOn, ['/nested/kind']);
    assert.equal(graph.isDynamic, true);
  });

  it('reads a list where an expression goes through it, and the item where it says so', async () => {
    const graph = await compile({
      properties: {
        count: { 'ui:visible': '$count(form.regions.name) > 1' },
        regions: { items: { properties: { name: {}, zone: { 'ui:visible': 'item.name = "x"' } } } },
      },
    });
    const visible = (id: string): readonly string[] => {
      const rule = graph.byId.get(id)?.rules?.visible;
      return rule?.kind === 'expression' ? rule.expression.reads : [];
    };
    assert.deepEqual(visible('/count'), ['/regions']);
    assert.deepEqual(visible('/regions/*/zone'), ['/regions/*/name']);
    assert.deepEqual(ids(graph).at(-1), '/count');
    assert.deepEqual(graph.diagnostics, []);
  });

  it('warns of fields that are not there, with names that are near', async () => {
    const graph = await compile({
      properties: {
        service: {},
        custom: {},
        open: { additionalProperties: true, properties: { a: {} } },
        list: { items: { properties: { name: {} } } },
        x: {
          'ui:visible': 'form.servise = 1 and form.custom.any = 1 and form.open.b = 1 and form.list.nme = 1',
        },
      },
    });
    assert.deepEqual(
      codes(graph),
      Array.from({ length: 2 }, () => 'form/unknown-field spec.parameters[0].properties.x["ui:visible"]'),
    );
    assert.deepEqual(
      graph.diagnostics.map(({ detail }) => detail),
      ["Did you mean 'service'?", "Did you mean 'name'?"],
    );
    assert.deepEqual(graph.byId.get('/x')?.dependsOn.toSorted().slice(0, 2), ['/custom', '/list']);
  });

  it('names the whole of a ring, leaves out the rule that closes it, and orders the rest', async () => {
    const graph = await compile({
      properties: {
        a: { 'ui:visible': 'form.b', 'ui:required': 'form.a', 'ui:validate': 'form.c' },
        b: { 'ui:source': { static: '${{ form.c }}' } },
        c: { 'ui:default': 'form.a' },
        d: { 'ui:disabled': 'form.d' },
        e: { 'ui:visible': 'form.c' },
      },
    });
    const at = 'spec.parameters[0].properties';
    assert.deepEqual(codes(graph), [`form/cycle ${at}.c["ui:default"]`, `form/cycle ${at}.d["ui:disabled"]`]);
    const [ring, own] = graph.diagnostics;
    assert.match(ring?.summary ?? '', /c → a → b → c$/);
    for (const place of [`${at}.a["ui:visible"]`, `${at}.b["ui:source"]`, `${at}.c["ui:default"]`]) {
      assert.ok(ring?.detail?.includes(place), place);
    }
    assert.match(own?.summary ?? '', /d → d$/);
    assert.equal(graph.byId.get('/c')?.rules?.suggest, null);
    assert.equal(graph.byId.get('/d')?.rules?.disabled, null);
    assert.deepEqual(ids(graph), ['/c', '/b', '/a', '/d', '/e']);
    assert.notEqual(graph.byId.get('/a')?.rules?.required, null);
  });

  it('finds rings through objects and what stands in them', async () => {
    const graph = await compile({
      properties: {
        aws: {
          'ui:visible': 'form.aws.kind',
          properties: { kind: {}, zone: { 'ui:visible': 'form.aws.kind' } },
        },
        all: { 'ui:visible': 'form.other' },
        other: { properties: { x: { 'ui:visible': 'form.all' } } },
      },
    });
    assert.deepEqual(codes(graph), [
      'form/cycle spec.parameters[0].properties.aws["ui:visible"]',
      'form/cycle spec.parameters[0].properties.other.properties.x["ui:visible"]',
    ]);
    assert.notEqual(graph.byId.get('/aws/zone')?.rules?.visible, null);
  });

  it('follows references within the page, and names the place where a rule is written', async () => {
    const graph = await compile({
      definitions: {
        region: { title: 'Region', type: 'string', 'ui:visible': '(' },
        tree: { properties: { name: {}, below: { $ref: '#/definitions/tree' } } },
        loop: { $ref: '#/definitions/loop' },
      },
      properties: {
        one: { $ref: '#/definitions/region', description: 'The first' },
        two: { $ref: '#/definitions/region', title: 'Second' },
        tree: { $ref: '#/definitions/tree' },
        loop: { $ref: '#/definitions/loop' },
        gone: { $ref: '#/definitions/gone' },
      },
    });
    assert.deepEqual(ids(graph), ['/one', '/two', '/tree', '/tree/name', '/tree/below', '/loop', '/gone']);
    assert.deepEqual([graph.byId.get('/one')?.title, graph.byId.get('/two')?.title], ['Region', 'Second']);
    assert.deepEqual(codes(graph), [
      'form/bad-expression spec.parameters[0].definitions.region["ui:visible"]',
    ]);
  });

  it('gives the fields of a page what the page itself declares, and no rule as if it were a value', async () => {
    const graph = await compile(
      { properties: { kind: { type: 'string' } } },
      {
        'ui:visible': "form.kind = 'service'",
        required: { jqQuery: '["zone"]' },
        properties: {
          region: { properties: { name: {} } },
          zone: { default: { jqQuery: '.form.kind' }, enum: { jqQuery: '[.form.kind]' } },
        },
      },
    );
    assert.deepEqual(codes(graph), []);
    assert.deepEqual(graph.byId.get('/region')?.rules?.visible?.kind, 'expression');
    assert.deepEqual(graph.byId.get('/region/name')?.rules ?? null, null);
    assert.notEqual(graph.byId.get('/zone')?.rules?.required, null);
    assert.deepEqual(graph.byId.get('/zone')?.schema, {});
  });

  it('lets no rule read a secret', async () => {
    const graph = await compile({
      properties: {
        token: { type: 'string', 'ui:field': 'Secret' },
        role: {
          'ui:source': { http: { url: 'https://example.com/${{ form.token }}' } },
          'ui:visible': 'true',
        },
      },
    });
    assert.equal(graph.diagnostics[0]?.code, 'form/reads-secret');
    assert.equal(graph.byId.get('/role')?.rules?.source, null);
    assert.notEqual(graph.byId.get('/role')?.rules?.visible, null);
  });
});
