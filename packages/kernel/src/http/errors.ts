/** Errors on the wire, in Backstage's shape: `{ error: { name, message, code }, request, response }`. */
import { CodedError, messageOf, wireName } from '../error.ts';

/** Codes of what Fastify refuses before a room sees it. */
const FRAMEWORK_CODES: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'http/bad-path',
  FST_ERR_CTP_BODY_TOO_LARGE: 'http/body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'http/media-type',
};

export interface WireError {
  readonly error: { readonly name: string; readonly message: string; readonly code?: string };
  readonly request?: { readonly method: string; readonly url: string };
  readonly response: { readonly statusCode: number };
}

/**
 * The status and body that answer a thrown error. What a caller may not see (a broken world) is replaced by
 * a plain sentence; the log has the rest.
 */
export function toWireError(thrown: unknown, request: { method: string; url: string }): WireError {
  const status = statusOf(thrown);
  const code = codeOf(thrown);
  const known = thrown instanceof CodedError || status < 500;
  return {
    error: {
      name: wireName(status),
      message: known ? messageOf(thrown) : 'The server failed to answer; its log says why.',
      ...(code !== undefined && { code }),
    },
    request: { method: request.method, url: request.url },
    response: { statusCode: status },
  };
}

function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof CodedError) return thrown.code;
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return FRAMEWORK_CODES[String(thrown.code)];
}

/** The HTTP status of anything that was thrown; Fastify's own errors carry `statusCode`. */
export function statusOf(thrown: unknown): number {
  if (thrown instanceof CodedError) return thrown.status;
  if (typeof thrown === 'object' && thrown !== null && 'statusCode' in thrown) {
    const { statusCode } = thrown;
    if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 600) return statusCode;
  }
  return 500;
}
