import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'kysely';
import { component, createFileWorld, createWorld, documents, type World } from './catalog.fixture.ts';
import {
  BAD,
  claim,
  countStatements,
  createTroubledWorld,
  problemsOf,
  storedRefs,
} from './problems.fixture.ts';
import { PROBLEM_STATES, type Problem, type Problems, type ProblemsRequest } from './problems.ts';

const EVERYTHING: ProblemsRequest = { states: null, owners: null, limit: 1_000, offset: 0 };
const time = (milliseconds: number): string => new Date(Date.UTC(2026, 0, 1) + milliseconds).toISOString();

function list(world: World, request: Partial<ProblemsRequest> = {}): Promise<Problems> {
  return problemsOf(world).list({ ...EVERYTHING, ...request });
}

function namesOf(items: readonly Problem[]): string[] {
  return items.map(({ state, entityRef }) => `${state} ${entityRef}`);
}

function only(items: readonly Problem[], state: string, ref: string): Problem {
  const found = items.filter((item) => item.state === state && item.entityRef === ref);
  assert.equal(found.length, 1, `${state} ${ref}`);
  const [item] = found;
  assert.ok(item);
  return item;
}

describe('createProblems', () => {
  it('finds every entity in the state that explain gives it, and no other', async () => {
    await using world = await createTroubledWorld();
    const { items } = await list(world);
    const states = new Map(
      items
        .filter(({ state }) => state !== 'conflict' && state !== 'unowned')
        .map(({ entityRef, state }) => [entityRef, state]),
    );
    const seen = new Set<string>();
    for (const ref of await storedRefs(world)) {
      const { state } = await world.explain(ref);
      seen.add(state);
      assert.equal(states.get(ref) ?? 'ok', state, ref);
    }
    assert.deepEqual([...seen].toSorted(), ['failing', 'ok', 'orphaned', 'pending', 'stale']);
  });

  it('says of each what is wrong, where and since when', async () => {
    await using world = await createTroubledWorld();
    const { items } = await list(world);
    assert.deepEqual(only(items, 'failing', 'component:default/failing'), {
      entityRef: 'component:default/failing',
      kind: 'Component',
      title: null,
      owner: 'group:default/team-a',
      state: 'failing',
      code: 'model/wrong-type',
      summary: only(items, 'failing', 'component:default/failing').summary,
      file: world.path('failing.yaml'),
      line: 9,
      since: time(1_000),
    });
    const pending = only(items, 'pending', 'component:default/pending');
    assert.deepEqual(
      [pending.kind, pending.owner, pending.line, pending.since],
      ['Component', 'group:default/team-a', 9, time(0)],
    );
    const lost = only(items, 'stale', 'component:default/lost');
    assert.deepEqual(
      [lost.code, lost.file, lost.since],
      ['catalog/source-missing', world.path('lost.yaml'), time(1_000)],
    );
    const deepest = only(items, 'stale', 'component:default/deepest');
    assert.equal(deepest.file, world.path('root/mid.yaml'));
    const located = only(items, 'failing', world.locationOf('lost.yaml'));
    assert.deepEqual([located.kind, located.owner, located.since], ['Location', null, time(1_000)]);
    const absent = only(items, 'failing', world.locationOf('absent.yaml'));
    assert.deepEqual([absent.code, absent.since], ['catalog/source-missing', time(0)]);
    const orphan = only(items, 'orphaned', 'component:default/orphan');
    assert.deepEqual([orphan.code, orphan.since], [null, null]);
  });

  it('says who else claims an entity', async () => {
    await using world = await createTroubledWorld();
    const { items } = await list(world, { states: ['conflict'] });
    assert.deepEqual(
      items.map(({ entityRef, code, summary, file, line }) => ({ entityRef, code, summary, file, line })),
      [
        {
          entityRef: 'component:default/good',
          code: 'catalog/conflict',
          summary: 'component:default/good is claimed by rival:good too',
          file: undefined,
          line: undefined,
        },
        {
          entityRef: 'component:default/twin',
          code: 'catalog/conflict',
          summary: `component:default/twin is claimed by file:${world.path('twin-2.yaml')} too`,
          file: world.path('twin-2.yaml'),
          line: 5,
        },
      ],
    );
  });

  it('finds what has no owner, or one that does not exist', async () => {
    await using world = await createTroubledWorld();
    const { items, counts } = await list(world, { states: ['unowned'] });
    assert.deepEqual(
      items.map(({ entityRef, owner, code, summary }) => [entityRef, owner, code, summary]),
      [
        [
          'component:default/nobodys',
          null,
          'catalog/owner-not-found',
          'The owner of component:default/nobodys, group:default/team-x, is not in the catalog',
        ],
        ['template:default/untended', null, 'catalog/no-owner', 'template:default/untended has no owner'],
      ],
    );
    assert.equal(counts.unowned, 2);
  });

  it('takes an entity for owned while one of its owners exists', async () => {
    await using world = await createWorld();
    const { engine } = world.catalog;
    const group = {
      ...claim('team-b', 'rival:team-b').entity,
      kind: 'Group',
      spec: { type: 'team', children: [] },
    };
    await engine.mutate('p', { type: 'full', entities: [claim('a', 'k', { owner: 'team-b' })] });
    assert.equal((await list(world)).counts.unowned, 1);
    await engine.mutate('q', { type: 'full', entities: [{ entity: group, locationKey: 'g' }] });
    assert.equal((await list(world)).counts.unowned, 0);
    await engine.mutate('q', { type: 'full', entities: [] });
    assert.equal((await list(world)).counts.unowned, 1);
  });

  it('counts all states and lists those asked for, of the owners asked for', async () => {
    await using world = await createTroubledWorld();
    const all = await list(world);
    assert.equal(
      all.total,
      PROBLEM_STATES.reduce((sum, state) => sum + all.counts[state], 0),
    );
    for (const state of PROBLEM_STATES) {
      assert.equal(all.items.filter((item) => item.state === state).length, all.counts[state], state);
      assert.notEqual(all.counts[state], 0, state);
    }
    const two = await list(world, { states: ['pending', 'failing'] });
    assert.deepEqual(two.counts, all.counts);
    assert.deepEqual(
      namesOf(two.items),
      namesOf(all.items).filter((name) => /^(?:pending|failing) /.test(name)),
    );
    assert.equal(two.total, two.items.length);

    const owned = await list(world, { owners: ['group:default/team-a'] });
    assert.deepEqual(
      namesOf(owned.items),
      namesOf(all.items.filter(({ owner }) => owner === 'group:default/team-a')),
    );
    assert.equal(owned.counts.pending, 1);
    assert.equal(owned.counts.unowned, 0);
    const nobody = await list(world, { owners: ['group:default/nobody'] });
    assert.deepEqual([nobody.total, nobody.items], [0, []]);
    const several = await list(world, { owners: ['group:default/nobody', 'group:default/team-a'] });
    assert.deepEqual(several, owned);
  });

  it('gives the same list in pages of any size', async () => {
    await using world = await createTroubledWorld();
    const all = await list(world);
    for (const limit of [1, 2, 5, all.total]) {
      const pages: Problem[] = [];
      for (let offset = 0; offset < all.total + limit; offset += limit) {
        const page = await list(world, { limit, offset });
        assert.equal(page.total, all.total);
        pages.push(...page.items);
      }
      assert.deepEqual(pages, all.items, `pages of ${limit}`);
    }
    assert.deepEqual((await list(world, { limit: 0 })).items, []);
  });

  it('sees at once that something is good again, or claimed, although no entity changed', async () => {
    await using world = await createFileWorld(['a.yaml'], { 'a.yaml': component('a') });
    const problems = problemsOf(world);
    const countsNow = async (): Promise<Problems['counts']> => (await problems.list(EVERYTHING)).counts;
    assert.equal((await countsNow()).stale, 0);
    await world.remove('a.yaml');
    await world.poll();
    assert.equal((await countsNow()).stale, 1);
    await world.write('a.yaml', component('a'));
    await world.poll();
    assert.equal((await countsNow()).stale, 0);

    const { version } = world.catalog.index;
    const { engine } = world.catalog;
    await engine.mutate('rival', { type: 'full', entities: [claim('a', 'rival:a')] });
    assert.equal((await countsNow()).conflict, 1);
    await engine.mutate('rival', { type: 'full', entities: [] });
    assert.equal((await countsNow()).conflict, 0);
    assert.equal(world.catalog.index.version, version, 'the index saw nothing of it');
  });

  it('asks the database for what is wrong and not for the catalog, and only once', async () => {
    const costs: { statements: number; rows: number }[] = [];
    for (const sound of [10, 2_000]) {
      const names = Array.from({ length: sound }, (_, i) => component(`sound-${i}`));
      await using world = await createFileWorld(['bad.yaml', 'sound.yaml', 'lost.yaml'], {
        'bad.yaml': documents(component('bad', BAD), component('fine')),
        'sound.yaml': documents(...names),
        'lost.yaml': component('lost'),
      });
      await world.remove('lost.yaml');
      await world.poll();
      const counting = countStatements(world.database);
      const problems = problemsOf(world, counting.database);
      const { counts } = await problems.list(EVERYTHING);
      assert.deepEqual([counts.pending, counts.stale, counts.unowned], [1, 1, sound + 2]);
      const { statements, rows } = counting;
      costs.push({ statements, rows });
      await problems.list({ ...EVERYTHING, states: ['stale'] });
      assert.equal(counting.statements, statements, 'nothing changed, so nothing is asked again');
    }
    assert.deepEqual(costs[0], costs[1]);
    assert.ok((costs[0]?.rows ?? 99) < 10);
  });

  it('finds failed rows and what was read from a target by an index', async () => {
    await using world = await createWorld();
    for (const statement of [
      'select ref from catalog_entities where errors is not null',
      "select source from catalog_references where source in ('entity:a')",
      "select e.ref from catalog_entities e join catalog_references r on r.target = e.ref where e.location_key in ('file:/a')",
    ]) {
      const plan = await planOf(world, statement);
      assert.match(plan, /USING (?:COVERING )?INDEX/, statement);
      assert.doesNotMatch(plan, /SCAN (?:e|r|catalog_references)\b/, statement);
    }
  });

  it('tells the next one anew when the database failed once', async () => {
    await using world = await createWorld();
    let isBroken = true;
    const { query } = world.database;
    const database = {
      ...world.database,
      get query() {
        if (isBroken) throw new Error('the disk is gone');
        return query;
      },
    };
    const problems = problemsOf(world, database);
    await assert.rejects(problems.list(EVERYTHING), /the disk is gone/);
    isBroken = false;
    assert.equal((await problems.list(EVERYTHING)).total, 0);
  });
});

async function planOf(world: World, statement: string): Promise<string> {
  const { rows } = await sql<{ detail: string }>`explain query plan ${sql.raw(statement)}`.execute(
    world.database.query,
  );
  return rows.map(({ detail }) => detail).join('\n');
}
