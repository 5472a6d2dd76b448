/** A task: one run of a template that somebody asked for, as it is stored and shown. Times are milliseconds since 1970. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { RunState } from '../run/run.ts';
import type { TaskSpec } from '../template/template.ts';

/** Backstage's. A task that is paused or waits for people is `processing` to its clients; `waiting` says more. */
export const TASK_STATUSES = ['open', 'processing', 'completed', 'failed', 'cancelled', 'skipped'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** Why a task stands still. */
export type TaskWait =
  | { readonly kind: 'paused'; readonly by: string; readonly since: number }
  | { readonly kind: 'approval'; readonly approvalId: string; readonly since: number };

export interface Task {
  readonly id: string;
  readonly spec: TaskSpec;
  readonly status: TaskStatus;
  readonly waiting: TaskWait | null;
  /** Entity reference of who asked for it, or the subject of a service; null when nobody did. */
  readonly createdBy: string | null;
  readonly createdAt: number;
  /** Null before its first run. */
  readonly startedAt: number | null;
  /** Null while it is not in a final state. */
  readonly endedAt: number | null;
  readonly lastHeartbeatAt: number | null;
  /** Runs from a failed step, the first one included. */
  readonly attempts: number;
  readonly templateVersion: string | null;
  readonly state: RunState;
  /** Of the finished task, as `output` of the template says. */
  readonly output: JsonObject | null;
  readonly error: { readonly name: string; readonly message: string; readonly stepId: string | null } | null;
}

export type TaskEventType = 'log' | 'completion' | 'cancelled' | 'recovered';

export interface TaskEvent {
  /** Grows; unique over all tasks. */
  readonly id: number;
  readonly taskId: string;
  readonly type: TaskEventType;
  readonly createdAt: number;
  /** `message`; of a step also `stepId` and `status`; of `completion` also `output`, and `error` when it failed. */
  readonly body: JsonObject & { readonly message: string };
}

export interface NewTask {
  readonly spec: TaskSpec;
  readonly secrets: Readonly<Record<string, string>>;
  readonly createdBy: string | null;
  readonly templateVersion: string | null;
  /** Opaque, encrypted with the secrets: what actions of the task get as credentials of who asked. */
  readonly credentials?: JsonValue;
}

export interface TaskFilter {
  readonly createdBy?: readonly string[];
  readonly status?: readonly TaskStatus[];
  /** Full references. */
  readonly template?: readonly string[];
  /** `created_at`, `status`, `created_by`, `last_heartbeat_at`, `id`; newest first by default. */
  readonly order?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[];
  /** Default: no limit. */
  readonly limit?: number;
  readonly offset?: number;
}

export interface Tasks extends AsyncDisposable {
  /** Stored before it resolves; runs as soon as there is a free hand. */
  create(task: NewTask): Promise<Task>;
  /** @throws CodedError 404 `scaffolder/task-not-found` */
  get(id: string): Promise<Task>;
  list(filter: TaskFilter): Promise<{ readonly tasks: readonly Task[]; readonly total: number }>;
  /** Events with an id above `after`, in order. @throws CodedError 404 */
  events(id: string, options?: { readonly after?: number }): Promise<readonly TaskEvent[]>;
  /**
   * Calls back soon after the task has new events, as long as `signal` is not aborted. One watch costs no timer and no
   * query while nothing happens.
   */
  watch(id: string, options: { readonly signal: AbortSignal; onEvents(): void }): void;
  /** Ends it; the running step is told to stop. @throws CodedError 404, 409 `scaffolder/task-ended` */
  cancel(id: string): Promise<Task>;
  /** Runs a failed or cancelled task from the step that failed. Secrets have to be given again. @throws CodedError 404, 409 */
  retry(id: string, options: { readonly secrets: Readonly<Record<string, string>> }): Promise<Task>;
  /** Stops before its next step. @throws CodedError 404, 409 */
  pause(id: string, by: string): Promise<Task>;
  /** @throws CodedError 404, 409 when it is not paused */
  resume(id: string): Promise<Task>;
  /** Begins to work on tasks. */
  start(): Promise<void>;
}
