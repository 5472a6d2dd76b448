/** The known word that somebody most likely meant, for messages that say "did you mean". */

/** `Did you mean 'x'?`, or undefined when no known word is near. Upper and lower case count as the same letter. */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.slice(0, 80).toLowerCase();
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const word of known) {
    const most = Math.max(1, Math.floor(word.length / 3));
    if (word === name || Math.abs(word.length - wanted.length) > most) continue;
    const distance = editDistance(wanted, word.toLowerCase());
    if (distance <= most && (best === null || distance < best.distance)) best = { word, distance };
  }
  return best === null ? undefined : `Did you mean '${best.word}'?`;
}

/** Letters to put in, take out or replace. */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < other.length; column += 1) {
      const above = row[column + 1] ?? 0;
      const left = next[column] ?? 0;
      const corner = row[column] ?? 0;
      next.push(one[index] === other[column] ? corner : Math.min(above, left, corner) + 1);
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
