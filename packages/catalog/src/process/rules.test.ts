import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  codesOf,
  component,
  createFileWorld,
  documents,
  locationYaml,
  yaml,
  type World,
} from '../catalog.fixture.ts';
import { parseCatalogConfig } from '../config.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { createRules, type CatalogRule } from './rules.ts';

const file = (target: string) => ({ type: 'file', target });

describe('createRules', () => {
  const allows = (rules: readonly CatalogRule[], kind: string, spec: unknown = {}, target = '/x.yaml') =>
    createRules(rules)({ kind, spec }, file(target));

  it('lets nothing in without a rule', () => {
    assert.equal(allows([], 'Component'), false);
  });

  it('allows Component, API and Location when the configuration has no rules', () => {
    const { settings } = parseCatalogConfig(
      { getOptional: () => undefined, getOptionalDuration: () => null },
      { cwd: '/' },
    );
    for (const kind of ['Component', 'API', 'Location']) assert.equal(allows(settings.rules, kind), true);
    for (const kind of ['User', 'Group', 'Template', 'Resource']) {
      assert.equal(allows(settings.rules, kind), false);
    }
  });

  it('compares kinds without regard to case', () => {
    assert.equal(allows([{ allow: [{ kind: 'component' }] }], 'COMPONENT'), true);
    assert.equal(allows([{ allow: [{ kind: 'component' }] }], 'components'), false);
  });

  it('compares spec.type without regard to case, and refuses what has no text there', () => {
    const rules = [{ allow: [{ kind: 'Resource', type: 'Database' }] }];
    assert.equal(allows(rules, 'Resource', { type: 'database' }), true);
    assert.equal(allows(rules, 'Resource', { type: 'bucket' }), false);
    for (const spec of [{}, { type: ['database'] }, null, 'database', undefined]) {
      assert.equal(createRules(rules)({ kind: 'Resource', spec }, file('/x')), false);
    }
  });

  it('looks at where the entity comes from: type, exact target, pattern', () => {
    const locations = (...list: NonNullable<CatalogRule['locations']>) => [
      { allow: [{ kind: 'User' }], locations: list },
    ];
    assert.equal(allows(locations({ type: 'file' }), 'User'), true);
    assert.equal(allows(locations({ type: 'url' }), 'User'), false);
    assert.equal(allows(locations({ type: 'file', exact: '/x.yaml' }), 'User'), true);
    assert.equal(allows(locations({ type: 'file', exact: '/X.yaml' }), 'User'), false);
    assert.equal(allows(locations({ type: 'file', pattern: '/a/**' }), 'User', {}, '/A/.b/c.yaml'), true);
    assert.equal(allows(locations({ type: 'file', pattern: '/a/*' }), 'User', {}, '/a/b/c.yaml'), false);
    assert.equal(allows(locations({ type: 'url' }, { type: 'file', exact: '/x.yaml' }), 'User'), true);
    assert.equal(allows(locations(), 'User'), false);
  });
});

describe('rules of a catalog', () => {
  const user = (name: string): string => yaml('User', name, { spec: { memberOf: [] } });
  const files = {
    'a.yaml': documents(component('a'), user('u'), component('b')),
    'users.yaml': documents(user('v'), component('c')),
  };
  const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
  const components: CatalogRule = { allow: [{ kind: 'Component' }, { kind: 'Location' }] };
  const usersFrom = (exact: string): CatalogRule => ({
    allow: [{ kind: 'User' }],
    locations: [{ type: 'file', exact }],
  });

  it('refuse an entity with a diagnostic, and let its siblings in', async () => {
    await using world = await createFileWorld(['a.yaml'], files, { settings: { rules: [components] } });
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b']);
    const { diagnostics } = await world.explain(world.locationOf('a.yaml'));
    assert.deepEqual(codesOf(diagnostics), ['catalog/kind-not-allowed']);
    assert.equal(diagnostics[0]?.file, world.path('a.yaml'));
    assert.equal(diagnostics[0]?.line, 16);
    assert.match(world.errors(world.locationOf('a.yaml')).join(), /user:default\/u .*not of an allowed kind/);
    await check(world);
  });

  it('may let a kind in from one location only, whatever led there', async () => {
    await using world = await createFileWorld(['a.yaml', 'root.yaml'], {
      ...files,
      'root.yaml': locationYaml('l', { target: './users.yaml' }),
    });
    const rules = [components, usersFrom(world.path('root.yaml'))];
    await world.catalog.reconfigure({ ...world.catalog.settings, rules });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), [
      'component:default/a',
      'component:default/b',
      'component:default/c',
      'user:default/v',
    ]);
    await check(world);
  });

  it('are followed when they change: what they refuse goes, what they allow comes', async () => {
    await using world = await createFileWorld(['*.yaml'], files, { settings: { rules: [components] } });
    assert.equal(world.refs().length, 3);
    const settings = { ...world.catalog.settings };
    await world.catalog.reconfigure({ ...settings, rules: [{ allow: [{ kind: 'User' }] }] });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['user:default/u', 'user:default/v']);
    await check(world);
    await world.restart({ settings: { ...settings, rules: [components] } });
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b', 'component:default/c']);
    await check(world);
  });

  it('do not ask about what a provider gives', async () => {
    await using world = await createFileWorld(['a.yaml'], files, { settings: { rules: [] } });
    assert.deepEqual(world.refs(), []);
    assert.equal(world.catalog.index.size, 1);
  });
});
