/** The one way in which time passes here: a function to call later, handed down so that a test can own the clock. */

/** Calls `run` once after `ms` milliseconds, unless the returned function is called first. */
export type After = (ms: number, run: () => void) => () => void;

/** The longest that setTimeout can wait. */
const LONGEST = 2 ** 31 - 1;

/** The machine's timers. They keep the process alive: a job that waits for its next attempt is work to be done. */
export const afterReally: After = (ms, run) => {
  const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST));
  return () => clearTimeout(timer);
};
