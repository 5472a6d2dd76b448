import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Entity, JsonObject, JsonValue } from './entity.ts';
import { caseConflicts, searchTerms } from './terms.ts';

function entityWith(spec: JsonObject, metadata: JsonObject = {}): Entity {
  return {
    apiVersion: 'v1',
    kind: 'API',
    metadata: { name: 'N', namespace: 'ns', uid: 'u', ...metadata },
    spec,
  };
}

/** `key=value` of the terms below spec; items in a list are marked with a star. */
function specTerms(spec: JsonObject): string[] {
  const terms = searchTerms(entityWith(spec)).filter(({ key }) => key.startsWith('spec'));
  return terms.map(({ key, value, item }) => `${key}=${value}${item ? '*' : ''}`);
}

describe('searchTerms', () => {
  it('holds the root fields, the metadata and each relation of a final entity', () => {
    const entity: Entity = {
      ...entityWith({ type: 'x' }, { etag: 'e', title: 'T', annotations: { 'a.b/C': 'D' } }),
      relations: [
        { type: 'ownedBy', targetRef: 'group:default/a' },
        { type: 'dependsOn', targetRef: 'api:default/b' },
        { type: 'dependsOn', targetRef: 'api:default/c' },
      ],
      status: { items: [] },
    };
    assert.deepEqual(
      searchTerms(entity).map(({ key, value }) => `${key}=${value}`),
      [
        'apiversion=v1',
        'kind=API',
        'metadata.title=T',
        'metadata.annotations.a.b/c=D',
        'spec.type=x',
        'metadata.name=N',
        'metadata.namespace=ns',
        'metadata.uid=u',
        'relations.ownedby=group:default/a',
        'relations.dependson=api:default/b',
        'relations.dependson=api:default/c',
      ],
    );
  });

  it('marks texts in lists, and gives all items the key of the list', () => {
    assert.deepEqual(specTerms({ tags: ['a', 5, ['b', { c: true }], { c: 'd' }] }), [
      'spec.tags=a*',
      'spec.tags=5',
      'spec.tags=b*',
      'spec.tags.c=true',
      'spec.tags.c=d',
    ]);
  });

  it('holds null for null, nothing for empty lists and mappings', () => {
    assert.deepEqual(specTerms({ a: null, b: [], c: {}, d: '', e: false }), [
      'spec.a=null',
      'spec.d=',
      'spec.e=false',
    ]);
    assert.equal(searchTerms(entityWith({ a: null })).find(({ key }) => key === 'spec.a')?.value, null);
  });

  it('holds null in the place of a value over 200 characters', () => {
    assert.deepEqual(specTerms({ a: 'x'.repeat(200), b: 'x'.repeat(201) }), [
      `spec.a=${'x'.repeat(200)}`,
      'spec.b=null',
    ]);
    // One character here is two in lower case.
    assert.deepEqual(specTerms({ a: 'İ'.repeat(101) }), ['spec.a=null']);
  });

  it('leaves out keys over 200 characters', () => {
    assert.deepEqual(specTerms({ ['x'.repeat(195)]: 1, ['y'.repeat(196)]: 1 }), [
      `spec.${'x'.repeat(195)}=1`,
    ]);
  });

  it('holds each key and value once, in the writing that comes first', () => {
    assert.deepEqual(specTerms({ a: ['X', 'x', 'y', 'Y', 'X', null, null] }), [
      'spec.a=X*',
      'spec.a=y*',
      'spec.a=null',
    ]);
  });

  it('marks a value that is in a list as well as elsewhere', () => {
    assert.deepEqual(specTerms({ 'a.b': 'x', a: { b: ['X'] } }), ['spec.a.b=x*']);
  });

  it('leaves out attachments, and what stands for itself at the end', () => {
    const entity = { ...entityWith({}, { etag: 'e' }), attachments: { a: 1 } };
    const keys = searchTerms(entity).map(({ key }) => key);
    assert.deepEqual(keys, ['apiversion', 'kind', 'metadata.name', 'metadata.namespace', 'metadata.uid']);
  });

  it('holds both no namespace and the default one for an entity without', () => {
    const entity: Entity = { apiVersion: 'v1', kind: 'API', metadata: { name: 'a' } };
    assert.deepEqual(
      searchTerms(entity).map(({ key, value }) => `${key}=${value}`),
      [
        'apiversion=v1',
        'kind=API',
        'metadata.name=a',
        'metadata.namespace=null',
        'metadata.uid=null',
        'metadata.namespace=default',
      ],
    );
  });

  it('holds no pair of key and lower-case value twice, whatever the entity', () => {
    const key = fc.constantFrom('a', 'A', 'a.b', 'b', '');
    const { node } = fc.letrec<{ node: JsonValue }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('x', 'X', 'y', null, true, 1),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(node, (value) => {
        const pairs = searchTerms(entityWith({ value })).map(
          (term) => `${term.key}=${term.value?.toLowerCase()}`,
        );
        assert.equal(new Set(pairs).size, pairs.length);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('caseConflicts', () => {
  it('is empty when no two keys are the same but for case', () => {
    assert.deepEqual(caseConflicts(entityWith({ a: 1, b: { a: 1, A2: ['x', 'X'] } })), []);
  });

  it('names keys that differ by case only', () => {
    assert.deepEqual(caseConflicts(entityWith({ aB: 1, Ab: 2, ab: 3 })), ['spec.ab']);
  });

  it('looks at the keys of list items too', () => {
    assert.deepEqual(caseConflicts(entityWith({ tags: ['java'], 'tags.Java': 1 })), ['spec.tags.java']);
    assert.deepEqual(caseConflicts(entityWith({ tags: ['java'], 'tags.java': 1 })), []);
  });

  it('looks at the name and the relations too', () => {
    const relations = [
      { type: 'ownedBy', targetRef: 'a:b/c' },
      { type: 'OwnedBy', targetRef: 'a:b/c' },
    ];
    assert.deepEqual(caseConflicts({ ...entityWith({}, { Name: 'x' }), relations }), [
      'metadata.name',
      'relations.ownedby',
    ]);
  });
});
