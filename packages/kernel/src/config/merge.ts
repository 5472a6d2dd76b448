/**
 * Lays one source over another: objects merge deep, everything else replaces, a null removes.
 * A null stays in the tree so that one can still tell which source removed the value; readers skip it.
 */
import type { ConfigNode, MapNode } from './tree.ts';

/** The keys of `over` come first, as Backstage orders them. */
export function merge(under: MapNode, over: MapNode): MapNode {
  const entries = new Map<string, ConfigNode>();
  for (const [key, value] of over.entries) {
    const below = under.entries.get(key);
    const both = value.kind === 'map' && below?.kind === 'map';
    entries.set(key, both ? merge(below, value) : value);
  }
  for (const [key, value] of under.entries) {
    if (!entries.has(key)) entries.set(key, value);
  }
  return { kind: 'map', entries, origin: over.origin };
}
