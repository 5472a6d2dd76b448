/** Every error this room throws, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const EXTENSIONS_ERRORS = {
  /** No extension has, or had since the start, a module of this hash. */
  'extensions/no-module': 404,
  /** The body of `locate` is no hash with a line and a column. */
  'extensions/invalid-position': 400,
  /** A parameter in the query, where none is known. */
  'extensions/invalid-parameter': 400,
} as const satisfies Record<string, ErrorStatus>;

type ExtensionsErrorCode = keyof typeof EXTENSIONS_ERRORS;

export function extensionsError(code: ExtensionsErrorCode, message: string): CodedError {
  return new CodedError(EXTENSIONS_ERRORS[code], code, message);
}
