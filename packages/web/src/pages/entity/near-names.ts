/** Which texts to search for when an entity was asked for that does not exist, and which of the finds come nearest. */

const SHORTEST = 3;
const MOST_TERMS = 3;

/** The whole name first, then its words, the longest first: `payment-servce` finds `payment-service` by `payment`. */
export function searchTerms(name: string): readonly string[] {
  const words = name
    .split(/[-_.\s]+/)
    .filter((word) => word.length >= SHORTEST && word !== name)
    .toSorted((a, b) => b.length - a.length);
  const start = name.length > SHORTEST * 2 ? [name.slice(0, Math.ceil(name.length / 2))] : [];
  const terms = [name, ...words, ...(words.length === 0 ? start : [])];
  return [...new Set(terms)].slice(0, MOST_TERMS);
}

/** How unlike two names are, from 0 to 1: the share of their pairs of letters that only one of them has. */
export function distance(a: string, b: string): number {
  const left = pairs(a);
  const right = pairs(b);
  const shared = [...left].filter((pair) => right.has(pair)).length;
  return 1 - (2 * shared) / (left.size + right.size);
}

/** Pairs of neighbouring letters, the ends of the name included. */
function pairs(name: string): ReadonlySet<string> {
  const text = ` ${name.toLowerCase()} `;
  return new Set(Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2)));
}
