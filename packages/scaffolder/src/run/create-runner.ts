/**
 * The engine: runs the steps of a task one after the other and says what became of them. It stores nothing itself; what has
 * to last goes through the hooks, sealed (see mask.ts). What a step or an expression does ends in an outcome; only what a
 * hook throws comes through.
 */
import { rm } from 'node:fs/promises';
import { messageOf } from '@callboard/kernel';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import { WRITTEN_ID } from '../template/parse-template.ts';
import type { TaskStep } from '../template/template.ts';
import { isJsonObject, userContext, type ActiveRun, type RunnerDeps } from './active-run.ts';
import { createInputCheck, type InputCheck } from './check-input.ts';
import { toStepError } from './errors.ts';
import { createJournal, HookBroke } from './journal.ts';
import { createMask, type Mask } from './mask.ts';
import { renderOutput } from './render-output.ts';
import { beginningOf, type Beginning, type Settled } from './resume.ts';
import { runStep } from './run-step.ts';
import { Suspended, type Runner, type RunOutcome, type RunRequest, type StepState } from './run.ts';

export type { RunnerDeps } from './active-run.ts';

/** Makes the engine. One serves all runs at the same time. */
export function createRunner(deps: RunnerDeps): Runner {
  const inputs = createInputCheck();
  return { run: (request) => runTask(deps, inputs, request) };
}

