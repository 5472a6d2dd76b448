/** Runs the command in a folder of its own: the real one in a process, or its inside, which is faster. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCli } from '../cli.ts';
import type { Output } from './output.ts';

const BIN = fileURLToPath(new URL('../../bin/callboard.mjs', import.meta.url));
export const EXAMPLES = fileURLToPath(new URL('../../../../examples', import.meta.url));

export interface RunOptions {
  readonly cwd: string;
  /** Beside PATH; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: the Node that runs the tests. */
  readonly node?: string;
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command in this process, without terminal. Default: no variables are set. */
export async function ask(args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Ran> {
  const texts = { out: '', err: '' };
  const collect = (name: keyof typeof texts): Output => ({
    isTerminal: false,
    closed: false,
    write: async (written) => void (texts[name] += written),
    paint: (_, painted) => painted,
  });
  const code = await runCli(args, { cwd, here: cwd, env, out: collect('out'), err: collect('err') });
  return { code, ...texts };
}

/** The command in a process of its own. Resolves when it has ended. */
export async function run(args: readonly string[], options: RunOptions): Promise<Ran> {
  const child = launch(args, options);
  const [out, err, code] = await Promise.all([read(child.stdout), read(child.stderr), codeOf(child)]);
  return { code, out, err };
}

/** The command without anybody waiting for it; its output is piped. */
export function launch(args: readonly string[], { cwd, env = {}, node }: RunOptions): ChildProcess {
  return spawn(node ?? process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Null when a signal ended it. */
export function codeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('close', resolve);
    child.on('error', reject);
  });
}

async function read(stream: ChildProcess['stdout']): Promise<string> {
  return stream === null ? '' : text(stream);
}

export interface RunningPortal extends AsyncDisposable {
  readonly url: string;
  /** The JSON line that said so. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Sends a signal and resolves when the process has ended, with all that it wrote. */
  stop(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly lines: readonly string[] }>;
}

/** Resolves when the portal says that it is ready. */
export async function startReady(
  options: RunOptions & { readonly args?: readonly string[] },
): Promise<RunningPortal> {
  const child = launch(['start', ...(options.args ?? [])], options);
  const ended = codeOf(child);
  const complaints = read(child.stderr);
  const lines: string[] = [];
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const entry: Record<string, unknown> = JSON.parse(line);
      if (entry['ready'] === true) resolve(entry);
    });
    void ended.then(async (code) => reject(new Error(`It ended with ${code}: ${await complaints}`)));
  });
  const stop: RunningPortal['stop'] = async (signal) => {
    child.kill(signal);
    return { code: await ended, lines };
  };
  const entry = await ready;
  return {
    url: String(entry['url']),
    ready: entry,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  };
}

export interface Folder extends AsyncDisposable {
  readonly path: string;
}

/** A temporary folder with these files, by relative path. */
export async function folderOf(files: Readonly<Record<string, string>> = {}): Promise<Folder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'callboard-cli-')));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(path, dirname(name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A good entity. */
export function component(name: string): string {
  return `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: ${name}
spec:
  type: service
  lifecycle: production
  owner: team
`;
}
