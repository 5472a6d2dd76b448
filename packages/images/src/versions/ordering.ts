/** What the three version orders have in common: their answer, and numbers that are compared as text. */

/** -1: the first is older; 1: the first is newer; 0: neither. */
export type Ordering = -1 | 0 | 1;

export function orderOf<T extends number | string>(a: T, b: T): Ordering {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Decimal digits as numbers of any length; leading zeros do not count, and no digits at all are a zero. */
export function compareDigits(a: string, b: string): Ordering {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length === right.length ? orderOf(left, right) : orderOf(left.length, right.length);
}
