/** Which parts a projection keeps, compared with Backstage's way of finding and setting them. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import type { JsonObject } from '@callboard/model';
import * as fc from 'fast-check';
import { parseFields, type Projection } from './fields.ts';

const entity: JsonObject = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: {
    name: 'petstore',
    annotations: { 'backstage.io/orphan': 'true', 'a.b/c.d': 'x', plain: 'y' },
    tags: ['java', 'rest'],
    labels: null,
  },
  spec: { type: 'service', profile: { email: 'a@example.com' } },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/a' }],
};

function project(...texts: string[]): unknown {
  return parse(...texts).project(entity);
}

function parse(...texts: string[]): Projection {
  const projection = parseFields(texts);
  assert.ok(projection);
  return projection;
}

describe('parseFields', () => {
  it('is null when no field is named', () => {
    assert.equal(parseFields([]), null);
    assert.equal(parseFields(['', ' , ,']), null);
  });

  it('names every field once, in the order given', () => {
    assert.deepEqual(parse('kind, metadata.name', 'spec,kind').fields, ['kind', 'metadata.name', 'spec']);
  });

  it('refuses arrays', () => {
    assert.throws(() => parseFields(['kind,metadata.tags[0]']), {
      code: 'catalog/invalid-fields',
      status: 400,
      message: /"metadata.tags\[0\]": array type fields are not supported/,
    });
  });

  it('refuses more than a projection could do in reasonable time', () => {
    assert.ok(parseFields(['a.'.repeat(63) + 'a']));
    assert.throws(() => parseFields(['a.'.repeat(64) + 'a']), { code: 'catalog/invalid-fields' });
    assert.ok(parseFields(Array.from({ length: 4096 }, () => 'abcd')));
    assert.throws(() => parseFields(Array.from({ length: 4097 }, () => 'abcd')), { status: 400 });
  });

  it('says whether relations and the status are needed', () => {
    const { needsRelations, needsStatus } = parse('kind,spec.relations,spec.status');
    assert.deepEqual({ needsRelations, needsStatus }, { needsRelations: false, needsStatus: false });
    assert.equal(parse('relations').needsRelations, true);
    assert.equal(parse('status.items').needsStatus, true);
  });

  it('gives a projection or an error of status 400 for every text', () => {
    const piece = fc.oneof(
      fc.constantFrom('.', ',', '[', 'kind', '__proto__'),
      fc.string({ unit: 'binary' }),
    );
    const text = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { maxLength: 3 }), (texts) => {
        try {
          parseFields(texts)?.project(entity);
        } catch (error) {
          assert.ok(error instanceof CodedError && error.status === 400);
        }
      }),
    );
  });
});

describe('Projection.project', () => {
  it('keeps values and whole parts', () => {
    assert.deepEqual(project('kind,metadata.name,spec.profile'), {
      kind: 'Component',
      metadata: { name: 'petstore' },
      spec: { profile: { email: 'a@example.com' } },
    });
    assert.deepEqual(project('relations'), { relations: entity['relations'] });
  });

  it('finds keys that have dots', () => {
    assert.deepEqual(project('metadata.annotations.backstage.io/orphan,metadata.annotations.a.b/c.d'), {
      metadata: { annotations: { 'backstage.io/orphan': 'true', 'a.b/c.d': 'x' } },
    });
  });

  it('prefers the shorter key and does not go back', () => {
    const projection = parse('spec.a.b');
    assert.deepEqual(projection.project({ spec: { 'a.b': 1 } }), { spec: { 'a.b': 1 } });
    assert.deepEqual(projection.project({ spec: { a: { b: 2 }, 'a.b': 1 } }), { spec: { a: { b: 2 } } });
    assert.deepEqual(projection.project({ spec: { a: 1, 'a.b': 1 } }), {});
  });

  it('leaves out what the entity lacks, and keeps null', () => {
    assert.deepEqual(project('metadata.title,nothing.at.all,spec.type.more,kind.x'), {});
    assert.deepEqual(project('metadata.labels'), { metadata: { labels: null } });
  });

  it('writes keys in the order of the fields', () => {
    assert.equal(
      JSON.stringify(project('spec.type,kind,metadata.name')),
      '{"spec":{"type":"service"},"kind":"Component","metadata":{"name":"petstore"}}',
    );
  });

  it('does not change the entity when a part is selected as a whole and in pieces', () => {
    const frozen: JsonObject = JSON.parse(JSON.stringify(entity), (_, value: unknown) =>
      Object.freeze(value),
    );
    const whole = { metadata: frozen['metadata'] };
    assert.deepEqual(parse('metadata,metadata.name').project(frozen), whole);
    assert.deepEqual(parse('metadata.name,metadata').project(frozen), whole);
  });

  it('follows nothing that is not a key of the data', () => {
    const hostile: JsonObject = JSON.parse(
      '{"__proto__": {"a": 1}, "constructor": {"prototype": {"a": 1}}, "toString": {"call": 1}, "spec": {}}',
    );
    const paths =
      '__proto__.a,constructor.prototype.a,spec.__proto__,spec.constructor.name,spec.toString,kind';
    assert.equal(JSON.stringify(parse(paths).project(hostile)), '{}');
    assert.deepEqual(Object.keys(parse('toString.call').project(hostile)), ['toString']);
    assert.equal(Object.hasOwn(Object.prototype, 'a'), false);
    assert.equal(Object.hasOwn(Object(Reflect.get(Object.prototype, 'toString')), 'call'), false);
    assert.deepEqual(project('metadata.name.length,metadata.tags.length'), {});
  });

  it('selects what Backstage selects', () => {
    const key = fc.constantFrom('a', 'b', 'a.b', 'b.a', 'a.b.a', '');
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 4 }, fc.constantFrom('x', 1, null, false), tie('object')),
      object: fc.dictionary(key, tie('any'), { minKeys: 1, maxKeys: 4 }),
    })).object;
    const path = fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 5 });
    const paths = fc.array(
      path.map((parts) => parts.join('.')),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(value, paths, (source, fields) => {
        fc.pre(fields.some((field) => field !== ''));
        const text = JSON.stringify(source);
        const expected = projectLikeUpstream(JSON.parse(text), fields);
        assert.equal(JSON.stringify(parse(...fields).project(JSON.parse(text))), JSON.stringify(expected));
      }),
      { numRuns: 1000 },
    );
  });
});

interface Lodash {
  hasIn(object: unknown, path: string): boolean;
  get(object: unknown, path: readonly string[]): unknown;
  set(object: object, path: readonly string[], value: unknown): object;
}

/** The package that Backstage sets fields with, as its own packages find it. */
const lodash: Lodash = createRequire(import.meta.resolve('@backstage/catalog-model'))('lodash');

/** The rule of Backstage's catalog, stated with the functions of lodash that it is made of. */
function projectLikeUpstream(source: unknown, fields: readonly string[]): object {
  const output = {};
  for (const field of new Set(fields.filter((each) => each !== ''))) {
    const path: string[] = [];
    let pending: string[] = [];
    for (const part of field.split('.')) {
      pending.push(part);
      if (!lodash.hasIn(path.length === 0 ? source : lodash.get(source, path), pending.join('.'))) continue;
      path.push(pending.join('.'));
      pending = [];
    }
    const value = lodash.get(source, path);
    if (pending.length === 0 && value !== undefined) lodash.set(output, path, value);
  }
  return output;
}
