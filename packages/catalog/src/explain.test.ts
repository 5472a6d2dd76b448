import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ALL_KINDS,
  codesOf,
  component,
  createFileWorld,
  createWorld,
  documents,
  locationYaml,
  urlError,
  type World,
  yaml,
} from './catalog.fixture.ts';
import { parseCatalogConfig } from './config.ts';
import { explain } from './explain.ts';
import { locationEntityRef } from './process/location.ts';

const A = 'component:default/a';
const START = Date.UTC(2026, 0, 1);

const time = (milliseconds: number): string => new Date(START + milliseconds).toISOString();

describe('explain', () => {
  it('knows nothing of what never was there', async () => {
    await using world = await createWorld();
    assert.equal(await explain(world.catalog, A), null);
  });

  it('says of a good entity where it came from, up to the root, and when that was read and changed', async () => {
    await using world = await createFileWorld(
      ['root.yaml'],
      { 'root.yaml': locationYaml('mid', { target: './a.yaml' }), 'a.yaml': component('a') },
      { settings: { pollInterval: 1_000 } },
    );
    world.pass(500);
    await world.poll();
    const found = await world.explain(A);
    assert.deepEqual(found, {
      entityRef: A,
      state: 'ok',
      location: `file:${world.path('a.yaml')}`,
      originLocation: `file:${world.path('root.yaml')}`,
      locationKey: `file:${world.path('a.yaml')}`,
      firstSeenAt: time(0),
      lastProcessedAt: time(0),
      lastChangedAt: time(0),
      sources: [
        {
          ref: 'location:default/mid',
          target: world.path('a.yaml'),
          lastReadAt: time(500),
          lastChangedAt: time(0),
          nextReadAt: time(1_500),
          error: null,
        },
        {
          ref: world.locationOf('root.yaml'),
          target: world.path('root.yaml'),
          lastReadAt: time(500),
          lastChangedAt: time(0),
          nextReadAt: time(1_500),
          error: null,
        },
        {
          ref: 'provider:config',
          target: null,
          lastReadAt: null,
          lastChangedAt: null,
          nextReadAt: null,
          error: null,
        },
      ],
      conflicts: [],
      diagnostics: [],
      rule: { index: null, kinds: ALL_KINDS, locations: null, text: `allow ${ALL_KINDS.join(', ')}` },
      readBy: 'file',
      processors: ['PlaceholderProcessor', 'AnnotateLocationEntityProcessor'],
      uid: world.entity(A).metadata.uid,
      etag: world.entity(A).metadata.etag,
    });
  });

  it('tells when an entity changed from when it was processed', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a'), component('b')),
    });
    world.pass(1_000);
    await world.write('a.yaml', documents(component('a'), component('b', { lifecycle: 'new' })));
    await world.poll();
    const [a, b] = [await world.explain(A), await world.explain('component:default/b')];
    assert.deepEqual([a.lastChangedAt, b.lastChangedAt], [time(0), time(1_000)]);
    assert.equal(a.sources[0]?.lastChangedAt, time(1_000));
  });

  it('calls an entity failing whose last version is bad, and names file, line and column', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    await world.write('a.yaml', documents('# comment\n', component('a', { lifecycle: [] })));
    await world.poll();
    const { state, diagnostics } = await world.explain(A);
    assert.equal(state, 'failing');
    const { file, line, column, path, severity, code } = diagnostics[0] ?? {};
    assert.deepEqual(
      { file, line, column, path, severity, code },
      {
        file: world.path('a.yaml'),
        line: 11,
        column: 5,
        path: 'spec.lifecycle',
        severity: 'error',
        code: 'model/wrong-type',
      },
    );
  });

  it('calls an entity pending that never was good', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a', { lifecycle: [] }) });
    const { state, diagnostics, location, sources } = await world.explain(A);
    assert.equal(state, 'pending');
    assert.equal(diagnostics[0]?.line, 9);
    assert.equal(location, `file:${world.path('a.yaml')}`);
    assert.equal(sources[0]?.ref, world.locationOf('a.yaml'));
  });

  it('calls an entity stale whose file, glob or URL cannot be read', async () => {
    const url = 'https://git.test/u.yaml';
    await using world = await createFileWorld(['a.yaml', 'glob/*.yaml'], {
      'a.yaml': component('a'),
      'glob/g.yaml': component('g'),
    });
    world.urls.set(url, component('u'));
    const locations = [...world.catalog.settings.locations, { type: 'url', target: url }];
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    await world.catalog.engine.idle();
    await world.remove('a.yaml');
    await world.remove('glob');
    world.urls.fail(url, urlError(503, 'timed out'));
    await world.poll();
    for (const [ref, code] of [
      [A, 'catalog/source-missing'],
      ['component:default/g', 'catalog/source-missing'],
      ['component:default/u', 'reading/unavailable'],
    ] as const) {
      const { state, diagnostics, sources } = await world.explain(ref);
      assert.equal(state, 'stale', ref);
      assert.deepEqual(codesOf(diagnostics), [code], ref);
      assert.equal(sources[0]?.error, diagnostics[0]?.summary, ref);
    }
  });

  it('calls an entity stale when something above its location cannot be read', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('mid', { target: './a.yaml' }),
      'a.yaml': component('a'),
    });
    await world.remove('root.yaml');
    await world.poll();
    const { state, sources } = await world.explain(A);
    assert.equal(state, 'stale');
    assert.deepEqual(
      sources.map(({ error }) => error !== null),
      [false, true, false],
    );
  });

  it('calls an entity orphaned that nothing lists any more', async () => {
    await using world = await createFileWorld(
      ['a.yaml'],
      { 'a.yaml': documents(component('a'), component('b')) },
      { settings: { orphanStrategy: 'keep' } },
    );
    await world.write('a.yaml', component('b'));
    await world.poll();
    const { state, sources } = await world.explain(A);
    assert.equal(state, 'orphaned');
    assert.deepEqual(sources, []);
  });

  it('says of a Location what is wrong with what it points to', async () => {
    await using world = await createFileWorld(['*.yaml'], {
      'a.yaml': documents(component('a'), 'kind: [\n'),
      'b.yaml': documents(component('a'), component('b')),
    });
    const { state, diagnostics } = await world.explain(world.locationOf('*.yaml'));
    assert.equal(state, 'failing');
    assert.deepEqual(
      diagnostics.map(({ code, file, line }) => [code, file?.replace(world.folder, ''), line]),
      [
        ['catalog/yaml-syntax', '/a.yaml', 15],
        ['catalog/conflict', '/b.yaml', 5],
      ],
    );
  });

  it('says of an entity what is wrong in its file, but not what is wrong with others', async () => {
    await using world = await createFileWorld(['*.yaml'], {
      'a.yaml': documents(component('a'), 'kind: [\n'),
      'b.yaml': documents(component('a'), component('b'), component('B')),
    });
    const a = await world.explain(A);
    assert.deepEqual(codesOf(a.diagnostics), ['catalog/yaml-syntax']);
    assert.equal(a.state, 'ok');
    assert.deepEqual(a.conflicts, [
      { location: `file:${world.path('b.yaml')}`, source: world.locationOf('*.yaml'), seenAt: time(0) },
    ]);
    const b = await world.explain('component:default/b');
    assert.deepEqual(codesOf(b.diagnostics), ['catalog/duplicate-entity']);
    assert.equal(b.diagnostics[0]?.line, 31);
  });
});

