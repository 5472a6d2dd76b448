import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '@callboard/model';
import { compileForm } from '../compile/compile-form.ts';
import { resolveForm } from '../resolve/resolve-form.ts';
import { isValid } from '../schema/check-values.ts';
import { ANNA } from '../session/form.fixture.ts';
import { pageWith } from './page-with.ts';

async function resolved(page: JsonObject, entered: JsonObject) {
  const graph = await compileForm({ pages: [page] });
  return resolveForm({ graph, entered, user: ANNA, answers: new Map() });
}

const PAGE: JsonObject = {
  type: 'object',
  required: ['kind', 'team'],
  'ui:order': ['kind', 'team', 'note'],
  properties: {
    kind: { type: 'string' },
    team: { type: 'string', 'ui:visible': "form.kind = 'service'" },
    note: { type: 'string', 'ui:required': "form.kind = 'library'" },
  },
};

describe('pageWith', () => {
  it('takes out what is hidden, out of what is required too (rjsf#1090)', async () => {
    const resolution = await resolved(PAGE, { kind: 'other' });
    const page = pageWith(PAGE, resolution);
    assert.deepEqual(page['required'], ['kind']);
    assert.deepEqual(page['ui:order'], ['kind', 'note']);
    assert.deepEqual(Object.keys(Object(page['properties'])), ['kind', 'note']);
    assert.ok(isValid(page, resolution.values));
  });

  it('requires what a rule requires', async () => {
    const page = pageWith(PAGE, await resolved(PAGE, { kind: 'library' }));
    assert.deepEqual(page['required'], ['kind', 'note']);
    assert.equal(isValid(page, { kind: 'library' }), false);
  });

  it('is the same object while nothing of it changes, and the page itself when nothing ever does', async () => {
    const one = pageWith(PAGE, await resolved(PAGE, { kind: 'a' }));
    assert.equal(pageWith(PAGE, await resolved(PAGE, { kind: 'b' })), one);
    assert.notEqual(pageWith(PAGE, await resolved(PAGE, { kind: 'library' })), one);
    assert.equal(pageWith(PAGE, await resolved(PAGE, { kind: 'a' })), one);
    const plain: JsonObject = { type: 'object', properties: { other: { type: 'string' } } };
    assert.equal(pageWith(plain, await resolved(PAGE, { kind: 'a' })), plain);
    assert.equal(pageWith(PAGE, { values: {}, fields: new Map(), needs: [] }), PAGE);
  });

  it('leaves defaults of fields with rules to the resolution', async () => {
    const page: JsonObject = {
      properties: {
        a: { type: 'string', default: 'x', 'ui:disabled': 'form.b' },
        b: { type: 'boolean', default: false },
      },
    };
    const { properties } = pageWith(page, await resolved(page, {}));
    assert.deepEqual(properties, {
      a: { type: 'string', 'ui:disabled': 'form.b' },
      b: { type: 'boolean', default: false },
    });
  });

  it('writes out a reference where it has to differ, and keeps it elsewhere', async () => {
    const page: JsonObject = {
      definitions: {
        place: {
          type: 'object',
          properties: { host: { type: 'string' }, port: { type: 'string', 'ui:visible': 'form.ports' } },
        },
        other: { type: 'string' },
      },
      properties: {
        ports: { type: 'boolean' },
        place: { $ref: '#/definitions/place' },
        name: { $ref: '#/definitions/other' },
      },
    };
    assert.equal(pageWith(page, await resolved(page, { ports: true })), page);
    const { properties } = pageWith(page, await resolved(page, {}));
    assert.deepEqual(properties, {
      ports: { type: 'boolean' },
      place: { type: 'object', properties: { host: { type: 'string' } } },
      name: { $ref: '#/definitions/other' },
    });
  });

  it('changes what stands in branches, but not what chooses between them', async () => {
    const branch = (kind: string): JsonObject => ({
      properties: { kind: { const: kind }, extra: { type: 'string', 'ui:visible': 'form.more' } },
      required: ['extra'],
    });
    const page: JsonObject = {
      properties: { more: { type: 'boolean' }, kind: { type: 'string', enum: ['a', 'b'] } },
      dependencies: { kind: { oneOf: [branch('a'), branch('b')] } },
    };
    const made = pageWith(page, await resolved(page, { kind: 'a' }));
    const left = { properties: { kind: { const: 'a' } }, required: [] };
    assert.deepEqual(made['dependencies'], {
      kind: { oneOf: [left, { properties: { kind: { const: 'b' } }, required: [] }] },
    });
  });

  it('has a schema for each item of a list when values are checked', async () => {
    const page: JsonObject = {
      properties: {
        rows: {
          type: 'array',
          items: {
            type: 'object',
            required: ['b'],
            properties: { a: { type: 'string' }, b: { type: 'string', 'ui:visible': "item.a = 'x'" } },
          },
        },
      },
    };
    const resolution = await resolved(page, { rows: [{ a: 'x' }, { a: 'y' }] });
    const check = pageWith(page, resolution, { purpose: 'check' });
    assert.equal(isValid(check, { rows: [{ a: 'x' }, { a: 'y' }] }), false);
    assert.ok(isValid(check, { rows: [{ a: 'x', b: '1' }, { a: 'y' }] }));
    assert.equal(pageWith(page, resolution), page);
  });

  it('ends with schemas that refer to themselves', async () => {
    const page: JsonObject = {
      definitions: {
        node: {
          type: 'object',
          properties: { child: { $ref: '#/definitions/node' }, a: { type: 'string' } },
        },
      },
      properties: { root: { $ref: '#/definitions/node' }, b: { type: 'string', 'ui:visible': 'false' } },
    };
    assert.deepEqual(Object.keys(Object(pageWith(page, await resolved(page, {}))['properties'])), ['root']);
  });
});
