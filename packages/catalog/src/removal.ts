/**
 * What would go if an entity were removed, or the registered location that it came by: counted as the deletion counts
 * it, without deleting anything.
 */
import type { DatabaseSession } from '@callboard/kernel';
import type { LocationRef } from '@callboard/model';
import { CONFIG_PROVIDER, IMPORT_PROVIDER, type Catalog } from './catalog.ts';
import { entityOfRow, originOf } from './explain.ts';
import { cutByHand, cutUnrooted, toSource } from './ingest/cut.ts';
import { API_PROVIDER, type RegisteredLocation } from './locations.ts';
import { locationEntityRef, toLocationKey } from './process/location.ts';
import { conflictsOf } from './store/reads.ts';
import { heldAmong, sourcesOf } from './store/references.ts';
import { entityRows } from './store/store.ts';

export interface RemovalPreview {
  readonly entityRef: string;
  /** What leads to it: `<type>:<target>` of a registered location, or `provider:<name>`; null when nothing does. */
  readonly root: string | null;
  readonly rootKind: 'registered' | 'configured' | 'provider' | 'none';
  /** The registered location at the root, which can be unregistered. */
  readonly location: Pick<RegisteredLocation, 'id' | 'type' | 'target'> | null;
  /** What goes when that location is unregistered. It is less than came by it when others hold some of it. */
  readonly unregister: Losses;
  /** What goes when the entity itself is deleted. */
  readonly remove: Losses & {
    /**
     * A source still lists the entity, or claims its reference, and will bring it again. What a Location leads to that is
     * defined anew because of the deletion, by somebody who competed for it, is not known before it is read.
     */
    readonly comesBack: boolean;
  };
}

export interface Losses {
  /** Entities that never were good are counted too. */
  readonly total: number;
  /** The first 200, sorted. */
  readonly entityRefs: readonly string[];
}

const MAX_SHOWN = 200;
const NOTHING: Losses = { total: 0, entityRefs: [] };

/** Null when nothing is known of the reference. Knows entities that never were good, too. */
export function previewRemoval(
  catalog: Pick<Catalog, 'core' | 'index' | 'locations'>,
  ref: string,
): Promise<RemovalPreview | null> {
  const { core, index, locations } = catalog;
  // One transaction, so that everything is said of one state.
  return core.database.transaction(async (session) => {
    const [row] = await entityRows(session, [ref]);
    if (row === undefined) return null;
    const entity = entityOfRow(index, row);
    const origin = entity === null ? null : originOf(entity);
    const root = await findRoot(session, ref, { origin, locations: locations.all() });
    const { id, type, target } = root.location ?? { id: '', type: '', target: '' };
    return {
      entityRef: ref,
      root: root.name,
      rootKind: root.kind,
      location: root.location === null ? null : { id, type, target },
      unregister: root.location === null ? NOTHING : await unregistering(session, root.location),
      remove: await removing(session, { ref, orphanStrategy: core.orphanStrategy }),
    };
  });
}

/** What `locations.remove` takes back. */
async function unregistering(session: DatabaseSession, location: RegisteredLocation): Promise<Losses> {
  const by = `provider:${API_PROVIDER}`;
  const refs = await heldAmong(session, by, [location.entityRef]);
  const { lost } = await cutUnrooted(session, { refs, by });
  return toLosses(lost);
}

async function removing(
  session: DatabaseSession,
  of: { readonly ref: string; readonly orphanStrategy: 'delete' | 'keep' },
): Promise<RemovalPreview['remove']> {
  const { lost } = await cutByHand(session, of);
  const holders = (await sourcesOf(session, [of.ref])).get(of.ref) ?? [];
  const claims = await conflictsOf(session, [of.ref]);
  const silent = new Set([...lost.map(toSource), `provider:${IMPORT_PROVIDER}`]);
  const comesBack = [...holders, ...claims.map(({ source }) => source)].some((source) => !silent.has(source));
  return { ...toLosses(lost), comesBack };
}

function toLosses(lost: readonly string[]): Losses {
  return { total: lost.length, entityRefs: lost.toSorted().slice(0, MAX_SHOWN) };
}

interface Root {
  readonly kind: RemovalPreview['rootKind'];
  readonly name: string | null;
  readonly location: RegisteredLocation | null;
}

const NO_ROOT: Root = { kind: 'none', name: null, location: null };
const PREFERENCE: readonly Root['kind'][] = ['registered', 'configured', 'provider', 'none'];

/**
 * What leads to the entity. When several do: the one that it came by; then registered ones, which people can do
 * something about, before others, and near ones before far ones.
 */
async function findRoot(
  session: DatabaseSession,
  ref: string,
  { origin, locations }: { origin: LocationRef | null; locations: readonly RegisteredLocation[] },
): Promise<Root> {
  const originKey = origin === null ? null : toLocationKey(origin);
  const originRef = origin === null ? null : locationEntityRef(origin);
  const roots = (await findGiven(session, ref)).map((given) => {
    const root = toRoot(given, locations);
    // A registered location that was pointed elsewhere has kept its Location entity.
    const isOrigin = root.location === null ? given.ref === originRef : root.name === originKey;
    return { root, isOrigin };
  });
  const ranked = roots.toSorted(
    (a, b) =>
      Number(b.isOrigin) - Number(a.isOrigin) ||
      PREFERENCE.indexOf(a.root.kind) - PREFERENCE.indexOf(b.root.kind),
  );
  return ranked[0]?.root ?? NO_ROOT;
}

/** An entity that a provider gave. */
interface Given {
  readonly provider: string;
  readonly ref: string;
}

function toRoot({ provider, ref }: Given, locations: readonly RegisteredLocation[]): Root {
  const location = locations.find(({ entityRef }) => provider === API_PROVIDER && entityRef === ref);
  if (location !== undefined) return { kind: 'registered', name: toLocationKey(location), location };
  const kind = provider === CONFIG_PROVIDER ? 'configured' : 'provider';
  return { kind, name: `provider:${provider}`, location: null };
}

/** What providers gave that leads to the entity, nearest first; perhaps the entity itself. */
async function findGiven(session: DatabaseSession, ref: string): Promise<Given[]> {
  const given: Given[] = [];
  const seen = new Set([ref]);
  let level = [ref];
  while (level.length > 0) {
    const holders = await sourcesOf(session, level);
    const above: string[] = [];
    for (const child of level) {
      for (const source of holders.get(child) ?? []) {
        const name = source.slice(source.indexOf(':') + 1);
        if (source.startsWith('provider:')) given.push({ provider: name, ref: child });
        else if (!seen.has(name)) {
          seen.add(name);
          above.push(name);
        }
      }
    }
    level = above;
  }
  return given;
}
