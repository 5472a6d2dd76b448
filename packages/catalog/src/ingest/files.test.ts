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
import { checkIndex } from '../index/checker.fixture.ts';
import { failedEntityRows } from '../store/store.ts';

const failed = async (world: World): Promise<string[]> =>
  (await failedEntityRows(world.database)).map(({ ref }) => ref);
const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);

describe('a glob of files', () => {
  const files = { 'a.yaml': component('a'), 'b.yaml': documents(component('b1'), component('b2')) };

  it('brings in the entities of every file, under one Location', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b1', 'component:default/b2']);
    const { annotations } = world.entity('component:default/b2').metadata;
    assert.equal(annotations?.['backstage.io/managed-by-location'], `file:${world.path('b.yaml')}`);
    assert.equal(annotations?.['backstage.io/managed-by-origin-location'], `file:${world.path('*.yaml')}`);
    await check(world);
  });

  it('brings in a file that is new, and what is new in a file', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.write('c.yaml', component('c'));
    await world.write('a.yaml', documents(component('a'), component('a2')));
    await world.poll();
    assert.deepEqual(world.refs().map(nameOf), ['a', 'a2', 'b1', 'b2', 'c']);
    await check(world);
  });

  it('follows a changed document and keeps the uid of its entity', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    const { uid, etag } = world.entity('component:default/a').metadata;
    await world.write('a.yaml', component('a', { lifecycle: 'deprecated' }));
    await world.poll();
    const changed = world.entity('component:default/a');
    assert.equal(changed.spec?.['lifecycle'], 'deprecated');
    assert.equal(changed.metadata.uid, uid);
    assert.notEqual(changed.metadata.etag, etag);
    await check(world);
  });

  it('changes nothing when nothing changed', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    const { version } = world.catalog.index;
    await world.poll();
    await world.restart();
    await world.poll();
    assert.equal(version > 0, true);
    assert.deepEqual(world.refs().length, 3);
    const before = world.catalog.index.version;
    await world.poll();
    assert.equal(world.catalog.index.version, before);
  });

  it('lets go of the entities of a file that is gone', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.remove('b.yaml');
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('lets go of a document that is gone from its file', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.write('b.yaml', component('b2'));
    await world.poll();
    assert.deepEqual(world.refs().map(nameOf), ['a', 'b2']);
    await check(world);
  });

  it('keeps everything when it matches nothing any more, says so, and is well when a file is back', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.remove('a.yaml');
    await world.remove('b.yaml');
    await world.poll();
    assert.deepEqual(world.refs().map(nameOf), ['a', 'b1', 'b2']);
    const location = world.locationOf('*.yaml');
    assert.deepEqual(world.errors(location), [`InputError: file ${world.path('*.yaml')} does not exist`]);
    assert.deepEqual(codesOf((await world.explain(location)).diagnostics), ['catalog/source-missing']);
    await check(world);
    await world.write('b.yaml', component('b1'));
    await world.poll();
    assert.deepEqual(world.refs().map(nameOf), ['b1']);
    assert.deepEqual(world.errors(location), []);
    await check(world);
  });

  it('lets go of all it brought when it is no longer configured', async () => {
    await using world = await createFileWorld(['*.yaml'], files);
    await world.catalog.reconfigure({ ...world.catalog.settings, locations: [] });
    await world.catalog.engine.idle();
    assert.equal(world.catalog.index.size, 0);
    await check(world);
  });

  it('reads a file that two of its targets match once', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('parts', { targets: ['./parts/*.yaml', './parts/a.yaml'] }),
      'parts/a.yaml': component('a'),
    });
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.deepEqual(world.errors('location:default/parts'), []);
    await world.write('parts/a.yaml', component('a', { lifecycle: 'deprecated' }));
    await world.poll();
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'deprecated');
    assert.deepEqual(world.errors('location:default/parts'), []);
    await check(world);
  });
});

