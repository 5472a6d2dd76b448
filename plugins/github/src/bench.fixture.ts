/** Runs actions of the plugin for tests: a fake GitHub with real git, a workspace, a log, checkpoints that are kept. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { JsonObject, JsonValue } from '@callboard/model';
import type { ActionContext, ActionLogger, Git } from '@callboard/plugin';
import { createGit } from '@callboard/scaffolder/git';
import { createGithubActions } from './actions/index.ts';
import type { GithubDeps } from './client.ts';
import { startGithub, type FakeGithub } from './forge.fixture.ts';

export interface GithubBench extends AsyncDisposable {
  readonly github: FakeGithub;
  readonly deps: GithubDeps;
  readonly workspacePath: string;
  /** Lines as `info: text`. */
  readonly log: string[];
  /** By key, as JSON. What tasks store. */
  readonly checkpoints: Map<string, string>;
  /** Milliseconds of each wait; none is waited for. */
  readonly waits: number[];
  /** Runs an action on `harbourline/ledger`, and gives its outputs. */
  run(id: string, input?: JsonObject, more?: Partial<ActionContext>): Promise<JsonObject>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
}

export async function githubBench({
  files = { 'README.md': '# Ledger\n' },
  config = {},
  gitFor = () => createGit({ env: process.env }),
}: {
  readonly files?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, JsonValue>>;
  /** Default: the portal's own. */
  readonly gitFor?: (github: FakeGithub) => Git;
} = {}): Promise<GithubBench> {
  const github = await startGithub();
  const folder = await mkdtemp(join(tmpdir(), 'callboard-github-'));
  const workspacePath = join(folder, 'workspace');
  const log: string[] = [];
  const checkpoints = new Map<string, string>();
  const waits: number[] = [];
  const write: GithubBench['write'] = async (more) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(workspacePath, name)), { recursive: true });
      await writeFile(join(workspacePath, name), content);
    }
  };
  await mkdir(workspacePath);
  await write(files);
  const deps: GithubDeps = {
    forges: [github.forge],
    git: gitFor(github),
    config: (key) => config[key],
    fetch,
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      signal.throwIfAborted();
    },
  };
  const actions = createGithubActions(deps);
  return {
    github,
    deps,
    workspacePath,
    log,
    checkpoints,
    waits,
    write,
    run: async (id, input = {}, more = {}) => {
      const action = actions.find((candidate) => candidate.id === id);
      if (action === undefined) throw new Error(`There is no ${id}.`);
      const outputs = new Map<string, JsonValue | undefined>();
      await action.handler({
        input: { repoUrl: `${github.forge.host}?owner=harbourline&repo=ledger`, ...input },
        logger: loggerTo(log),
        secrets: {},
        workspacePath,
        output: (name, value) => void outputs.set(String(name), value),
        checkpoint: (request) => checkpoint(checkpoints, request),
        createTemporaryDirectory: () => mkdtemp(join(folder, 'temporary-')),
        getInitiatorCredentials: async () => null,
        task: { id: 'task-1' },
        signal: new AbortController().signal,
        step: { id: 'step', name: 'Step' },
        ...more,
      });
      return Object.fromEntries(outputs);
    },
    [Symbol.asyncDispose]: async () => {
      await github[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
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
