/** Every error of the engines, in one table: stable code and HTTP status. Refused layers are named as their reader does. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';
import { LAYER_ERRORS } from '../image/layer-errors.ts';

/** Code → HTTP status. */
export const BUILD_ERRORS = {
  ...LAYER_ERRORS,
  /** The engine cannot be used on this machine. */
  'images/build-unavailable': 501,
  /** A program of the machine failed, or mounting did. */
  'images/build-failed': 500,
  /** No space is left where the engine works. */
  'images/build-disk-full': 503,
  /** A command took longer than it may; it and all that it started were killed. */
  'images/build-timeout': 503,
  /** The caller gave the signal to stop. */
  'images/build-stopped': 503,
  /** The session is over: disposed, or its namespaces were killed. */
  'images/build-closed': 409,
  /** A command has no program, or a variable that may not be set. */
  'images/build-bad-command': 400,
  /** A path of `SessionOptions.files` is not a plain relative path. */
  'images/build-bad-file': 400,
  /** The image has something else than a folder where folders have to be mounted. */
  'images/build-bad-root': 400,
  /** What the commands changed is more than the layer may hold. */
  'images/build-layer-too-large': 413,
} as const satisfies Record<string, ErrorStatus>;

export type BuildErrorCode = keyof typeof BUILD_ERRORS;

export function buildError(code: BuildErrorCode, message: string, options?: ErrorOptions): CodedError {
  return new CodedError(BUILD_ERRORS[code], code, message, options);
}

/** What a failure of the machine is called: a full disk has a name of its own, coded errors keep theirs. */
export function namedFailure(thrown: unknown, doing: string): CodedError {
  if (thrown instanceof CodedError) {
    return thrown;
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const full = /ENOSPC|EDQUOT|no space left|disk quota exceeded/i.test(message);
  const code = full ? 'images/build-disk-full' : 'images/build-failed';
  return buildError(code, `${doing}: ${message}`, { cause: thrown });
}

/** Throws `images/build-stopped` once the caller gave the signal. */
export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) {
    throw buildError('images/build-stopped', 'The build was stopped.', { cause: signal.reason });
  }
}
