/** Actions in a test: those that only work in the workspace are run, the others are recorded and answer as they are told. */
import type { JsonObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import type { ActionRegistry } from '../actions/registry.ts';
import { sampleOutput } from '../run/sample-output.ts';
import type { FakeAction } from './test-file.ts';

export interface StepRun {
  readonly stepId: string;
  readonly action: string;
  readonly input: JsonObject;
}

/** What goes out, though it can be run in a dry-run. */
const OUTSIDE =
  /^(?:publish|github|gitlab|bitbucket|bitbucketCloud|bitbucketServer|azure|gitea|gerrit|http|sentry|notification|confluence|run):/;

/** Every run of an action is appended to `runs` before it begins; to the action it is a dry-run. */
export function createTestActions(
  actions: ActionRegistry,
  { fakes, runs }: { readonly fakes: Readonly<Record<string, FakeAction>>; readonly runs: StepRun[] },
): ActionRegistry {
  const find = (id: string): Action | null => {
    const real = actions.find(id);
    const fake = Object.hasOwn(fakes, id) ? fakes[id] : undefined;
    if (fake !== undefined) return recorded(faked(real ?? { id }, fake), runs);
    if (real === null) return null;
    const isInside = real.supportsDryRun === true && !OUTSIDE.test(id);
    return recorded(
      isInside ? real : faked(real, { output: sampleOutput(real.schema?.output), fails: null }),
      runs,
    );
  };
  return {
    find,
    list: () => actions.list().map((action) => find(action.id) ?? action),
  };
}

function recorded(action: Action, runs: StepRun[]): Action {
  return {
    ...action,
    handler: (context) => {
      runs.push({ stepId: context.step.id, action: action.id, input: structuredClone(context.input) });
      return action.handler({ ...context, isDryRun: true });
    },
  };
}

function faked(action: Omit<Action, 'handler'>, { output, fails }: FakeAction): Action {
  return {
    ...action,
    supportsDryRun: true,
    handler: async (context) => {
      if (fails !== null) throw new Error(fails);
      context.logger.info(`Not run: ${action.id} is recorded in a test`);
      for (const [name, value] of Object.entries(output))
        if (value !== undefined) context.output(name, value);
    },
  };
}
