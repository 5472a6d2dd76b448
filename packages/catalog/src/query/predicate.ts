/**
 * The one form that every filter of the API is parsed into, and the only one that the index evaluates.
 * Keys and values are lower-case, as the index stores them.
 */

export type Predicate =
  | { readonly kind: 'all'; readonly of: readonly Predicate[] }
  | { readonly kind: 'any'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Predicate }
  | { readonly kind: 'exists'; readonly key: string }
  /** True when any value of the key is one of these. */
  | { readonly kind: 'in'; readonly key: string; readonly values: readonly string[] }
  /** True when any value of the key starts with this. */
  | { readonly kind: 'prefix'; readonly key: string; readonly prefix: string };

/** True of every entity. */
export const EVERYTHING: Predicate = { kind: 'all', of: [] };
