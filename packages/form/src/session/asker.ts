/**
 * Asks the sources of an open form what it needs. Answers are kept by what was asked, so one that comes late changes nothing
 * but what is known; of one thing that is asked twice, only the newest start counts.
 */
import type { Answered, AskSource, SourceNeed } from '../graph.ts';
import { answerTo } from '../resolve/resolve-form.ts';
import type { After } from './write-guard.ts';

export interface Asker {
  readonly answers: ReadonlyMap<string, Answered>;
  /** Asks what is needed and not on the way; drops what nobody needs any more. */
  readonly update: (needs: readonly SourceNeed[], used: ReadonlySet<string>) => void;
  /** Forgets what failed, and starts again what is on the way. */
  readonly retry: (keys: readonly string[]) => void;
  /** Asks at once what waits for a pause in typing. */
  readonly hurry: () => void;
  readonly isBusy: () => boolean;
  readonly close: () => void;
}

export interface AskerDeps {
  readonly ask: AskSource;
  readonly pause: number;
  readonly after: After;
  readonly answered: () => void;
}

/** Answers that are kept although nothing needs them now. */
const KEPT = 200;

interface OnTheWay {
  readonly need: SourceNeed;
  readonly sequence: number;
  /** Null while it waits for a pause. */
  readonly controller: AbortController | null;
  readonly cancelPause: () => void;
}

export function createAsker({ ask, pause, after, answered }: AskerDeps): Asker {
  const answers = new Map<string, Answered>();
  const onTheWay = new Map<string, OnTheWay>();
  const asked = new Set<string>();
  const urgent = new Set<string>();
  let count = 0;

  const start = async (need: SourceNeed): Promise<void> => {
    const { key } = need;
    const sequence = (count += 1);
    const controller = new AbortController();
    onTheWay.set(key, { need, sequence, controller, cancelPause: () => undefined });
    const answer = await answerTo(need, ask, controller.signal);
    if (onTheWay.get(key)?.sequence !== sequence) return;
    onTheWay.delete(key);
    answers.set(key, answer);
    answered();
  };
  const drop = (key: string): void => {
    const entry = onTheWay.get(key);
    onTheWay.delete(key);
    entry?.cancelPause();
    entry?.controller?.abort();
  };
  const begin = (need: SourceNeed): void => {
    const isFirst = !asked.has(topicOf(need)) || urgent.has(need.key);
    urgent.delete(need.key);
    if (isFirst || pause === 0) {
      void start(need);
      return;
    }
    const sequence = (count += 1);
    const cancelPause = after(pause, () => void start(need));
    onTheWay.set(need.key, { need, sequence, controller: null, cancelPause });
  };
  return {
    answers,
    update(needs, used) {
      const wanted = new Set(needs.map(({ key }) => key));
      for (const key of onTheWay.keys()) if (!wanted.has(key)) drop(key);
      for (const need of needs) if (!onTheWay.has(need.key)) begin(need);
      for (const need of needs) asked.add(topicOf(need));
      forgetOld(answers, used);
    },
    retry(keys) {
      for (const key of keys) {
        if (answers.get(key)?.status === 'failed') answers.delete(key);
        urgent.add(key);
        const entry = onTheWay.get(key);
        if (entry === undefined) continue;
        drop(key);
        void start(entry.need);
      }
    },
    hurry() {
      for (const { need, controller, cancelPause } of onTheWay.values()) {
        if (controller !== null) continue;
        cancelPause();
        void start(need);
      }
    },
    isBusy: () => onTheWay.size > 0,
    close() {
      for (const key of onTheWay.keys()) drop(key);
    },
  };
}

/** What was asked about before, it is asked about again because somebody types. */
function topicOf({ field, what, holds }: SourceNeed): string {
  return `${field} ${what} ${holds.length > 0}`;
}

/** What is used is youngest. Failures are not kept: who comes back to the same values asks again. */
function forgetOld(answers: Map<string, Answered>, used: ReadonlySet<string>): void {
  for (const key of used) {
    const answer = answers.get(key);
    if (answer === undefined) continue;
    answers.delete(key);
    answers.set(key, answer);
  }
  let unused = [...answers.keys()].filter((key) => !used.has(key)).length;
  for (const [key, { status }] of answers) {
    if (used.has(key) || (status === 'ready' && unused <= KEPT)) continue;
    answers.delete(key);
    unused -= 1;
  }
}
