/** Tasks: runs of templates, with their steps, events and what can be done with them. */
import { isObject, parseRef, type EntityRef } from '@callboard/model';
import { countFrom, listFrom, notAnswered } from './answer.ts';
import type { Client } from './client.ts';
import { dateIn, listIn, numberIn, objectIn, textIn } from './entity.ts';
import { SCAFFOLDER_PATH, textsIn, type FormValues } from './scaffolder.ts';

const PATH = `${SCAFFOLDER_PATH}/tasks`;

export const TASK_STATUSES = ['open', 'processing', 'completed', 'failed', 'cancelled', 'skipped'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export type TaskWait =
  | { readonly kind: 'paused'; readonly by: string; readonly since: Date | null }
  | { readonly kind: 'approval'; readonly approvalId: string; readonly since: Date | null };

export interface StepState {
  readonly id: string;
  readonly name: string;
  readonly action: string;
  readonly status: TaskStatus;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

export interface OutputLink {
  readonly title: string | null;
  readonly url: string | null;
  readonly entityRef: string | null;
  readonly icon: string | null;
}

export interface OutputText {
  readonly title: string | null;
  /** Markdown. */
  readonly content: string;
  readonly icon: string | null;
}

export interface TaskOutput {
  readonly links: readonly OutputLink[];
  readonly texts: readonly OutputText[];
  /** What else the template gives out. */
  readonly others: FormValues;
}

export interface Task {
  readonly id: string;
  readonly status: TaskStatus;
  /** Null while it runs, and when it has ended. */
  readonly waiting: TaskWait | null;
  /** Null when the task names none. */
  readonly template: EntityRef | null;
  readonly templateTitle: string | null;
  readonly templateVersion: string | null;
  /** What it was started with, without secrets. */
  readonly values: FormValues;
  readonly createdAt: Date | null;
  readonly createdBy: EntityRef | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  /** How often it was run, from its start or from a failed step. */
  readonly attempts: number;
  readonly steps: readonly StepState[];
  /** Null before it has any. */
  readonly output: TaskOutput | null;
  readonly error: TaskError | null;
  /** Entities that came of it. */
  readonly created: readonly EntityRef[];
  readonly isRetryable: boolean;
}

export interface TaskError {
  readonly name: string;
  readonly message: string;
  readonly stepId: string | null;
}

export interface TaskPage {
  readonly tasks: readonly Task[];
  readonly total: number;
}

export interface TaskQuery {
  /** Empty: of any. */
  readonly statuses: readonly TaskStatus[];
  /** Full references; empty: of anybody. */
  readonly createdBy: readonly string[];
  /** A full reference; null: of any. */
  readonly template: string | null;
}

export const TASK_EVENT_TYPES = ['log', 'completion', 'cancelled', 'recovered'] as const;

export interface TaskEvent {
  readonly id: number;
  readonly type: (typeof TASK_EVENT_TYPES)[number];
  readonly at: Date | null;
  readonly message: string;
  /** Null: about the task. */
  readonly stepId: string | null;
  readonly status: TaskStatus | null;
}

export interface CreatedFrom {
  readonly taskId: string;
  readonly template: EntityRef | null;
  readonly templateVersion: string | null;
  /** Null when the template is gone. */
  readonly currentVersion: string | null;
  readonly values: FormValues;
  readonly createdAt: Date | null;
  readonly createdBy: EntityRef | null;
}

/** The newest first. */
export async function readTasks(
  client: Client,
  asked: { readonly query: TaskQuery; readonly offset: number; readonly limit: number },
  signal: AbortSignal,
): Promise<TaskPage> {
  const { query, offset, limit } = asked;
  const params = new URLSearchParams({
    order: 'desc:created_at',
    limit: String(limit),
    offset: String(offset),
  });
  for (const status of query.statuses) params.append('status', status);
  for (const ref of query.createdBy) params.append('createdBy', ref);
  if (query.template !== null) params.set('templateRef', query.template);
  const answer = await client({ path: `${PATH}?${params.toString()}`, signal });
  return { tasks: listFrom(answer, 'tasks').map(toTask), total: countFrom(answer, 'totalTasks') };
}

/** Rejects with status 404 when there is none of this id. */
export async function readTask(client: Client, id: string, signal: AbortSignal): Promise<Task> {
  return toTask(await client({ path: taskPath(id), signal }));
}

export const TASK_ACTIONS = ['cancel', 'pause', 'resume'] as const;
export type TaskAction = (typeof TASK_ACTIONS)[number];

export async function actOnTask(client: Client, id: string, action: TaskAction): Promise<void> {
  await client({ path: `${taskPath(id)}/${action}`, body: {} });
}

/** Runs it again from the step that failed; secrets are not kept, and have to be given again. */
export async function retryTask(
  client: Client,
  id: string,
  secrets: Readonly<Record<string, string>>,
): Promise<void> {
  await client({ path: `${taskPath(id)}/retry`, body: { secrets } });
}

/** Where the events of a task come as a stream; `after`: the id of the last one that is known. */
export function taskStreamPath(id: string, after: number | null): string {
  return `${taskPath(id)}/eventstream${after === null ? '' : `?after=${after}`}`;
}

/** Answers when there is an event, or after half a minute. */
export async function readTaskEvents(
  client: Client,
  asked: { readonly id: string; readonly after: number | null },
  signal: AbortSignal,
): Promise<readonly TaskEvent[]> {
  const query = asked.after === null ? '' : `?after=${asked.after}`;
  const answer = await client({ path: `${taskPath(asked.id)}/events${query}`, signal });
  if (!Array.isArray(answer)) throw notAnswered('a list of events');
  return answer.flatMap((event) => toTaskEvent(event) ?? []);
}

/** Null for anything that is no event of a task. */
export function toTaskEvent(value: unknown): TaskEvent | null {
  const id = isObject(value) ? Number(value['id']) : Number.NaN;
  const type = TASK_EVENT_TYPES.find((known) => known === textIn(value, 'type'));
  if (!Number.isInteger(id) || type === undefined) return null;
  const body = objectIn(value, 'body');
  return {
    id,
    type,
    at: dateIn(value, 'createdAt'),
    message: textIn(body, 'message') ?? '',
    stepId: textIn(body, 'stepId'),
    status: statusIn(body, 'status'),
  };
}

/** The runs of templates that an entity came from; empty when it did not. */
export async function readCreatedFrom(
  client: Client,
  entityRef: string,
  signal: AbortSignal,
): Promise<readonly CreatedFrom[]> {
  const params = new URLSearchParams({ entityRef });
  const answer = await client({ path: `${SCAFFOLDER_PATH}/created?${params.toString()}`, signal });
  return listFrom(answer, 'items').map((item) => ({
    taskId: textIn(item, 'taskId') ?? '',
    template: refIn(item, 'templateRef', 'template'),
    templateVersion: textIn(item, 'templateVersion'),
    currentVersion: textIn(item, 'currentVersion'),
    values: objectIn(item, 'values'),
    createdAt: dateIn(item, 'createdAt'),
    createdBy: refIn(item, 'createdBy', 'user'),
  }));
}

function toTask(value: unknown): Task {
  const id = textIn(value, 'id');
  if (id === null) throw notAnswered('a task');
  const spec = objectIn(value, 'spec');
  const info = objectIn(spec, 'templateInfo');
  return {
    id,
    status: statusIn(value, 'status') ?? 'open',
    waiting: toWait(objectIn(value, 'waiting')),
    template: refIn(info, 'entityRef', 'template'),
    templateTitle: textIn(objectIn(objectIn(info, 'entity'), 'metadata'), 'title'),
    templateVersion: textIn(value, 'templateVersion'),
    values: objectIn(spec, 'parameters'),
    createdAt: dateIn(value, 'createdAt'),
    createdBy: refIn(value, 'createdBy', 'user'),
    startedAt: dateIn(value, 'startedAt'),
    endedAt: dateIn(value, 'endedAt'),
    attempts: Math.max(1, numberIn(value, 'attempts')),
    steps: stepsOf(value, spec),
    output: toOutput(isObject(value) ? value['output'] : undefined),
    error: toTaskError(objectIn(value, 'error')),
    created: textsIn(value, 'created').flatMap((ref) => parseRef(ref) ?? []),
    isRetryable: isObject(value) && value['isRetryable'] === true,
  };
}

function taskPath(id: string): string {
  return `${PATH}/${encodeURIComponent(id)}`;
}

/** What the server says of the steps, or else what the template says of them. */
function stepsOf(value: unknown, spec: unknown): readonly StepState[] {
  const told = listIn(value, 'steps');
  return (told.length > 0 ? told : listIn(spec, 'steps')).flatMap((step) => {
    const id = textIn(step, 'id');
    if (id === null) return [];
    return [
      {
        id,
        name: textIn(step, 'name') ?? id,
        action: textIn(step, 'action') ?? '',
        status: statusIn(step, 'status') ?? 'open',
        startedAt: dateIn(step, 'startedAt'),
        endedAt: dateIn(step, 'endedAt'),
      },
    ];
  });
}

/** `{links, text, …}` as the template gives them out; null for anything but an object. */
export function toOutput(value: unknown): TaskOutput | null {
  if (!isObject(value)) return null;
  const { links: _links, text: _text, ...others } = value;
  return {
    links: listIn(value, 'links').map((link) => ({
      title: textIn(link, 'title'),
      url: textIn(link, 'url'),
      entityRef: textIn(link, 'entityRef'),
      icon: textIn(link, 'icon'),
    })),
    texts: listIn(value, 'text').map((text) => ({
      title: textIn(text, 'title'),
      content: textIn(text, 'content') ?? '',
      icon: textIn(text, 'icon'),
    })),
    others,
  };
}

function toWait(value: Readonly<Record<string, unknown>>): TaskWait | null {
  const since = dateIn(value, 'since');
  if (value['kind'] === 'paused') return { kind: 'paused', by: textIn(value, 'by') ?? '', since };
  const approvalId = textIn(value, 'approvalId');
  return value['kind'] === 'approval' && approvalId !== null ? { kind: 'approval', approvalId, since } : null;
}

function toTaskError(value: unknown): TaskError | null {
  const message = textIn(value, 'message');
  if (message === null) return null;
  return { name: textIn(value, 'name') ?? 'Error', message, stepId: textIn(value, 'stepId') };
}

function statusIn(holder: unknown, key: string): TaskStatus | null {
  return TASK_STATUSES.find((known) => known === textIn(holder, key)) ?? null;
}

function refIn(holder: unknown, key: string, kind: string): EntityRef | null {
  return parseRef(textIn(holder, key) ?? '', { kind });
}
