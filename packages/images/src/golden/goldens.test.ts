import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '@callboard/kernel';
import type { Platform } from '../image/image.ts';
import { AMD64, status, testClient } from '../image/registry-faults.fixture.ts';
import { startTestRegistry, type TestRegistry } from '../image/registry.fixture.ts';
import type { ImagesSettings } from '../settings.ts';
import {
  applicationSettings,
  ARM64,
  goldenDatabase,
  goldenSettings,
  layer,
  putIndex,
  putStack,
} from './golden.fixture.ts';
import { createGoldens, type Goldens } from './goldens.ts';

interface World extends AsyncDisposable {
  readonly registry: TestRegistry;
  readonly database: Database;
  time: number;
  /** Problems that were logged. */
  readonly warned: unknown[];
  /** As after a start, with the same database. */
  open(options?: { readonly golden?: string; readonly platforms?: readonly Platform[] }): Goldens;
}

/** `debian` at golden/debian:12, `python` on it, and the applications `shop` and `tool`. */
async function worldOf(): Promise<World> {
  const registry = await startTestRegistry();
  const database = await goldenDatabase();
  const world: World = {
    registry,
    database,
    time: 1_000,
    warned: [],
    open({ golden = 'golden/debian:12', platforms = [AMD64] } = {}) {
      const settings: Pick<ImagesSettings, 'golden' | 'applications'> = {
        golden: [
          goldenSettings(registry, 'debian', golden, platforms),
          goldenSettings(registry, 'python', 'golden/python:3'),
        ],
        applications: [
          applicationSettings(registry, 'shop', 'apps/shop:1'),
          applicationSettings(registry, 'tool', 'apps/tool:1'),
        ],
      };
      const log = {
        info: () => {},
        warn: (_: string, fields?: Record<string, unknown>) => void world.warned.push(fields),
      };
      return createGoldens({ client: testClient(), database, now: () => world.time, settings, log });
    },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
  putStack(registry, { name: 'golden/debian:12', words: ['os'] });
  putStack(registry, { name: 'golden/python:3', words: ['os', 'python'] });
  putStack(registry, { name: 'apps/shop:1', words: ['os', 'python', 'shop'] });
  putStack(registry, { name: 'apps/tool:1', words: ['scratch'] });
  return world;
}

async function debianOf(goldens: Goldens) {
  const debian = (await goldens.list()).find(({ golden }) => golden.name === 'debian');
  assert.ok(debian);
  return debian;
}

const stackOf = (versions: readonly { readonly diffIds: readonly string[] }[] = []): readonly unknown[] =>
  versions.map(({ diffIds }) => diffIds);

describe('createGoldens', () => {
  it('knows nothing before the first reading', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    const debian = await debianOf(goldens);
    const { images, problem, readAt, usedBy } = debian;
    assert.deepEqual(
      { images, problem, readAt, usedBy },
      { images: [], problem: null, readAt: null, usedBy: [] },
    );
    assert.deepEqual((await goldens.applications())[0], {
      application: applicationSettings(world.registry, 'shop', 'apps/shop:1'),
      digest: null,
      base: null,
      problem: null,
      readAt: null,
    });
    assert.equal(world.registry.asked.length, 0);
  });

  it('reads all golden images and who stands on them, and still knows it after a start', async () => {
    await using world = await worldOf();
    await world.open().refresh();
    const goldens = world.open();
    const statuses = await goldens.list();
    assert.deepEqual(
      statuses.map(({ golden, images, problem, readAt, usedBy }) => ({
        name: golden.name,
        stacks: images.map(({ versions }) => stackOf(versions)),
        problem,
        readAt,
        usedBy,
      })),
      [
        { name: 'debian', stacks: [[[layer('os')]]], problem: null, readAt: 1_000, usedBy: ['shop'] },
        {
          name: 'python',
          stacks: [[[layer('os'), layer('python')]]],
          problem: null,
          readAt: 1_000,
          usedBy: ['shop'],
        },
      ],
    );
    const python = statuses[1]?.images[0]?.versions[0]?.digest;
    assert.deepEqual(
      (await goldens.applications()).map(({ base, readAt }) => ({ base, readAt })),
      [
        { base: { golden: 'python', digest: python }, readAt: 1_000 },
        { base: null, readAt: 1_000 },
      ],
    );
  });

  it('remembers what a tag pointed to, so that those who stand on it are still known', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    await goldens.refresh();
    putStack(world.registry, { name: 'golden/debian:12', words: ['os', 'patch'] });
    world.time = 2_000;
    await goldens.refresh({ name: 'debian' });
    const { images, usedBy, readAt } = await debianOf(goldens);
    assert.deepEqual(stackOf(images[0]?.versions), [[layer('os'), layer('patch')], [layer('os')]]);
    assert.deepEqual(usedBy, ['shop']);
    assert.equal(readAt, 2_000);
    const index = await goldens.index();
    const [python, debian] = index.basesOf([layer('os'), layer('python')], AMD64);
    assert.deepEqual([python?.golden.name, debian?.golden.name], ['python', 'debian']);
  });

  it('asks only for the tag while nothing changes, and keeps the index', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    await goldens.refresh();
    const index = await goldens.index();
    world.registry.reset();
    await goldens.refresh();
    assert.deepEqual(world.registry.asked.toSorted(), [
      'GET /v2/apps/shop/manifests/1',
      'GET /v2/apps/tool/manifests/1',
      'GET /v2/golden/debian/manifests/12',
      'GET /v2/golden/python/manifests/3',
    ]);
    assert.equal(await goldens.index(), index);
    await goldens.note(
      { name: 'debian', platform: AMD64 },
      { digest: `sha256:${'1'.repeat(64)}`, indexDigest: null, diffIds: [layer('x')], layers: [] },
    );
    assert.notEqual(await goldens.index(), index);
    assert.equal((await goldens.index()).basesOf([layer('x')], AMD64).length, 1);
  });

  it('reads one golden image by its name, and no application', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    await goldens.refresh({ name: 'python' });
    await goldens.refresh({ name: 'nobody' });
    assert.deepEqual(
      (await goldens.list()).map(({ readAt }) => readAt),
      [null, 1_000],
    );
    assert.ok(world.registry.asked.every((asked) => asked.includes('golden/python')));
  });

  it('keeps what was known of what vanished or refuses, says why once, and takes it back', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    await goldens.refresh();
    const before = await debianOf(goldens);
    const { host, manifests } = world.registry;
    const [debian, shop] = [manifests.get('golden/debian:12'), manifests.get('apps/shop:1')];
    assert.ok(debian && shop);
    manifests.delete('golden/debian:12');
    manifests.delete('apps/shop:1');
    world.time = 2_000;
    await goldens.refresh();
    await goldens.refresh();
    assert.deepEqual(await debianOf(goldens), {
      ...before,
      problem: `There is no ${host}/golden/debian:12.`,
    });
    const [application] = await goldens.applications();
    assert.equal(application?.problem, `There is no ${host}/apps/shop:1.`);
    assert.equal(application.base?.golden, 'python');
    assert.equal(application.readAt, 1_000);
    assert.equal(world.warned.length, 2);
    manifests.set('golden/debian:12', debian);
    manifests.set('apps/shop:1', shop);
    await goldens.refresh();
    assert.deepEqual(await debianOf(goldens), { ...before, readAt: 2_000 });
    assert.equal((await goldens.applications())[0]?.problem, null);
  });

  it('reads the others when one registry answers nonsense', async () => {
    await using world = await worldOf();
    world.registry.fault = (request, response) => {
      if (request.url?.startsWith('/v2/golden/debian/') !== true) return false;
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      return true;
    };
    const goldens = world.open();
    await goldens.refresh();
    const [debian, python] = await goldens.list();
    assert.notEqual(debian?.problem, null);
    assert.deepEqual([debian?.images, debian?.readAt], [[], null]);
    assert.equal(python?.problem, null);
  });

  it('has each platform of an index, and the problem of one that is missing', async () => {
    await using world = await worldOf();
    const { index, digests } = putIndex(world.registry, 'golden/debian:12', [
      { words: ['os'], platform: AMD64 },
      { words: ['os of arm'], platform: ARM64 },
    ]);
    const s390x = { ...AMD64, architecture: 's390x' };
    const goldens = world.open({ platforms: [AMD64, ARM64, s390x] });
    await goldens.refresh();
    const { images, problem } = await debianOf(goldens);
    assert.deepEqual(
      images.map(({ platform, versions }) => [platform, versions[0]?.digest, versions[0]?.indexDigest]),
      [
        [AMD64, digests[0], index],
        [ARM64, digests[1], index],
      ],
    );
    assert.match(problem ?? '', /^linux\/s390x: /);
  });

  it('learns once from old tags what it was, in their order', async () => {
    await using world = await worldOf();
    const { registry } = world;
    const kept: readonly (readonly [string, string])[] = [
      ['12-p20261120.10', 'os'],
      ['12-p20261120.10-before', 'd'],
      ['12-p20261120.2', 'd'],
      ['12-p20261120.2-before', 'c'],
      ['12-p20251231.1', 'b'],
      ['12-p20251231.1-before', 'a'],
      ['11-p20261120.1', 'another tag'],
      ['12-p2026.1', 'no patch'],
      ['12-p20261120.1-rc', 'no patch'],
      ['12-p20240101.1-before', 'without its patch'],
    ];
    for (const [tag, word] of kept) putStack(registry, { name: `golden/debian:${tag}`, words: [word] });
    const goldens = world.open();
    await goldens.refresh();
    const { images } = await debianOf(goldens);
    assert.deepEqual(
      stackOf(images[0]?.versions),
      ['os', 'd', 'c', 'b', 'a'].map((word) => [layer(word)]),
    );
    registry.reset();
    await goldens.refresh({ name: 'debian' });
    assert.deepEqual(registry.asked, ['GET /v2/golden/debian/manifests/12']);
  });

  it('looks at so many old tags and no more, and again when the registry did not answer', async () => {
    await using world = await worldOf();
    const { registry } = world;
    for (let day = 10; day < 40; day += 1) {
      putStack(registry, { name: `golden/debian:12-p202601${day}.1`, words: [`day ${day}`] });
    }
    const goldens = world.open();
    const refused = status(403);
    registry.fault = (request, response) =>
      request.url?.includes('12-p') === true ? refused(request, response) : false;
    await goldens.refresh({ name: 'debian' });
    await goldens.refresh({ name: 'debian' });
    const first = await debianOf(goldens);
    assert.equal(first.images[0]?.versions.length, 1);
    assert.equal(first.problem, null);
    assert.equal(world.warned.length, 1);
    registry.reset();
    await goldens.refresh({ name: 'debian' });
    const { images } = await debianOf(goldens);
    assert.equal(images[0]?.versions.length, 21);
    assert.deepEqual(images[0]?.versions[1]?.diffIds, [layer('day 39')]);
  });

  it('looks at old tags again for a platform that is new in the configuration', async () => {
    await using world = await worldOf();
    for (const [tag, word] of [
      ['12', 'now'],
      ['12-p20261120.1-before', 'then'],
      ['12-p20261120.1', 'now'],
    ] as const) {
      putIndex(world.registry, `golden/debian:${tag}`, [
        { words: [word], platform: AMD64 },
        { words: [`${word} on arm`], platform: ARM64 },
      ]);
    }
    await world.open().refresh();
    const goldens = world.open({ platforms: [AMD64, ARM64] });
    await goldens.refresh();
    assert.deepEqual(
      (await debianOf(goldens)).images.map(({ versions }) => stackOf(versions)),
      [
        [[layer('now')], [layer('then')]],
        [[layer('now on arm')], [layer('then on arm')]],
      ],
    );
  });

  it('believes what was promoted, and not a reading that began before', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    const version = {
      digest: `sha256:${'1'.repeat(64)}`,
      indexDigest: null,
      diffIds: [layer('new')],
      layers: [],
    } as const;
    let noted = Promise.resolve();
    world.registry.fault = (request) => {
      if (request.url !== '/v2/golden/debian/manifests/12') return false;
      noted = goldens.note({ name: 'debian', platform: AMD64 }, version);
      return false;
    };
    await goldens.refresh({ name: 'debian' });
    await noted;
    const { images } = await debianOf(goldens);
    assert.deepEqual(stackOf(images[0]?.versions), [[layer('new')], [layer('os')]]);
  });

  it('takes nothing for the image of a reference that is new in the configuration', async () => {
    await using world = await worldOf();
    await world.open().refresh();
    const goldens = world.open({ golden: 'golden/debian:13' });
    await goldens.refresh();
    const before = await debianOf(goldens);
    assert.deepEqual([before.images, before.readAt], [[], null]);
    assert.match(before.problem ?? '', /golden\/debian:13/);
    putStack(world.registry, { name: 'golden/debian:13', words: ['os 13'] });
    await goldens.refresh();
    const { images, usedBy } = await debianOf(goldens);
    assert.deepEqual(stackOf(images[0]?.versions), [[layer('os 13')], [layer('os')]]);
    assert.deepEqual(usedBy, ['shop']);
  });

  it('finds a base that it learns of later, also for what it can no longer read', async () => {
    await using world = await worldOf();
    const { registry } = world;
    const python = registry.manifests.get('golden/python:3');
    assert.ok(python);
    registry.manifests.delete('golden/python:3');
    const goldens = world.open();
    await goldens.refresh();
    assert.equal((await goldens.applications())[0]?.base?.golden, 'debian');
    registry.manifests.set('golden/python:3', python);
    registry.manifests.delete('apps/shop:1');
    await goldens.refresh();
    assert.equal((await goldens.applications())[0]?.base?.golden, 'python');
  });

  it('lets readings of the same image come one after the other', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    let open = 0;
    let most = 0;
    world.registry.fault = async (request) => {
      if (request.url !== '/v2/golden/debian/manifests/12') return false;
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return false;
    };
    await Promise.all([goldens.refresh(), goldens.refresh({ name: 'debian' }), goldens.refresh()]);
    assert.equal(most, 1);
    assert.equal((await debianOf(goldens)).images[0]?.versions.length, 1);
  });

  it('ends when it is aborted, and works afterwards', async () => {
    await using world = await worldOf();
    const goldens = world.open();
    await assert.rejects(goldens.refresh({ signal: AbortSignal.abort(new Error('enough')) }), /enough/);
    assert.deepEqual((await debianOf(goldens)).images, []);
    await goldens.refresh();
    assert.equal((await debianOf(goldens)).images.length, 1);
  });
});
