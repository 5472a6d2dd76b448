import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  component,
  createFileWorld,
  createWorld,
  documents,
  locationYaml,
  urlError,
  yaml,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';

const check = (world: World): Promise<void> => checkIndex(world.catalog.index, world.database);
const API = 'api:default/x';

function api(definition: unknown): string {
  return yaml('API', 'x', { spec: { type: 'openapi', lifecycle: 'production', owner: 'o', definition } });
}

const definition = (world: World): unknown => world.entity(API).spec?.['definition'];

describe('a placeholder', () => {
  it('is replaced by a text, by JSON and by YAML from files beside the document', async () => {
    const spec = {
      j: { $json: 'x.json' },
      y: { $yaml: './sub/x.yml' },
    };
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(api({ $text: './api.txt' }), component('c', spec)),
      'api.txt': 'openapi: 3\n',
      'x.json': '{"a": [1, null]}',
      'sub/x.yml': '- 1\n- b: 2026-01-01\n',
    });
    assert.equal(definition(world), 'openapi: 3\n');
    const found = world.entity('component:default/c').spec;
    assert.deepEqual(found?.['j'], { a: [1, null] });
    assert.deepEqual(found?.['y'], [1, { b: '2026-01-01' }]);
    await check(world);
  });

  it('may lead above the document as long as it stays in the folder of the location', async () => {
    await using world = await createFileWorld(['**/catalog-info.yaml'], {
      'deep/er/catalog-info.yaml': api({ $text: '../../specs/api.txt' }),
      'specs/api.txt': 'up',
    });
    assert.equal(definition(world), 'up');
  });

  it('may lead to a file beside a document that is outside of the folder of the location', async () => {
    await using world = await createFileWorld(['in/root.yaml'], {
      'in/root.yaml': locationYaml('l', { target: '../out/a.yaml' }),
      'out/a.yaml': api({ $text: './..api.txt' }),
      'out/..api.txt': 'beside',
    });
    assert.equal(definition(world), 'beside');
  });

  for (const [what, value] of [
    ['..', '../secret.txt'],
    ['a path that goes in and out', './sub/../../secret.txt'],
    ['a symbolic link to a file', './link.txt'],
    ['a symbolic link to a folder', './folder/secret.txt'],
  ] as const) {
    it(`may not lead out of the folder of the location: ${what}`, async () => {
      await using world = await createWorld({ started: false });
      await world.write('secret.txt', 'secret');
      await world.write('in/a.yaml', api({ $text: value }));
      await mkdir(world.path('in/sub'));
      await symlink(world.path('secret.txt'), world.path('in/link.txt'));
      await symlink(world.folder, world.path('in/folder'));
      await world.restart({ settings: { locations: [{ type: 'file', target: world.path('in/a.yaml') }] } });
      assert.deepEqual(world.refs(), []);
      const { diagnostics } = await world.explain(API);
      assert.equal(diagnostics[0]?.code, 'catalog/placeholder');
      assert.equal(diagnostics[0]?.path, 'spec.definition');
      assert.match(diagnostics[0]?.summary ?? '', /outside/);
      assert.ok((diagnostics[0]?.line ?? 0) > 1);
    });
  }

  it('may not be an absolute path', async () => {
    const outside = await realpath(await mkdtemp(join(tmpdir(), 'callboard-outside-')));
    try {
      await writeFile(join(outside, 'secret.txt'), 'secret');
      await using world = await createFileWorld(['a.yaml'], {
        'a.yaml': api({ $text: join(outside, 'secret.txt') }),
      });
      assert.deepEqual(world.refs(), []);
      assert.match((await world.explain(API)).diagnostics[0]?.summary ?? '', /outside/);
    } finally {
      await rm(outside, { recursive: true });
    }
  });

  it('is data when it stands beside other keys or is of no kind that is known', async () => {
    const odd = { a: { $text: './no.txt', b: 1 }, c: { $ref: '#/x' }, d: { $constructor: 'x' } };
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('c', odd) });
    const { spec } = world.entity('component:default/c');
    assert.deepEqual({ a: spec?.['a'], c: spec?.['c'], d: spec?.['d'] }, odd);
  });

  it('that is missing, no JSON, no single document or no text fails its entity alone', async () => {
    for (const [value, message] of [
      [{ $text: './none.txt' }, /none\.txt/],
      [{ $json: './bad' }, /JSON/],
      [{ $yaml: './two' }, /exactly one document/],
      [{ $yaml: './bomb' }, /large/],
      [{ $text: ['./a'] }, /not a text/],
      [{ $text: 'https://git.test/none' }, /not found/],
    ] as const) {
      const bomb = [
        'a: &a [x, x]',
        ...'bcdefghijklmnopqrstuvwxyz'.split('').map((name, i) => {
          const below = String.fromCharCode(97 + i);
          return `${name}: &${name} [*${below}, *${below}, *${below}]`;
        }),
      ];
      await using world = await createFileWorld(['a.yaml'], {
        'a.yaml': documents(api(value), component('c')),
        bad: '{"a":',
        two: 'a: 1\n---\nb: 2\n',
        bomb: bomb.join('\n'),
      });
      assert.deepEqual(world.refs(), ['component:default/c']);
      assert.match((await world.explain(API)).diagnostics[0]?.summary ?? '', message);
      await check(world);
    }
  });

  it('is replaced anew when its file changes, and keeps the last good text while the file is missing', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': api({ $text: './api.txt' }),
      'api.txt': 'one',
    });
    const changed = (): Promise<void> =>
      world.catalog.engine.requestByKeys([`file:${world.path('api.txt')}`]);
    await world.write('api.txt', 'two');
    await changed();
    assert.equal(definition(world), 'two');
    await check(world);
    await world.remove('api.txt');
    await changed();
    await world.catalog.engine.idle();
    assert.equal(definition(world), 'two');
    assert.equal(world.errors(API).length, 1);
    const [error] = (await world.explain(API)).diagnostics;
    assert.equal(error?.file, world.path('a.yaml'));
    assert.ok((error?.line ?? 0) > 1, 'the line is known');
    await check(world);
    await world.write('api.txt', 'three');
    await changed();
    await world.catalog.engine.idle();
    assert.equal(definition(world), 'three');
    assert.deepEqual(world.errors(API), []);
    await check(world);
  });

  it('is replaced anew at a start when its file changed in the meantime', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': api({ $text: './api.txt' }),
      'api.txt': 'one',
    });
    await world.write('api.txt', 'two');
    await world.restart();
    assert.equal(definition(world), 'two');
    await check(world);
  });

  it('follows the document that points to another file, and forgets the old one', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': api({ $text: './one.txt' }),
      'one.txt': 'one',
      'two.txt': 'two',
    });
    await world.write('a.yaml', api({ $text: './two.txt' }));
    await world.poll();
    assert.equal(definition(world), 'two');
    const { version } = world.catalog.index;
    await world.write('one.txt', 'other');
    await world.catalog.engine.requestByKeys([`file:${world.path('one.txt')}`]);
    assert.equal(world.catalog.index.version, version);
  });

  it('never brings back what the document said before', async () => {
    await using world = await createFileWorld(['a.yaml'], {
      'a.yaml': documents(api({ $text: './api.txt' }), component('c')),
      'api.txt': 'one',
    });
    await world.write('api.txt', 'two');
    await world.write('a.yaml', documents(api('plain'), component('c')));
    const remade = world.catalog.engine.requestByKeys([`file:${world.path('api.txt')}`]);
    await world.poll();
    await remade;
    assert.equal(definition(world), 'plain');
    await check(world);
  });
});

