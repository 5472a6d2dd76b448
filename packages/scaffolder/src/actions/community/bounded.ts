/**
 * Runs what a template wrote as a program (a JSONata expression, a regular expression) in a thread of its own, which is
 * ended when it takes too long or too much: neither can be interrupted in the thread that it runs in.
 */
import { Worker } from 'node:worker_threads';
import { CodedError } from '@callboard/kernel';
import { isObject, type JsonValue } from '@callboard/model';

export type BoundedTask =
  | { readonly kind: 'jsonata'; readonly expression: string; readonly data: JsonValue }
  | {
      readonly kind: 'replace';
      readonly texts: readonly string[];
      readonly find: string;
      readonly by: string;
    };

export interface Bounds {
  /** Milliseconds. */
  readonly timeout: number;
  /** MiB that the thread may take. */
  readonly memory: number;
}

export const BOUNDS: Bounds = { timeout: 10_000, memory: 256 };

/**
 * @returns what the task gives; undefined when an expression gives nothing
 * @throws CodedError `scaffolder/expression-failed`, `scaffolder/expression-too-long`
 */
export async function runBounded(
  task: BoundedTask,
  { signal, bounds }: { readonly signal: AbortSignal; readonly bounds: Bounds },
): Promise<JsonValue | undefined> {
  signal.throwIfAborted();
  const worker = new Worker(new URL('./bounded-worker.ts', import.meta.url), {
    workerData: task,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: bounds.memory },
  });
  const result = Promise.withResolvers<unknown>();
  worker.once('message', result.resolve);
  worker.once('error', result.reject);
  worker.once('exit', () => result.reject(new Error('its thread ended')));
  const timer = setTimeout(() => result.reject(tooLong(task, bounds)), bounds.timeout);
  const onAbort = (): void => result.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return valueOf(task, await result.promise);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    throw code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooLong(task, bounds) : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** The worker posts `{ json }` or `{ error }`. */
function valueOf(task: BoundedTask, message: unknown): JsonValue | undefined {
  if (isObject(message) && typeof message['json'] === 'string') return JSON.parse(message['json']);
  if (isObject(message) && typeof message['error'] === 'string') throw failed(task, message['error']);
  return undefined;
}

function shown(task: BoundedTask): string {
  const text = task.kind === 'jsonata' ? task.expression : task.find;
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function failed(task: BoundedTask, said: string): CodedError {
  const what = task.kind === 'jsonata' ? 'JSONata expression' : 'regular expression';
  const message = `The ${what} "${shown(task)}" failed: ${said}`;
  return new CodedError(400, 'scaffolder/expression-failed', message);
}

function tooLong(task: BoundedTask, { timeout, memory }: Bounds): CodedError {
  const message = `"${shown(task)}" took more than ${timeout / 1_000} s or ${memory} MiB and was stopped. Make it simpler.`;
  return new CodedError(400, 'scaffolder/expression-too-long', message);
}
