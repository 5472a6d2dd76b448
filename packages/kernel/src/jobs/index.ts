/** The door of the jobs folder: durable jobs and schedules. */
export { JOBS_CODES } from './codes.ts';
export type { JobCount, JobFilter, JobPage } from './desk.ts';
export type { Enqueued, JobRequest } from './enqueue.ts';
export { ParkJob, PermanentFailure, RetryLater, type Backoff } from './failures.ts';
export { JOB_STATES, type Job, type JobAttempt, type JobState } from './job.ts';
export { createJobs, type Jobs, type JobsDeps, type JobsOptions } from './jobs.ts';
export type { JobContext, JobHandler } from './run.ts';
export type { Schedule } from './schedule.ts';
export type { KeepOptions } from './sweep.ts';
export { jobsMigrations } from './tables.ts';
export type { After } from './timer.ts';
