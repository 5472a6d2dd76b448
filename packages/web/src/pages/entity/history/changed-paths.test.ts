import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { changedPaths } from './changed-paths.ts';

const BEFORE = {
  kind: 'Component',
  metadata: { name: 'a', annotations: { x: '1', y: '2' }, tags: ['one', 'two'] },
  spec: { owner: 'booking', profile: { email: 'a@example.com', name: 'A' } },
};

describe('changedPaths', () => {
  it('is empty for what differs in the order of keys only', () => {
    assert.deepEqual(
      changedPaths(BEFORE, { spec: BEFORE.spec, metadata: BEFORE.metadata, kind: 'Component' }),
      [],
    );
  });

  it('names values, lists as a whole, and annotations one by one', () => {
    const after = {
      ...BEFORE,
      metadata: { name: 'a', annotations: { x: '1', y: '3', z: '4' }, tags: ['two', 'one'], title: 'New' },
    };
    assert.deepEqual(changedPaths(BEFORE, after), [
      'metadata.annotations.y',
      'metadata.annotations.z',
      'metadata.tags',
      'metadata.title',
    ]);
  });

  it('names what went, and stops two levels below the envelope', () => {
    const after = { ...BEFORE, spec: { profile: { email: 'b@example.com', name: 'A' } } };
    assert.deepEqual(changedPaths(BEFORE, after), ['spec.owner', 'spec.profile']);
  });

  it('tells a list from an object with the same keys', () => {
    assert.deepEqual(changedPaths({ spec: { a: { b: [] } } }, { spec: { a: { b: {} } } }), ['spec.a']);
  });
});
