/** Runs actions of the plugin for a test: a workspace, a log, outputs, and checkpoints that are kept from run to run. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { ActionContext, ActionLogger, Forge, Git, PluginParts } from '@callboard/plugin';
import { plugin } from './index.ts';

export interface Bench extends AsyncDisposable {
  readonly workspacePath: string;
  /** Lines as `info: text`. */
  readonly log: string[];
  readonly checkpoints: Map<string, JsonValue>;
  readonly parts: PluginParts;
  /** Runs an action as a step of its own, with checkpoints of its own, and gives its outputs. */
  run(id: string, input: JsonObject, more?: Partial<ActionContext>): Promise<JsonObject>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

export interface BenchOptions {
  readonly forge: Forge;
  readonly git: Git;
  /** By dotted key. */
  readonly config?: JsonObject;
  readonly fetch?: typeof fetch;
}

export async function openBench({
  forge,
  git,
  config = {},
  fetch: send = fetch,
}: BenchOptions): Promise<Bench> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'callboard-gitlab-')));
  const workspacePath = join(folder, 'workspace');
  await mkdir(workspacePath);
  const log: string[] = [];
  const logger = loggerTo(log);
  const checkpoints: Bench['checkpoints'] = new Map();
  const parts = await plugin.provision({
    logger,
    forges: [forge],
    git,
    config: (key) => config[key],
    fetch: send,
  });
  return {
    workspacePath,
    log,
    checkpoints,
    parts,
    run: async (id, input, more = {}) => {
      const action = parts.actions?.find((candidate) => candidate.id === id);
      if (action === undefined) throw new Error(`There is no action ${id}.`);
      const outputs = new Map<string, JsonValue | undefined>();
      await action.handler({
        input,
        logger,
        secrets: {},
        workspacePath,
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
    write: async (files) => {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(workspacePath, name)), { recursive: true });
        await writeFile(join(workspacePath, name), content);
      }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function checkpoint<Value extends JsonValue | void>(
  kept: Bench['checkpoints'],
  { key, fn }: { readonly key: string; readonly fn: () => Promise<Value> | Value },
): Promise<Value> {
  const known = kept.get(key);
  if (known !== undefined && isOfCaller<Value>(known)) return known;
  const value = await fn();
  kept.set(key, value ?? null);
  return value;
}

/** What is kept under a key is what the same call gave before. */
function isOfCaller<Value extends JsonValue | void>(_kept: JsonValue | Value): _kept is Value {
  return true;
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
