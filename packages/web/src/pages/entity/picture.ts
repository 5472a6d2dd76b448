/** The picture of a person or a group: which addresses may be shown, and the letters in place of one. */

/**
 * The address, when it is an https one. Everything else is not asked for: the portal's security policy lets no
 * plain http through, and a `data:` address is as long as somebody likes.
 */
export function pictureUrl(text: string | null): string | null {
  const url = text === null ? null : URL.parse(text);
  return url?.protocol === 'https:' ? url.href : null;
}

/** One or two letters for a name: the first ones of its first and last word. */
export function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = '', ...others] = words;
  return [first, others.at(-1) ?? '']
    .map((word) => /^./u.exec(word)?.[0] ?? '')
    .join('')
    .toUpperCase();
}
