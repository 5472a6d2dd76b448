import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity, JsonObject } from '@callboard/model';
import { diffVersions } from './line-diff.ts';

const entity = (spec: JsonObject): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'a' },
  spec,
});

describe('diffVersions', () => {
  it('shows what changed with three lines around it, and counts the others', async () => {
    const before = entity({ type: 'service', a: 1, b: 2, c: 3, owner: 'x', d: 4, e: 5, f: 6, g: 7 });
    const after = entity({ type: 'service', a: 1, b: 2, c: 3, owner: 'y', d: 4, e: 5, f: 6, g: 7 });
    assert.deepEqual(await diffVersions(before, after), {
      added: 1,
      removed: 1,
      lines: [
        { kind: 'skipped', lines: 6 },
        { kind: 'same', text: '  a: 1' },
        { kind: 'same', text: '  b: 2' },
        { kind: 'same', text: '  c: 3' },
        { kind: 'removed', text: '  owner: x' },
        { kind: 'added', text: '  owner: y' },
        { kind: 'same', text: '  d: 4' },
        { kind: 'same', text: '  e: 5' },
        { kind: 'same', text: '  f: 6' },
        { kind: 'skipped', lines: 1 },
      ],
    });
  });

  it('shows a first version as added, and an entity that went as removed', async () => {
    const first = await diffVersions(null, entity({ type: 'service' }));
    assert.equal(first.removed, 0);
    assert.equal(first.added, 6);
    const last = await diffVersions(entity({ type: 'service' }), null);
    assert.deepEqual([last.added, last.removed], [0, 6]);
  });

  it('sees a change at the end of a text of megabytes', async () => {
    const long = 'x: y\n'.repeat(400_000);
    const { added, removed } = await diffVersions(
      entity({ definition: `${long}a` }),
      entity({ definition: `${long}b` }),
    );
    assert.deepEqual([added, removed], [1, 1]);
  });
});
