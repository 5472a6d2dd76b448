import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Entity } from '@callboard/model';
import { routeOf, tabsOf, type EntityTab } from './entity-tab.ts';

const entity: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop' },
};

function tab(path: string, options: Partial<EntityTab> = {}): EntityTab {
  return {
    id: path,
    path,
    title: path,
    order: 10,
    appliesTo: () => true,
    load: () => ({ Content: () => null }),
    ...options,
  };
}

describe('tabsOf', () => {
  it('leaves out what the entity does not have, and keeps the order of the numbers', () => {
    const tabs = [
      tab('last', { order: 90 }),
      tab('apis', { appliesTo: (of) => of.kind === 'API' }),
      tab('added', { order: 15 }),
      tab('first', { order: 0 }),
    ];
    assert.deepEqual(
      tabsOf(entity, tabs).map(({ path }) => path),
      ['first', 'added', 'last'],
    );
  });
});

describe('routeOf', () => {
  const yaml = tab('yaml', { aliases: ['json'] });
  const docs = tab('docs', { hasSubpaths: true, aliases: ['definition'] });
  const overview = tab('', { aliases: ['overview', 'definition'] });
  const tabs = [overview, yaml, docs];

  it('finds a tab by its path', () => {
    assert.deepEqual(routeOf(tabs, { path: '' }), { kind: 'tab', tab: overview });
    assert.deepEqual(routeOf(tabs, { path: 'yaml/' }), { kind: 'tab', tab: yaml });
  });

  it('leads on from the other addresses of a tab, unless another tab has that path itself', () => {
    assert.deepEqual(routeOf(tabs, { path: 'definition' }), { kind: 'redirect', path: '' });
    const definition = tab('definition');
    assert.deepEqual(routeOf([...tabs, definition], { path: 'definition' }), {
      kind: 'tab',
      tab: definition,
    });
  });

  it('gives what is below a tab to the tabs that have something there', () => {
    assert.deepEqual(routeOf(tabs, { path: 'docs/guide/start' }), { kind: 'tab', tab: docs });
    assert.deepEqual(routeOf(tabs, { path: 'yaml/guide' }), { kind: 'nothing' });
    assert.deepEqual(routeOf(tabs, { path: 'json/guide' }), { kind: 'nothing' });
  });

  it('knows the views of the dialog that Backstage opens by a parameter', () => {
    assert.deepEqual(routeOf(tabs, { path: '', inspect: 'json' }), { kind: 'redirect', path: 'yaml' });
    assert.deepEqual(routeOf(tabs, { path: '', inspect: 'yaml' }), { kind: 'redirect', path: 'yaml' });
    assert.deepEqual(routeOf(tabs, { path: '', inspect: 'overview' }), { kind: 'tab', tab: overview });
    assert.deepEqual(routeOf(tabs, { path: '', inspect: 'unknown' }), { kind: 'tab', tab: overview });
    assert.deepEqual(routeOf(tabs, { path: 'docs', inspect: 'yaml' }), { kind: 'tab', tab: docs });
  });

  it('knows nothing of other paths', () => {
    assert.deepEqual(routeOf(tabs, { path: 'ci-cd' }), { kind: 'nothing' });
  });
});
