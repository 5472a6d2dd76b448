/**
 * Errors with a stable code and an HTTP status: a caller's mistake, or a broken world.
 * The wire name of an error follows from its status, as Backstage's clients expect it.
 */

const WIRE_NAMES: Readonly<Record<number, string>> = {
  304: 'NotModifiedError',
  400: 'InputError',
  401: 'AuthenticationError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  413: 'PayloadTooLargeError',
  429: 'TooManyRequestsError',
  500: 'InternalServerError',
  501: 'NotImplementedError',
  503: 'ServiceUnavailableError',
};

export type ErrorStatus = 304 | 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 501 | 503;

export class CodedError extends Error {
  /** Stable, `<room>/<what>`; explained in docs/errors.md. */
  readonly code: string;
  readonly status: number;

  constructor(status: ErrorStatus, code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = wireName(status);
    this.code = code;
    this.status = status;
  }
}

/** The `error.name` that goes over the wire with a status, such as `NotFoundError` for 404. */
export function wireName(status: number): string {
  return WIRE_NAMES[status] ?? (status >= 500 ? 'InternalServerError' : 'InputError');
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
