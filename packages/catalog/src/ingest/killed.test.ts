import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import {
  allRefs,
  component,
  createWorld,
  documents,
  locationYaml,
  yaml,
  type World,
} from '../catalog.fixture.ts';
import { checkIndex } from '../index/checker.fixture.ts';
import { tables } from '../store/tables.ts';

const CHILD = fileURLToPath(new URL('./killed.fixture.ts', import.meta.url));

/** Runs a catalog over the world's database and files; true when it was killed before it was done. */
async function runAndKill(world: World, commits: number): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      CHILD,
      world.path('db/portal.sqlite'),
      world.path('*.yaml'),
      String(commits),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [code, signal] = await once(child, 'exit');
  assert.ok(signal === 'SIGKILL' || code === 0, `it ended with ${String(code)}`);
  return signal === 'SIGKILL';
}

async function fill(world: World): Promise<void> {
  const many = (from: number, count: number): string =>
    documents(...Array.from({ length: count }, (_, i) => component(`c${from + i}`, { system: 's' })));
  await world.write('1.yaml', many(0, 700));
  await world.write(
    '2.yaml',
    documents(many(700, 20), component('C1'), locationYaml('l', { target: './below/3.yml' })),
  );
  const spec = { type: 'x', lifecycle: 'x', owner: 'x', definition: { $text: './api.txt' } };
  await world.write('below/3.yml', documents(yaml('API', 'x', { spec }), component('low')));
  await world.write('below/api.txt', 'text');
}

/** Everything that is stored, without ids and times. */
async function contents(world: World): Promise<unknown> {
  const { catalog, database } = world;
  const reads = await tables(database)
    .selectFrom('catalog_reads')
    .select(['source', 'target', 'errors'])
    .execute();
  const conflicts = await tables(database)
    .selectFrom('catalog_conflicts')
    .select(['ref', 'source'])
    .execute();
  const entities = allRefs(catalog).map((ref) => {
    const { metadata, ...rest } = world.entity(ref);
    const { uid: _uid, etag: _etag, ...known } = metadata;
    return { ...rest, metadata: known };
  });
  const text = JSON.stringify({ entities, reads: reads.toSorted(bySource), conflicts });
  return JSON.parse(text.replaceAll(world.folder, ''));
}

function bySource(a: { source: string; target: string }, b: { source: string; target: string }): number {
  return `${a.source} ${a.target}` < `${b.source} ${b.target}` ? -1 : 1;
}

/** What a world without accidents has. The names of generated Locations follow from the folder, so it is given. */
async function reach(world: World): Promise<unknown> {
  await using calm = await createWorld({
    settings: { locations: [{ type: 'file', target: world.path('*.yaml') }] },
  });
  assert.equal(calm.warnings.filter((line) => line.includes('error')).length, 0);
  const text = JSON.stringify(await contents(calm));
  return JSON.parse(text.replaceAll(world.folder, ''));
}

describe('a portal that is killed while it takes entities in', () => {
  it(
    'completes at the next start; nothing is lost or doubled, wherever it was',
    { timeout: 120_000 },
    async () => {
      let commits = 1;
      for (let wasKilled = true; wasKilled; commits += 1) {
        await using world = await createWorld({ onDisk: true, started: false });
        await fill(world);
        wasKilled = await runAndKill(world, commits);
        await world.restart({ settings: { locations: [{ type: 'file', target: world.path('*.yaml') }] } });
        assert.equal(world.refs().length, 722, `after ${commits} commits`);
        assert.deepEqual(await contents(world), await reach(world), `after ${commits} commits`);
        await checkIndex(world.catalog.index, world.database);
      }
      assert.ok(commits > 6, `there were ${commits} commits to be killed at`);
    },
  );

  it('lets go at the next start of what its files had lost', { timeout: 120_000 }, async () => {
    let commits = 1;
    for (let wasKilled = true; wasKilled; commits += 1) {
      await using world = await createWorld({ onDisk: true, started: false });
      await fill(world);
      await runAndKill(world, Number.POSITIVE_INFINITY);
      await world.write('1.yaml', documents(component('c1'), component('c2')));
      await world.remove('below/3.yml');
      await world.write('2.yaml', component('moved'));
      wasKilled = await runAndKill(world, commits);
      await world.restart({ settings: { locations: [{ type: 'file', target: world.path('*.yaml') }] } });
      assert.deepEqual(
        world.refs(),
        ['component:default/c1', 'component:default/c2', 'component:default/moved'],
        `after ${commits} commits`,
      );
      await checkIndex(world.catalog.index, world.database);
    }
    assert.ok(commits > 3, `there were ${commits} commits to be killed at`);
  });
});
