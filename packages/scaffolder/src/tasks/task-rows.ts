/** Rows of tasks and what they mean: the state in the open, outputs and checkpoints sealed. */
import { isObject, parseJson, type JsonObject, type JsonValue } from '@callboard/model';
import { NOT_STARTED, type RunState, type StepState, type StepStatus } from '../run/run.ts';
import { TEMPLATE_API_VERSION, type TaskSpec } from '../template/template.ts';
import { taskError } from './errors.ts';
import type { TaskRow } from './migrations.ts';
import type { Seal } from './seal.ts';
import type { Task, TaskWait } from './task.ts';

/** Bytes of the JSON of outputs and checkpoints. */
const LARGEST_MEMORY = 33_554_432;

export interface StoredState {
  readonly state: string;
  readonly memory: Uint8Array | null;
}

/** @throws CodedError `scaffolder/state-too-large` */
export function sealState(seal: Seal, taskId: string, state: RunState): StoredState {
  const statuses: [string, StepStatus][] = [];
  const outputs: [string, JsonObject][] = [];
  for (const [id, step] of Object.entries(state.steps)) {
    statuses.push([id, step.status]);
    if (Object.keys(step.output).length > 0) outputs.push([id, step.output]);
  }
  const open = JSON.stringify({ steps: statuses, failure: state.failure });
  const checkpoints = Object.entries(state.checkpoints);
  if (outputs.length === 0 && checkpoints.length === 0) return { state: open, memory: null };
  const memory = Buffer.from(JSON.stringify({ outputs, checkpoints }));
  if (memory.byteLength > LARGEST_MEMORY) {
    throw taskError(
      'scaffolder/state-too-large',
      `The outputs of the steps come to ${memory.byteLength} bytes of JSON; ${LARGEST_MEMORY} are allowed. ` +
        'Hand large things over as files of the workspace.',
    );
  }
  return { state: open, memory: seal.close(memory, memoryOf(taskId)) };
}

/** @throws CodedError `scaffolder/sealed-unreadable` */
export function openState(seal: Seal, row: Pick<TaskRow, 'id' | 'state' | 'memory'>): RunState {
  const shown = parseJson(row.state);
  if (!isObject(shown)) return NOT_STARTED;
  const memory =
    row.memory === null ? null : parseJson(Buffer.from(seal.open(row.memory, memoryOf(row.id))).toString());
  const outputs = new Map(isObject(memory) ? pairsOf(memory['outputs'], isJsonObject) : []);
  // Without a prototype: a step may have any name.
  const steps: Record<string, StepState> = emptyRecord();
  for (const [id, status] of pairsOf(shown['steps'], isStatus)) {
    steps[id] = { status, output: outputs.get(id) ?? {} };
  }
  const checkpoints: Record<string, JsonValue> = emptyRecord();
  for (const [key, value] of isObject(memory) ? pairsOf(memory['checkpoints'], isJson) : []) {
    checkpoints[key] = value;
  }
  const failure = shown['failure'];
  return {
    steps,
    checkpoints,
    failure: isFailure(failure) ? failure : null,
  };
}

function emptyRecord<T>(): Record<string, T> {
  return Object.create(null) satisfies Record<string, T>;
}

const memoryOf = (taskId: string): string => `the memory of task ${taskId}`;

function pairsOf<T>(value: unknown, isItem: (item: unknown) => item is T): [string, T][] {
  const pairs: [string, T][] = [];
  for (const pair of Array.isArray(value) ? value : []) {
    const [key, item]: unknown[] = Array.isArray(pair) ? pair : [];
    if (typeof key === 'string' && isItem(item)) pairs.push([key, item]);
  }
  return pairs;
}

// What is read here was written by us as JSON.
const isJson = (value: unknown): value is JsonValue => value !== undefined;
const isJsonObject = (value: unknown): value is JsonObject => isObject(value);
const STATUSES: readonly unknown[] = ['processing', 'completed', 'failed', 'cancelled', 'skipped'];
const isStatus = (value: unknown): value is StepStatus => STATUSES.includes(value);

