/** Every error of the actions that fetch, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const FETCH_ERRORS = {
  /** A step has a relative URL, and where its template comes from is not known. */
  'scaffolder/no-base-url': 400,
  /** A step has a `file:` URL, or one that leads out of the folder of its template. */
  'scaffolder/file-url': 403,
  /** A file or a name of a skeleton cannot be rendered. */
  'scaffolder/skeleton-failed': 400,
} as const satisfies Record<string, ErrorStatus>;

export function fetchError(
  code: keyof typeof FETCH_ERRORS,
  message: string,
  options?: ErrorOptions,
): CodedError {
  return new CodedError(FETCH_ERRORS[code], code, message, options);
}
