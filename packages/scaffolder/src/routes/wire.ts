/** Tasks, events and approvals as they go over the wire: Backstage's shapes with ISO 8601 times, and ours added. */
import type { JsonObject } from '@callboard/model';
import type { Approval, ApprovalDecision, ApprovalState } from '../approvals/approval.ts';
import type { Task, TaskEvent, TaskStatus } from '../tasks/task.ts';
import type { CreatedEntity } from '../tasks/task-memory.ts';
import type { StepTime } from './deps.ts';

export interface WireStep {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly status: TaskStatus;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

/** What is not known is not there. */
export interface WireTask {
  readonly id: string;
  readonly spec: Task['spec'];
  readonly status: TaskStatus;
  readonly createdAt: string;
  readonly lastHeartbeatAt?: string;
  readonly createdBy?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
  readonly templateVersion?: string;
  readonly attempts: number;
  readonly waiting?: object;
  readonly steps: readonly WireStep[];
  readonly output?: JsonObject;
  readonly error?: { readonly name: string; readonly message: string; readonly stepId?: string };
  readonly created?: readonly string[];
  readonly isRetryable: boolean;
}

/** What is not stored with a task itself; lists are without it. */
export interface TaskExtras {
  /** By the id of the step. */
  readonly times?: ReadonlyMap<string, StepTime>;
  /** References of the entities that it made. */
  readonly created?: readonly string[];
}

const NO_TIMES: ReadonlyMap<string, StepTime> = new Map();

export function toWireTask(task: Task, { times = NO_TIMES, created = [] }: TaskExtras = {}): WireTask {
  const { id, spec, status, attempts, waiting, output, error } = task;
  return {
    id,
    spec,
    status,
    createdAt: toIso(task.createdAt),
    ...timed('lastHeartbeatAt', task.lastHeartbeatAt),
    ...(task.createdBy !== null && { createdBy: task.createdBy }),
    ...timed('startedAt', task.startedAt),
    ...timed('endedAt', task.endedAt),
    ...(task.templateVersion !== null && { templateVersion: task.templateVersion }),
    attempts,
    ...(waiting !== null && { waiting: { ...waiting, since: toIso(waiting.since) } }),
    steps: spec.steps.map((step) => {
      const time = times.get(step.id);
      return {
        id: step.id,
        name: step.name,
        action: step.action,
        status: stepStatus(task, step.id, time),
        ...timed('startedAt', time?.startedAt ?? null),
        ...timed('endedAt', time?.endedAt ?? null),
      };
    }),
    ...(output !== null && { output }),
    ...(error !== null && {
      error: {
        name: error.name,
        message: error.message,
        ...(error.stepId !== null && { stepId: error.stepId }),
      },
    }),
    ...(created.length > 0 && { created }),
    isRetryable: status === 'failed' || status === 'cancelled',
  };
}

const FINAL: readonly TaskStatus[] = ['completed', 'failed', 'cancelled', 'skipped'];

/** Whether nothing more happens to the task by itself. */
export function hasEnded({ status }: Pick<Task, 'status'>): boolean {
  return FINAL.includes(status);
}

function stepStatus({ state, status }: Task, stepId: string, time: StepTime | undefined): TaskStatus {
  const stored = Object.hasOwn(state.steps, stepId) ? state.steps[stepId]?.status : undefined;
  if (stored !== undefined && stored !== 'processing') return stored;
  const hasBegun = stored === 'processing' || typeof time?.startedAt === 'number';
  if (!hasBegun) return 'open';
  if (status === 'cancelled') return 'cancelled';
  return FINAL.includes(status) ? 'failed' : 'processing';
}

export interface WireEvent {
  readonly id: number;
  readonly taskId: string;
  readonly type: TaskEvent['type'];
  readonly createdAt: string;
  readonly isTaskRecoverable?: true;
  readonly body: TaskEvent['body'];
}

export function toWireEvent(event: TaskEvent, task: Pick<Task, 'spec'>): WireEvent {
  const { id, taskId, type, createdAt, body } = event;
  const isTaskRecoverable = startsOver(task);
  return {
    id,
    taskId,
    type,
    createdAt: toIso(createdAt),
    ...(isTaskRecoverable && { isTaskRecoverable }),
    body,
  };
}

/** Whether its template asks for what Backstage calls recovery: clients then expect more after the end. */
export function startsOver({ spec }: Pick<Task, 'spec'>): boolean {
  return spec.EXPERIMENTAL_recovery?.['EXPERIMENTAL_strategy'] === 'startOver';
}

export interface WireApproval {
  readonly id: string;
  readonly taskId: string;
  readonly stepId?: string;
  readonly stepName?: string;
  readonly templateRef?: string;
  readonly templateTitle?: string;
  readonly requestedBy?: string;
  readonly requestedAt: string;
  readonly message: string;
  readonly approvers: readonly string[];
  readonly count: number;
  readonly decisions: readonly (Omit<ApprovalDecision, 'at'> & { readonly at: string })[];
  readonly state: ApprovalState;
  readonly expiresAt?: string;
  readonly mayDecide: boolean;
  /** Of the task, as its form was filled in. */
  readonly values: JsonObject;
}

/** `task`: null when it is gone. */
export function toWireApproval(
  approval: Approval,
  { task, mayDecide }: { readonly task: Task | null; readonly mayDecide: boolean },
): WireApproval {
  const { id, taskId, rule, approvers, decisions, state } = approval;
  const title = task?.spec.templateInfo?.entity?.metadata.title;
  return {
    id,
    taskId,
    ...(approval.stepId !== null && { stepId: approval.stepId }),
    ...(approval.stepName !== null && { stepName: approval.stepName }),
    ...(approval.templateRef !== null && { templateRef: approval.templateRef }),
    ...(title !== undefined && { templateTitle: title }),
    ...(approval.requestedBy !== null && { requestedBy: approval.requestedBy }),
    requestedAt: toIso(approval.requestedAt),
    message: rule.message,
    approvers,
    count: rule.count,
    decisions: decisions.map(({ by, verdict, reason, at }) => ({ by, verdict, reason, at: toIso(at) })),
    state,
    ...timed('expiresAt', approval.expiresAt),
    mayDecide,
    values: task?.spec.parameters ?? {},
  };
}

export interface WireCreated {
  readonly taskId: string;
  readonly entityRef: string;
  readonly templateRef?: string;
  readonly templateVersion?: string;
  readonly currentVersion: string | null;
  readonly values: JsonObject;
  readonly createdAt: string;
  readonly createdBy?: string;
}

/** `currentVersion`: of the template; null when it is gone. */
export function toWireCreated(created: CreatedEntity, currentVersion: string | null): WireCreated {
  const { taskId, entityRef, templateRef, templateVersion, values, createdAt, createdBy } = created;
  return {
    taskId,
    entityRef,
    ...(templateRef !== null && { templateRef }),
    ...(templateVersion !== null && { templateVersion }),
    currentVersion,
    values,
    createdAt: toIso(createdAt),
    ...(createdBy !== null && { createdBy }),
  };
}

function timed<Key extends string>(key: Key, at: number | null): { readonly [K in Key]?: string } {
  const entry: { [K in Key]?: string } = {};
  if (at !== null) entry[key] = toIso(at);
  return entry;
}

function toIso(at: number): string {
  return new Date(at).toISOString();
}