function isFailure(value: unknown): value is NonNullable<RunState['failure']> {
  return isObject(value) && typeof value['stepId'] === 'string' && typeof value['message'] === 'string';
}

/** A task as it is shown. What cannot be read with the present key is left out of its state. */
export function toTask(seal: Seal, row: TaskRow): Task {
  return {
    id: row.id,
    spec: specOf(row),
    status: row.status,
    waiting: waitOf(row),
    createdBy: row.created_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    lastHeartbeatAt: row.heartbeat_at,
    attempts: row.attempts,
    templateVersion: row.template_version,
    state: shownState(seal, row),
    output: row.output === null ? null : objectOf(row.output),
    error: row.error === null ? null : errorOf(row.error),
  };
}

function shownState(seal: Seal, row: TaskRow): RunState {
  try {
    return openState(seal, row);
  } catch {
    // The run itself reports it; the list of tasks has to stay readable.
    return openState(seal, { ...row, memory: null });
  }
}

export function specOf(row: Pick<TaskRow, 'spec'>): TaskSpec {
  const spec = parseJson(row.spec);
  if (isSpec(spec)) return spec;
  return { apiVersion: TEMPLATE_API_VERSION, parameters: {}, steps: [], output: {} };
}

const isSpec = (value: unknown): value is TaskSpec =>
  isObject(value) && Array.isArray(value['steps']) && isObject(value['parameters']);

function waitOf(row: TaskRow): TaskWait | null {
  if (row.paused_by !== null) {
    return { kind: 'paused', by: row.paused_by, since: row.paused_at ?? row.created_at };
  }
  if (row.approval_id === null) return null;
  return { kind: 'approval', approvalId: row.approval_id, since: row.approval_at ?? row.created_at };
}

function objectOf(text: string): JsonObject {
  const value = parseJson(text);
  return isJsonObject(value) ? value : {};
}

function errorOf(text: string): Task['error'] {
  const { name, message, stepId } = objectOf(text);
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : '',
    stepId: typeof stepId === 'string' ? stepId : null,
  };
}

/** The state that a further attempt goes on from: what failed or was cancelled, and all steps behind it, are forgotten. */
export function retriedState(spec: TaskSpec, state: RunState): RunState {
  const steps: Record<string, StepState> = emptyRecord();
  for (const { id } of spec.steps) {
    const step = state.steps[id];
    if (step?.status !== 'completed' && step?.status !== 'skipped') break;
    steps[id] = step;
  }
  return { steps, checkpoints: state.checkpoints, failure: null };
}

/** The state of a cancelled task: what did not run is cancelled. */
export function cancelledState(spec: TaskSpec, state: RunState): RunState {
  const steps: Record<string, StepState> = Object.assign(emptyRecord<StepState>(), state.steps);
  for (const { id } of spec.steps) steps[id] ??= { status: 'cancelled', output: {} };
  return { ...state, steps };
}

/** The state of a task that is done: nothing will be needed of its outputs and checkpoints any more. */
export function doneState(state: RunState): RunState {
  const steps: Record<string, StepState> = emptyRecord();
  for (const [id, { status }] of Object.entries(state.steps)) steps[id] = { status, output: {} };
  return { steps, checkpoints: {}, failure: state.failure };
}

/** The state with one step in it, or changed. */
export function withStep(state: RunState, id: string, step: StepState): RunState {
  const steps: Record<string, StepState> = Object.assign(emptyRecord<StepState>(), state.steps);
  steps[id] = step;
  return { ...state, steps };
}

/** The state with one checkpoint more. */
export function withCheckpoint(state: RunState, key: string, value: JsonValue): RunState {
  const checkpoints: Record<string, JsonValue> = Object.assign(emptyRecord<JsonValue>(), state.checkpoints);
  checkpoints[key] = value;
  return { ...state, checkpoints };
}
