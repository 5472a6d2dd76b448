/**
 * One run of a task by a job: begin or go on, through the gates, step by step, to an end that is one commit with the end
 * of the job. Killed at any moment, the next run goes on from what was stored here last.
 */
import {
  CodedError,
  messageOf,
  type DatabaseSession,
  type Job,
  type JobContext,
  type Log,
} from '@callboard/kernel';
import { isObject, type JsonObject } from '@callboard/model';
import type { Approvals } from '../approvals/approvals.ts';
import { approvalError } from '../approvals/errors.ts';
import {
  Suspended,
  type RunEnvironment,
  type RunHooks,
  type Runner,
  type RunOutcome,
  type RunState,
} from '../run/run.ts';
import type { TaskSpec, TaskStep } from '../template/template.ts';
import { packBase } from './base.ts';
import { beginRun, isStartOver, type Begun } from './begin-run.ts';
import { taskError } from './errors.ts';
import type { NewEvent } from './events.ts';
import { askGate, type RenderRule } from './gate.ts';
import { taskTables } from './migrations.ts';
import { createProgress, type Progress, type ProgressDeps } from './progress.ts';
import { createRunEnd, type RunEnd } from './run-end.ts';
import type { TaskFigures } from './task-figures.ts';
import type { TaskMemory } from './task-memory.ts';
import { doneState, openState, sealState, withCheckpoint, withStep } from './task-rows.ts';
import type { TaskSecrets, TaskStore } from './task-store.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

export interface RunTaskDeps extends ProgressDeps {
  readonly store: TaskStore;
  readonly runner: Runner;
  readonly approvals: Approvals;
  readonly renderRule: RenderRule;
  readonly environment: () => RunEnvironment;
  readonly workspaces: Workspaces;
  readonly memory: TaskMemory;
  readonly figures: TaskFigures;
  readonly log: Log;
  /** The runs of this process, by task. */
  readonly active: Map<string, RunEnd>;
  /** Milliseconds of one run. */
  readonly timeout: number;
  /** Runs that may die one after the other without finishing a step. */
  readonly tries: number;
}

/** Milliseconds between signs of life of a run. */
const BEAT = 10_000;

/** What ends a task: to try again would meet it again. */
const FATAL: readonly string[] = [
  'scaffolder/workspace-lost',
  'scaffolder/state-too-large',
  'scaffolder/sealed-unreadable',
  'scaffolder/step-not-stopped',
  'scaffolder/task-crashed',
];

/** Thrown by the hook before a step: people did not agree to it. */
class Refusal extends Error {
  readonly step: TaskStep;

  constructor(step: TaskStep, message: string) {
    super(message);
    this.step = step;
  }
}

export async function runTask(deps: RunTaskDeps, job: Job, context: JobContext): Promise<void> {
  // A run of this process that lost its lease may still be on its way out of the workspace.
  if (typeof job.payload === 'string') await deps.active.get(job.payload)?.over;
  const begun = await beginRun(deps, job, context);
  if (begun === null) return;
  const { row } = begun;
  const since = row.run_since ?? deps.now();
  const end = createRunEnd({
    after: deps.after,
    outer: context.signal,
    deadline: { left: since + deps.timeout - deps.now(), limit: deps.timeout },
  });
  const onLost = (error: unknown): void => {
    if (error instanceof CodedError && error.code === 'scaffolder/task-lost-lease') {
      end.stop('cancelled', taskError('scaffolder/cancelled', 'The task was cancelled.'));
      return;
    }
    deps.log.warn('what a task logged could not be stored yet', { task: row.id, error: messageOf(error) });
  };
  const progress = createProgress(deps, { row, token: context.token, job, context, onLost });
  deps.active.set(row.id, end);
  const stopBeats = repeat(deps, () => void progress.beat().catch(onLost));
  try {
    await new TaskRun(deps, { begun, progress, end, context }).go(job);
  } finally {
    stopBeats();
    end.dispose();
    await progress.stop();
    if (deps.active.get(row.id) === end) deps.active.delete(row.id);
  }
}

function repeat(deps: Pick<RunTaskDeps, 'after'>, work: () => void): () => void {
  let stop = (): void => {};
  const arm = (): void => {
    stop = deps.after(BEAT, () => {
      work();
      arm();
    });
  };
  arm();
  return () => stop();
}

