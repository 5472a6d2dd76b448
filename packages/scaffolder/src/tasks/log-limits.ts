/** How much a task may log: no line, and no log, grows without end; what says how steps went is always kept. */
import type { RunLogLine } from '../run/run.ts';

/** Characters of a line. */
export const LONGEST_LINE = 65_536;
/** Lines of an attempt. */
export const MOST_LINES = 20_000;
/** Characters of all lines of an attempt. */
export const MOST_CHARS = 16_777_216;

export interface LogLimits {
  /** The lines to store for one that was logged: it, shortened when it is too long; a notice; or none. */
  take(line: RunLogLine): readonly RunLogLine[];
  /** Lines and characters so far, what was left out counted in. */
  used(): { readonly lines: number; readonly chars: number };
}

/** `used`: what the attempt logged before a restart. */
export function createLogLimits(used: { readonly lines: number; readonly chars: number }): LogLimits {
  let { lines, chars } = used;
  return {
    take: (line) => {
      const wasFull = isFull(lines, chars);
      const short = shorten(line);
      lines++;
      chars += short.message.length;
      if (!wasFull && !isFull(lines, chars)) return [short];
      const kept = !wasFull || line.status !== undefined ? [short] : [];
      return wasFull ? kept : [...kept, { message: FULL }];
    },
    used: () => ({ lines, chars }),
  };
}

const FULL = `The log is full (${MOST_LINES} lines, or ${MOST_CHARS / 1_048_576} MiB): what follows is left out, but for how steps go.`;

function isFull(lines: number, chars: number): boolean {
  return lines >= MOST_LINES || chars >= MOST_CHARS;
}

function shorten(line: RunLogLine): RunLogLine {
  const left = line.message.length - LONGEST_LINE;
  if (left <= 0) return line;
  return { ...line, message: `${line.message.slice(0, LONGEST_LINE)}… (${left} more characters left out)` };
}
