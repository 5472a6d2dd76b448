/** Every error that talking to a registry can end in, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const REGISTRY_ERRORS = {
  /** The text is no image reference, or names something that cannot be one. */
  'images/registry-bad-reference': 400,
  /** No connection, or one that was cut, or 5xx, after all tries. */
  'images/registry-unreachable': 503,
  /** The registry, or its token endpoint, does not let us in. */
  'images/registry-refused': 403,
  /** There is no such repository, manifest or blob. */
  'images/registry-not-found': 404,
  /** The index has no image for the platform, or the image is for another one. */
  'images/registry-no-platform': 404,
  /** The manifest is of something else than a container image, or of the old schema 1. */
  'images/registry-not-an-image': 400,
  /** Too many requests, after all tries. */
  'images/registry-throttled': 429,
  /** The bytes are not those of the digest. */
  'images/registry-wrong-digest': 500,
  /** A blob has more or fewer bytes than its descriptor says. */
  'images/registry-wrong-size': 500,
  /** An answer is larger than what we are ready to read. */
  'images/registry-too-large': 413,
  /** An answer that is not as the protocol says. */
  'images/registry-bad-answer': 500,
  /** A redirect, upload or token address that we do not go to, as from https to http, or to a link-local one. */
  'images/registry-forbidden-address': 500,
} as const satisfies Record<string, ErrorStatus>;

export type RegistryErrorCode = keyof typeof REGISTRY_ERRORS;

export function registryError(code: RegistryErrorCode, message: string, cause?: unknown): CodedError {
  return new CodedError(REGISTRY_ERRORS[code], code, message, cause === undefined ? {} : { cause });
}

/** Somebody's text as it may stand in a message: one line, at most 120 characters. */
export function quoted(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 117)}…` : text;
  return JSON.stringify(short);
}
