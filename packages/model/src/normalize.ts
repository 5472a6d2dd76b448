/** The normal form of an entity: its namespace written out, the references in its lists in order. */
import { DEFAULT_NAMESPACE, type Entity } from './entity.ts';
import { valueAt, withValueAt } from './place.ts';

/** The lists whose order means nothing, in every kind. */
const UNORDERED_LISTS: readonly (readonly string[])[] = [
  ['spec', 'providesApis'],
  ['spec', 'consumesApis'],
  ['spec', 'dependsOn'],
  ['spec', 'dependencyOf'],
  ['spec', 'memberOf'],
  ['spec', 'children'],
  ['spec', 'members'],
];

/**
 * A function that brings an entity into its normal form, which is the entity itself when it already is.
 * @param places keys that lead to further lists to sort, beside those that are sorted in every kind.
 */
export function createNormalizer(places: readonly (readonly string[])[]): (entity: Entity) => Entity {
  const lists = new Map([...UNORDERED_LISTS, ...places].map((keys) => [keys.join('\0'), keys])).values();
  const sorted = [...lists];
  return (entity) => {
    let result = entity;
    for (const keys of sorted) {
      const value = valueAt(result, keys);
      if (isUnsorted(value)) result = withValueAt(result, { keys, value: value.toSorted() });
    }
    const { metadata } = result;
    if (metadata.namespace !== undefined && metadata.namespace !== '') return result;
    return { ...result, metadata: { ...metadata, namespace: DEFAULT_NAMESPACE } };
  };
}

/** True of a list of texts only, that is not in the order of their UTF-16 code units. */
function isUnsorted(value: unknown): value is string[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  let previous = '';
  let isOutOfOrder = false;
  for (const item of value) {
    if (typeof item !== 'string') return false;
    if (item < previous) isOutOfOrder = true;
    previous = item;
  }
  return isOutOfOrder;
}
