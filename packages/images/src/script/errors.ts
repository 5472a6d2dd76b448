/** Every error that compiling, running or printing a script can end in, in one table: stable code and HTTP status. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
const SCRIPT_ERRORS = {
  /** A package name that the distribution does not allow, or that a package manager would read as something else. */
  'images/script-bad-name': 400,
  /** The plan changes nothing in place, so there is no script of it. */
  'images/script-not-in-place': 400,
  /** The plan replaces or removes a package without saying that it needs to. */
  'images/script-missing-capability': 400,
  /** The package manager of the plan is not one of its package format. */
  'images/script-wrong-manager': 400,
  /** The package manager cannot do this action, as replace a package in one step. */
  'images/script-unsupported-action': 501,
  /** A command ended with an exit code that is not good, or by a signal. */
  'images/script-command-failed': 500,
  /** A check after the change found something, as packages that are not configured. */
  'images/script-check-failed': 500,
  /** What was kept to be put back is not there, or is not what its kind allows. */
  'images/script-bad-state': 500,
  /** The mirror, or one of its repositories, did not answer, so that nothing can be said of what it lacks. */
  'images/script-mirror-unreachable': 503,
  /** What a package manager says it would do cannot be read, so that nobody can judge it. */
  'images/script-unreadable-output': 500,
  /** A command has a character that no shell script can hold (NUL), or a variable whose name is none. */
  'images/script-unprintable': 400,
} as const satisfies Record<string, ErrorStatus>;

type ScriptErrorCode = keyof typeof SCRIPT_ERRORS;

export function scriptError(code: ScriptErrorCode, message: string): CodedError {
  return new CodedError(SCRIPT_ERRORS[code], code, message);
}
