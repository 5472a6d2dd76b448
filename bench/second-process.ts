/**
 * Runs a file of this folder as a second Node process that is told one thing and answers one thing, so that a load
 * generator or a reference server does not share the event loop of the benchmark, nor of what it measures.
 */
import { fork, type ChildProcess } from 'node:child_process';

export interface SecondProcessOptions {
  /** Absolute path of the module to run. */
  readonly file: string;
  /** Sent as soon as the process runs; structured-clone data. */
  readonly message: object;
  /** Seconds to wait for the answer; then the process is killed. */
  readonly within: number;
}

export interface SecondProcess {
  /** What the process answered, not checked. */
  readonly answer: unknown;
  readonly pid: number;
  /** Ends the process and waits until it is gone. Any number of calls. */
  readonly close: () => Promise<void>;
}

const CHILD_ARGUMENT = 'second-process';

/**
 * Starts the process and waits for its answer. Throws an Error when it ends first, cannot be started or takes too long;
 * it is gone then. Its stderr is ours.
 */
export async function startSecondProcess(options: SecondProcessOptions): Promise<SecondProcess> {
  const child = fork(options.file, [CHILD_ARGUMENT], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  try {
    const answer = await answerOf(child, options);
    return { answer, pid: child.pid ?? 0, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function answerOf(child: ChildProcess, options: SecondProcessOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${options.file} gave no answer within ${options.within} s`));
    }, options.within * 1000);
    child.once('message', (answer: unknown) => {
      clearTimeout(timer);
      resolve(answer);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`${options.file} ended without an answer (${signal ?? `exit code ${code}`})`));
    });
    child.send(options.message, (error) => {
      if (error !== null) reject(error);
    });
  });
}

/** True in a process that `startSecondProcess` started. */
export function isSecondProcess(): boolean {
  return process.argv[2] === CHILD_ARGUMENT && process.send !== undefined;
}

/** In the second process: hands over the message, sends back the answer; ends with the first process, at the latest. */
export function answerFirstProcess(answer: (message: unknown) => Promise<object>): void {
  process.once('disconnect', () => process.exit());
  process.once('message', (message: unknown) => {
    answer(message).then(
      (result) => process.send?.(result),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
