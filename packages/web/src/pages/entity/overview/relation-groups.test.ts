import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { groupRelations, relationTitle } from './relation-groups.ts';

describe('groupRelations', () => {
  it('groups both directions by type, known types in the order of the page and others after them', () => {
    const groups = groupRelations([
      { type: 'zebra', targetRef: 'component:default/z' },
      { type: 'hasPart', targetRef: 'component:default/b' },
      { type: 'ownedBy', targetRef: 'group:default/x' },
      { type: 'hasPart', targetRef: 'component:default/a' },
      { type: 'deployedTo', targetRef: 'resource:default/k8s' },
    ]);
    assert.deepEqual(groups, [
      { type: 'ownedBy', title: 'Owned by', targets: ['group:default/x'] },
      { type: 'hasPart', title: 'Has parts', targets: ['component:default/a', 'component:default/b'] },
      { type: 'deployedTo', title: 'Deployed to', targets: ['resource:default/k8s'] },
      { type: 'zebra', title: 'Zebra', targets: ['component:default/z'] },
    ]);
  });

  it('names a target once', () => {
    const twice = { type: 'dependsOn', targetRef: 'api:default/a' };
    assert.deepEqual(groupRelations([twice, twice])[0]?.targets, ['api:default/a']);
  });
});

describe('relationTitle', () => {
  it('takes unknown types apart', () => {
    assert.equal(relationTitle('isDeployedBy'), 'Is deployed by');
    assert.equal(relationTitle('runs_on-host'), 'Runs on host');
  });
});