describe('a file', () => {
  it('keeps its entities while it is missing, says so on its Location, and is well when it is back', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    const location = world.locationOf('a.yaml');
    await world.remove('a.yaml');
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.deepEqual(world.errors(location), [`InputError: file ${world.path('a.yaml')} does not exist`]);
    await check(world);
    await world.write('a.yaml', component('a', { lifecycle: 'deprecated' }));
    await world.poll();
    assert.deepEqual(world.errors(location), []);
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'deprecated');
    await check(world);
  });

  it('says at each start what is wrong with it, without a moment of seeming well', async () => {
    await using world = await createFileWorld(['gone.yaml'], {});
    const location = world.locationOf('gone.yaml');
    const { etag } = world.entity(location).metadata;
    const seen = new Set<string>();
    await world.restart();
    const { catalog } = world;
    catalog.subscribe(() => seen.add(world.errors(location).join()));
    await catalog.reconfigure(catalog.settings);
    await world.poll();
    assert.deepEqual([...seen], []);
    assert.equal(world.entity(location).metadata.etag, etag);
  });

  it('with a broken document keeps what that one was, and follows the others', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a'), component('b'), component('c')),
    });
    await world.write(
      'a.yaml',
      documents(component('a', { lifecycle: 'new' }), 'kind: [\n', component('c', { lifecycle: 'new' })),
    );
    await world.poll();
    const lifecycles = world.refs().map((ref) => world.entity(ref).spec?.['lifecycle']);
    assert.deepEqual(world.refs().map(nameOf), ['a', 'b', 'c']);
    assert.deepEqual(lifecycles, ['new', 'production', 'new']);
    const [error] = (await world.explain(world.locationOf('a.yaml'))).diagnostics;
    assert.equal(error?.code, 'catalog/yaml-syntax');
    assert.equal(error?.file, world.path('a.yaml'));
    assert.ok((error?.line ?? 0) > 10);
    await check(world);
    await world.write('a.yaml', documents(component('a'), component('c')));
    await world.poll();
    assert.deepEqual(world.refs().map(nameOf), ['a', 'c']);
    assert.deepEqual(world.errors(world.locationOf('a.yaml')), []);
    await check(world);
  });

  it('with a document that is no entity keeps the others and says which line', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a'), '# nothing much\nkind: Component\nmetadata: {}\n'),
    });
    assert.deepEqual(world.refs().map(nameOf), ['a']);
    const { diagnostics } = await world.explain(world.locationOf('a.yaml'));
    assert.ok(diagnostics.length > 0);
    for (const found of diagnostics) {
      assert.equal(found.file, world.path('a.yaml'));
      assert.ok((found.line ?? 0) >= 15, JSON.stringify(found));
    }
  });

  it('with annotations that are no mapping says so, and does not turn them into something else', async () => {
    for (const annotations of [['a'], 'text', 7]) {
      await using world = await createFileWorld(['a.yaml'], {
        'a.yaml': yaml('Component', 'a', { metadata: { annotations }, spec: {} }),
      });
      assert.deepEqual(world.refs(), []);
      const { diagnostics } = await world.explain(world.locationOf('a.yaml'));
      assert.ok(
        diagnostics.some(({ path }) => path === 'metadata.annotations'),
        JSON.stringify(diagnostics),
      );
    }
  });

  it('with one entity in it twice uses the first, says where the second is, and takes it when the first goes', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(component('a', { lifecycle: 'one' }), component('A', { lifecycle: 'two' })),
    });
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'one');
    const [error] = (await world.explain(world.locationOf('a.yaml'))).diagnostics;
    assert.equal(error?.code, 'catalog/duplicate-entity');
    assert.equal(error?.line, 18);
    await world.write('a.yaml', component('A', { lifecycle: 'two' }));
    await world.poll();
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'two');
    assert.deepEqual(world.errors(world.locationOf('a.yaml')), []);
    await check(world);
  });
});

