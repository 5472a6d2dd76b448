/** Signals that ask a running command to stop. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C arrives more than once: from the terminal, and from npm or another Node that passes it on.
 * Signals within this many milliseconds of the first are the same wish.
 */
const SAME_WISH = 500;

/** Exit code of a command that is made to stop, as a shell reports SIGINT. */
const STOPPED = 130;

/**
 * Listens from now on; the promise resolves at the first signal. A second one, half a second later or more, ends
 * the process at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | null = null;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (first !== null && performance.now() - first > SAME_WISH) process.exit(STOPPED);
        first ??= performance.now();
        resolve();
      });
    }
  });
}
