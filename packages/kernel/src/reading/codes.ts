/** The codes of this folder in one table. All are thrown as CodedError. */
import { CodedError, type ErrorStatus } from '../error.ts';

export const READING_CODES = {
  'reading/config': 'The configuration of `backend.reading` or `integrations` is wrong.',
  'reading/bad-url': 'The text is no URL that can be read, or does not point to a file of its repository.',
  'reading/not-allowed': 'Neither `backend.reading.allow` nor `integrations` lets this URL be read.',
  'reading/private-address': 'The host leads to an address that is not public.',
  'reading/not-found': 'There is nothing at the URL, or the token may not see it.',
  'reading/http-status': 'The host answered with a status that is no success, or not with a file.',
  'reading/too-large': 'The content is larger than the limit.',
  'reading/timeout': 'The host took too long.',
  'reading/redirects': 'The host redirected too often, or nowhere.',
  'reading/network': 'The host could not be found or reached, or the connection broke.',
} as const;

export type ReadingCode = keyof typeof READING_CODES;

const STATUS: Readonly<Record<ReadingCode, ErrorStatus>> = {
  'reading/config': 500,
  'reading/bad-url': 400,
  'reading/not-allowed': 403,
  'reading/private-address': 403,
  'reading/not-found': 404,
  'reading/http-status': 503,
  'reading/too-large': 413,
  'reading/timeout': 503,
  'reading/redirects': 503,
  'reading/network': 503,
};

/** The error to throw for a code. */
export function readingError(code: ReadingCode, message: string, cause?: unknown): CodedError {
  return new CodedError(STATUS[code], code, message, cause === undefined ? {} : { cause });
}

/** A URL for a message: without what may be secret in it, its user and its query. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
