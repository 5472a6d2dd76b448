/** The request of the graph route: which entities to begin with, and what to follow how far. */
import { parseRef, stringifyRef } from '@callboard/model';
import {
  invalidParameter,
  readInteger,
  readQueryString,
  readText,
  readTexts,
  type QueryValues,
} from './query-string.ts';

/** `GET /graph` */
export interface NeighbourhoodRequest {
  /** Full lower-case references, at least one, each once. */
  readonly roots: readonly string[];
  /** How many edges away from a root, 1 to 10. */
  readonly depth: number;
  readonly direction: Direction;
  /** Lower-case names of relations, of either end; empty follows all. */
  readonly relations: readonly string[];
  /** Lower-case kinds of the entities to walk to; empty is all. */
  readonly kinds: readonly string[];
  /** How many nodes at most, 1 to 5,000. */
  readonly limit: number;
}

/** `out` follows edges from their beginning to their end, `in` the other way. */
export type Direction = (typeof DIRECTIONS)[number];

const DIRECTIONS = ['both', 'out', 'in'] as const;
const NAMES = new Set(['ref', 'depth', 'direction', 'relation', 'kind', 'limit']);
const MAX_DEPTH = 10;
const DEFAULT_LIMIT = 2_000;
const MAX_LIMIT = 5_000;

/** Reads everything after the `?`; throws `catalog/invalid-parameter` (400). Ignores other parameters. */
export function parseNeighbourhoodParameters(rawQuery: string): NeighbourhoodRequest {
  const values = readQueryString(rawQuery, NAMES);
  const roots = readTexts(values, 'ref').map(parseRoot);
  if (roots.length === 0) throw invalidParameter("request must have required query parameter 'ref'");
  return {
    roots: [...new Set(roots)],
    depth: readBetween(values, 'depth', { max: MAX_DEPTH, fallback: 1 }),
    direction: parseDirection(readText(values, 'direction') ?? 'both'),
    relations: readNames(values, 'relation'),
    kinds: readNames(values, 'kind'),
    limit: readBetween(values, 'limit', { max: MAX_LIMIT, fallback: DEFAULT_LIMIT }),
  };
}

function parseRoot(text: string): string {
  const ref = parseRef(text);
  if (ref !== null) return stringifyRef(ref);
  throw invalidParameter(
    `request/query/ref must be a reference, kind:[namespace/]name, but is '${text.slice(0, 100)}'`,
  );
}

function parseDirection(text: string): Direction {
  const direction = DIRECTIONS.find((known) => known === text);
  if (direction !== undefined) return direction;
  throw invalidParameter(`request/query/direction must be one of ${DIRECTIONS.join(', ')}`);
}

function readBetween(
  values: QueryValues,
  name: string,
  { max, fallback }: { readonly max: number; readonly fallback: number },
): number {
  const value = readInteger(values, name) ?? fallback;
  if (value >= 1 && value <= max) return value;
  throw invalidParameter(`request/query/${name} must be between 1 and ${max}`);
}

function readNames(values: QueryValues, name: string): string[] {
  const names = readTexts(values, name).map((text) => text.toLowerCase());
  if (!names.includes('')) return names;
  throw invalidParameter(`Empty value found for query parameter '${name}'`);
}
