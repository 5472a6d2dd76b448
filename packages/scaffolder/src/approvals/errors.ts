/** The errors of approvals: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

const APPROVAL_ERRORS = {
  'scaffolder/approval-not-found': 404,
  'scaffolder/approval-ended': 409,
  'scaffolder/approval-not-yours': 403,
  'scaffolder/approval-decided': 409,
  'scaffolder/approval-reason': 400,
  /** The error of a step or a task that people did not agree to, or that nobody could agree to. */
  'scaffolder/approval-refused': 403,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

/** The error to throw for a code. */
export function approvalError(code: keyof typeof APPROVAL_ERRORS, message: string): CodedError {
  return new CodedError(APPROVAL_ERRORS[code], code, message);
}
