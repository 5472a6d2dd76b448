/** Runs one action for a test: a workspace, a log and checkpoints that are kept from run to run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { Action, ActionContext, ActionLogger } from '@callboard/plugin';
import { openWorkspace, type Workspace } from '../workspace/workspace.ts';

export interface ActionBench extends AsyncDisposable {
  readonly workspace: Workspace;
  /** Lines as `info: text`. */
  readonly log: string[];
  /** By key, as JSON. */
  readonly checkpoints: Map<string, string>;
  /** Runs an action and gives its outputs. The input is not checked against the schema. */
  run(action: Action, input: JsonObject, more?: Partial<ActionContext>): Promise<JsonObject>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  read(path: string): Promise<string>;
}

export async function actionBench(files: Readonly<Record<string, string>> = {}): Promise<ActionBench> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-action-'));
  const workspace = openWorkspace(folder);
  const log: string[] = [];
  const checkpoints = new Map<string, string>();
  const write: ActionBench['write'] = async (more) => {
    for (const [name, content] of Object.entries(more)) await workspace.writeFile(name, content);
  };
  await write(files);
  return {
    workspace,
    log,
    checkpoints,
    write,
    read: async (path) => (await workspace.readFile(path)).toString('utf8'),
    run: async (action, input, more = {}) => {
      const outputs = new Map<string, JsonValue | undefined>();
      await action.handler({
        input,
        logger: loggerTo(log),
        secrets: {},
        workspacePath: workspace.root,
        output: (name, value) => void outputs.set(String(name), value),
        checkpoint: (request) => checkpoint(checkpoints, request),
        createTemporaryDirectory: () => mkdtemp(join(folder, 'temporary-')),
        getInitiatorCredentials: async () => ({ user: 'user:default/anna' }),
        task: { id: 'task-1' },
        signal: new AbortController().signal,
        step: { id: 'step', name: 'Step' },
        ...more,
      });
      return Object.fromEntries(outputs);
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function checkpoint<Value extends JsonValue | void>(
  kept: Map<string, string>,
  { key, fn }: { readonly key: string; readonly fn: () => Promise<Value> | Value },
): Promise<Value> {
  const json = kept.get(key);
  if (json !== undefined) return JSON.parse(json);
  const value = await fn();
  kept.set(key, JSON.stringify(value ?? null));
  return value;
}

function loggerTo(log: string[]): ActionLogger {
  const line = (level: string) => (message: string) => void log.push(`${level}: ${message}`);
  const logger: ActionLogger = {
    debug: line('debug'),
    info: line('info'),
    warn: line('warn'),
    error: line('error'),
    child: () => logger,
  };
  return logger;
}
