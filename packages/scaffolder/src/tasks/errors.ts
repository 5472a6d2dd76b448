/** The errors of tasks: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

const TASK_ERRORS = {
  'scaffolder/task-not-found': 404,
  'scaffolder/task-ended': 409,
  'scaffolder/task-not-retryable': 409,
  'scaffolder/task-not-paused': 409,
  /** The reason of the signal of a run whose task was cancelled. */
  'scaffolder/cancelled': 409,
  /** The reason of the signal of a run that took too long, and the error of its task. */
  'scaffolder/timed-out': 503,
  'scaffolder/step-not-stopped': 503,
  'scaffolder/task-crashed': 500,
  'scaffolder/task-lost-lease': 409,
  'scaffolder/workspace-lost': 500,
  'scaffolder/state-too-large': 413,
  'scaffolder/secret-key': 500,
  'scaffolder/sealed-unreadable': 500,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

type TaskErrorCode = keyof typeof TASK_ERRORS;

/** The error to throw for a code. */
export function taskError(code: TaskErrorCode, message: string, cause?: unknown): CodedError {
  return new CodedError(TASK_ERRORS[code], code, message, cause === undefined ? {} : { cause });
}
