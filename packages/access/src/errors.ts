/** Every error this room throws and every diagnostic it makes, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const ACCESS_ERRORS = {
  /** No token came with the request. */
  'access/unauthenticated': 401,
  /** The token is not one of ours, is damaged, or is meant for somebody else. */
  'access/invalid-token': 401,
  /** The token was good once. */
  'access/expired-token': 401,
  /** `X-Requested-With: XMLHttpRequest` is missing, so the call may come from a foreign page. */
  'access/cross-site': 401,
  /** The token's access restrictions leave this plugin out. */
  'access/restricted': 403,
  /** The endpoint is for another type of principal. */
  'access/principal-not-allowed': 403,
  /** Guest sign-in outside development. */
  'access/guest-refused': 403,
  /** The user of a personal token can no longer sign in the way they did. */
  'access/sign-in-closed': 401,
  /** What only a signed-in user may do was asked with a personal token, or by a plugin for a user. */
  'access/session-required': 403,
  /** The wish for a personal token has no name, or a lifetime that is not allowed. */
  'access/invalid-token-wish': 400,
  /** The user has no personal token with this id. */
  'access/token-not-found': 404,
  /** The user has as many personal tokens as one may have. */
  'access/too-many-tokens': 409,
  /** User info was asked for something that is not a user. */
  'access/not-a-user': 400,
  /** No sign-in provider has this id, or it is not configured. */
  'access/unknown-provider': 404,
  /** The provider has no such step. */
  'access/no-such-step': 501,
  /** The keys of an external issuer cannot be fetched. */
  'access/keys-unreachable': 503,
  /** A provider signed in somebody whose reference is not an entity reference. */
  'access/invalid-user-ref': 500,
  /** The claims make a token longer than 32,768 characters. */
  'access/token-too-large': 500,
  /** A room opened a path outside `/api/<plugin>`. */
  'access/invalid-path': 500,
  /** A row of this room's tables is not what this room writes. */
  'access/damaged-row': 500,
} as const satisfies Record<string, ErrorStatus>;

export type AccessErrorCode = keyof typeof ACCESS_ERRORS;

/** The codes of the diagnostics that `parseAccessConfig` makes. */
export const ACCESS_DIAGNOSTICS = [
  'access/config-invalid',
  'access/config-unsupported',
  'access/config-deprecated',
  'access/guest-outside-development',
  'access/open-by-config',
] as const;

export type AccessDiagnosticCode = (typeof ACCESS_DIAGNOSTICS)[number];

export function accessError(code: AccessErrorCode, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(ACCESS_ERRORS[code], code, message, options);
}
