import assert from 'node:assert/strict';
import { mkdir, symlink } from 'node:fs/promises';
import { describe, it } from 'node:test';
import {
  codesOf,
  component,
  createFileWorld,
  createWorld,
  documents,
  locationYaml,
  urlError,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { locationEntityRef } from '../process/location.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const diagnose = async (world: World, ref: string): Promise<string[]> =>
  codesOf((await world.explain(ref)).diagnostics);

const URL_A = 'https://git.test/org/repo/catalog-info.yaml';

describe('a Location entity', () => {
  const L = 'location:default/l';

  it('names several targets, relative to its document, with wildcards or without', async () => {
    await using world = await createFileWorld(['x/root.yaml'], {
      'x/root.yaml': locationYaml('l', { target: 'one.yaml', targets: ['../two.yaml', './many/**/*.yml'] }),
      'x/one.yaml': component('one'),
      'two.yaml': component('two'),
      'x/many/a.yml': component('a'),
      'x/many/deep/er/b.yml': component('b'),
      'x/many/c.txt': component('c'),
    });
    assert.deepEqual(world.refs(), [
      'component:default/a',
      'component:default/b',
      'component:default/one',
      'component:default/two',
    ]);
    await check(world);
  });

  it('lets go of the entities of a target that it no longer names', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('l', { targets: ['./a.yaml', './b.yaml'] }),
      'a.yaml': component('a'),
      'b.yaml': component('b'),
    });
    await world.write('root.yaml', locationYaml('l', { targets: ['./b.yaml'] }));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/b']);
    await check(world);
  });

  it('lets go of the entities of a target that it no longer names while another target is missing', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('l', { targets: ['./a.yaml', './b.yaml', './sub/*.yaml'] }),
      'a.yaml': component('a'),
      'b.yaml': component('b'),
      'sub/c.yaml': component('c'),
    });
    await world.remove('b.yaml');
    await world.remove('sub/c.yaml');
    await world.write('root.yaml', locationYaml('l', { targets: ['./b.yaml', './sub/*.yaml'] }));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/b', 'component:default/c']);
    assert.equal(world.errors(L).length, 2);
    await check(world);
  });

  it('that is optional may point to nothing, and has nothing then', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('l', { targets: ['./a.yaml', './*.none'], presence: 'optional' }),
      'a.yaml': component('a'),
    });
    assert.deepEqual(world.errors(L), []);
    await world.remove('a.yaml');
    await world.poll();
    assert.deepEqual(world.refs(), []);
    assert.deepEqual(world.errors(L), []);
    await check(world);
  });

  it('may not point to a folder', async () => {
    await using world = await createFileWorld(['root.yaml'], {
      'root.yaml': locationYaml('l', { targets: ['./sub/', './sub', './a.yaml'] }),
      'a.yaml': component('a'),
      'sub/b.yaml': component('b'),
    });
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.deepEqual((await diagnose(world, L)).toSorted(), ['catalog/bad-target', 'catalog/source-missing']);
    await check(world);
  });

  it('of a type that nobody reads says so', async () => {
    await using world = await createWorld({
      settings: { locations: [{ type: 'carrier-pigeon', target: 'x' }] },
    });
    const ref = locationEntityRef({ type: 'carrier-pigeon', target: 'x' });
    assert.match(world.errors(ref).join(), /No reader is able to handle carrier-pigeon:x/);
    await check(world);
  });

  it('from a file may point to URLs', async () => {
    await using world = await createFileWorld(['root.yaml'], {});
    world.urls.set(URL_A, component('u'));
    await world.write('root.yaml', locationYaml('l', { type: 'url', target: URL_A }));
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/u']);
  });

  it('from a URL may not point to files of this machine', async () => {
    await using world = await createWorld();
    await world.write('secret.yaml', component('secret'));
    world.urls.set(URL_A, locationYaml('l', { type: 'file', target: world.path('secret.yaml') }));
    await world.catalog.reconfigure({
      ...world.catalog.settings,
      locations: [{ type: 'url', target: URL_A }],
    });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), []);
    assert.match(world.errors(L).join(), /type/);
    assert.deepEqual(await diagnose(world, L), ['catalog/location-type']);
    await check(world);
  });

  it('from a URL has targets relative to it', async () => {
    await using world = await createWorld();
    world.urls.set(URL_A, locationYaml('l', { targets: ['./a.yaml', '../b.yaml', 'https://[bad'] }));
    world.urls.set('https://git.test/org/repo/a.yaml', component('a'));
    world.urls.set('https://git.test/org/b.yaml', component('b'));
    const locations = [{ type: 'url', target: URL_A }];
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    await world.catalog.engine.idle();
    assert.deepEqual(world.refs(), ['component:default/a', 'component:default/b']);
    assert.deepEqual(await diagnose(world, L), ['catalog/bad-target']);
    await check(world);
  });

  it('reads through symbolic links, as the user of the portal may', async () => {
    await using world = await createWorld({ started: false });
    await world.write('real/a.yaml', component('a'));
    await mkdir(world.path('linked'));
    await symlink(world.path('real/a.yaml'), world.path('linked/a.yaml'));
    await world.restart({
      settings: { locations: [{ type: 'file', target: world.path('linked/*.yaml') }] },
    });
    assert.deepEqual(world.refs(), ['component:default/a']);
  });
});

