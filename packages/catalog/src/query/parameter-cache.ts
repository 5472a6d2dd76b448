/**
 * Requests are asked again and again with the same query string, so what it was parsed into is kept. Nothing
 * expires, because the value depends on the text alone.
 */

export interface ParameterCacheOptions {
  /** How many parsed requests are kept at most, 2 or more. Default: 500. */
  readonly max?: number;
  /** Query strings of more characters are parsed every time. Default: 4096. */
  readonly maxLength?: number;
}

/**
 * Wraps a parser so that results are shared: every kept result is frozen, deeply. The last `max / 2` different
 * query strings are always known, older ones as long as there is room. An error is not kept.
 */
export function createParameterCache<T>(
  parse: (rawQuery: string) => T,
  options: ParameterCacheOptions = {},
): (rawQuery: string) => T {
  const { max = 500, maxLength = 4096 } = options;
  const half = Math.max(1, Math.floor(max / 2));
  // Two generations instead of a list in order of use: a hit, which is nearly every call, is one look-up.
  let recent = new Map<string, { readonly request: T }>();
  let older = recent;
  return (rawQuery) => {
    if (rawQuery.length > maxLength) return parse(rawQuery);
    const known = recent.get(rawQuery);
    if (known !== undefined) return known.request;
    const entry = older.get(rawQuery) ?? { request: freeze(parse(rawQuery)) };
    if (recent.size >= half) {
      older = recent;
      recent = new Map();
    }
    recent.set(rawQuery, entry);
    return entry.request;
  };
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}
