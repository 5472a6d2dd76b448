/** The errors of the REST API itself: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const ROUTE_ERRORS = {
  /** A query parameter, a header or a part of the path is not one that the route takes, or has a value that cannot be. */
  'scaffolder/invalid-parameter': 400,
  /** The body is absent, or has a property that is not as described. */
  'scaffolder/invalid-body': 400,
  'scaffolder/template-not-found': 404,
  /** Also told by who keeps them; here of what can be no identifier. */
  'scaffolder/task-not-found': 404,
  'scaffolder/approval-not-found': 404,
  /** The template has mistakes that keep it from being shown or run. */
  'scaffolder/template-unusable': 400,
  'scaffolder/not-allowed': 403,
  'scaffolder/unknown-provider': 400,
  /** Whoever makes suggestions for a field could not. */
  'scaffolder/autocomplete-failed': 503,
  'scaffolder/base-not-kept': 404,
  /** Somebody asks for options faster than they come. */
  'scaffolder/too-many-questions': 429,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

export function routeError(
  code: keyof typeof ROUTE_ERRORS,
  message: string,
  options?: ErrorOptions,
): CodedError {
  return new CodedError(ROUTE_ERRORS[code], code, message, options);
}