describe('an entity', () => {
  const bad = component('a', { lifecycle: ['not', 'a', 'text'] });

  it('that becomes invalid keeps its last good version, with an error that names the line', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a', { system: 'x' }) });
    await world.write('a.yaml', bad);
    await world.poll();
    const { spec, relations } = world.entity('component:default/a');
    assert.equal(spec?.['lifecycle'], 'production');
    assert.ok(relations?.some(({ type }) => type === 'partOf'));
    assert.match(world.errors('component:default/a').join(), /^InputError: .*lifecycle/);
    const { state, diagnostics } = await world.explain('component:default/a');
    assert.equal(state, 'failing');
    assert.equal(diagnostics[0]?.file, world.path('a.yaml'));
    assert.ok((diagnostics[0]?.line ?? 0) > 1 && (diagnostics[0]?.column ?? 0) >= 1);
    assert.deepEqual(await failed(world), ['component:default/a']);
    await check(world);
    await world.write('a.yaml', component('a', { lifecycle: 'back' }));
    await world.poll();
    assert.deepEqual(world.errors('component:default/a'), []);
    assert.equal(world.entity('component:default/a').spec?.['lifecycle'], 'back');
    assert.deepEqual(await failed(world), []);
    await check(world);
  });

  it('that never was valid is not shown, but known', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': bad });
    assert.deepEqual(world.refs(), []);
    assert.equal((await world.explain('component:default/a')).state, 'pending');
    assert.deepEqual(await failed(world), ['component:default/a']);
    await check(world);
    await world.write('a.yaml', component('a'));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/a']);
    await check(world);
  });

  it('may relate to what does not exist', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': component('a', { system: 'nowhere' }),
    });
    const { relations } = world.entity('component:default/a');
    assert.deepEqual(relations, [
      { type: 'ownedBy', targetRef: 'group:default/team-a' },
      { type: 'partOf', targetRef: 'system:default/nowhere' },
    ]);
    assert.deepEqual(world.errors('component:default/a'), []);
    await world.write('b.yaml', yaml('System', 'nowhere', { spec: { owner: 'team-a' } }));
    await world.catalog.reconfigure({
      ...world.catalog.settings,
      locations: ['a.yaml', 'b.yaml'].map((name) => ({ type: 'file', target: world.path(name) })),
    });
    await world.catalog.engine.idle();
    assert.ok(world.entity('system:default/nowhere').relations?.some(({ type }) => type === 'hasPart'));
    await check(world);
  });

  it('may be named like something of every object', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'valueOf'];
    const odd = (name: string): string =>
      yaml('Component', name, {
        metadata: {
          annotations: { constructor: 'x', toString: 'y' },
          labels: { valueOf: 'z' },
          constructor: 'c',
        },
        spec: {
          type: 'toString',
          lifecycle: 'constructor',
          owner: 'hasOwnProperty',
          toString: { constructor: 1 },
        },
      });
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': documents(...names.map(odd)) });
    assert.deepEqual(world.refs().map(nameOf), names.map((name) => name.toLowerCase()).toSorted());
    const { metadata, spec } = world.entity('component:default/constructor');
    assert.equal(metadata.annotations?.['constructor'], 'x');
    assert.deepEqual(spec?.['toString'], { constructor: 1 });
    await world.poll();
    await world.restart();
    await check(world);
  });

  it('has the uid and etag of the catalog, whatever its document says', async () => {
    const metadata = { uid: 'mine', etag: 'mine', generation: 7 };
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': yaml('Domain', 'd', { metadata, spec: { owner: 'o' } }),
    });
    const { uid, etag, generation } = world.entity('domain:default/d').metadata;
    assert.match(uid ?? '', /^[0-9a-f-]{36}$/);
    assert.match(etag ?? '', /^[0-9a-f]{40}$/);
    assert.equal(generation, 7);
    await check(world);
  });

  it('with a __proto__ key anywhere changes no object but its own', async () => {
    const text = `${component('a').trimEnd().slice(0, -1)}, "extra": 1}`;
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': text.replace('"spec": {', '"spec": {"__proto__": {"polluted": true},'),
    });
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    assert.equal('polluted' in {}, false);
    await check(world);
  });
});

function nameOf(ref: string): string {
  return ref.replace(/^.*\//, '');
}
