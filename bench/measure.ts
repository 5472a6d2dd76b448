/** Starts a command, waits until it is ready, says how long that took and how much memory it holds, and stops it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { get } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loopbackUrl } from './loopback.ts';
import { isAlive, memoryOf, processTree, type Memory, type ProcessId } from './process-tree.ts';

export interface MeasureOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Default: ours. */
  readonly cwd?: string;
  /** Added to our environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A pattern that a line of stdout or stderr matches, or a loopback URL that answers 2xx. */
  readonly ready: RegExp | string;
  /** Default: 60. */
  readonly timeoutSeconds?: number;
}

export interface MeasuredProcess {
  readonly pid: number;
  /** Milliseconds from spawning the command to ready. */
  readonly readyMs: number;
  /** The line that matched; null when a URL was waited for. */
  readonly readyLine: string | null;
  /** Memory of the process and its descendants, now. */
  memory(): Promise<Memory>;
  /** The last lines of stdout and stderr, at most 200. */
  output(): string;
  /**
   * SIGTERM, after 5 s SIGKILL; then SIGKILL for what is left of its descendants. Resolves when all are gone. Any number
   * of calls. Not found are descendants whose own parent ended before.
   */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const GRACE_MS = 5000;
const POLL_MS = 5;
const OUTPUT_LINES = 200;

/**
 * Starts the command. Throws an Error with its last output when it cannot be started, ends before it is ready or is not
 * ready in time; nothing of it runs then.
 */
export async function startMeasured(options: MeasureOptions): Promise<MeasuredProcess> {
  const { command, args = [], ready, timeoutSeconds = 60 } = options;
  const sign = typeof ready === 'string' ? loopbackUrl(ready) : ready;
  const began = performance.now();
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = endOf(child);
  const stop = stopper(child, gone);
  const output = readLines(child);
  const over = new AbortController();
  try {
    const readyLine = await Promise.race([
      sign instanceof URL ? answered(sign, over.signal) : output.firstMatch(sign),
      gone.then((why) => fail(`${command} ended before it was ready (${why})`)),
      delay(timeoutSeconds * 1000, null, { signal: over.signal }).then(() =>
        fail(`${command} was not ready within ${timeoutSeconds} s`),
      ),
    ]);
    const readyMs = performance.now() - began;
    const pid = child.pid ?? 0;
    const memory = (): Promise<Memory> => memoryOf(pid);
    return { pid, readyMs, readyLine, memory, output: output.last, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}\n${output.last()}`.trimEnd(), { cause: error });
  } finally {
    over.abort();
  }
}

function fail(message: string): never {
  throw new Error(message);
}

/** Resolves when the process has ended and its output is read, with how it ended. */
function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
}

interface Output {
  readonly firstMatch: (pattern: RegExp) => Promise<string>;
  readonly last: () => string;
}

function readLines(child: ChildProcess): Output {
  const lines: string[] = [];
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const readers = streams.map((input) => createInterface({ input }));
  for (const reader of readers) {
    reader.on('line', (line) => {
      lines.push(line);
      if (lines.length > OUTPUT_LINES) lines.shift();
    });
  }
  return {
    firstMatch: (pattern) =>
      new Promise((resolve) => {
        for (const reader of readers) {
          reader.on('line', (line) => {
            if (line.search(pattern) !== -1) resolve(line);
          });
        }
      }),
    last: () => lines.join('\n'),
  };
}

/** Asks until the answer is 2xx; then null, as there is no line. */
async function answered(url: URL, signal: AbortSignal): Promise<null> {
  while (!signal.aborted && !(await isGood(url))) await delay(POLL_MS);
  return null;
}

function isGood(url: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 1000 }, (response) => {
      response.resume();
      const status = response.statusCode ?? 0;
      resolve(status >= 200 && status < 300);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

/** Stops the process by its id, and ends it with ours if nobody does. */
function stopper(child: ChildProcess, gone: Promise<string>): () => Promise<void> {
  const exited = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  const end = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', end);
  const stop = async (): Promise<void> => {
    const tree = child.pid === undefined ? [] : await processTree(child.pid);
    child.kill('SIGTERM');
    const timer = setTimeout(end, GRACE_MS);
    await Promise.race([exited, gone]);
    clearTimeout(timer);
    for (const each of tree) await killLeftOver(each);
    // A descendant that left the tree may hold the pipes open: let go of them.
    child.stdout?.destroy();
    child.stderr?.destroy();
    await gone;
    process.removeListener('exit', end);
  };
  let stopping: Promise<void> | null = null;
  return () => (stopping ??= stop());
}

async function killLeftOver(left: ProcessId): Promise<void> {
  while (await isAlive(left)) {
    killProcess(left.pid);
    await delay(POLL_MS);
  }
}

/** SIGKILL by id; a process that has just ended is as good. */
function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function runFromCommandLine(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'ready-line': { type: 'string' },
      'ready-url': { type: 'string' },
      'settle-seconds': { type: 'string', default: '0' },
    },
  });
  const [command, ...args] = positionals;
  const line = values['ready-line'];
  const ready = line === undefined ? values['ready-url'] : new RegExp(line);
  if (command === undefined || ready === undefined) {
    throw new Error(
      'usage: measure.ts (--ready-line pattern | --ready-url url) [--settle-seconds 0] -- command [argument …]',
    );
  }
  await using measured = await startMeasured({ command, args, ready });
  await delay(Number(values['settle-seconds']) * 1000);
  const { readyMs, readyLine } = measured;
  console.log(JSON.stringify({ readyMs, readyLine, ...(await measured.memory()) }, null, 2));
}

if (import.meta.main) await runFromCommandLine();
