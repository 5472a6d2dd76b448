import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toRow, type EntityRow } from '../../../api/entity.ts';
import { dependencyGroups, fittingRows } from './sections.ts';

function row(name: string, given: { readonly title?: string; readonly spec?: object } = {}): EntityRow {
  const made = toRow({ kind: 'Component', metadata: { name, title: given.title }, spec: given.spec });
  assert.ok(made !== null);
  return made;
}

describe('dependencyGroups', () => {
  it('leaves the owner, the whole and the organization to other places', () => {
    const groups = dependencyGroups({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'a' },
      relations: [
        { type: 'ownedBy', targetRef: 'group:default/x' },
        { type: 'partOf', targetRef: 'system:default/s' },
        { type: 'deployedTo', targetRef: 'resource:default/r' },
        { type: 'dependsOn', targetRef: 'resource:default/r' },
        { type: 'hasPart', targetRef: 'component:default/b' },
      ],
    });
    assert.deepEqual(
      groups.map(({ type }) => type),
      ['hasPart', 'dependsOn', 'deployedTo'],
    );
  });
});

describe('fittingRows', () => {
  const group = {
    type: 'dependsOn',
    title: 'Depends on',
    targets: ['component:default/a', 'component:default/b', 'resource:default/gone'],
  };
  const rows = new Map([
    ['component:default/a', row('a', { title: 'Zeppelin', spec: { type: 'service', owner: 'air' } })],
    ['component:default/b', row('b', { title: 'Boat', spec: { type: 'library', owner: 'sea' } })],
    ['resource:default/gone', null],
  ]);
  const found = (text: string): readonly string[] =>
    fittingRows(group, { rows, text }).map(({ reference }) => reference);

  it('sorts by the name that is shown', () => {
    assert.deepEqual(found(''), ['component:default/b', 'resource:default/gone', 'component:default/a']);
  });

  it('looks for every word in every fact', () => {
    assert.deepEqual(found('SERVICE air'), ['component:default/a']);
    assert.deepEqual(found('gone'), ['resource:default/gone']);
    assert.deepEqual(found('service sea'), []);
  });

  it('works before the rows are known', () => {
    assert.equal(fittingRows(group, { rows: new Map(), text: 'b' })[0]?.reference, 'component:default/b');
  });
});