interface RunParts {
  readonly begun: Begun;
  readonly progress: Progress;
  readonly end: RunEnd;
  readonly context: JobContext;
}

/** Holds what changes while a run goes on: the state, its number, the step at hand. */
class TaskRun {
  readonly #deps: RunTaskDeps;
  readonly #parts: RunParts;
  readonly #id: string;
  readonly #spec: TaskSpec;
  #state: RunState;
  #mirrored: number;
  #step: { readonly step: TaskStep; readonly startedAt: number } | null = null;
  /** What was said last of a step that failed. */
  #lastFailure: { readonly stepId: string; readonly message: string } | null = null;

  constructor(deps: RunTaskDeps, parts: RunParts) {
    this.#deps = deps;
    this.#parts = parts;
    this.#id = parts.begun.row.id;
    this.#spec = parts.begun.spec;
    this.#mirrored = parts.begun.row.mirrored;
    this.#state = { steps: {}, checkpoints: {}, failure: null };
  }

  async go(job: Job): Promise<void> {
    const { end, context } = this.#parts;
    try {
      this.#refuseCrashing(job);
      await this.#run();
    } catch (error) {
      const kind = end.kind();
      if (kind === 'given back') throw context.signal.reason;
      if (kind === 'cancelled' || (await this.#wasEnded())) {
        await this.#leave();
        return;
      }
      if (kind === 'timed out') {
        await this.#fail(end.signal.reason, this.#step?.step.id ?? null);
        return;
      }
      if (!(error instanceof CodedError) || !FATAL.includes(error.code)) throw error;
      await this.#fail(error, this.#step?.step.id ?? null);
    }
  }

  async #run(): Promise<void> {
    const { begun } = this.#parts;
    this.#state = openState(this.#deps.seal, begun.row);
    const secrets = await this.#deps.store.secrets(this.#id);
    const workspace = await this.#openWorkspace();
    const gate = await this.#passGate(null);
    if (gate.kind === 'refused') {
      await this.#fail(approvalError('scaffolder/approval-refused', gate.message), null);
      return;
    }
    if (gate.kind === 'wait') {
      await this.#parts.progress.write({ row: { running: null } });
      return;
    }
    await this.#finish(await this.#runSteps(workspace, secrets), workspace);
  }

