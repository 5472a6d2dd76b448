import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Names, RelationCounts, relationKey } from './relations.ts';

const TYPES = ['ownedBy', 'ownerOf', 'partOf', 'x'];

describe('Names', () => {
  it('gives each name a number of its own, and the same one again', () => {
    const names = new Names();
    assert.deepEqual(
      ['a', 'b', 'a', '__proto__', 'constructor'].map((name) => names.idOf(name)),
      [0, 1, 0, 2, 3],
    );
    assert.deepEqual(
      [0, 1, 2, 9].map((id) => names.nameOf(id)),
      ['a', 'b', '__proto__', ''],
    );
    assert.equal(names.find('toString'), undefined);
    assert.equal(names.find('b'), 1);
  });
});

describe('RelationCounts', () => {
  const step = fc.record({
    source: fc.integer({ min: 0, max: 2 }),
    type: fc.constantFrom(...TYPES),
    target: fc.integer({ min: 0, max: 80 }),
    change: fc.constantFrom('add', 'add', 'remove'),
  });

  it('counts relations like a multiset, with few of them and with many', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const names = new Names();
        const relations = new RelationCounts(names);
        const naive = new Map<string, number>();
        for (const { source, type, target, change } of steps) {
          const key = `${source} ${type} ref-${target}`;
          const count = naive.get(key) ?? 0;
          const ids = [
            names.idOf(`ref-${source}`),
            relations.typeId(type),
            names.idOf(`ref-${target}`),
          ] as const;
          const isEdge = relations[change](...ids);
          if (change === 'add') {
            assert.equal(isEdge, count === 0, `${key} is new`);
            naive.set(key, count + 1);
          } else {
            assert.equal(isEdge, count === 1, `${key} goes`);
            if (count > 1) naive.set(key, count - 1);
            else naive.delete(key);
          }
        }
        for (const source of [0, 1, 2]) {
          const id = names.idOf(`ref-${source}`);
          const expected = [...naive.keys()]
            .filter((key) => key.startsWith(`${source} `))
            .map((key) => key.split(' '))
            .map(([, type = '', targetRef = '']) => ({ type, targetRef }))
            .toSorted((a, b) => (`${a.type} ${a.targetRef}` < `${b.type} ${b.targetRef}` ? -1 : 1));
          assert.deepEqual(relations.of(id), expected);
          for (const type of TYPES) {
            const has = expected.some((relation) => relation.type === type);
            assert.equal(relations.hasKey(id, relationKey(type)), has);
          }
        }
      }),
    );
  });

  it('knows nothing of what has no relations', () => {
    const relations = new RelationCounts(new Names());
    assert.deepEqual(relations.of(7), []);
    assert.equal(relations.remove(7, 0, 0), false);
    assert.equal(relations.hasKey(7, 'relations.x'), false);
  });
});
