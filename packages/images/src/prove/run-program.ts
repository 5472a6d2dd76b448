/** Runs a program of this machine, as a scanner, by its argument vector: bounded in time and output, no shell, no input. */
import { spawn } from 'node:child_process';

export interface ProgramOptions {
  /** Everything that the program sees of an environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Milliseconds. */
  readonly timeout: number;
  /** Bytes of standard output; the program is killed when it prints more. */
  readonly maxOutput: number;
}

export interface ProgramOutput {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: Buffer;
  /** The last 16 KiB. */
  readonly stderr: string;
}

export type RunProgram = (argv: readonly string[], options: ProgramOptions) => Promise<ProgramOutput>;

const STDERR_BYTES = 16 * 1024;

/** Rejects when the program cannot be started (`ENOENT`), is aborted, or prints too much. */
export const runProgram: RunProgram = async (argv, options) => {
  const [program = '', ...rest] = argv;
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeout)]);
  const child = spawn(program, rest, {
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const stdout: Buffer[] = [];
  let size = 0;
  let stderr = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= options.maxOutput) stdout.push(chunk);
    if (size > options.maxOutput) child.kill('SIGKILL');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-STDERR_BYTES);
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (size > options.maxOutput) throw new Error(`${program} printed more than ${options.maxOutput} bytes.`);
  return { exitCode, stdout: Buffer.concat(stdout), stderr: stderr.toString('utf8') };
};
