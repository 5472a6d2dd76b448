/** From the stack of an error in compiled code to the line of its source, which the server knows. */
import type { Client } from '../../api/client.ts';
import { problemOf, toProblem, wordsOf, type ExtensionProblem } from './problem.ts';

/** Whose code failed, and what it threw. */
export interface Failure {
  readonly file: string;
  readonly thrown: unknown;
  /** React's list of components, where a component failed. */
  readonly componentStack?: string | undefined;
}

export type Locate = (failure: Failure) => Promise<ExtensionProblem>;

const FRAME = /\/api\/extensions\/v1\/modules\/([\w-]+)\.js:(\d+):(\d+)/;

/** Answers without a line when there is none to be found. Never rejects. */
export function createLocate(client: Client): Locate {
  return async ({ file, thrown, componentStack = '' }) => {
    const plain = problemOf(file, wordsOf(thrown));
    const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
    // An element of nothing is thrown by React; then the component that drew it is to blame.
    const frame = FRAME.exec(stack) ?? FRAME.exec(componentStack);
    if (frame === null) return plain;
    const body = { hash: frame[1], line: Number(frame[2]), column: Number(frame[3]) };
    try {
      const place = toProblem(await client({ path: '/api/extensions/v1/locate', body }), file);
      return { ...place, text: plain.text };
    } catch {
      // The file was saved again, and the server has forgotten this version.
      return plain;
    }
  };
}
