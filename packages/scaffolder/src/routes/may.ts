/** Who may do what, in one place. Rules of permissions are going to be asked here. */
import type { Approval } from '../approvals/approval.ts';
import type { Task } from '../tasks/task.ts';
import type { Who } from './deps.ts';
import { routeError } from './errors.ts';

export type TaskDeed = 'read' | 'cancel' | 'retry' | 'pause' | 'resume';

/** Everybody who is signed in may look. Only who started a task may do something to it, and services. */
function may(who: Who, deed: TaskDeed, task: Pick<Task, 'createdBy'>): boolean {
  if (deed === 'read' || who.kind === 'service') return true;
  // Where nobody signs in, everybody is nobody.
  return who.ref === task.createdBy;
}

/** @throws CodedError 403 `scaffolder/not-allowed` */
export function refuseUnlessMay(who: Who, deed: TaskDeed, task: Pick<Task, 'createdBy' | 'id'>): void {
  if (may(who, deed, task)) return;
  const owner = task.createdBy ?? 'nobody';
  throw routeError(
    'scaffolder/not-allowed',
    `Only ${owner}, who started the task ${task.id}, may ${deed} it.`,
  );
}

/** Whether the person can be asked now: one of the approvers, with no say in it yet. */
export function mayDecide(who: Who, approval: Approval): boolean {
  const { state, approvers, decisions, requestedBy, rule } = approval;
  if (who.kind !== 'user' || who.ref === null || state !== 'waiting') return false;
  if (decisions.some(({ by }) => by === who.ref)) return false;
  if (requestedBy === who.ref && !rule.allowRequester) return false;
  const owned = new Set([who.ref, ...who.ownership]);
  return approvers.some((approver) => owned.has(approver));
}
