/** A progress bar on a terminal, drawn only when the work takes longer than a second. */
import type { CommandContext } from './context.ts';

export interface Progress {
  /** One more is done. */
  step(): void;
  /** Takes the bar away. */
  end(): void;
}

const DELAY = 1_000;
const REDRAW = 100;
const WIDTH = 30;

export function createProgress(
  context: CommandContext,
  { label, total }: { label: string; total: number },
): Progress {
  const started = performance.now();
  let done = 0;
  let drawn = 0;
  const draw = (): void => {
    const filled = total === 0 ? WIDTH : Math.round((done / total) * WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
    context.err(`\r${label} ${bar} ${done}/${total}`);
    drawn = performance.now();
  };
  return {
    step: () => {
      done++;
      const now = performance.now();
      if (context.isTerminal && now - started > DELAY && now - drawn > REDRAW) draw();
    },
    end: () => {
      if (drawn > 0) context.err(`\r${' '.repeat(label.length + WIDTH + 24)}\r`);
    },
  };
}
