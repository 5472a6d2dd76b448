/** Every error of promotion, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const PROMOTE_ERRORS = {
  /** What was given is no proof, or one of another image or plan than it is to be used for. */
  'images/not-proved': 409,
  /** There is no golden image under the tag. */
  'images/golden-tag-missing': 404,
  /** Somebody else has moved the golden tag since the patch, or the promotion, was made. */
  'images/golden-tag-moved': 409,
  /** A tag that never moves is there already, for another image; or the name is too long for a tag. */
  'images/patch-tag-taken': 409,
  /** The image that was to be promoted, signed or gone back to is no longer in the registry. */
  'images/promotion-vanished': 404,
} as const satisfies Record<string, ErrorStatus>;

export type PromoteErrorCode = keyof typeof PROMOTE_ERRORS;

export function promoteError(code: PromoteErrorCode, message: string): CodedError {
  return new CodedError(PROMOTE_ERRORS[code], code, message);
}
