/** Signals that ask a running command to stop. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * One Ctrl-C arrives more than once: from the terminal, and from npm or another Node that passes it on.
 * Signals within this many milliseconds of the first are the same wish.
 */
const SAME_WISH = 500;

/** Exit code of a command that is made to stop, as a shell reports SIGINT. */
export const STOPPED = 130;

/**
 * Listens from now on; the promise resolves at the first signal. A second one, half a second later or more, ends
 * the process at once.
 */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => void onStop(resolve));
}

/**
 * The same for work that takes an `AbortSignal`; no longer listens when it is disposed. `onAbort` is called once, at
 * the first signal.
 */
export function stopSignal(onAbort: () => void): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const end = onStop(() => {
    if (controller.signal.aborted) return;
    controller.abort();
    onAbort();
  });
  return { signal: controller.signal, [Symbol.dispose]: end };
}

/** Calls at each signal, until what it gives is called. */
function onStop(listener: () => void): () => void {
  let first: number | null = null;
  const heard = (): void => {
    if (first !== null && performance.now() - first > SAME_WISH) process.exit(STOPPED);
    first ??= performance.now();
    listener();
  };
  for (const signal of SIGNALS) process.on(signal, heard);
  return () => {
    for (const signal of SIGNALS) process.off(signal, heard);
  };
}
