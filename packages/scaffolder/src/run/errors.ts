/** Every error that the engine throws of its own, in one table: stable code and HTTP status. */
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';

/** Code → HTTP status. */
export const RUN_ERRORS = {
  /** A step names an action that nobody has. */
  'scaffolder/unknown-action': 404,
  /** The input of a step does not fit the schema of its action. */
  'scaffolder/invalid-input': 400,
  /** The `each` of a step is no list and no object, or has too many items. */
  'scaffolder/invalid-each': 400,
  /** An action put out what is no JSON, or under a name that no expression could read. */
  'scaffolder/invalid-output': 500,
  /** The JSON Schema of an action cannot be read. */
  'scaffolder/bad-action-schema': 500,
  /** The files that were given for a dry-run, or those that it made, are too large or too many. */
  'scaffolder/dry-run-too-large': 413,
  /** A file that was given for a dry-run has a path that is not inside its folder, or that another file has. */
  'scaffolder/dry-run-path': 400,
} as const satisfies Record<string, ErrorStatus>;

export type RunErrorCode = keyof typeof RUN_ERRORS;

export function runError(code: RunErrorCode, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(RUN_ERRORS[code], code, message, options);
}

/** What a step failed with, as it may be shown: its message is masked, and it has no cause. */
export class StepError extends Error {
  /** Of the error that was thrown, when it had one. */
  readonly code: string | null;

  constructor(shown: { readonly name: string; readonly message: string; readonly code: string | null }) {
    super(shown.message);
    this.name = shown.name;
    this.code = shown.code;
  }
}

/** Whatever a step threw, masked. */
export function toStepError(thrown: unknown, mask: { text(text: string): string }): StepError {
  const message = messageOf(thrown).trim();
  return new StepError({
    name: thrown instanceof Error ? mask.text(thrown.name) : 'Error',
    message: message === '' ? 'The action failed and did not say why.' : mask.text(message),
    code: thrown instanceof CodedError ? thrown.code : null,
  });
}
