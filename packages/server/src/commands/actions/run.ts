/** `callboard actions run`: runs one action by itself, for who writes one or wants to see what it does. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@callboard/kernel';
import { isObject, type JsonObject, type JsonValue } from '@callboard/model';
import type { Action, ActionLogger } from '@callboard/plugin';
import { parse } from 'yaml';
import { CONFIG_OPTION, readArgs, UsageError, type Command, type CommandContext } from '../context.ts';
import { kindOf } from '../files.ts';
import type { Output } from '../output.ts';
import { amount } from '../problems.ts';
import { STOPPED, stopSignal } from '../stopping.ts';
import { CONFIG_HELP, findAction, openFor, plain, readId, type OpenActions } from './open.ts';

const RUN_OPTIONS = {
  ...CONFIG_OPTION,
  input: { type: 'string' },
  workspace: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const;

export function createActionsRunCommand(open: OpenActions): Command {
  return {
    usage: 'ID [--input FILE|JSON] [--workspace FOLDER] [--dry-run] [--config FILE …] [--json]',
    help: `Runs one action by itself: without a template, a task or a user. It does what it does in earnest: a publishing
action publishes. Its log goes to standard error, its outputs to standard output as JSON.

  --input          what the step would give it: a file (YAML or JSON), or JSON as it is; default: {}
  --workspace      the folder that it works in; default: a new one that is deleted afterwards
  --dry-run        tells the action that nothing may be changed; refused for those that do not know a dry-run
${CONFIG_HELP}
  --json           errors as JSON, too

Exit code: 0 done, 1 it failed, 2 wrong use, 130 stopped.

  callboard actions run debug:log --input '{"message": "hello"}'`,

    run: async (args, context) => {
      const { values, positionals } = readArgs(args, { options: RUN_OPTIONS, takes: 'any' });
      const id = readId(positionals);
      const isDryRun = values['dry-run'] === true;
      const { out, err, here } = context;
      const input = await readInput(values.input, here);
      await using workspace = await openFolder(values.workspace, here);
      await using opened = await openFor(open, context, values.config);
      const action = findAction(opened, id);
      if (isDryRun && action.supportsDryRun !== true) {
        throw new UsageError(`--dry-run: ${id} does not know a dry-run`);
      }
      opened.check(action, input, id);
      using stopping = stopSignal(() => void err.write('\nStopping; Ctrl-C again ends at once.\n'));
      const { signal } = stopping;
      try {
        const outputs = await runAction(action, { input, isDryRun, signal, context, folder: workspace.path });
        await tellFiles(workspace, err);
        await out.write(`${JSON.stringify(outputs, null, 2)}\n`);
        return 0;
      } catch (error) {
        if (!signal.aborted) throw error;
        return STOPPED;
      }
    },
  };
}

interface Run {
  readonly input: JsonObject;
  readonly isDryRun: boolean;
  readonly signal: AbortSignal;
  readonly context: CommandContext;
  readonly folder: string;
}

async function runAction(action: Action, run: Run): Promise<JsonObject> {
  const { input, isDryRun, signal, context, folder } = run;
  const outputs = new Map<string, JsonValue | undefined>();
  const temporary: string[] = [];
  const taskId = `command-${randomUUID()}`;
  try {
    await action.handler({
      input,
      logger: loggerOn(context.err),
      secrets: {},
      workspacePath: folder,
      output: (name, value) => void outputs.set(String(name), value),
      checkpoint: async ({ fn }) => fn(),
      createTemporaryDirectory: async () => {
        const path = await mkdtemp(join(tmpdir(), 'callboard-action-'));
        temporary.push(path);
        return path;
      },
      getInitiatorCredentials: async () => null,
      task: { id: taskId },
      // Relative addresses of the input start where the person stands.
      templateInfo: {
        entityRef: 'template:default/command-line',
        baseUrl: pathToFileURL(`${context.here}${sep}`).href,
      },
      isDryRun,
      signal,
      step: { id: 'run', name: action.id },
    });
  } finally {
    await Promise.all(temporary.map((path) => rm(path, { recursive: true, force: true })));
  }
  return Object.fromEntries(outputs);
}

function loggerOn(err: Output): ActionLogger {
  const line =
    (style: 'dim' | 'yellow' | 'red' | null, fields: object) =>
    (message: string, more: object = {}): void => {
      const all = { ...fields, ...more };
      const extra = Object.keys(all).length === 0 ? '' : ` ${JSON.stringify(all)}`;
      const text = plain(`${message}${extra}`);
      void err.write(`${style === null ? text : err.paint(style, text)}\n`);
    };
  const loggerWith = (fields: object): ActionLogger => ({
    debug: line('dim', fields),
    info: line(null, fields),
    warn: line('yellow', fields),
    error: line('red', fields),
    child: (more) => loggerWith({ ...fields, ...more }),
  });
  return loggerWith({});
}

/** @throws UsageError */
async function readInput(given: string | undefined, here: string): Promise<JsonObject> {
  if (given === undefined) return {};
  const isText = given.trimStart().startsWith('{');
  const text = isText ? given : await readInputFile(given, here);
  try {
    const value: unknown = isText ? JSON.parse(text) : parse(text);
    if (isJsonObject(value)) return value;
  } catch (error) {
    const [reason = ''] = messageOf(error).split('\n');
    throw new UsageError(`--input cannot be read: ${reason.replace(/[.:]$/, '')}`, { cause: error });
  }
  throw new UsageError('--input has to be an object');
}

async function readInputFile(name: string, here: string): Promise<string> {
  try {
    return await readFile(resolve(here, name), 'utf8');
  } catch (error) {
    throw new UsageError(`--input: there is no file ${name} that can be read`, { cause: error });
  }
}

/** YAML and JSON bring nothing else. */
function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

interface OpenFolder extends AsyncDisposable {
  readonly path: string;
  readonly isTemporary: boolean;
}

/** @throws UsageError */
async function openFolder(given: string | undefined, here: string): Promise<OpenFolder> {
  if (given !== undefined) {
    if ((await kindOf(given, here)) !== 'folder') throw new UsageError(`--workspace: ${given} is no folder`);
    const path = await realpath(resolve(here, given));
    return { path, isTemporary: false, [Symbol.asyncDispose]: async () => {} };
  }
  const path = await realpath(await mkdtemp(join(tmpdir(), 'callboard-workspace-')));
  const dispose = (): Promise<void> => rm(path, { recursive: true, force: true });
  return { path, isTemporary: true, [Symbol.asyncDispose]: dispose };
}

async function tellFiles({ path, isTemporary }: OpenFolder, err: Output): Promise<void> {
  if (!isTemporary) return;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).length;
  if (files === 0) return;
  await err.write(`It left ${amount(files, 'file')} in the workspace; --workspace FOLDER keeps them.\n`);
}
