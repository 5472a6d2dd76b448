import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { queryEntities } from './query-entities.ts';

const of = (kind: string, name: string, more: object = {}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  ...more,
});

const ENTITIES = [
  of('Resource', 'yard', { spec: { type: 'aws-account' } }),
  of('Resource', 'shop', {
    spec: { type: 'aws-account' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/board' }],
  }),
  of('User', 'anna', { spec: { profile: { displayName: 'Anna of the Shop' } } }),
];

function names(filter: unknown, more: { readonly text?: string; readonly refs?: readonly string[] } = {}) {
  const who = { ref: null, ownership: [] };
  return queryEntities(ENTITIES, { filter, limit: 10, who, ...more }).entities.map(
    ({ metadata }) => metadata.name,
  );
}

describe('queryEntities', () => {
  it('finds what the index of a catalog finds', () => {
    assert.deepEqual(names({ kind: 'resource', 'spec.type': 'AWS-account' }), ['shop', 'yard']);
    assert.deepEqual(names([{ kind: 'User' }, { 'relations.ownedBy': ['group:default/board'] }]), [
      'shop',
      'anna',
    ]);
    assert.deepEqual(names({ 'spec.type': { exists: false } }), ['anna']);
    assert.deepEqual(names({}, { text: 'SHOP' }), ['shop', 'anna']);
    assert.deepEqual(names({ kind: 'Resource' }, { refs: ['resource:default/yard', 'user:default/anna'] }), [
      'yard',
    ]);
    assert.deepEqual(names({ kind: 'none' }), []);
  });
});
