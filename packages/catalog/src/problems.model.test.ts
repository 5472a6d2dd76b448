import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import * as fc from 'fast-check';
import { createWorld, type World } from './catalog.fixture.ts';
import { step, take, type Files } from './catalog.steps.fixture.ts';
import { problemsOf, storedRefs } from './problems.fixture.ts';
import { PROBLEM_STATES, type ProblemFinder, type ProblemsRequest } from './problems.ts';
import { tables } from './store/tables.ts';

const EVERYTHING: ProblemsRequest = { states: null, owners: null, limit: 1_000, offset: 0 };
const PROVIDERS = ['p', 'q'].map((name) => ({ name, connect: () => Promise.resolve() }));

/** What is listed is what `explain` says of each entity, and who is claimed is what the tables say. */
async function checkProblems(world: World, problems: ProblemFinder): Promise<void> {
  const { items, counts, total } = await problems.list(EVERYTHING);
  const listed = new Map<string, string>(PROBLEM_STATES.map((state) => [state, '']));
  for (const state of PROBLEM_STATES) {
    const refs = items.filter((item) => item.state === state).map(({ entityRef }) => entityRef);
    listed.set(state, refs.join(' '));
    assert.equal(counts[state], refs.length, state);
  }
  assert.equal(total, items.length);

  const explained = new Map<string, string[]>();
  for (const ref of await storedRefs(world)) {
    const { state } = await world.explain(ref);
    explained.set(state, [...(explained.get(state) ?? []), ref]);
  }
  for (const state of ['failing', 'stale', 'pending', 'orphaned']) {
    assert.equal(listed.get(state), (explained.get(state) ?? []).join(' '), state);
  }
  const claims = await tables(world.database).selectFrom('catalog_conflicts').select('ref').execute();
  const stored = new Set(await storedRefs(world));
  const claimed = new Set(claims.map(({ ref }) => ref).filter((ref) => stored.has(ref)));
  assert.equal(listed.get('conflict'), [...claimed].toSorted().join(' '), 'conflict');
}

const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 7 });

describe('the problems of a catalog to which anything may happen', () => {
  for (const orphanStrategy of ['delete', 'keep'] as const) {
    it(
      `are those that explain tells one by one, with orphans: ${orphanStrategy}`,
      { timeout: 600_000 },
      async () => {
        mock.timers.enable({ apis: ['setTimeout'] });
        try {
          const property = fc.asyncProperty(rounds, async (given) => {
            await using world = await createWorld({ providers: PROVIDERS, settings: { orphanStrategy } });
            const { settings } = world.catalog;
            const locations = ['*.yaml', 'sub/3.yaml'].map((name) => ({
              type: 'file',
              target: world.path(name),
            }));
            await world.catalog.reconfigure({ ...settings, locations });
            const files: Files = new Map();
            let problems = problemsOf(world);
            for (const round of given) {
              for (const each of round) {
                await take(world, files, each);
                if (each.does === 'restart') problems = problemsOf(world);
              }
              await world.catalog.engine.idle();
              mock.timers.tick(1_000);
              await world.catalog.engine.idle();
              await checkProblems(world, problems);
            }
          });
          await fc.assert(property, { numRuns: 60 });
        } finally {
          mock.timers.reset();
        }
      },
    );
  }
});
