/** Every error of the actions of the catalog, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const CATALOG_ACTION_ERRORS = {
  /** A step needs an entity that the catalog does not have. */
  'scaffolder/entity-not-found': 404,
} as const satisfies Record<string, ErrorStatus>;

export function catalogActionError(code: keyof typeof CATALOG_ACTION_ERRORS, message: string): CodedError {
  return new CodedError(CATALOG_ACTION_ERRORS[code], code, message);
}
