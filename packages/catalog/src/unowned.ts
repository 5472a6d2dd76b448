/** Entities that somebody should answer for, and nobody does: sets of the index, computed once for each of its versions. */
import { Bitset } from './index/bitset.ts';
import type { EntityIndex } from './index/entity-index.ts';

/** Kinds whose entities are to have an owner, in lower case. */
const OWNED_KINDS = ['component', 'api', 'resource', 'system', 'domain', 'template'];

interface Computed {
  readonly version: number;
  readonly set: Bitset;
}

const computed = new WeakMap<EntityIndex, Computed>();

/** Those without an owner, and those none of whose owners is in the catalog. Do not change the set. */
export function unownedEntities(index: EntityIndex): Bitset {
  const known = computed.get(index);
  if (known !== undefined && known.version === index.version) return known.set;
  const set = new Bitset(index.capacity);
  for (const kind of OWNED_KINDS) index.key('kind')?.collect(kind, set);
  const owned = new Bitset(index.capacity);
  for (const [owner, ordinals] of index.key('relations.ownedby')?.entries() ?? []) {
    if (index.ordinalOf(owner.toLowerCase()) !== undefined) owned.addAll(ordinals);
  }
  set.subtract(owned);
  computed.set(index, { version: index.version, set });
  return set;
}

/** The entities that name one of these owners, full references in lower case, whether those exist or not. */
export function entitiesOwnedBy(index: EntityIndex, owners: readonly string[]): Bitset {
  const set = new Bitset(index.capacity);
  for (const owner of owners) index.key('relations.ownedby')?.collect(owner, set);
  return set;
}

/** The first owner that an entity names; null when it names none. */
export function ownerOf(index: EntityIndex, ordinal: number): string | null {
  return index.relationsOf(ordinal).find(({ type }) => type === 'ownedBy')?.targetRef ?? null;
}
