import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  component,
  createFileWorld,
  createWorld,
  documents,
  locationRefs,
  urlError,
  type World,
} from './catalog.fixture.ts';
import {
  BAD,
  claim,
  countStatements,
  createTroubledWorld,
  problemsOf,
  storedRefs,
} from './problems.fixture.ts';
import { readStatus, type CatalogStatus, type SourceStatus } from './status.ts';

const ALL = { limit: 1_000, offset: 0 };
const time = (milliseconds: number): string => new Date(Date.UTC(2026, 0, 1) + milliseconds).toISOString();

function statusOf(world: World, page = ALL): Promise<CatalogStatus> {
  const { index, engine, core } = world.catalog;
  const problems = problemsOf(world);
  return readStatus({ database: world.database, index, engine, activity: core.activity, problems }, page);
}

function sourceAt({ sources }: CatalogStatus, target: string): SourceStatus {
  const found = sources.items.find((item) => item.target === target);
  assert.ok(found, target);
  return found;
}

describe('readStatus', () => {
  it('counts entities by kind and by state, each once', async () => {
    await using world = await createTroubledWorld();
    const { entities, startedAt } = await statusOf(world);
    const states = { ok: 0, failing: 0, stale: 0, orphaned: 0, pending: 0 };
    for (const ref of await storedRefs(world)) states[(await world.explain(ref)).state] += 1;
    assert.deepEqual(entities.byState, states);
    const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
    assert.equal(sum(Object.values(entities.byState)), entities.total);
    assert.equal(sum(entities.byKind.map(({ count }) => count)), entities.total);
    assert.deepEqual(
      entities.byKind.map(({ value }) => value),
      ['Component', 'Group', 'Location', 'Template'],
    );
    assert.equal(startedAt, time(0));
  });

  it('says of each target when it was read, what came of it and what is wrong', async () => {
    await using world = await createFileWorld(
      ['good.yaml', 'bad.yaml', 'lost.yaml'],
      {
        'good.yaml': documents(component('a'), component('b')),
        'bad.yaml': documents(component('c'), 'kind: [\n'),
        'lost.yaml': component('d'),
      },
      { settings: { pollInterval: 60_000 } },
    );
    world.pass(500);
    await world.remove('lost.yaml');
    await world.poll();
    const status = await statusOf(world);
    const { lastMs, ...good } = sourceAt(status, world.path('good.yaml'));
    assert.deepEqual(good, {
      ref: world.locationOf('good.yaml'),
      provider: 'config',
      type: 'file',
      target: world.path('good.yaml'),
      entities: 2,
      lastReadAt: time(500),
      lastChangedAt: time(0),
      nextReadAt: time(60_500),
      readings: 2,
      failures: 0,
      error: null,
    });
    assert.equal(typeof lastMs, 'number');
    const lost = sourceAt(status, world.path('lost.yaml'));
    assert.deepEqual([lost.readings, lost.failures, lost.entities], [2, 1, 1]);
    assert.match(lost.error ?? '', /does not exist$/);
    assert.equal(sourceAt(status, world.path('bad.yaml')).failures, 0);
    assert.notEqual(sourceAt(status, world.path('bad.yaml')).error, null);
    assert.deepEqual([status.sources.total, status.sources.failing], [5, 2]);
    assert.deepEqual(
      status.sources.items.map(({ target }) => target),
      [world.path('bad.yaml'), world.path('lost.yaml'), 'api', 'config', world.path('good.yaml')],
    );
  });

  it('says of each provider what it holds, and why its last mutation was refused', async () => {
    await using world = await createWorld();
    const { engine } = world.catalog;
    await engine.mutate('p', { type: 'full', entities: [claim('a', 'k'), claim('b', 'k')] });
    const bad = { entity: { ...claim('c', 'k').entity, kind: '' } };
    await assert.rejects(engine.mutate('p', { type: 'full', entities: [bad] }));
    const status = await statusOf(world);
    const [first] = status.sources.items;
    assert.deepEqual(
      [first?.ref, first?.type, first?.provider, first?.entities, first?.readings, first?.failures],
      ['provider:p', 'provider', 'p', 2, 2, 1],
    );
    assert.match(first?.error ?? '', /^The provider p gave something that is no entity/);
    assert.equal(status.sources.failing, 1);
    await engine.mutate('p', { type: 'full', entities: [] });
    assert.equal((await statusOf(world)).sources.failing, 0);
  });

  it('names the providers of a catalog that was stored by an earlier process', async () => {
    await using world = await createWorld({ settings: { orphanProviderStrategy: 'keep' } });
    await world.catalog.engine.mutate('p', { type: 'full', entities: [claim('a', 'k')] });
    await world.restart();
    const found = sourceAt(await statusOf(world), 'p');
    assert.deepEqual([found.entities, found.readings, found.lastReadAt], [1, 0, null]);
  });

  it('gives the same sources in pages of any size', async () => {
    await using world = await createTroubledWorld();
    const all = await statusOf(world);
    assert.equal(all.sources.items.length, all.sources.total);
    for (const limit of [1, 3, 4, 100]) {
      const pages: SourceStatus[] = [];
      for (let offset = 0; offset < all.sources.total + limit; offset += limit) {
        pages.push(...(await statusOf(world, { limit, offset })).sources.items);
      }
      assert.deepEqual(pages, all.sources.items, `pages of ${limit}`);
    }
    assert.deepEqual((await statusOf(world, { limit: 0, offset: 0 })).sources.items, []);
  });

  it('measures the stages that entities went through', async () => {
    await using world = await createFileWorld(['a.yaml', 'absent.yaml'], {
      'a.yaml': documents(component('a'), component('b', BAD), 'kind: [\n'),
    });
    const { stages } = await statusOf(world);
    const figures = new Map(
      stages.map(({ name, runs, items, failures }) => [name, { runs, items, failures }]),
    );
    assert.deepEqual(figures.get('read'), { runs: 2, items: 2, failures: 1 });
    assert.deepEqual(figures.get('parse'), { runs: 1, items: 2, failures: 1 });
    // The Location entities went through, too, both in one batch.
    assert.deepEqual(figures.get('process'), { runs: 2, items: 4, failures: 1 });
    assert.equal(figures.get('store')?.items, 4);
    assert.equal(figures.get('index')?.items, 4);
    for (const { name, lastMs, maxMs, totalMs } of stages) {
      assert.ok(lastMs !== null && maxMs !== null && lastMs <= maxMs && maxMs <= totalMs, name);
    }
  });

  it('says what is being read and how much waits', async () => {
    await using world = await createWorld();
    const urls = Array.from({ length: 7 }, (_, i) => `https://git.test/${i}.yaml`);
    for (const url of urls) world.urls.fail(url, urlError(503, 'busy'));
    const locations = urls.map((target) => ({ type: 'url', target }));
    await world.catalog.reconfigure({ ...world.catalog.settings, locations });
    await world.catalog.engine.idle();
    for (const ref of locationRefs(world.catalog)) world.catalog.engine.requestRead(ref);
    const { reading, backlog } = world.catalog.engine;
    assert.deepEqual([reading.length, backlog], [5, 7]);
    await world.catalog.engine.idle();
    const after = await statusOf(world);
    assert.deepEqual(after.queue, { waiting: 0, reading: [] });
    assert.equal(after.sources.failing, 7);
  });

  it('asks for a page, however many sources there are', async () => {
    const costs: number[] = [];
    for (const count of [3, 200]) {
      const files = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [`${i}.yaml`, component(`c-${i}`)]),
      );
      await using world = await createFileWorld(['*.yaml'], files);
      const counting = countStatements(world.database);
      const { index, engine, core } = world.catalog;
      const problems = problemsOf(world, counting.database);
      const deps = { database: counting.database, index, engine, activity: core.activity, problems };
      const { sources } = await readStatus(deps, { limit: 4, offset: 0 });
      assert.equal(sources.total, count + 2);
      costs.push(counting.statements);
    }
    assert.equal(costs[0], costs[1]);
  });
});
