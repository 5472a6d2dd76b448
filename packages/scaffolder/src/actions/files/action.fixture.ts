/** Runs one action for a test, without an engine. */
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action, ActionContext, ActionLogger, TemplateInfo } from '@callboard/plugin';

export interface ActionRun {
  readonly output: Readonly<Record<string, unknown>>;
  readonly log: readonly string[];
}

export interface ActionTest {
  readonly input: JsonObject;
  readonly workspacePath: string;
  readonly templateInfo?: TemplateInfo;
  readonly signal?: AbortSignal;
}

/** The action of a family by its id. */
export function actionOf(actions: readonly Action[], id: string): Action {
  const action = actions.find((one) => one.id === id);
  if (action === undefined) throw new Error(`there is no ${id}`);
  return action;
}

export async function runAction(action: Action, test: ActionTest): Promise<ActionRun> {
  const output: Record<string, JsonValue | undefined> = {};
  const log: string[] = [];
  const write = (message: string): void => void log.push(message);
  const logger: ActionLogger = { debug: write, info: write, warn: write, error: write, child: () => logger };
  const context: ActionContext = {
    input: test.input,
    logger,
    secrets: {},
    workspacePath: test.workspacePath,
    output: (name, value) => {
      output[String(name)] = value;
    },
    checkpoint: async ({ fn }) => fn(),
    createTemporaryDirectory: () => Promise.reject(new Error('no action needs one')),
    getInitiatorCredentials: () => Promise.resolve(null),
    task: { id: 'task' },
    signal: test.signal ?? new AbortController().signal,
    step: { id: 'step', name: 'Step' },
    ...(test.templateInfo !== undefined && { templateInfo: test.templateInfo }),
  };
  await action.handler(context);
  return { output, log };
}
