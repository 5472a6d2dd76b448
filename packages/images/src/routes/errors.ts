/** The errors of the REST API itself: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const ROUTE_ERRORS = {
  /** A query parameter, a header or a part of the path is not one that the route takes, or has a value that cannot be. */
  'images/invalid-parameter': 400,
  /** The body is absent, or has a property that is not known or not as described. */
  'images/invalid-body': 400,
  'images/finding-not-found': 404,
  'images/record-not-found': 404,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

export function routeError(code: keyof typeof ROUTE_ERRORS, message: string): CodedError {
  return new CodedError(ROUTE_ERRORS[code], code, message);
}
