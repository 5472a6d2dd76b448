import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createWorld, type World } from './catalog.fixture.ts';
import { checkHistory, wholeHistory } from './history.fixture.ts';

/** What a provider says of an entity. */
interface Said {
  readonly name: string;
  readonly key: string;
  /** Null: not valid. */
  readonly lifecycle: string | null;
}

type Mutation =
  | { readonly does: 'full'; readonly given: readonly Said[] }
  | { readonly does: 'delta'; readonly given: readonly Said[]; readonly removed: readonly string[] }
  | { readonly does: 'restart' };

/** A version as a person would note it down. */
interface Noted {
  readonly change: string;
  readonly at: number;
  readonly lifecycle: string | null;
  readonly key: string;
  readonly failed: boolean;
}

const NAMES = ['a', 'b'];

const given = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...NAMES),
    key: fc.constantFrom('test:1', 'test:2'),
    lifecycle: fc.constantFrom('x', 'y', null),
  }),
  { selector: ({ name }) => name },
);

const mutations = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ does: fc.constant('full' as const), given }) },
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant('delta' as const),
        given,
        removed: fc.subarray(NAMES),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ does: 'restart' as const }) },
  ),
  { minLength: 1, maxLength: 15 },
);

/** Notes what becomes of the entities, knowing nothing of rows and ids. */
class Notebook {
  readonly pages = new Map<string, Noted[]>();

  apply(mutation: Mutation, at: number): void {
    if (mutation.does === 'restart') return;
    const said = new Set(mutation.given.map(({ name }) => name));
    for (const each of mutation.given) this.#note(each, at);
    const gone = mutation.does === 'full' ? NAMES : mutation.removed;
    for (const name of gone) if (!said.has(name)) this.#noteRemoval(name, at);
  }

  #note({ name, key, lifecycle }: Said, at: number): void {
    const page = this.pages.get(name) ?? [];
    this.pages.set(name, page);
    const last = page.at(-1);
    const failed = lifecycle === null;
    if (last === undefined || last.change === 'removed') {
      page.push({ change: 'added', at, lifecycle, key, failed });
      return;
    }
    const next = { at, lifecycle: lifecycle ?? last.lifecycle, key, failed };
    if (last.failed && !failed) page.push({ change: 'repaired', ...next });
    else if (last.lifecycle !== next.lifecycle) page.push({ change: 'changed', ...next });
    else if (failed && !last.failed) page.push({ change: 'failing', ...next });
    else if (last.key !== key) page.push({ change: 'moved', ...next });
  }

  #noteRemoval(name: string, at: number): void {
    const page = this.pages.get(name);
    const last = page?.at(-1);
    if (last === undefined || last.change === 'removed') return;
    page?.push({ ...last, change: 'removed', at });
  }
}

function toDeferred({ name, key, lifecycle }: Said) {
  const annotations = {
    'backstage.io/managed-by-location': key,
    'backstage.io/managed-by-origin-location': key,
  };
  const entity = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, annotations },
    spec: { type: 'service', lifecycle: lifecycle ?? [], owner: 'team-a' },
  };
  return { entity, locationKey: key };
}

async function take(world: World, mutation: Mutation): Promise<void> {
  if (mutation.does === 'restart') {
    await world.restart();
    return;
  }
  const entities = mutation.given.map(toDeferred);
  const { engine } = world.catalog;
  if (mutation.does === 'full') return engine.mutate('p', { type: 'full', entities });
  return engine.mutate('p', {
    type: 'delta',
    added: entities,
    removed: mutation.removed.map((name) => `component:default/${name}`),
  });
}

describe('the history', () => {
  it('is what somebody would have noted down who was there', async () => {
    await fc.assert(
      fc.asyncProperty(mutations, fc.integer({ min: 1, max: 20 }), async (all, limit) => {
        await using world = await createWorld({ settings: { orphanProviderStrategy: 'keep' } });
        const notebook = new Notebook();
        const start = world.catalog.core.now();
        for (const [i, mutation] of all.entries()) {
          world.pass(1_000);
          await take(world, mutation);
          notebook.apply(mutation, start + (i + 1) * 1_000);
          await checkHistory(world.database);
        }
        for (const name of NAMES) {
          const items = await wholeHistory(world.database, `component:default/${name}`, limit);
          const found = items.map(({ change, at, location, entity, problems }) => ({
            change,
            at: Date.parse(at),
            lifecycle: entity === null ? null : Object(entity['spec']).lifecycle,
            key: location,
            failed: problems.some(({ severity }) => severity === 'error'),
          }));
          assert.deepEqual(found.toReversed(), notebook.pages.get(name) ?? []);
          const ids = items.map(({ id }) => Number(id));
          for (const [i, id] of ids.entries()) assert.ok(i === 0 || id < (ids[i - 1] ?? 0));
        }
      }),
      { numRuns: 60 },
    );
  });
});
