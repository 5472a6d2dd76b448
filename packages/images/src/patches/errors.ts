/** The errors of patches: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

export const PATCH_ERRORS = {
  'images/patch-not-found': 404,
  'images/golden-not-found': 404,
  /** The patch is in no state for what was asked. */
  'images/patch-state': 409,
  'images/plan-changed': 409,
  'images/report-unusable': 400,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

export type PatchErrorCode = keyof typeof PATCH_ERRORS;

export function patchError(code: PatchErrorCode, message: string, cause?: unknown): CodedError {
  return new CodedError(PATCH_ERRORS[code], code, message, cause === undefined ? {} : { cause });
}