  async #openWorkspace(): Promise<Workspace> {
    const { workspaces } = this.#deps;
    const { begun } = this.#parts;
    if (Object.keys(this.#state.steps).length === 0) return workspaces.fresh(this.#id);
    // After a failure the copy is of before it, and what goes on are steps that clean up.
    const after = this.#state.failure === null ? begun.after : 'rest';
    return workspaces.goOn(this.#id, { state: this.#mirrored, after });
  }

  async #runSteps(workspace: Workspace, secrets: TaskSecrets): Promise<RunOutcome> {
    const { end } = this.#parts;
    const run = (): Promise<RunOutcome> =>
      end.wait(
        this.#deps.runner.run({
          taskId: this.#id,
          spec: this.#spec,
          secrets: secrets.secrets,
          environment: this.#deps.environment(),
          workspacePath: workspace.path,
          isDryRun: false,
          state: this.#state,
          signal: end.signal,
          hooks: this.#hooks(workspace),
          credentials: async () => secrets.credentials,
        }),
      );
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return this.#goOnRefused(error, run);
    }
  }

  /** The step counts as failed; those that clean up after a failure still run. */
  async #goOnRefused(refusal: Refusal, run: () => Promise<RunOutcome>): Promise<RunOutcome> {
    const { step, message } = refusal;
    const failed: RunOutcome = {
      status: 'failed',
      stepId: step.id,
      error: approvalError('scaffolder/approval-refused', message),
      output: {},
    };
    this.#parts.progress.log({ message, stepId: step.id, status: 'failed' });
    const state = withStep(this.#state, step.id, { status: 'failed', output: {} });
    this.#state = { ...state, failure: { stepId: step.id, message } };
    await this.#parts.progress.save(this.#state, { mirrored: this.#mirrored });
    try {
      const outcome = await run();
      return outcome.status === 'completed' || outcome.status === 'failed' ? failed : outcome;
    } catch (error) {
      if (error instanceof Refusal) return failed;
      throw error;
    }
  }

  #hooks(workspace: Workspace): RunHooks {
    const { progress, end } = this.#parts;
    return {
      log: (line) => {
        if (line.status === 'failed' && line.stepId !== undefined) {
          this.#lastFailure = { stepId: line.stepId, message: line.message };
        }
        progress.log(line);
      },
      beforeStep: async (step) => {
        end.signal.throwIfAborted();
        const { status, paused_by: pausedBy } = await this.#deps.store.row(this.#id);
        if (status !== 'processing') throw taskError('scaffolder/cancelled', 'The task was cancelled.');
        if (pausedBy !== null) throw new Suspended(`The task was paused by ${pausedBy}.`);
        const gate = await this.#passGate(step);
        if (gate.kind === 'wait') throw new Suspended('The step waits for approval.');
        if (gate.kind === 'refused') throw new Refusal(step, gate.message);
        this.#step = { step, startedAt: this.#deps.now() };
      },
      afterStep: async (stepId, step) => {
        // What a step that was told to stop came to says nothing about it.
        if (end.kind() !== null && step.status !== 'completed') throw end.signal.reason;
        await this.#stepEnded(stepId, step, workspace);
      },
      onCheckpoint: async (key, value) => {
        this.#state = withCheckpoint(this.#state, key, value);
        await progress.save(this.#state, { mirrored: this.#mirrored });
      },
    };
  }

  async #stepEnded(stepId: string, step: RunState['steps'][string], workspace: Workspace): Promise<void> {
    this.#state = withStep(this.#state, stepId, step);
    if (step.status === 'failed' && this.#state.failure === null) {
      const message = this.#lastFailure?.stepId === stepId ? this.#lastFailure.message : 'The step failed.';
      this.#state = { ...this.#state, failure: { stepId, message } };
    }
    const keeps = this.#state.failure === null && !isStartOver(this.#spec);
    if (keeps) this.#mirrored++;
    await this.#parts.progress.save(this.#state, { mirrored: this.#mirrored });
    const begun = this.#step;
    this.#step = null;
    if (begun?.step.id === stepId) {
      const ms = this.#deps.now() - begun.startedAt;
      this.#deps.figures.stepEnded({ action: begun.step.action, status: step.status, ms });
    }
    if (!keeps || this.#spec.steps.at(-1)?.id === stepId) return;
    if (step.status === 'skipped') await workspace.mirror.mark(this.#mirrored);
    else await workspace.mirror.update(this.#mirrored);
  }

  async #passGate(
    step: TaskStep | null,
  ): Promise<{ kind: 'open' | 'wait' } | { kind: 'refused'; message: string }> {
    const { row } = this.#parts.begun;
    const answer = await askGate(this.#deps, {
      taskId: this.#id,
      spec: this.#spec,
      state: this.#state,
      step,
      attempt: row.attempts,
      createdBy: row.created_by,
    });
    const note = (message: string): void =>
      this.#parts.progress.log({ message, ...(step !== null && { stepId: step.id }) });
    switch (answer.kind) {
      case 'open':
        if (answer.message !== null) note(answer.message);
        return { kind: 'open' };
      case 'refused':
        return answer;
      case 'wait':
        await this.#wait(async () => answer.approvalId);
        return { kind: 'wait' };
      case 'ask':
        note(answer.message);
        await this.#wait(answer.ask);
        return { kind: 'wait' };
      default:
        return answer satisfies never;
    }
  }

  /** One transaction: whoever agrees finds the task waiting. */
  async #wait(ask: (session: DatabaseSession) => Promise<string>): Promise<void> {
    await this.#parts.progress.write({
      also: async (session) => {
        const approvalId = await ask(session);
        await taskTables(session)
          .updateTable('scaffolder_tasks')
          .set({ approval_id: approvalId, approval_at: this.#deps.now() })
          .where('id', '=', this.#id)
          .execute();
      },
    });
  }

  async #finish(outcome: RunOutcome, workspace: Workspace): Promise<void> {
    const kind = this.#parts.end.kind();
    if (outcome.status !== 'completed' && kind !== null) throw this.#parts.end.signal.reason;
    switch (outcome.status) {
      case 'completed':
        return this.#complete(outcome.output, workspace);
      case 'failed':
        return this.#fail(outcome.error, outcome.stepId, outcome.output);
      case 'suspended':
        return this.#parts.progress.write({ row: { running: null } });
      case 'cancelled':
        return this.#fail(
          new Error('The run stopped, although nobody told it to.'),
          this.#step?.step.id ?? null,
        );
      default:
        return outcome satisfies never;
    }
  }

  async #complete(output: JsonObject, workspace: Workspace): Promise<void> {
    const { store, memory, workspaces, log } = this.#deps;
    const base = await packBase(workspace.path).catch((error: unknown) => {
      log.warn('what a template wrote could not be kept', { task: this.#id, error: messageOf(error) });
      return null;
    });
    await this.#end('completed', {
      row: { ...this.#stored(doneState(this.#state)), output: JSON.stringify(output), error: null },
      event: { message: 'Run completed with status: completed', output },
      also: async (session) => {
        await store.dropSecrets(session, this.#id);
        if (base !== null) await memory.saveBase(this.#id, base, session);
      },
    });
    await workspaces.remove(this.#id).catch((error: unknown) => {
      log.warn('the workspace of a task is removed later', { task: this.#id, error: messageOf(error) });
    });
  }

  async #fail(thrown: unknown, stepId: string | null, output: JsonObject = {}): Promise<void> {
    const name = thrown instanceof Error ? thrown.name : 'Error';
    const message = messageOf(thrown);
    const { progress } = this.#parts;
    const isKnown = stepId === null || this.#state.steps[stepId]?.status === 'failed';
    if (stepId !== null && !isKnown) {
      progress.log({ message, stepId, status: 'failed' });
      this.#state = withStep(this.#state, stepId, { status: 'failed', output: {} });
    }
    if (stepId !== null) this.#state = { ...this.#state, failure: { stepId, message } };
    const hasOutput = Object.keys(output).length > 0;
    await this.#end('failed', {
      row: {
        ...this.#stored(this.#state),
        output: hasOutput ? JSON.stringify(output) : null,
        error: JSON.stringify({ name, message, stepId }),
      },
      event: {
        message: 'Run completed with status: failed',
        ...(hasOutput && { output }),
        error: { name, message, ...(stepId !== null && { stepId }) },
      },
      also: (session) => this.#deps.store.dropSecrets(session, this.#id),
    });
  }

  /** What cannot be sealed is not kept: the task fails all the same. */
  #stored(state: RunState): ReturnType<typeof sealState> {
    try {
      return sealState(this.#deps.seal, this.#id, state);
    } catch {
      return sealState(this.#deps.seal, this.#id, doneState(state));
    }
  }

  async #end(
    status: 'completed' | 'failed',
    {
      row,
      event,
      also,
    }: {
      readonly row: NonNullable<Parameters<Progress['write']>[0]['row']>;
      readonly event: NewEvent['body'];
      readonly also: NonNullable<Parameters<Progress['write']>[0]['also']>;
    },
  ): Promise<void> {
    const { now, figures } = this.#deps;
    const at = now();
    await this.#parts.progress.write({
      row: {
        ...row,
        status,
        ended_at: at,
        running: null,
        paused_by: null,
        paused_at: null,
        approval_id: null,
      },
      events: [{ type: 'completion', createdAt: at, body: event }],
      also,
      job: 'is done',
    });
    figures.taskEnded({ status, ms: at - (this.#parts.begun.row.run_since ?? at) });
  }

  #refuseCrashing(job: Job): void {
    const note = job.checkpoint;
    const useful = isObject(note) && typeof note['usefulRuns'] === 'number' ? note['usefulRuns'] : 0;
    if (job.attempts - useful <= this.#deps.tries) return;
    throw taskError(
      'scaffolder/task-crashed',
      `The task was given up after ${this.#deps.tries} runs that broke off without finishing a step, the last with: ` +
        `${job.reason ?? 'its process ended'}. See the log of the portal, then try again.`,
    );
  }

  async #wasEnded(): Promise<boolean> {
    const { status, running } = await this.#deps.store.row(this.#id);
    return status !== 'processing' || running !== this.#parts.context.token;
  }

  /** The task was ended by somebody else: only that nobody runs it any more is left to say. */
  async #leave(): Promise<void> {
    await taskTables(this.#deps.database)
      .updateTable('scaffolder_tasks')
      .set({ running: null })
      .where('id', '=', this.#id)
      .where('running', '=', this.#parts.context.token)
      .execute();
  }
}
