/** jq, as Port's forms use it, as JSONata. What is not understood is named with its place, and never guessed. */
import { functionsFor } from './jq-functions.ts';
import { JqProblem } from './jq-problem.ts';
import { callOf } from './jq-scope.ts';
import { parseJq } from './parse-jq.ts';
import { write } from './write-jsonata.ts';

export type Translated =
  | { readonly text: string }
  | {
      /** A sentence without a full stop. */
      readonly problem: string;
      /** Characters into the text. */
      readonly index: number;
    };

/**
 * Never throws. Of several results the first counts; without any there is none.
 * @param as `flag`: whether the result is neither null nor false, as jq takes conditions
 */
export function translateJq(text: string, as: 'value' | 'flag' = 'value'): Translated {
  const book = { used: new Set<string>(), count: 0, write };
  const scope = { dot: '$$', variables: new Map<string, string>(), book };
  try {
    const written = write(parseJq(text), scope);
    const value = written.isMany === true ? `(${written.text})[0]` : written.text;
    const body = as === 'flag' && written.isFlag !== true ? callOf(scope, 'true', [value]) : value;
    const functions = functionsFor(book.used);
    return { text: functions.length === 0 ? body : `(${[...functions, body].join('; ')})` };
  } catch (thrown) {
    if (thrown instanceof JqProblem) return { problem: thrown.message, index: thrown.index };
    throw thrown;
  }
}
