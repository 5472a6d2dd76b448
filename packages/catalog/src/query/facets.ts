/** How many entities have which value of a key. */
import type { EntityIndex } from '../index/entity-index.ts';
import { countOf } from '../index/ordinals.ts';
import type { FacetsRequest } from './parameters.ts';
import { matchingSet } from './page.ts';

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

/** Values by facet, as the request names it, each sorted by value. */
export function countFacets(index: EntityIndex, request: FacetsRequest): Record<string, FacetValue[]> {
  const matching = matchingSet(index, { ...request, key: 'metadata.uid' });
  const everything = matching.count === index.size;
  const facets: Record<string, FacetValue[]> = {};
  for (const name of request.facets) {
    const key = name.toLowerCase();
    const stored = index.storedKey(key);
    const values = stored?.sortedValues() ?? [...(index.key(key)?.entries() ?? [])].map(([value]) => value);
    const derived = stored === undefined ? new Map(index.key(key)?.entries()) : null;
    const counted: FacetValue[] = [];
    for (const value of values) {
      const ordinals = stored?.ordinalsOf(value) ?? derived?.get(value);
      if (ordinals === undefined) continue;
      const count = everything ? countOf(ordinals) : matching.countIn(ordinals);
      if (count > 0) counted.push({ value, count });
    }
    Object.defineProperty(facets, name, { value: counted, enumerable: true });
  }
  return facets;
}
