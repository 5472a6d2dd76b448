/** The door of the kernel: what every room stands on, with no word of any domain. */
export { backendConfigSchema, parseBackendConfig, type BackendSettings } from './backend.ts';
export {
  type Database,
  type DatabaseSession,
  type Queries,
  type RowsWrite,
  type SqlValue,
} from './db/database.ts';
export { migrate, type MigrationStep, type RoomMigrations } from './db/migrate.ts';
export { openDatabase, type DatabaseSettings } from './db/open.ts';
export { CodedError, messageOf, wireName, type ErrorStatus } from './error.ts';
export { createBell, holdStreams, toEventStream } from './http/event-stream.ts';
export { statusOf, toWireError, type WireError } from './http/errors.ts';
export { type Health } from './http/health.ts';
export { contentSecurityPolicy, type SecurityOptions } from './http/security.ts';
export { createHttp, notFound, type HttpOptions } from './http/server.ts';
export {
  createTraffic,
  type AnsweredRequest,
  type FailedAnswer,
  type RouteFigures,
  type Traffic,
  type TrafficFigures,
  type TrafficOptions,
} from './http/traffic.ts';
export {
  createJobs,
  JOB_STATES,
  JOBS_CODES,
  jobsMigrations,
  ParkJob,
  PermanentFailure,
  RetryLater,
  type After,
  type Backoff,
  type Enqueued,
  type Job,
  type JobAttempt,
  type JobContext,
  type JobCount,
  type JobFilter,
  type JobHandler,
  type JobPage,
  type JobRequest,
  type Jobs,
  type JobsDeps,
  type JobsOptions,
  type JobState,
  type KeepOptions,
  type Schedule,
} from './jobs/index.ts';
export { createLog, type Log, type LogLevel, type LogOptions } from './log/log.ts';
export { createMetrics, type MetricOptions, type Metrics } from './telemetry/metrics.ts';
export {
  checkConfig,
  Config,
  CONFIG_CODES,
  configFrom,
  frontendConfig,
  loadConfig,
  printConfig,
  secretValues,
  watchConfig,
  type ConfigSchema,
  type Environment,
  type LoadedConfig,
  type LoadOptions,
} from './config/index.ts';
export {
  createUrlReader,
  isPublicAddress,
  literalAddress,
  parseReadingConfig,
  READING_CODES,
  type ReadingConfig,
  type TreeEntry,
  type UrlReader,
  type UrlReaderOptions,
} from './reading/index.ts';
