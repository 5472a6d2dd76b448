/** Every error of proving, in one table: stable code and HTTP status. What an image fails is no error but a check of its verdict. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const PROVE_ERRORS = {
  /** The scanner cannot be started: it is not installed, or not where it was said to be. */
  'images/scanner-missing': 503,
  /** The scanner ended with an error, said nothing, or took too long. */
  'images/scanner-failed': 503,
  /** What the scanner printed is no report of the image that it was given. */
  'images/scanner-bad-report': 503,
  /** The vulnerability database was replaced while the scanner worked. */
  'images/scanner-database-changed': 409,
  /** A layer that is to be judged is larger than it may be, has too many entries, or is no tar. */
  'images/proof-bad-layer': 400,
  /** Something that a check needs could not be had. */
  'images/proof-missing-evidence': 503,
  /** A kept verdict has no good signature, is of another kind, or does not prove anything. */
  'images/proof-not-genuine': 403,
  /** The key is not PEM, or of a kind that is not used here. */
  'images/bad-signing-key': 400,
} as const satisfies Record<string, ErrorStatus>;

export type ProveErrorCode = keyof typeof PROVE_ERRORS;

export function proveError(code: ProveErrorCode, message: string, cause?: unknown): CodedError {
  return new CodedError(PROVE_ERRORS[code], code, message, cause === undefined ? undefined : { cause });
}
