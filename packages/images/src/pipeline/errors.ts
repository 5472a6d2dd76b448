/** What the pipeline itself may fail with; its steps have errors of their own. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

export const PIPELINE_ERRORS = {
  'images/packages-unreadable': 409,
  'images/command-refused': 403,
} as const satisfies Readonly<Record<string, ErrorStatus>>;

export type PipelineErrorCode = keyof typeof PIPELINE_ERRORS;

export function pipelineError(code: PipelineErrorCode, message: string): CodedError {
  return new CodedError(PIPELINE_ERRORS[code], code, message);
}
