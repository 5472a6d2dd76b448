/** Why a source gives nothing. The message is for the person at the form: it names no secret, and no header. */
import { CodedError } from '@callboard/kernel';

/** @returns CodedError 503 `scaffolder/source-failed` */
export function sourceFailed(message: string): CodedError {
  return new CodedError(503, 'scaffolder/source-failed', message);
}

/** What somebody entered makes a request that is not sent. @returns CodedError 400 `scaffolder/source-refused` */
export function sourceRefused(message: string): CodedError {
  return new CodedError(400, 'scaffolder/source-refused', message);
}
