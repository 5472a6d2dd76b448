/** Which characters may be in a text that people or models read: nothing that hides, reorders or ends a line. */

/**
 * Control, format (bidi, zero-width, tags), surrogate, private and unassigned characters, and the line and paragraph
 * separators: general categories C, Zl and Zp of Unicode; and the letters and variation selectors that show as nothing.
 */
const HIDDEN = /\p{C}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u;
const ALL_HIDDEN = new RegExp(HIDDEN.source, 'gu');

export function hasHiddenCharacters(text: string): boolean {
  return HIDDEN.test(text);
}

/** One line without hidden characters, cut to `limit` characters. */
export function toVisibleText(text: string, limit: number): string {
  const visible = text
    .slice(0, limit * 4)
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(ALL_HIDDEN, '');
  return visible.length <= limit ? visible : `${visible.slice(0, limit - 1)}…`;
}
