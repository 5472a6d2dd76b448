import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { isEntity } from '../../../api/entity.ts';
import { annotationFacts, moreFacts } from './more-facts.ts';

const apiVersion = 'backstage.io/v1alpha1';

function paths(entity: Entity): readonly string[] {
  return moreFacts(entity).map(({ path }) => path);
}

describe('moreFacts', () => {
  it('has what no other part of the page shows', () => {
    const entity: Entity = {
      apiVersion,
      kind: 'Component',
      metadata: { name: 'shop', namespace: 'default', etag: '1', costCentre: 7 },
      spec: { type: 'service', owner: 'x', dependsOn: ['resource:db'], tier: 1, children: [] },
      relations: [
        { type: 'ownedBy', targetRef: 'group:default/x' },
        { type: 'dependsOn', targetRef: 'resource:default/db' },
      ],
    };
    assert.deepEqual(paths(entity), ['spec.tier', 'metadata.costCentre']);
  });

  it('has fields that became no relation, and those that are not what they should be', () => {
    const spec = { type: { odd: true }, owner: 'x', dependsOn: ['a', 7], lifecycle: null };
    const entity: Entity = { apiVersion, kind: 'Thing', metadata: { name: 'a' }, spec };
    assert.deepEqual(paths(entity), ['spec.type', 'spec.owner', 'spec.dependsOn', 'spec.lifecycle']);
  });

  it('leaves out what a card of the kind shows', () => {
    const spec = { definition: 'openapi: 3.1.0', target: './x' };
    const metadata = { name: 'a' };
    assert.deepEqual(paths({ apiVersion, kind: 'API', metadata, spec }), ['spec.target']);
    assert.deepEqual(paths({ apiVersion, kind: 'Location', metadata, spec }), ['spec.definition']);
  });

  it('takes profiles apart', () => {
    const spec = { profile: { displayName: 'Ada', email: 'a@example.com', phone: '112' } };
    assert.deepEqual(paths({ apiVersion, kind: 'User', metadata: { name: 'ada' }, spec }), [
      'spec.profile.phone',
    ]);
  });
});

describe('annotationFacts', () => {
  it('bears annotations of every shape', () => {
    const annotations: unknown = { 'a.b/c': 'x', odd: { deep: 1 } };
    const entity: unknown = { apiVersion, kind: 'A', metadata: { name: 'a', annotations } };
    assert.ok(isEntity(entity));
    assert.deepEqual(
      annotationFacts(entity).map(({ key }) => key),
      ['a.b/c', 'odd'],
    );
  });
});