async function runTask(deps: RunnerDeps, inputs: InputCheck, request: RunRequest): Promise<RunOutcome> {
  const mask = createMask(secretsOf(request));
  const beginning = beginningOf(request.spec, request.state, mask);
  const folders: string[] = [];
  try {
    const run = openRun({ deps, inputs, request, mask, folders, beginning });
    return await goThrough(run, beginning);
  } catch (thrown) {
    if (thrown instanceof HookBroke) {
      if (thrown.cause instanceof Suspended) return { status: 'suspended', reason: thrown.cause.message };
      throw thrown.cause;
    }
    // What was given cannot even be looked at, as values that are nested too deeply.
    return { status: 'failed', stepId: null, error: toStepError(thrown, mask), output: {} };
  } finally {
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

/** By names that say where they are from, so that two of one name do not mix. */
function secretsOf({ secrets, environment }: RunRequest): Record<string, string> {
  const named = (prefix: string, all: Readonly<Record<string, string>>): [string, string][] =>
    Object.entries(all).map(([name, value]) => [`${prefix}.${name}`, value]);
  return Object.fromEntries([...named('secrets', secrets), ...named('environment', environment.secrets)]);
}

function openRun(parts: {
  readonly deps: RunnerDeps;
  readonly inputs: InputCheck;
  readonly request: RunRequest;
  readonly mask: Mask;
  readonly folders: string[];
  readonly beginning: Beginning;
}): ActiveRun {
  const { deps, request, mask, beginning } = parts;
  const { spec, taskId, environment } = request;
  const checkpoints = Object.entries(beginning.checkpoints).map(
    ([key, value]): [string, Promise<JsonValue>] => [key, Promise.resolve(value)],
  );
  const scope = deps.templating.scope({
    parameters: spec.parameters,
    environment: { parameters: environment.parameters, secrets: {} },
    steps: {},
    ...(spec.user === undefined ? {} : { user: userContext(spec.user) }),
    context: { task: { id: taskId } },
  });
  const run: ActiveRun = {
    ...parts,
    journal: createJournal(request.hooks, mask),
    scope,
    status: { failed: request.state.failure !== null, asked: false },
    checkpoints: new Map(checkpoints),
  };
  for (const { step, state } of beginning.settled) publish(run, step, state);
  return run;
}

/** What a step put out can be read by later ones, under its id and under the one that it is written with. */
function publish(run: ActiveRun, step: TaskStep, { status, output }: StepState): void {
  const hasOutput = status === 'completed' || (status === 'skipped' && Object.keys(output).length > 0);
  if (!hasOutput) return;
  const written = step[WRITTEN_ID];
  for (const id of [step.id, ...(typeof written === 'string' ? [written] : [])]) {
    run.scope = run.scope.with(['steps', id], { output });
  }
}

async function goThrough(run: ActiveRun, beginning: Beginning): Promise<RunOutcome> {
  const { request, journal } = run;
  const { spec, state, signal } = request;
  await journal.log({ message: `Starting up task with ${spec.steps.length} steps` });
  for (const settled of beginning.settled) await noteSettled(run, settled);
  if (beginning.lost !== null) {
    const message = `Step ${beginning.lost.id} is run again: its output holds a secret that is not known any more`;
    await journal.log({ message, stepId: beginning.lost.id });
  }
  let failure =
    state.failure === null ? null : { stepId: state.failure.stepId, error: new Error(state.failure.message) };
  for (const step of spec.steps.slice(beginning.settled.length)) {
    if (signal.aborted) return stopped(signal);
    try {
      await finishStep(run, step, await timed(run, step));
    } catch (thrown) {
      if (thrown instanceof HookBroke) throw thrown;
      if (signal.aborted) return stopStep(run, step);
      const error = await failStep(run, step, thrown);
      failure ??= { stepId: step.id, error };
      run.status.failed = true;
    }
  }
  if (failure !== null) return { status: 'failed', ...failure, output: {} };
  return { status: 'completed', output: await outputOf(run) };
}

async function outputOf(run: ActiveRun): Promise<JsonObject> {
  const output = renderOutput(run);
  await run.journal.flush();
  return output;
}

async function timed(run: ActiveRun, step: TaskStep): Promise<StepState> {
  const { deps, request } = run;
  const begun = deps.now();
  try {
    return await runStep(run, step);
  } finally {
    const fields = { task: request.taskId, step: step.id, action: step.action, ms: deps.now() - begun };
    deps.log.debug('a step of a template ended', fields);
  }
}

async function finishStep(run: ActiveRun, step: TaskStep, state: StepState): Promise<void> {
  publish(run, step, state);
  await hand(run, step, state);
}

/** The state as it may be stored. */
async function hand(run: ActiveRun, step: TaskStep, state: StepState): Promise<void> {
  const output = run.mask.seal(state.output);
  const sealed = { ...state, output: isJsonObject(output) ? output : {} };
  await run.journal.call(() => run.request.hooks.afterStep?.(step.id, sealed));
}

async function failStep(run: ActiveRun, step: TaskStep, thrown: unknown): Promise<Error> {
  const error = toStepError(thrown, run.mask);
  await run.journal.log({ message: `${error.name}: ${error.message}`, stepId: step.id, status: 'failed' });
  await hand(run, step, { status: 'failed', output: {} });
  return error;
}

/** A step was told to stop. When its task was not cancelled, it is left as if it had not been run. */
async function stopStep(run: ActiveRun, step: TaskStep): Promise<RunOutcome> {
  const { signal } = run.request;
  if (isCancelled(signal)) {
    const message = `Step ${step.id} has been cancelled.`;
    await run.journal.log({ message, stepId: step.id, status: 'cancelled' });
    await hand(run, step, { status: 'cancelled', output: {} });
  }
  await run.journal.flush();
  return stopped(signal);
}

function stopped(signal: AbortSignal): RunOutcome {
  return isCancelled(signal)
    ? { status: 'cancelled' }
    : { status: 'suspended', reason: messageOf(signal.reason) };
}

function isCancelled({ reason }: AbortSignal): boolean {
  return isObject(reason) && reason['code'] === 'scaffolder/cancelled';
}

/** Clients that follow a task that goes on see again what is done already. */
async function noteSettled(run: ActiveRun, { step, state }: Settled): Promise<void> {
  const { id } = step;
  const message = `Step ${id} was ${state.status} in an earlier run`;
  await run.journal.log({ message, stepId: id, status: state.status });
}