describe('a url location', () => {
  const ref = locationEntityRef({ type: 'url', target: URL_A });
  const start = async (body: string, etag?: string): Promise<World> => {
    const world = await createWorld({ started: false });
    world.urls.set(URL_A, body, etag === undefined ? {} : { etag });
    await world.restart({ settings: { locations: [{ type: 'url', target: URL_A }] } });
    return world;
  };

  it('says where its entities can be seen and edited', async () => {
    await using world = await start(component('a'));
    const { annotations } = world.entity('component:default/a').metadata;
    assert.equal(annotations?.['backstage.io/view-url'], URL_A);
    assert.equal(annotations?.['backstage.io/edit-url'], `${URL_A}?edit`);
    assert.equal(annotations?.['backstage.io/source-location'], 'url:https://git.test/org/repo/');
    assert.equal(annotations?.['backstage.io/managed-by-location'], `url:${URL_A}`);
  });

  it('is asked with the ETag of the last good answer, and takes nothing in when it did not change', async () => {
    await using world = await start(component('a'), '"1"');
    const { version } = world.catalog.index;
    await world.poll();
    assert.deepEqual(
      world.urls.requests.map(({ etag }) => etag),
      [null, '"1"'],
    );
    assert.equal(world.catalog.index.version, version);
    await check(world);
  });

  it('without an ETag takes nothing in when the content is the same', async () => {
    await using world = await start(component('a'));
    const { version } = world.catalog.index;
    await world.poll();
    assert.equal(world.urls.requests.length, 2);
    assert.equal(world.catalog.index.version, version);
  });

  it('is followed when its content changes', async () => {
    await using world = await start(documents(component('a'), component('b')), '"1"');
    world.urls.set(URL_A, documents(component('b'), component('c')), { etag: '"2"' });
    await world.poll();
    assert.deepEqual(world.refs(), ['component:default/b', 'component:default/c']);
    await world.poll();
    assert.equal(world.urls.requests.at(-1)?.etag, '"2"');
    await check(world);
  });

  it('keeps what it gave through 404, errors and broken content, says what is wrong, and is well again', async () => {
    await using world = await start(component('a'), '"1"');
    const troubles: [() => void, RegExp, string][] = [
      [() => world.urls.remove(URL_A), /Unable to read url, .*not found/, 'reading/not-found'],
      [
        () => world.urls.fail(URL_A, urlError(503, 'timed out after 30 s')),
        /Unable to read url, timed out/,
        'reading/unavailable',
      ],
      [
        () => world.urls.fail(URL_A, new Error('socket hang up')),
        /socket hang up/,
        'catalog/source-unreadable',
      ],
      [() => world.urls.set(URL_A, '<!doctype html><p>Sign in'), /HTML/, 'catalog/html-not-yaml'],
    ];
    for (const [make, message, code] of troubles) {
      make();
      await world.poll();
      assert.deepEqual(world.refs(), ['component:default/a']);
      assert.match(world.errors(ref).join(), message);
      assert.deepEqual(await diagnose(world, ref), [code]);
      const { state, sources } = await world.explain('component:default/a');
      assert.equal(state, 'stale');
      assert.match(sources[0]?.error ?? '', message);
      await check(world);
    }
    world.urls.set(URL_A, component('a'), { etag: '"1"' });
    await world.poll();
    assert.deepEqual(world.errors(ref), []);
    assert.equal((await world.explain('component:default/a')).state, 'ok');
    await check(world);
  });

  it('that was not there from the start is asked again, and brings its entities when it is', async () => {
    await using world = await createWorld({ settings: { locations: [{ type: 'url', target: URL_A }] } });
    assert.deepEqual(world.refs(), []);
    assert.equal(world.errors(ref).length, 1);
    world.urls.set(URL_A, component('a'));
    await world.restart();
    assert.deepEqual(world.refs(), ['component:default/a']);
    assert.deepEqual(world.errors(ref), []);
    await check(world);
  });

  it('that was read lately is not read at a start, another one is', async () => {
    await using world = await start(component('a'), '"1"');
    await world.restart();
    assert.equal(world.urls.requests.length, 1);
    const url = 'https://git.test/other.yaml';
    world.urls.set(url, component('o'));
    const locations = [...world.catalog.settings.locations, { type: 'url', target: url }];
    await world.restart({ settings: { locations, pollInterval: 60_000 } });
    assert.deepEqual(
      world.urls.requests.map((request) => request.url),
      [URL_A, url],
    );
    world.pass(60_000);
    await world.restart();
    assert.equal(world.urls.requests.length, 4);
  });
});
