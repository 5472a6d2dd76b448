/** How well a text matches words that somebody typed. */

/** Of `matchScore`, the best first: the text itself, its beginning, the beginning of a word in it, anywhere in it. */
const EXACT = 4;
const PREFIX = 3;
const WORD = 2;
const INSIDE = 1;

/** Zero when it does not match. `phrase`: what was typed, in lower case, one blank between words; empty matches all. */
export function matchScore(text: string, phrase: string): number {
  const given = text.toLowerCase();
  if (phrase === '') return INSIDE;
  if (given === phrase) return EXACT;
  const at = given.indexOf(phrase);
  if (at === -1) return 0;
  if (at === 0) return PREFIX;
  return startsWord(given, phrase) ? WORD : INSIDE;
}

/** The best score of several texts; when no text has the whole phrase, each word has to be in one of them. */
export function bestScore(texts: readonly string[], words: readonly string[]): number {
  const phrase = words.join(' ');
  const best = Math.max(0, ...texts.map((text) => matchScore(text, phrase)));
  if (best > 0 || words.length < 2) return best;
  const all = texts.join(' ').toLowerCase();
  return words.every((word) => all.includes(word)) ? INSIDE : 0;
}

function startsWord(text: string, phrase: string): boolean {
  for (let at = text.indexOf(phrase); at !== -1; at = text.indexOf(phrase, at + 1)) {
    if (/[^\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}
