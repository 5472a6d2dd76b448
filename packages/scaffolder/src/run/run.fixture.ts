/** A runner with actions made for tests, and the request of a run with nothing special. */
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '@callboard/kernel';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import type { ActionRegistry } from '../actions/registry.ts';
import { createTemplating } from '../expression/templating.ts';
import type { TaskSpec, TaskStep } from '../template/template.ts';
import { createRunner, type RunnerDeps } from './create-runner.ts';
import {
  NOT_STARTED,
  type RunHooks,
  type RunLogLine,
  type RunOutcome,
  type RunRequest,
  type RunState,
  type StepState,
} from './run.ts';

const QUIET: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };

function registryOf(actions: readonly Action[]): ActionRegistry {
  return { find: (id) => actions.find((action) => action.id === id) ?? null, list: () => actions };
}

export function depsOf(actions: readonly Action[]): RunnerDeps {
  return { actions: registryOf(actions), templating: createTemplating(), now: () => 0, log: QUIET };
}

/** Puts out its input under the same names. */
export const ECHO: Action = {
  id: 'test:echo',
  supportsDryRun: true,
  async handler(context) {
    for (const [name, value] of Object.entries(context.input)) context.output(name, value ?? null);
  },
};

/** Throws its `message`. */
export const FAIL: Action = {
  id: 'test:fail',
  supportsDryRun: true,
  async handler({ input }) {
    const { message } = input;
    throw new Error(typeof message === 'string' ? message : 'it failed');
  },
};

export type StepPart = Partial<TaskStep> & { readonly action: string };

export function specOf(steps: readonly StepPart[], more: Partial<TaskSpec> = {}): TaskSpec {
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    parameters: {},
    steps: steps.map((step, index) => ({ id: `s${index}`, name: `Step ${index}`, ...step })),
    output: {},
    ...more,
  };
}

export interface TestRun {
  readonly outcome: RunOutcome;
  readonly log: readonly RunLogLine[];
  /** As it was stored after the last step. */
  readonly state: RunState;
  /** `id:status` of what was handed to `afterStep`. */
  readonly ended: readonly string[];
  readonly messages: string;
}

/** Runs steps in a folder that is deleted again. */
export async function runSteps(
  actions: readonly Action[],
  spec: TaskSpec,
  options: Partial<Omit<RunRequest, 'hooks'>> & { readonly hooks?: Partial<RunHooks> } = {},
): Promise<TestRun> {
  const root = await mkdtemp(join(tmpdir(), 'callboard-run-'));
  const log: RunLogLine[] = [];
  const steps: Record<string, StepState> = { ...options.state?.steps };
  const checkpoints: Record<string, JsonValue> = { ...options.state?.checkpoints };
  const ended: string[] = [];
  try {
    const workspacePath = join(root, 'workspace');
    await mkdir(workspacePath);
    const outcome = await createRunner(depsOf(actions)).run({
      taskId: 'task-1',
      spec,
      secrets: {},
      environment: { parameters: {}, secrets: {} },
      workspacePath,
      isDryRun: false,
      state: NOT_STARTED,
      signal: new AbortController().signal,
      credentials: async () => null,
      ...options,
      hooks: {
        log: (line) => void log.push(line),
        async afterStep(id, state) {
          steps[id] = state;
          ended.push(`${id}:${state.status}`);
        },
        async onCheckpoint(key, value) {
          checkpoints[key] = value;
        },
        ...options.hooks,
      },
    });
    const messages = log.map(({ message }) => message).join('\n');
    const failure =
      outcome.status === 'failed' && outcome.stepId !== null ? { stepId: outcome.stepId, message: '' } : null;
    return { outcome, log, ended, messages, state: { steps, checkpoints, failure } };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** The output of a run that has to be completed. */
export function outputOf({ outcome }: TestRun): JsonObject {
  if (outcome.status === 'completed') return outcome.output;
  throw new Error(
    `The run is ${outcome.status}: ${outcome.status === 'failed' ? outcome.error.message : ''}`,
  );
}
