import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as backstage from '@backstage/catalog-model';
import { ANNOTATION, CLUSTER_ANNOTATION } from './annotations.ts';
import { RELATION, RELATION_PAIRS } from './relations.ts';

/** The values of Backstage's exported constants whose name starts so. */
function constants(prefix: string): string[] {
  const entries = Object.entries<unknown>(backstage).filter(([name]) => name.startsWith(prefix));
  return entries.map(([, value]) => value).filter((value) => typeof value === 'string');
}

describe('RELATION', () => {
  it('has the relations of Backstage', () => {
    assert.deepEqual(Object.values(RELATION).toSorted(), constants('RELATION_').toSorted());
  });
});

describe('RELATION_PAIRS', () => {
  it('answers each relation with one that it answers in turn', () => {
    for (const pair of Object.values(RELATION_PAIRS)) {
      assert.deepEqual(RELATION_PAIRS[pair.reverse], { type: pair.reverse, reverse: pair.type });
    }
  });
});

describe('ANNOTATION', () => {
  it('has the annotations that Backstage has constants for', () => {
    const ours = new Set<string>([...Object.values(ANNOTATION), ...Object.values(CLUSTER_ANNOTATION)]);
    const names = constants('ANNOTATION_');
    assert.ok(names.length > 5);
    for (const name of names) assert.ok(ours.has(name), name);
  });
});
