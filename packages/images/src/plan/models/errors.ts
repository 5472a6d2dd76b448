/** Every error of a model that should have made a plan, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const PLANNER_ERRORS = {
  /** An optional package that the configured provider needs is not installed. */
  'images/planner-not-installed': 501,
  /** The provider says that the request itself is wrong: key, rights, model name, address. Trying again is no use. */
  'images/planner-misconfigured': 500,
  /** The provider cannot be reached, failed, or broke off. */
  'images/planner-unavailable': 503,
  /** The provider wants fewer requests (429). */
  'images/planner-throttled': 503,
  /** No whole answer within the time limit. */
  'images/planner-timeout': 503,
  /** The model declined to answer. */
  'images/planner-refused': 409,
  /** No answer was a proposal, within the attempts there are. */
  'images/planner-nonsense': 503,
  /** The calls of this hour or the tokens of this day are used up. */
  'images/planner-budget': 429,
  /** The kill switch is on: no model is asked. */
  'images/planner-off': 503,
  /** The facts are more than a prompt may hold, or there are none. */
  'images/planner-facts': 413,
  /** A replayed model has no recording of this request. */
  'images/planner-no-recording': 503,
} as const satisfies Record<string, ErrorStatus>;

export type PlannerErrorCode = keyof typeof PLANNER_ERRORS;

export function plannerError(code: PlannerErrorCode, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(PLANNER_ERRORS[code], code, message, options);
}
