/** The codes of this folder in one table. All are thrown as CodedError. */
import { CodedError, type ErrorStatus } from '../error.ts';

export const JOBS_CODES = {
  'jobs/invalid': 'A job, a handler or a schedule was described with a value that cannot be.',
  'jobs/too-large': 'The payload or the checkpoint of a job is larger than the limit.',
  'jobs/not-found': 'There is no job with this id; finished jobs are swept after some time.',
  'jobs/wrong-state': 'The job is not in a state in which this can be done to it.',
  'jobs/key-in-use': 'The job cannot wait again, because another one with its key waits or runs.',
  'jobs/handled-twice': 'The queue has a handler already.',
  'jobs/lease-lost': 'The lease of the run ended; the job is no longer its to write.',
  'jobs/timed-out': 'The run took longer than the time limit of its queue.',
  'jobs/cancelled': 'The job was cancelled while it ran.',
  'jobs/closing': 'The process stops; the job goes on elsewhere or after the next start.',
} as const;

export type JobsCode = keyof typeof JOBS_CODES;

const STATUS: Readonly<Record<JobsCode, ErrorStatus>> = {
  'jobs/invalid': 400,
  'jobs/too-large': 413,
  'jobs/not-found': 404,
  'jobs/wrong-state': 409,
  'jobs/key-in-use': 409,
  'jobs/handled-twice': 500,
  'jobs/lease-lost': 409,
  'jobs/timed-out': 503,
  'jobs/cancelled': 409,
  'jobs/closing': 503,
};

/** The error to throw for a code. */
export function jobsError(code: JobsCode, message: string, cause?: unknown): CodedError {
  return new CodedError(STATUS[code], code, message, cause === undefined ? {} : { cause });
}