/** A world whose locations and rules are those of a configuration. */
async function configured(
  catalog: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
): Promise<World> {
  const world = await createFileWorld([], files);
  const reader = {
    getOptional: (key: string) => catalog[key.replace('catalog.', '')],
    getOptionalDuration: () => null,
  };
  const { settings } = parseCatalogConfig(reader, { cwd: world.folder });
  await world.catalog.reconfigure({ ...settings, pollInterval: null, watch: false });
  await world.catalog.engine.idle();
  return world;
}

describe('the rule of explain', () => {
  const files = {
    'a.yaml': component('a'),
    'team.yaml': documents(
      yaml('Group', 'team', { spec: { type: 'team', children: [] } }),
      component('b', { type: 'website' }),
    ),
  };
  const locations = [
    { type: 'file', target: 'a.yaml' },
    { type: 'file', target: 'team.yaml', rules: [{ allow: ['User'] }, { allow: ['Group'] }] },
  ];

  it('is the first of catalog.rules that allows the entity from its origin', async () => {
    const rules = [
      { allow: ['API'] },
      { allow: ['Component'], locations: [{ type: 'file', pattern: '**/other/*.yaml' }] },
      { allow: ['Location', { kind: 'Component', 'spec.type': 'service' }] },
      { allow: ['Component'] },
    ];
    await using world = await configured({ rules, locations }, files);
    assert.deepEqual((await world.explain(A)).rule, {
      index: 2,
      kinds: ['Location', 'Component (spec.type: service)'],
      locations: null,
      text: 'catalog.rules[2]: allow Location, Component (spec.type: service)',
    });
    assert.equal((await world.explain('component:default/b')).rule?.index, 3);
  });

  it('is one of the defaults, or of the location, and says where it stands', async () => {
    await using world = await configured({ locations }, files);
    assert.equal((await world.explain(A)).rule?.text, 'the default rules: allow Component, API, Location');
    assert.deepEqual((await world.explain('group:default/team')).rule, {
      index: null,
      kinds: ['Group'],
      locations: [{ type: 'file', exact: world.path('team.yaml') }],
      text: 'catalog.locations[1].rules[1]: allow Group',
    });
  });

  it('is known of what never was good, and follows the configuration', async () => {
    await using world = await configured(
      { locations, rules: [{ allow: ['Component'] }] },
      { ...files, 'a.yaml': component('a', { lifecycle: [] }) },
    );
    const found = await world.explain(A);
    assert.deepEqual([found.state, found.rule?.index, found.uid, found.etag], ['pending', 0, null, null]);
    const { settings } = world.catalog;
    await world.catalog.reconfigure({ ...settings, rules: [{ allow: [] }, ...settings.rules] });
    assert.equal((await world.explain(A)).rule?.text, 'catalog.rules[0]: allow Component');
  });

  it('is none for what a provider gave, which no rule was asked about', async () => {
    await using world = await configured({ locations }, files);
    const location = locationEntityRef({ type: 'file', target: world.path('a.yaml') });
    const { rule, readBy } = await world.explain(location);
    assert.deepEqual([rule, readBy], [null, 'config']);
  });
});

