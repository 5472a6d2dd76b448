/**
 * The functions of JSONata that expressions of forms may call, and how many arguments each takes. Those that read the
 * clock, chance or text as code are not among them: a form is the same form in browser, server and command line.
 */

/** Of a function that takes what it stands in (`$`) for an argument that is missing: how many it needs, and takes at most. */
export interface ContextArguments {
  readonly needed: number;
  readonly most: number;
}

/** Null: it never takes `$` for a missing argument. Signatures: https://docs.jsonata.org/string-functions and its neighbours. */
export const NATIVES: ReadonlyMap<string, ContextArguments | null> = new Map([
  ...[
    'sum',
    'count',
    'max',
    'min',
    'average',
    'join',
    'map',
    'zip',
    'filter',
    'single',
    'reduce',
    'append',
    'exists',
    'merge',
    'reverse',
    'error',
    'assert',
    'type',
    'sort',
    'distinct',
  ].map((name) => [name, null] as const),
  ...Object.entries({
    string: [1, 2],
    substring: [2, 3],
    substringBefore: [2, 2],
    substringAfter: [2, 2],
    lowercase: [1, 1],
    uppercase: [1, 1],
    length: [1, 1],
    trim: [1, 1],
    pad: [2, 3],
    match: [2, 3],
    contains: [2, 2],
    replace: [3, 4],
    split: [2, 3],
    formatNumber: [2, 3],
    formatBase: [1, 2],
    formatInteger: [2, 2],
    parseInteger: [2, 2],
    number: [1, 1],
    floor: [1, 1],
    ceil: [1, 1],
    round: [1, 2],
    abs: [1, 1],
    sqrt: [1, 1],
    power: [2, 2],
    boolean: [1, 1],
    not: [1, 1],
    sift: [2, 2],
    keys: [1, 1],
    lookup: [2, 2],
    spread: [1, 1],
    each: [2, 2],
    base64encode: [1, 1],
    base64decode: [1, 1],
    encodeUrlComponent: [1, 1],
    encodeUrl: [1, 1],
    decodeUrlComponent: [1, 1],
    decodeUrl: [1, 1],
    toMillis: [1, 2],
    fromMillis: [1, 3],
    clone: [1, 1],
  } satisfies Record<string, readonly [number, number]>).map(
    ([name, [needed, most]]) => [name, { needed, most }] as const,
  ),
]);

/** What each function that may not be called would make of an expression. */
export const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ['eval', 'it runs text as code'],
  ['now', 'it gives something else each time'],
  ['millis', 'it gives something else each time'],
  ['random', 'it gives something else each time'],
  ['shuffle', 'it gives something else each time'],
  ['fetch', 'expressions ask nothing; a source (ui:source) does'],
]);
