/** What may happen to a catalog, for tests that let it happen in any order: steps, and the state they lead to. */
import * as fc from 'fast-check';
import { component, documents, locationYaml, yaml, type World } from './catalog.fixture.ts';

/** A document of a file. */
export type Doc =
  | {
      readonly is: 'component';
      readonly name: string;
      readonly variant: string | null;
      readonly text: boolean;
    }
  | { readonly is: 'location'; readonly name: string; readonly target: string };

export interface Given {
  readonly name: string;
  readonly key: string | null;
  readonly variant: string;
}

export type Step =
  | { readonly does: 'write'; readonly file: string; readonly docs: readonly Doc[] }
  | { readonly does: 'break'; readonly file: string; readonly docs: readonly Doc[] }
  | { readonly does: 'remove'; readonly file: string }
  | { readonly does: 'text'; readonly text: string | null }
  | { readonly does: 'full'; readonly provider: string; readonly given: readonly Given[] }
  | {
      readonly does: 'delta';
      readonly provider: string;
      readonly given: readonly Given[];
      readonly removed: readonly string[];
    }
  | { readonly does: 'delete'; readonly name: string }
  | { readonly does: 'refresh'; readonly name: string }
  | { readonly does: 'poll' }
  | { readonly does: 'configure'; readonly targets: readonly string[] }
  | { readonly does: 'restart' };

const NAMES = ['a', 'A', 'b', 'c'];
const FILES = ['1.yaml', '2.yaml', 'sub/3.yaml'];
const TEXT_FILE = 'text.txt';

const component$ = fc.record({
  is: fc.constant('component' as const),
  name: fc.constantFrom(...NAMES),
  /** Null: not valid. */
  variant: fc.constantFrom('v0', 'v1', 'v2', null),
  text: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

const location$ = fc.record({
  is: fc.constant('location' as const),
  name: fc.constantFrom('l', 'm'),
  target: fc.constantFrom('./1.yaml', './2.yaml', './sub/3.yaml', './*.yaml', '../1.yaml'),
});

const docs = fc.array(fc.oneof({ weight: 4, arbitrary: component$ }, { weight: 1, arbitrary: location$ }), {
  maxLength: 4,
});

const given = fc.array(
  fc.record({
    name: fc.constantFrom(...NAMES),
    key: fc.constantFrom(null, 'k1', 'k2'),
    variant: fc.constantFrom('v0', 'v1'),
  }),
  { maxLength: 3 },
);

const file = fc.constantFrom(...FILES);
const provider = fc.constantFrom('p', 'q');

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('write' as const), file, docs }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('break' as const), file, docs }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('remove' as const), file }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('text' as const), text: fc.constantFrom('one', 'two', null) }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('full' as const), provider, given }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('delta' as const),
      provider,
      given,
      removed: fc.subarray(NAMES.map(refOf)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('delete' as const), name: fc.constantFrom('a', 'b', 'c') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('refresh' as const), name: fc.constantFrom('a', 'b') }),
  },
  { weight: 2, arbitrary: fc.constant({ does: 'poll' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constant('configure' as const),
      targets: fc.subarray(['*.yaml', '1.yaml', 'sub/3.yaml']),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'restart' as const }) },
);

export function refOf(name: string): string {
  return `component:default/${name.toLowerCase()}`;
}

/** What the files of a world say at the moment; `broken` files say more than can be known. */
export type Files = Map<string, { readonly docs: readonly Doc[]; readonly broken: boolean }>;

export async function take(world: World, files: Files, next: Step): Promise<void> {
  const { catalog } = world;
  const { engine } = catalog;
  switch (next.does) {
    case 'write':
    case 'break': {
      const broken = next.does === 'break';
      files.set(next.file, { docs: next.docs, broken });
      await world.write(next.file, documents(...next.docs.map(toYaml), ...(broken ? ['kind: [\n'] : [])));
      return;
    }
    case 'remove':
      if (files.delete(next.file)) await world.remove(next.file);
      return;
    case 'text':
      if (next.text === null) await world.remove(TEXT_FILE).catch(() => undefined);
      else await world.write(TEXT_FILE, next.text);
      return;
    case 'full':
      return engine.mutate(next.provider, { type: 'full', entities: next.given.map(toDeferred) });
    case 'delta':
      return engine.mutate(next.provider, {
        type: 'delta',
        added: next.given.map(toDeferred),
        removed: next.removed,
      });
    case 'delete': {
      const ordinal = catalog.index.ordinalOf(refOf(next.name));
      if (ordinal !== undefined) await catalog.removeByUid(catalog.index.uidOf(ordinal));
      return;
    }
    case 'refresh':
      return engine.refresh(refOf(next.name));
    case 'poll':
      return world.poll();
    case 'configure':
      return catalog.reconfigure({
        ...catalog.settings,
        locations: next.targets.map((target) => ({ type: 'file', target: world.path(target) })),
      });
    case 'restart':
      await world.restart({ settings: catalog.settings });
      return;
    default:
      next satisfies never;
  }
}

function toYaml(doc: Doc): string {
  if (doc.is === 'location') return locationYaml(doc.name, { target: doc.target });
  const { name, variant, text } = doc;
  if (variant === null) return yaml('Component', name, { spec: { type: 'x', lifecycle: [] } });
  return component(name, { lifecycle: variant, ...(text && { notes: { $text: TEXT_FILE } }) });
}

function toDeferred({ name, key, variant }: Given) {
  const annotations = {
    'backstage.io/managed-by-location': 'test:here',
    'backstage.io/managed-by-origin-location': 'test:here',
  };
  return {
    entity: {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name, annotations },
      spec: { type: 'service', lifecycle: variant, owner: 'team-a' },
    },
    locationKey: key,
  };
}
