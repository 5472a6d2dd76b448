/** A progress bar on a terminal, drawn only when the work takes longer than a second. */
import type { Output } from './output.ts';

export interface Progress {
  /** One more is done. */
  step(): void;
  /** Takes the bar away. */
  end(): void;
}

/** Milliseconds. */
const DELAY = 1_000;
const REDRAW = 100;
const WIDTH = 30;

export interface ProgressOptions {
  /** What is going on, as `Checking`. */
  readonly label: string;
  readonly total: number;
  /** Milliseconds from any beginning. Default: those of the process. */
  readonly now?: () => number;
}

export function createProgress(on: Output, options: ProgressOptions): Progress {
  const { label, total, now = () => performance.now() } = options;
  const started = now();
  let done = 0;
  let drawn = 0;
  let width = 0;
  const draw = (): void => {
    const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
    const line = `${label} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${done}/${total}`;
    width = line.length;
    void on.write(`\r${line}`);
    drawn = now();
  };
  return {
    step: () => {
      done++;
      if (on.isTerminal && now() - started > DELAY && now() - drawn > REDRAW) draw();
    },
    end: () => {
      if (width > 0) void on.write(`\r${' '.repeat(width)}\r`);
      width = 0;
    },
  };
}
