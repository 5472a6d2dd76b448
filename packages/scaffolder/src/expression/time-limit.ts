/**
 * A limit of time for regular expressions. The template engine counts its own work, but a regular expression of a
 * template runs in the JavaScript engine, where a bad pattern can run for years. `node:vm` ends it: its watchdog stops
 * whatever the thread does, also code of the outer context. A call costs about 60 µs more, so only texts that can hold
 * an expression of this kind pay for it.
 */
import { isObject } from '@callboard/model';
import { createContext, Script, type Context } from 'node:vm';

/** The call was ended. */
export class TimeLimitReached extends Error {}

let sandbox: { readonly context: Context; readonly script: Script } | null = null;

/**
 * Runs `work`, for at most so many milliseconds. What it throws comes through.
 * @throws TimeLimitReached
 */
export function withTimeLimit<Value>(milliseconds: number, work: () => Value): Value {
  sandbox ??= { context: createContext({ run: null }), script: new Script('run()') };
  const done: { readonly value: Value }[] = [];
  sandbox.context['run'] = () => {
    done.push({ value: work() });
  };
  try {
    sandbox.script.runInContext(sandbox.context, { timeout: milliseconds });
  } catch (thrown) {
    if (isTimeout(thrown)) throw new TimeLimitReached(`Ended after ${milliseconds} ms`);
    throw thrown;
  } finally {
    sandbox.context['run'] = null;
  }
  const [result] = done;
  if (result === undefined) throw new TimeLimitReached('Ended before it was done');
  return result.value;
}

/** The error comes out of the other context, so it is no instance of this one's `Error`. */
function isTimeout(thrown: unknown): boolean {
  return isObject(thrown) && thrown['code'] === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
