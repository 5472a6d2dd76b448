/** The errors that the findings store throws: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const FINDINGS_ERRORS = {
  /** A cursor or a sequence number is not one that was given out. */
  'images/bad-cursor': 400,
  /** Somebody else has the lease by now: what was done under the old one may be done again by them. */
  'images/lease-lost': 409,
  /** Changes after the checkpoint are gone, or never were in this database: read the whole store, then go on. */
  'images/changes-forgotten': 409,
} as const satisfies Record<string, ErrorStatus>;

export type FindingsErrorCode = keyof typeof FINDINGS_ERRORS;

export function findingsError(code: FindingsErrorCode, message: string): CodedError {
  return new CodedError(FINDINGS_ERRORS[code], code, message);
}
