/**
 * Sorted lists of entity ordinals, the postings of the index. A list of one is the bare number, because most
 * values (names, ids, URLs) belong to one entity.
 */

export type Ordinals = number | number[];

/** Adds an ordinal; the list may be changed in place, so keep the returned one. Adding twice changes nothing. */
export function withOrdinal(list: Ordinals | undefined, ordinal: number): Ordinals {
  if (list === undefined || list === ordinal) return ordinal;
  if (typeof list === 'number') return list < ordinal ? [list, ordinal] : [ordinal, list];
  const last = list[list.length - 1];
  if (last !== undefined && last < ordinal) {
    list.push(ordinal);
    return list;
  }
  const at = positionOf(list, ordinal);
  if (list[at] !== ordinal) list.splice(at, 0, ordinal);
  return list;
}

/** Takes an ordinal out; undefined when nothing is left. */
export function withoutOrdinal(list: Ordinals | undefined, ordinal: number): Ordinals | undefined {
  if (list === undefined || list === ordinal) return undefined;
  if (typeof list === 'number') return list;
  const at = positionOf(list, ordinal);
  if (list[at] === ordinal) list.splice(at, 1);
  return list.length === 0 ? undefined : list;
}

export function countOf(list: Ordinals | undefined): number {
  if (list === undefined) return 0;
  return typeof list === 'number' ? 1 : list.length;
}

export function hasOrdinal(list: Ordinals | undefined, ordinal: number): boolean {
  if (list === undefined) return false;
  if (typeof list === 'number') return list === ordinal;
  return list[positionOf(list, ordinal)] === ordinal;
}

export function toArray(list: Ordinals | undefined): readonly number[] {
  if (list === undefined) return [];
  return typeof list === 'number' ? [list] : list;
}

/** The first position whose ordinal is not smaller. */
function positionOf(list: readonly number[], ordinal: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((list[middle] ?? 0) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}
