import assert from 'node:assert/strict';
import { dirname, join, matchesGlob } from 'node:path';
import { describe, it, mock } from 'node:test';
import * as fc from 'fast-check';
import { createWorld, type World } from './catalog.fixture.ts';
import { refOf, step, take, type Doc, type Files, type Step } from './catalog.steps.fixture.ts';
import { checkHistory } from './history.fixture.ts';
import { checkIndex } from './index/checker.fixture.ts';
import { tables } from './store/tables.ts';

/** What must hold of the tables whenever nothing is going on. */
async function checkTables(world: World): Promise<void> {
  const catalog = tables(world.database);
  const rows = await catalog.selectFrom('catalog_entities').selectAll().execute();
  const refs = new Map(rows.map((row) => [row.ref, row]));
  const exists = (source: string): boolean =>
    source.startsWith('provider:') || refs.has(source.slice('entity:'.length));
  const references = await catalog.selectFrom('catalog_references').selectAll().execute();
  for (const { source, target } of references) {
    assert.ok(exists(source), `${source} holds ${target}, but is gone`);
    assert.ok(refs.has(target), `${source} holds ${target}, which is gone`);
  }
  const rooted = new Set(
    references.filter(({ source }) => source.startsWith('provider:')).map(({ target }) => target),
  );
  for (let size = -1; size !== rooted.size;) {
    size = rooted.size;
    for (const { source, target } of references)
      if (rooted.has(source.slice('entity:'.length))) rooted.add(target);
  }
  if (world.catalog.settings.orphanStrategy === 'delete') {
    assert.deepEqual(
      [...refs.keys()].filter((ref) => !rooted.has(ref)),
      [],
      'nothing leads to these',
    );
  }
  for (const { source, target } of await catalog.selectFrom('catalog_reads').selectAll().execute()) {
    assert.ok(exists(source), `${target} was read for ${source}, which is gone`);
  }
  for (const { ref, source, location_key } of await catalog
    .selectFrom('catalog_conflicts')
    .selectAll()
    .execute()) {
    assert.ok(exists(source), `${source} claims ${ref}, but is gone`);
    // A provider is not asked again; a Location is, as soon as there is a chance.
    if (source.startsWith('provider:')) continue;
    assert.notEqual(refs.get(ref)?.location_key, location_key, `${source} claims ${ref}, which it has`);
  }
  for (const { ref, input_hash } of rows) assert.notEqual(input_hash, '', `${ref} is not finished`);
}

/** The documents that a Location entity leads to, by path; null for files that are broken, of which nothing is known. */
function documentsBelow(
  world: World,
  files: Files,
  base: string,
  target: string,
): Map<string, readonly Doc[] | null> {
  const pattern = join(dirname(base), target);
  const found = new Map<string, readonly Doc[] | null>();
  for (const [name, { docs, broken }] of files) {
    const path = world.path(name);
    if (matchesGlob(path, pattern)) found.set(path, broken ? null : docs);
  }
  return found;
}

/** Everything that a good file lists is there, and what came from a file is what the file says. */
async function checkFiles(world: World, files: Files): Promise<void> {
  const rows = await tables(world.database).selectFrom('catalog_entities').selectAll().execute();
  const byRef = new Map(rows.map((row) => [row.ref, row]));
  const origin = world.path('.');
  const waiting = world.catalog.settings.locations.map(({ target }) => ({ base: origin, target }));
  const seen = new Set<string>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const [path, docs] of documentsBelow(world, files, next.base, next.target)) {
      if (seen.has(path)) continue;
      seen.add(path);
      const names = new Set<string>();
      for (const doc of docs ?? []) {
        const ref = doc.is === 'component' ? refOf(doc.name) : `location:default/${doc.name}`;
        if (names.has(ref)) continue;
        names.add(ref);
        const row = byRef.get(ref);
        assert.ok(row !== undefined, `${path} lists ${ref}, which is not there`);
        if (row.location_key !== `file:${path}`) continue;
        if (doc.is === 'location') waiting.push({ base: path, target: doc.target });
        else if (doc.variant !== null && row.errors === null) {
          assert.equal(world.entity(ref).spec?.['lifecycle'], doc.variant, `${ref} of ${path}`);
        }
      }
    }
  }
}

/** Everything that can be seen from outside. */
function seenFrom(world: World): unknown {
  return world.catalog.index.snapshot().entities;
}

async function rest(world: World): Promise<void> {
  await world.catalog.engine.idle();
  mock.timers.tick(1_000);
  await world.catalog.engine.idle();
}

