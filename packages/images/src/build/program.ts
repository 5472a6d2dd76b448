/** Runs a program of this machine: bounded output, a time limit, and a way to kill all of it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import type { CommandOutput } from '../script/command.ts';
import { buildError, namedFailure, stopIfAborted } from './errors.ts';

const OUT_BYTES = 4 * 1024 * 1024;
const ERR_BYTES = 1024 * 1024;
/** Lines of one program that go to the log, and characters of one. */
const LOG_LINES = 5000;
const LOG_WIDTH = 2000;

export interface ProgramOptions {
  readonly argv: readonly string[];
  /** Default: an empty one. */
  readonly input?: string | AsyncIterable<Buffer>;
  /** Milliseconds. Default: none. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /** Ends what the program started beyond its process group, which is killed then. */
  readonly kill?: () => Promise<void>;
  /** Gets each line of both outputs. */
  readonly onLine?: (line: string) => void;
}

/** Keeps the end of what it is given. */
class Tail {
  readonly #most: number;
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size > 2 * this.#most) {
      this.#cut();
    }
  }

  #cut(): void {
    const all = Buffer.concat(this.#chunks);
    const end = all.subarray(Math.max(0, all.length - this.#most));
    this.#chunks = [Buffer.from(end)];
    this.#size = end.length;
  }

  text(): string {
    this.#cut();
    // The cut may have split a character: its rest is passed over.
    const [bytes = Buffer.alloc(0)] = this.#chunks;
    let start = 0;
    while (this.#size === this.#most && start < 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) {
      start += 1;
    }
    return bytes.toString('utf8', start);
  }
}

function lineSplitter(onLine: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let count = 0;
  return (chunk) => {
    if (count > LOG_LINES) {
      return;
    }
    const lines = (rest + decoder.write(chunk)).split(/\r?\n|\r/);
    rest = (lines.pop() ?? '').slice(0, LOG_WIDTH);
    for (const line of lines) {
      count += 1;
      if (count > LOG_LINES) {
        onLine('… more lines than a log can hold');
        return;
      }
      onLine(line.slice(0, LOG_WIDTH));
    }
  };
}

/** The environment of programs of this machine: no variable of the portal reaches them. */
export function plainEnv(): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LC_ALL: 'C.UTF-8',
    HOME: '/root',
  };
}

/**
 * Resolves when the program and what holds its outputs open has ended, with any exit code. Rejects with
 * `images/build-timeout`, `images/build-stopped`, or `images/build-failed` when it could not be started.
 */
export async function runProgram(options: ProgramOptions): Promise<CommandOutput> {
  const [file, ...args] = options.argv;
  if (file === undefined) {
    throw buildError('images/build-bad-command', 'A command without a program cannot be run.');
  }
  if (options.signal?.aborted === true) {
    throw buildError('images/build-stopped', `The build was stopped before ${file} was run.`);
  }
  const started = performance.now();
  const child = spawn(file, args, {
    env: plainEnv(),
    cwd: '/',
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const stdout = new Tail(OUT_BYTES);
  const stderr = new Tail(ERR_BYTES);
  listen(child.stdout, stdout, options.onLine);
  listen(child.stderr, stderr, options.onLine);
  let ended: 'time' | 'signal' | null = null;
  let killed: Promise<void> = Promise.resolve();
  const end = (why: 'time' | 'signal') => {
    ended ??= why;
    killed = (options.kill?.() ?? Promise.resolve()).catch(() => {}).then(() => killGroup(child.pid));
  };
  const onAbort = () => end('signal');
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => end('time'), Math.min(options.timeout, 2 ** 31 - 1));
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(namedFailure(error, `${file} cannot be run`)));
    child.once('close', (code) => resolve(code));
  });
  try {
    const fed = feed(child.stdin, options.input);
    const exitCode = await closed;
    await killed;
    // What could not be fed because the program ended first is told by its exit code; a broken source is not.
    const problem = await fed;
    const took = Math.round(performance.now() - started);
    if (ended === 'time') {
      const said = stderr.text().trim().slice(-500);
      throw buildError(
        'images/build-timeout',
        `${file} took longer than ${options.timeout} ms and was killed. ${said}`.trim(),
      );
    }
    if (ended === 'signal') {
      throw buildError('images/build-stopped', `${file} was killed, as the build was stopped.`);
    }
    if (problem !== null) {
      throw problem;
    }
    return { exitCode, stdout: stdout.text(), stderr: stderr.text(), took };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/** As `runProgram`; any other exit code than 0 is `images/build-failed`, or `images/build-disk-full`. */
export async function mustRun(options: ProgramOptions): Promise<CommandOutput> {
  const output = await runProgram(options);
  if (output.exitCode !== 0) {
    const said = `${output.stderr.trim().slice(-1000)} (exit code ${output.exitCode ?? 'none: killed'})`;
    throw namedFailure(new Error(said), `${options.argv[0] ?? ''} failed`);
  }
  return output;
}

function listen(stream: Readable, tail: Tail, onLine: ((line: string) => void) | undefined): void {
  const split = onLine === undefined ? null : lineSplitter(onLine);
  stream.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    split?.(chunk);
  });
  stream.on('error', () => {});
}

/** Null when all was written, or the program did not want to read on; else what the source failed with. */
async function feed(stdin: NodeJS.WritableStream, input: ProgramOptions['input']): Promise<Error | null> {
  if (input === undefined || typeof input === 'string') {
    stdin.on('error', () => {});
    stdin.end(input ?? '');
    return null;
  }
  try {
    await pipeline(input, stdin);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const closedEarly = code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
    return closedEarly ? null : namedFailure(error, 'feeding a program');
  }
}

/**
 * What a program writes, as it comes. Rejects at its end with `images/build-failed` when the exit code is not 0, and with
 * `images/build-stopped` once the signal has killed it.
 */
export async function* outputOf(
  argv: readonly [string, ...string[]],
  { signal }: { readonly signal: AbortSignal },
): AsyncGenerator<Buffer, void, undefined> {
  stopIfAborted(signal);
  const [file, ...args] = argv;
  const child = spawn(file, args, {
    env: plainEnv(),
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said = new Tail(2000);
  listen(child.stderr, said, undefined);
  const closed = once(child, 'close');
  // Who reads to the end meets it.
  closed.catch(() => {});
  const onAbort = () => killGroup(child.pid);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    yield* byteChunks(child.stdout);
    const [code]: unknown[] = await closed;
    if (code !== 0) {
      throw new Error(`exit code ${String(code)}: ${said.text().trim()}`);
    }
  } catch (error) {
    stopIfAborted(signal);
    throw namedFailure(error, `${file} failed`);
  } finally {
    signal.removeEventListener('abort', onAbort);
    killGroup(child.pid);
  }
}

export async function* byteChunks(source: AsyncIterable<unknown>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of source) {
    if (chunk instanceof Uint8Array) {
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    }
  }
}

/** A program that is started as leader of a group is killed with the group. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) {
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
