/** Parameters of the routes, in paths, queries and headers, each parsed into what it stands for. */
import { parseRef, stringifyRef } from '@callboard/model';
import type { ApprovalState } from '../approvals/approval.ts';
import { TASK_STATUSES, type TaskFilter } from '../tasks/task.ts';
import { routeError } from './errors.ts';
import { invalid, numberFrom, parseNumber, readQuery, textFrom, wordsFrom, type Query } from './query.ts';

export const ORDER_FIELDS = ['created_at', 'status', 'created_by', 'last_heartbeat_at', 'id'] as const;
export const APPROVAL_STATES = [
  'waiting',
  'approved',
  'rejected',
  'expired',
  'withdrawn',
] as const satisfies readonly ApprovalState[];

const TASK_NAMES = {
  one: ['limit', 'offset'],
  many: ['createdBy', 'status', 'order', 'templateRef'],
} as const;
const APPROVAL_NAMES = { one: ['awaiting', 'taskId'], many: ['state'] } as const;
const EVENT_NAMES = { one: ['after'] } as const;
const CREATED_NAMES = { one: ['entityRef'] } as const;

/** Tasks of one answer, also where no limit is asked for. */
export const MAX_TASKS = 10_000;

/** `GET /v2/tasks`. @throws CodedError `scaffolder/invalid-parameter` */
export function parseTaskQuery(url: string): TaskFilter & { readonly limit: number } {
  const query = readQuery(url, TASK_NAMES);
  const status = wordsFrom(query, 'status', TASK_STATUSES);
  const createdBy = query.get('createdBy')?.map(toOwner);
  const template = query.get('templateRef')?.map((text) => toRef(text, 'templateRef'));
  const order = query.get('order')?.map(toOrder);
  return {
    ...(status !== null && { status }),
    ...(createdBy !== undefined && { createdBy }),
    ...(template !== undefined && { template }),
    ...(order !== undefined && { order }),
    limit: numberFrom(query, 'limit', MAX_TASKS) ?? MAX_TASKS,
    offset: numberFrom(query, 'offset') ?? 0,
  };
}

export interface ApprovalQuery {
  readonly mine: boolean;
  readonly taskId: string | null;
  readonly states: readonly ApprovalState[] | null;
}

/** `GET /v2/approvals`. @throws CodedError `scaffolder/invalid-parameter` */
export function parseApprovalQuery(url: string): ApprovalQuery {
  const query = readQuery(url, APPROVAL_NAMES);
  const awaiting = wordsFrom(query, 'awaiting', ['me']);
  const taskId = textFrom(query, 'taskId');
  return {
    mine: awaiting !== null,
    taskId: taskId === null ? null : parseTaskId(taskId),
    states: wordsFrom(query, 'state', APPROVAL_STATES),
  };
}

/** `GET /v2/created`. @throws CodedError `scaffolder/invalid-parameter` */
export function parseCreatedQuery(url: string): string {
  const text = textFrom(readQuery(url, CREATED_NAMES), 'entityRef');
  if (text === null) throw invalid('entityRef', 'is missing; it is the full reference of an entity.');
  return toRef(text, 'entityRef');
}

/**
 * The number of the last event that the reader has; 0 for none. A browser that connects again repeats the URL and adds
 * `Last-Event-ID`, so that goes first. @throws CodedError `scaffolder/invalid-parameter`
 */
export function parseAfter(url: string, lastEventId?: string | readonly string[]): number {
  const query: Query = readQuery(url, EVENT_NAMES);
  const after = numberFrom(query, 'after') ?? 0;
  if (lastEventId === undefined || lastEventId === '') return after;
  return parseNumber(String(lastEventId), { name: 'Last-Event-ID', most: Number.MAX_SAFE_INTEGER });
}

/** No store is asked for what can be no identifier. */
const ID = /^[\w-]{1,100}$/;

/** @throws CodedError `scaffolder/task-not-found` */
export function parseTaskId(id: string): string {
  if (ID.test(id)) return id;
  throw routeError('scaffolder/task-not-found', `There is no task ${JSON.stringify(id.slice(0, 60))}.`);
}

/** @throws CodedError `scaffolder/approval-not-found` */
export function parseApprovalId(id: string): string {
  if (ID.test(id)) return id;
  throw routeError(
    'scaffolder/approval-not-found',
    `There is no approval ${JSON.stringify(id.slice(0, 60))}.`,
  );
}

function toOrder(text: string): NonNullable<TaskFilter['order']>[number] {
  const [, direction, name] = /^(asc|desc):(.+)$/.exec(text) ?? [];
  const field = ORDER_FIELDS.find((known) => known === name);
  if (field === undefined || (direction !== 'asc' && direction !== 'desc')) {
    throw invalid('order', `must be asc or desc, a colon, and one of ${ORDER_FIELDS.join(', ')}.`);
  }
  return { field, direction };
}

function toRef(text: string, name: string): string {
  const ref = parseRef(text, name === 'templateRef' ? { kind: 'template' } : {});
  if (ref === null) throw invalid(name, 'must be an entity reference, as template:default/new-service.');
  return stringifyRef(ref);
}

/** Users are stored as full references; services as what they are called. */
function toOwner(text: string): string {
  const ref = parseRef(text);
  return ref !== null && text.includes('/') ? stringifyRef(ref) : text;
}
