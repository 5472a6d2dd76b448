/** Waits for something that another process brings about, by looking again and again: no test sleeps. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Wait {
  /** Milliseconds. Default: 15,000, so that a busy machine does not fail a test. */
  readonly within?: number;
  /** Milliseconds between two looks. Default: 25. */
  readonly every?: number;
}

/**
 * Answers how many milliseconds it took until `holds` answered true. Rejects with `what` when it never did, and
 * with whatever `holds` threw last as the cause.
 */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { within = 15_000, every = 25 }: Wait = {},
): Promise<number> {
  const began = performance.now();
  let cause: unknown;
  for (;;) {
    try {
      cause = undefined;
      if (await holds()) return performance.now() - began;
    } catch (thrown) {
      cause = thrown;
    }
    if (performance.now() - began > within) {
      throw new Error(`this did not come about within ${within} ms: ${what}`, { cause });
    }
    await pause(every);
  }
}
