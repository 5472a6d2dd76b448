/** Small forms for tests: properties as an author writes them, and sources that answer when the test says so. */
import type { JsonObject } from '@callboard/model';
import { compileForm } from '../compile/compile-form.ts';
import type { AskSource, FormGraph, FormUser, Option, SourceAnswer, SourceNeed } from '../graph.ts';

export const ANNA: FormUser = {
  ref: 'user:default/anna',
  name: 'anna',
  displayName: 'Anna',
  email: null,
  groups: [],
};

export async function graphOf(properties: JsonObject, more: JsonObject = {}): Promise<FormGraph> {
  return compileForm({ pages: [{ type: 'object', properties, ...more }] });
}

export function answerOf(values: readonly string[], more: Partial<SourceAnswer> = {}): SourceAnswer {
  const options = values.map((value): Option => ({ value, label: value }));
  return { options, total: options.length, isTruncated: false, held: [], ...more };
}

export interface Asked {
  readonly need: SourceNeed;
  readonly search: string | undefined;
  readonly signal: AbortSignal;
  readonly answer: (answer: SourceAnswer) => void;
  readonly fail: (message: string) => void;
}

export function createQueue(): { readonly ask: AskSource; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const ask: AskSource = (need, { search, signal }) =>
    new Promise((answer, reject) => {
      asked.push({ need, search, signal, answer, fail: (message) => reject(new Error(message)) });
    });
  return { ask, asked };
}

export interface Clock {
  readonly after: (milliseconds: number, then: () => void) => () => void;
  /** Runs what waits for at most so long. */
  readonly pass: (milliseconds: number) => void;
}

export function createClock(): Clock {
  let waiting: { readonly left: number; readonly run: () => void }[] = [];
  return {
    after(milliseconds, then) {
      const entry = { left: milliseconds, run: then };
      waiting.push(entry);
      return () => (waiting = waiting.filter((other) => other !== entry));
    },
    pass(milliseconds) {
      const due = waiting.filter(({ left }) => left <= milliseconds);
      waiting = waiting.filter((entry) => !due.includes(entry));
      for (const { run } of due) run();
    },
  };
}

/** One turn of the event loop: all microtasks are done. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
