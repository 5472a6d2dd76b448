/**
 * Makes somebody's text fit to be shown and quoted: one line, bounded, without characters that hide, reorder or
 * forge other characters. What it says stays what somebody else said.
 */

/** Line breaks, tabs and other spaces; the byte order mark, which counts as one, is none that can be seen. */
const SPACES = /(?:[^\S\ufeff]|\u0085)+/gu;

/**
 * Controls, format characters (bidirectional, zero-width, tags), private use, and what is drawn as nothing: the
 * grapheme joiner, Hangul fillers, variation selectors.
 */
const INVISIBLE =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|[\u180b-\u180f]|\u3164|\uffa0|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** At most `limit` UTF-16 units, an ellipsis among them when something was cut off. */
export function oneLine(text: string, limit: number): string {
  // However long the text is, only so much is looked at.
  const looked = text.slice(0, limit * 4 + 64);
  const clean = looked.replace(SPACES, ' ').replace(INVISIBLE, '').replace(/ {2,}/g, ' ').trim();
  if (clean.length <= limit && looked.length === text.length) return clean;
  return `${clean.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
