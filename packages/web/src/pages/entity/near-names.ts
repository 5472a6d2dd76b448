/** Which texts to search for when an entity was asked for that does not exist. */

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