/** The steps of a round happen at the same time, as far as that makes sense: a restart is waited for. */
async function takeAll(world: World, files: Files, round: readonly Step[]): Promise<void> {
  const started: Promise<void>[] = [];
  for (const each of round) {
    if (each.does === 'restart') await Promise.all(started);
    const job = take(world, files, each);
    started.push(job);
    // Two writings of one file must not be mixed up, and nothing goes on while the portal is down.
    if ('file' in each || each.does === 'text' || each.does === 'restart') await job;
  }
  await Promise.all(started);
}

async function checkAll(world: World): Promise<void> {
  await checkIndex(world.catalog.index, world.database);
  await checkTables(world);
  await checkHistory(world.database);
}

const componentDoc: Doc = { is: 'component', name: 'a', variant: 'v0', text: true };
const locationDoc: Doc = { is: 'location', name: 'l', target: './1.yaml' };

function write(file: string, docs: readonly Doc[]): Step {
  return { does: 'write', file, docs };
}

const PROVIDERS = ['p', 'q'].map((name) => ({ name, connect: () => Promise.resolve() }));

/** What once went wrong. */
const KNOWN_HARD: [Step[][]][] = [
  // A file is taken over by one Location while another one, which is read for the first time, loses it.
  [
    [
      [write('2.yaml', [componentDoc]), { does: 'poll' }],
      [write('2.yaml', [locationDoc])],
      [write('1.yaml', [locationDoc, componentDoc]), { does: 'poll' }],
      [{ does: 'poll' }],
    ],
  ],
];

const groups = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 7 });

describe('a catalog to which anything may happen', () => {
  for (const orphanStrategy of ['delete', 'keep'] as const) {
    it(
      `shows what its database and its files say, with orphans: ${orphanStrategy}`,
      { timeout: 600_000 },
      async () => {
        mock.timers.enable({ apis: ['setTimeout'] });
        try {
          const property = fc.asyncProperty(groups, async (rounds) => {
            await using world = await createWorld({ providers: PROVIDERS, settings: { orphanStrategy } });
            await world.catalog.reconfigure({
              ...world.catalog.settings,
              locations: [{ type: 'file', target: world.path('*.yaml') }],
            });
            const files: Files = new Map();
            for (const round of rounds) {
              await takeAll(world, files, round);
              await rest(world);
              await checkAll(world);
            }
            await world.poll();
            await rest(world);
            await checkAll(world);
            await checkFiles(world, files);

            const { version } = world.catalog.index;
            const before = seenFrom(world);
            await world.poll();
            assert.equal(world.catalog.index.version, version, 'it came to rest');
            await world.restart({ settings: world.catalog.settings });
            await rest(world);
            assert.deepEqual(seenFrom(world), before, 'a restart changes nothing');
            await checkAll(world);
          });
          await fc.assert(property, { numRuns: 110, examples: KNOWN_HARD });
        } finally {
          mock.timers.reset();
        }
      },
    );
  }

  it('knows the same entities whatever order files are written in', { timeout: 600_000 }, async () => {
    const writes = fc
      .uniqueArray(
        step.filter((each): each is Step & { does: 'write' } => each.does === 'write'),
        { selector: ({ file }) => file, minLength: 2, maxLength: 3 },
      )
      // Of two Locations with one name the first keeps it, and they may lead to different files.
      .filter((steps) => {
        const docs = steps.flatMap((each) => each.docs);
        const locations = docs.flatMap((doc) => (doc.is === 'location' ? [doc.name] : []));
        return new Set(locations).size === locations.length;
      });
    await fc.assert(
      fc.asyncProperty(writes, async (steps) => {
        const refs: string[][] = [];
        for (const order of [steps, steps.toReversed()]) {
          await using world = await createWorld();
          await world.catalog.reconfigure({
            ...world.catalog.settings,
            locations: [{ type: 'file', target: world.path('*.yaml') }],
          });
          const files: Files = new Map();
          for (const each of order) {
            await take(world, files, each);
            await world.poll();
          }
          await world.poll();
          const rows = await tables(world.database).selectFrom('catalog_entities').select('ref').execute();
          refs.push(
            rows
              .map(({ ref }) => ref)
              .toSorted()
              .filter((ref) => !ref.includes('generated')),
          );
        }
        assert.deepEqual(refs[0], refs[1]);
      }),
      { numRuns: 20 },
    );
  });
});
