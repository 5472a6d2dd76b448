/** `@backstage/errors`: errors by name, and those that answers of the API carry. */
import { isObject } from '@callboard/model';

class CustomErrorBase extends Error {
  constructor(message?: string, cause?: unknown) {
    const because = cause === undefined ? '' : `; caused by ${stringifyError(cause)}`;
    super(`${message ?? ''}${because}`, cause === undefined ? {} : { cause });
    this.name = new.target.name;
  }
}

/** The class has the name that `instanceof` is seldom asked for and `error.name` always. */
function named(name: string): typeof CustomErrorBase {
  return { [name]: class extends CustomErrorBase {} }[name] ?? CustomErrorBase;
}

class ForwardedError extends CustomErrorBase {
  constructor(message: string, cause: unknown) {
    super(message, cause);
    this.name = isError(cause) ? cause.name : 'Error';
  }
}

interface ErrorLike {
  readonly name: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

class ResponseError extends Error {
  readonly response: Response;
  readonly body: unknown;
  readonly statusCode: number;
  readonly statusText: string;

  private constructor(response: Response, body: unknown) {
    const said = isObject(body) && isError(body['error']) ? body['error'] : null;
    super(
      `Request failed with ${response.status} ${response.statusText}${said === null ? '' : `, ${said.message}`}`,
      said === null ? {} : { cause: deserializeError(said) },
    );
    this.name = 'ResponseError';
    this.response = response;
    this.body = body;
    this.statusCode = response.status;
    this.statusText = response.statusText;
  }

  static async fromResponse(response: Response): Promise<ResponseError> {
    return new ResponseError(response, await parseErrorResponseBody(response));
  }
}

async function parseErrorResponseBody(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  try {
    const body: unknown = JSON.parse(text);
    if (isObject(body) && isObject(body['error'])) return body;
  } catch {
    // Whatever it is, it is no error of the API.
  }
  const message = text === '' ? `Request failed with status ${response.status}` : text.slice(0, 500);
  return { error: { name: 'Error', message }, response: { statusCode: response.status } };
}

function isError(value: unknown): value is ErrorLike {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['message'] === 'string';
}

function toError(value: unknown): Error {
  return value instanceof Error ? value : new Error(stringifyError(value));
}

function assertError(value: unknown): void {
  if (!isError(value)) throw new TypeError(`What was thrown is no error: ${String(value)}`);
}

function stringifyError(error: unknown): string {
  if (!isError(error)) return String(error);
  return `${error.name}: ${error.message}`;
}

function serializeError(error: unknown): Readonly<Record<string, unknown>> {
  return isError(error)
    ? { ...error, name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}

function deserializeError(data: unknown): Error {
  const { name, message, ...rest } = isError(data) ? data : { name: 'Error', message: String(data) };
  return Object.assign(new Error(message), rest, { name });
}

const NAMES = [
  'AuthenticationError',
  'ConflictError',
  'InputError',
  'NotAllowedError',
  'NotFoundError',
  'NotImplementedError',
  'NotModifiedError',
  'ServiceUnavailableError',
];

export const errors = {
  ...Object.fromEntries(NAMES.map((name) => [name, named(name)])),
  CustomErrorBase,
  ForwardedError,
  ResponseError,
  assertError,
  deserializeError,
  isError,
  parseErrorResponseBody,
  serializeError,
  stringifyError,
  toError,
};
