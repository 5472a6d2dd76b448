/** The one error that every call of the API ends in when it fails, read from Backstage's error body. */
import { isObject } from '@callboard/model';

export interface ApiErrorOptions extends ErrorOptions {
  readonly code?: string;
}

export class ApiError extends Error {
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number;
  /** The server's stable code, as `catalog/entity-not-found`; null when it gave none. docs/errors.md explains each. */
  readonly code: string | null;

  constructor(status: number, name: string, message: string, options: ApiErrorOptions = {}) {
    super(message, options);
    this.name = name;
    this.status = status;
    this.code = options.code ?? null;
  }
}

/** Reads `{error: {name, message, code?}}`; falls back to the status when the body is something else. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const error = isObject(body) ? body['error'] : undefined;
  const name = isObject(error) && typeof error['name'] === 'string' ? error['name'] : 'ResponseError';
  const message =
    isObject(error) && typeof error['message'] === 'string'
      ? error['message']
      : `${response.status} ${response.statusText}`.trim();
  const code = isObject(error) ? error['code'] : undefined;
  return new ApiError(response.status, name, message, typeof code === 'string' ? { code } : {});
}

/** Whatever was thrown as an ApiError; a failure without an HTTP status becomes status 0. */
export function unreachable(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError(0, 'NetworkError', message, { cause: thrown });
}

/** The HTTP status of a failed call; 0 for anything that is not an answer of the server. */
export function statusOf(thrown: unknown): number {
  return thrown instanceof ApiError ? thrown.status : 0;
}

/** True when trying the same request again may help: the server was not reached, is starting, or failed. */
export function isTransient(thrown: unknown): boolean {
  const status = statusOf(thrown);
  return status === 0 || status === 429 || status >= 500;
}
