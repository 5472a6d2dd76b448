/** The known name that somebody most likely meant: few letters apart, for messages that say "did you mean". */

/** Characters of a name that are compared: names come from outside, and the work grows with the square of them. */
const MOST_COMPARED = 80;

/** The nearest of `known`, when it is near enough; null otherwise. Upper and lower case count as the same letter. */
export function nearName(name: string, known: Iterable<string>): string | null {
  const wanted = name.slice(0, MOST_COMPARED).toLowerCase();
  const most = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    if (candidate === name || Math.abs(candidate.length - wanted.length) > most) continue;
    const distance = editDistance(wanted, candidate.toLowerCase());
    if (distance <= most && (best === null || distance < best.distance)) best = { name: candidate, distance };
  }
  return best?.name ?? null;
}

/** `Did you mean 'x'?`, or undefined when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const near = nearName(name, known);
  return near === null ? undefined : `Did you mean '${near}'?`;
}

/** Letters to put in, take out, replace or swap with their neighbour. */
function editDistance(one: string, other: string): number {
  let before: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const changed = at(last, column - 1) + (same ? 0 : 1);
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
          ? at(before, column - 2) + 1
          : Number.POSITIVE_INFINITY;
      next.push(Math.min(changed, at(last, column) + 1, at(next, column - 1) + 1, swapped));
    }
    before = last;
    last = next;
  }
  return at(last, other.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