describe('a placeholder with a URL', () => {
  const url = 'https://git.test/api.txt';

  it('is replaced, and anew when the URL is named as changed', async () => {
    await using world = await createWorld({ started: false });
    world.urls.set(url, 'one');
    await world.write('a.yaml', api({ $text: url }));
    await world.restart({ settings: { locations: [{ type: 'file', target: world.path('a.yaml') }] } });
    assert.equal(definition(world), 'one');
    world.urls.set(url, 'two');
    await world.catalog.engine.requestByKeys([`url:${url}`]);
    assert.equal(definition(world), 'two');
  });

  it('is relative to the URL of its document', async () => {
    await using world = await createWorld({ started: false });
    world.urls.set(url, 'one');
    world.urls.set('https://git.test/a.yaml', api({ $text: './api.txt' }));
    await world.restart({ settings: { locations: [{ type: 'url', target: 'https://git.test/a.yaml' }] } });
    assert.equal(definition(world), 'one');
  });

  it('is asked again on the timetable, also after it failed', async () => {
    await using world = await createWorld({ started: false });
    world.urls.fail(url, urlError(503, 'timed out'));
    await world.write('a.yaml', documents(api({ $text: url }), component('c')));
    const locations = [{ type: 'file', target: world.path('a.yaml') }];
    await world.restart({ settings: { locations } });
    assert.deepEqual(world.refs(), ['component:default/c']);
    world.urls.set(url, 'one');
    await world.poll();
    assert.equal(definition(world), 'one');
    assert.deepEqual(world.errors(API), []);
    world.urls.set(url, 'two');
    await world.poll();
    assert.equal(definition(world), 'two');
    await check(world);
  });
});
