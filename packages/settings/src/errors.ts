/** Every error this room throws, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const SETTINGS_ERRORS = {
  /** The user has nothing under this bucket and key. */
  'settings/not-found': 404,
  /** A bucket or key is empty, too long, or not a text that every database takes. */
  'settings/invalid-key': 400,
  /** The body has no value, or one that is nested too deeply. */
  'settings/invalid-value': 400,
  /** The body is no list of buckets and keys, or a list that is too long. */
  'settings/invalid-list': 400,
  /** The JSON text of the value is longer than 64 KiB. */
  'settings/value-too-large': 413,
  /** The user has as many keys as one may have. */
  'settings/too-many-keys': 409,
} as const satisfies Record<string, ErrorStatus>;

export type SettingsErrorCode = keyof typeof SETTINGS_ERRORS;

export function settingsError(code: SettingsErrorCode, message: string): CodedError {
  return new CodedError(SETTINGS_ERRORS[code], code, message);
}
