/** The codes of this folder in one table. All are thrown as CodedError. */

export const READING_CODES = {
  'reading/config': 'The configuration of `backend.reading` or `integrations` is wrong.',
  'reading/bad-url': 'The text is no URL that can be read, or does not point to a file of its repository.',
  'reading/not-allowed': 'Neither `backend.reading.allow` nor `integrations` lets this URL be read.',
  'reading/private-address': 'The host leads to an address that is not public.',
  'reading/not-found': 'There is nothing at the URL, or the token may not see it.',
  'reading/http-status': 'The host answered with a status that is no success.',
  'reading/too-large': 'The content is larger than the limit.',
  'reading/timeout': 'The host took too long.',
  'reading/redirects': 'The host redirected too often, or nowhere.',
  'reading/network': 'The host could not be found or reached, or the connection broke.',
} as const;

export type ReadingCode = keyof typeof READING_CODES;
