/**
 * The run of one task, apart from where it is stored: tasks, dry-runs, `template.test.yaml` and the command line all run
 * the same engine (`createRunner`) with other hooks.
 */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { TaskSpec, TaskStep } from '../template/template.ts';

export type StepStatus = 'processing' | 'completed' | 'failed' | 'cancelled' | 'skipped';

/** What became of a step. */
export interface StepState {
  readonly status: StepStatus;
  readonly output: JsonObject;
}

/** Where a run is: given to the next one, which goes on from there. */
export interface RunState {
  /** By id of the step. */
  readonly steps: Readonly<Record<string, StepState>>;
  /** Results of `checkpoint`, by `<step id>[<each key>].<key>`; kept with the task also when a step is tried again. */
  readonly checkpoints: Readonly<Record<string, JsonValue>>;
  /** The step that failed, and with what; null while none did. */
  readonly failure: { readonly stepId: string; readonly message: string } | null;
}

export const NOT_STARTED: RunState = { steps: {}, checkpoints: {}, failure: null };

export interface RunEnvironment {
  readonly parameters: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

export interface RunRequest {
  readonly taskId: string;
  readonly spec: TaskSpec;
  readonly secrets: Readonly<Record<string, string>>;
  /** Of `scaffolder.defaultEnvironment`. */
  readonly environment: RunEnvironment;
  /** Absolute path of the workspace, which exists. */
  readonly workspacePath: string;
  readonly isDryRun: boolean;
  readonly state: RunState;
  /** Aborts when the task is cancelled (reason with code `scaffolder/cancelled`) or the process stops. */
  readonly signal: AbortSignal;
  readonly hooks: RunHooks;
  /** What actions get as the credentials of who started the task. */
  credentials(): Promise<unknown>;
}

/** A line of a task's log. Secrets are taken out of it already. */
export interface RunLogLine {
  readonly message: string;
  readonly stepId?: string;
  /** With a step: that it is now in this state. */
  readonly status?: StepStatus;
}

/** What the engine tells and asks while it runs. What a hook throws ends the run with it, whatever the step did. */
export interface RunHooks {
  log(line: RunLogLine): void | Promise<void>;
  /** Before a step that is going to run, its condition held. May throw `Suspended`: the run ends there, unharmed. */
  beforeStep?(step: TaskStep): Promise<void>;
  /** After a step ended, before the next begins: store the state. */
  afterStep?(stepId: string, step: StepState): Promise<void>;
  /** A checkpoint was reached: store it before the step goes on. */
  onCheckpoint?(key: string, value: JsonValue): Promise<void>;
}

/** Thrown by `beforeStep` to let go of a run that is to go on later: paused, or waiting for people. */
export class Suspended extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Suspended';
  }
}

export type RunOutcome =
  | { readonly status: 'completed'; readonly output: JsonObject }
  | {
      readonly status: 'failed';
      readonly stepId: string | null;
      readonly error: Error;
      readonly output: JsonObject;
    }
  | { readonly status: 'cancelled' }
  | { readonly status: 'suspended'; readonly reason: string };

export interface Runner {
  /** Never rejects for what a step or an expression does; rejects with what a hook threw. */
  run(request: RunRequest): Promise<RunOutcome>;
}