describe('the reader of explain', () => {
  it('is that of the location, a provider, or that of the entity which emitted this one', async () => {
    const emitted = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name: 'emitted' },
      spec: { type: 'openapi', lifecycle: 'x', owner: 'o', definition: 'd' },
    };
    await using world = await createWorld({
      processors: [
        {
          name: 'emitter',
          priority: 1,
          postProcess: (entity, context) => {
            if (entity.kind === 'Component') context.emitEntity({ entity: emitted });
            return entity;
          },
        },
      ],
      providers: [{ name: 'p', connect: () => Promise.resolve() }],
    });
    const url = 'https://git.test/a.yaml';
    world.urls.set(url, component('a'));
    await world.catalog.locations.create({ type: 'url', target: url }, 'reject');
    const annotations = {
      'backstage.io/managed-by-location': 'test:here',
      'backstage.io/managed-by-origin-location': 'test:here',
    };
    const given = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Group',
      metadata: { name: 'g', annotations },
      spec: { type: 'team', children: [] },
    };
    await world.catalog.engine.mutate('p', { type: 'full', entities: [{ entity: given }] });
    await world.catalog.engine.idle();
    const a = await world.explain(A);
    assert.deepEqual([a.readBy, a.processors[0], a.rule?.index], ['url', 'emitter', null]);
    assert.equal((await world.explain('api:default/emitted')).readBy, 'url');
    assert.equal((await world.explain('group:default/g')).readBy, 'p');
  });
});
