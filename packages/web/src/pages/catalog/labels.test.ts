import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EntityRow } from '../../api/entity.ts';
import { createLabels, type Labels } from './labels.ts';

const row = (title: string): EntityRow => ({
  ref: { kind: 'group', namespace: 'default', name: 'x' },
  name: 'x',
  title,
  description: null,
  type: null,
  lifecycle: null,
  owner: null,
  system: null,
  tags: [],
  hasErrors: false,
});

function arrived(labels: Labels): Promise<void> {
  return new Promise((resolve) => {
    const end = labels.subscribe(() => {
      end();
      resolve();
    });
  });
}

describe('createLabels', () => {
  it('asks once for what is wanted at the same time, and once for each', async () => {
    const asked: (readonly string[])[] = [];
    const labels = createLabels({
      now: () => 0,
      catalog: {
        byRefs: async (refs) => {
          asked.push(refs);
          return refs.map((ref) => (ref.endsWith('none') ? null : row(`Title of ${ref}`)));
        },
      },
    });
    const done = arrived(labels);
    for (const ref of ['a', 'none', 'a']) labels.want(ref);
    assert.equal(labels.of('a'), null);
    await done;
    assert.deepEqual(asked, [['a', 'none']]);
    assert.equal(labels.of('a'), 'Title of a');
    assert.equal(labels.of('none'), null);
    const again = arrived(labels);
    for (const ref of ['a', 'none', 'b']) labels.want(ref);
    await again;
    assert.deepEqual(asked, [['a', 'none'], ['b']]);
  });

  it('asks again after a while, and shows what it had until then', async () => {
    let now = 0;
    let title = 'Before';
    const labels = createLabels({ now: () => now, catalog: { byRefs: async () => [row(title)] } });
    const first = arrived(labels);
    labels.want('a');
    await first;
    now = 600_000;
    title = 'After';
    const second = arrived(labels);
    labels.want('a');
    assert.equal(labels.of('a'), 'Before');
    await second;
    assert.equal(labels.of('a'), 'After');
  });

  it('asks again for what could not be read', async () => {
    let asked = 0;
    const labels = createLabels({
      now: () => 0,
      catalog: {
        byRefs: async () => {
          asked += 1;
          if (asked === 2) return [row('There')];
          // Somebody wants it again once the first request has failed.
          setTimeout(() => labels.want('a'), 0);
          throw new Error('away');
        },
      },
    });
    const there = arrived(labels);
    labels.want('a');
    await there;
    assert.equal(labels.of('a'), 'There');
  });
});
