/** A small engine for tests, with the contract of the real one: actions are functions by name, nothing is rendered. */
import type { JsonObject, JsonValue } from '@callboard/model';
import {
  Suspended,
  type RunOutcome,
  type RunRequest,
  type Runner,
  type RunState,
  type StepState,
} from '../run/run.ts';
import type { TaskStep } from '../template/template.ts';

export interface FakeContext {
  readonly request: RunRequest;
  readonly step: TaskStep;
  readonly signal: AbortSignal;
  readonly workspacePath: string;
  /** The states of the steps before. */
  readonly state: RunState;
  log(message: string): void;
  checkpoint(key: string, fn: () => Promise<JsonValue> | JsonValue): Promise<JsonValue>;
}

export type FakeAction = (context: FakeContext) => Promise<JsonObject | void> | JsonObject | void;

/** A step with `if: 'always()'` runs after a failure, one with `if: false` never. */
export function createFakeRunner(
  actions: Readonly<Record<string, FakeAction>>,
  { onSuspend = async () => {} }: { readonly onSuspend?: () => Promise<void> } = {},
): Runner {
  return {
    run: async (request) => {
      let state = request.state;
      const { hooks, signal, spec } = request;
      const put = (id: string, step: StepState): void => {
        state = { ...state, steps: { ...state.steps, [id]: step } };
      };
      for (const step of spec.steps) {
        const before = state.steps[step.id]?.status;
        const isFailed = before === 'failed' && state.failure?.stepId === step.id;
        if (before === 'completed' || before === 'skipped' || isFailed) continue;
        if (signal.aborted) return { status: 'cancelled' };
        if (step.if === false || (state.failure !== null && step.if !== 'always()')) {
          put(step.id, { status: 'skipped', output: {} });
          await hooks.log({ message: `Skipping step ${step.id}`, stepId: step.id, status: 'skipped' });
          await hooks.afterStep?.(step.id, { status: 'skipped', output: {} });
          continue;
        }
        try {
          await hooks.beforeStep?.(step);
        } catch (error) {
          if (!(error instanceof Suspended)) throw error;
          await onSuspend();
          return { status: 'suspended', reason: error.message };
        }
        await hooks.log({ message: `Beginning step ${step.id}`, stepId: step.id, status: 'processing' });
        const ended = await runStep(step, { actions, request, state: () => state });
        if (ended.checkpoints !== null) state = { ...state, checkpoints: ended.checkpoints };
        if (signal.aborted && ended.status !== 'completed') {
          await hooks.afterStep?.(step.id, { status: 'cancelled', output: {} });
          return { status: 'cancelled' };
        }
        if (ended.status === 'failed')
          state = { ...state, failure: { stepId: step.id, message: ended.message } };
        put(step.id, { status: ended.status, output: ended.output });
        await hooks.log({ message: ended.message, stepId: step.id, status: ended.status });
        await hooks.afterStep?.(step.id, { status: ended.status, output: ended.output });
      }
      return outcomeOf(state, spec.output);
    },
  };
}

function outcomeOf(state: RunState, output: JsonObject): RunOutcome {
  if (state.failure === null) return { status: 'completed', output };
  const { stepId, message } = state.failure;
  return { status: 'failed', stepId, error: new Error(message), output: {} };
}

async function runStep(
  step: TaskStep,
  {
    actions,
    request,
    state,
  }: {
    readonly actions: Readonly<Record<string, FakeAction>>;
    readonly request: RunRequest;
    readonly state: () => RunState;
  },
): Promise<{
  readonly status: 'completed' | 'failed';
  readonly output: JsonObject;
  readonly message: string;
  readonly checkpoints: RunState['checkpoints'] | null;
}> {
  let checkpoints = { ...state().checkpoints };
  const action = actions[step.action];
  try {
    if (action === undefined) throw new Error(`there is no action ${step.action}`);
    const output = await action({
      request,
      step,
      signal: request.signal,
      workspacePath: request.workspacePath,
      state: state(),
      log: (message) => void request.hooks.log({ message, stepId: step.id }),
      checkpoint: async (name, fn) => {
        const key = `${step.id}.${name}`;
        const known = checkpoints[key];
        if (known !== undefined) return known;
        const value = await fn();
        checkpoints = { ...checkpoints, [key]: value };
        await request.hooks.onCheckpoint?.(key, value);
        return value;
      },
    });
    return { status: 'completed', output: output ?? {}, message: `Finished step ${step.id}`, checkpoints };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: 'failed', output: {}, message, checkpoints };
  }
}
