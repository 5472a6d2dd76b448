/** A catalog with each trouble that an entity can be in, and what counts how much of the database is asked for. */
import type { Database, Queries } from '@callboard/kernel';
import type { KyselyPlugin } from 'kysely';
import {
  ALL_KINDS,
  component,
  createFileWorld,
  documents,
  locationYaml,
  urlError,
  yaml,
  type World,
} from './catalog.fixture.ts';
import { createProblems, type ProblemFinder } from './problems.ts';
import { tables } from './store/tables.ts';

export const BAD = { lifecycle: [] };
const URL_FILE = 'https://git.test/u.yaml';

/** Everything that can be wrong, each with a sound neighbour. */
export async function createTroubledWorld(): Promise<World> {
  const world = await createFileWorld(
    ['*.yaml', 'gone/*.yaml', 'root/mid.yaml', 'lost.yaml', 'absent.yaml'],
    {
      'org.yaml': yaml('Group', 'team-a', { spec: { type: 'team', children: [] } }),
      'good.yaml': component('good'),
      'failing.yaml': documents(component('failing'), component('beside')),
      'pending.yaml': documents(
        component('pending', { ...BAD, owner: 'Team-A' }),
        yaml('Component', 'ownerless', { metadata: { namespace: 'shop' }, spec: { ...BAD, owner: 7 } }),
      ),
      'orphan.yaml': documents(component('orphan'), component('listed')),
      'twin-1.yaml': component('twin'),
      'twin-2.yaml': component('twin'),
      'gone/g.yaml': component('below-glob'),
      'root/mid.yaml': locationYaml('mid', { target: './deep.yaml' }),
      'root/deep.yaml': documents(component('deep'), locationYaml('deeper', { target: './deepest.yaml' })),
      'root/deepest.yaml': component('deepest'),
      'lost.yaml': component('lost'),
      'unowned.yaml': documents(
        component('nobodys', { owner: 'group:default/team-x' }),
        yaml('Template', 'untended', { spec: { type: 'service', steps: [] } }).replace(
          'backstage.io/v1alpha1',
          'scaffolder.backstage.io/v1beta3',
        ),
      ),
    },
    { settings: { orphanStrategy: 'keep', rules: [{ allow: [...ALL_KINDS, 'Template'].map(toKind) }] } },
  );
  world.urls.set(URL_FILE, component('by-url'));
  const { settings, engine } = world.catalog;
  const locations = [...settings.locations, { type: 'url', target: URL_FILE }];
  await world.catalog.reconfigure({ ...settings, locations });
  await engine.mutate('rival', { type: 'full', entities: [claim('good', 'rival:good')] });
  await engine.idle();

  world.pass(1_000);
  await world.write('failing.yaml', documents(component('failing', BAD), component('beside')));
  await world.write('orphan.yaml', component('listed'));
  await world.remove('gone');
  await world.remove('root/mid.yaml');
  await world.remove('lost.yaml');
  world.urls.fail(URL_FILE, urlError(503, 'timed out'));
  await world.poll();
  return world;
}

function toKind(kind: string): { readonly kind: string } {
  return { kind };
}

export function claim(name: string, locationKey: string, spec: object = {}) {
  const annotations = {
    'backstage.io/managed-by-location': 'rival:here',
    'backstage.io/managed-by-origin-location': 'rival:here',
  };
  return {
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, annotations },
      spec: { type: 'service', lifecycle: 'production', owner: 'team-a', ...spec },
    },
    locationKey,
  };
}

export function problemsOf(world: World, database: Database = world.database): ProblemFinder {
  const { index, core } = world.catalog;
  return createProblems({ database, index, activity: core.activity });
}

/** Every entity that is stored, visible or not. */
export async function storedRefs(world: World): Promise<string[]> {
  const rows = await tables(world.database).selectFrom('catalog_entities').select('ref').execute();
  return rows.map(({ ref }) => ref).toSorted();
}

export interface CountingDatabase {
  readonly database: Database;
  readonly statements: number;
  /** Rows that were answered with. */
  readonly rows: number;
}

/** The same database; counts the statements outside of transactions and what they gave. */
export function countStatements(database: Database): CountingDatabase {
  let [statements, rows] = [0, 0];
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => {
      rows += result.rows.length;
      return result;
    },
  };
  const query: Queries = database.query.withPlugin(counter);
  return {
    database: { ...database, query },
    get statements() {
      return statements;
    },
    get rows() {
      return rows;
    },
  };
}
