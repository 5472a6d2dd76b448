/**
 * Says on standard error which stage a command is at, how long each took and what came of it. On a terminal the running
 * stage shows its seconds and its last line; all lines go to a log.
 */
import type { Output } from '../output.ts';

/** One stage at a time. */
export interface Stages {
  /**
   * Runs a stage; `say` tells in a clause what came of it. `work` gets what takes its lines. Rejects as `work` does,
   * after it said that the stage failed.
   */
  run<T>(name: string, work: (log: Log) => Promise<T>, say: (result: T) => string): Promise<T>;
}

export type Log = (line: string) => void;

export interface StagesOptions {
  /** Nothing is written. */
  readonly quiet: boolean;
  /** A stage that this ends was stopped, and did not fail. Default: none. */
  readonly signal?: AbortSignal;
  /** Takes each line of each stage. */
  readonly keep: (stage: string, line: string) => void;
  /** Milliseconds from any beginning. Default: those of the process. */
  readonly now?: () => number;
}

/** Milliseconds between two drawings. */
const REDRAW = 250;
/** Characters of a terminal that has no more. */
const WIDTH = 79;

export function createStages(on: Output, options: StagesOptions): Stages {
  const { quiet, keep, signal, now = performanceNow } = options;
  return {
    run: async (name, work, say) => {
      const started = now();
      const seconds = (): string => `${((now() - started) / 1_000).toFixed(1).padStart(6)} s`;
      const live = quiet || !on.isTerminal ? null : drawLive(on, { name, seconds });
      const end = async (text: string): Promise<void> => {
        live?.end();
        if (!quiet) await on.write(`${on.paint('bold', name.padEnd(8))}${seconds()}  ${text}\n`);
      };
      try {
        const result = await work((line) => {
          keep(name, line);
          live?.show(line);
        });
        await end(say(result));
        return result;
      } catch (error) {
        await end(signal?.aborted === true ? 'stopped' : on.paint('red', 'failed'));
        throw error;
      }
    },
  };
}

function performanceNow(): number {
  return performance.now();
}

interface Live {
  show(line: string): void;
  /** Takes it away. */
  end(): void;
}

function drawLive(on: Output, { name, seconds }: { name: string; seconds: () => string }): Live {
  let last = '';
  const draw = (): void => {
    // Programs of an image write these lines: nothing of them may steer the terminal.
    const shown = last.replace(/^[a-z]+ing: /, '').replaceAll(/[^\x20-\x7e]+/g, ' ');
    const text = `${name.padEnd(8)}${seconds()}  ${shown}`;
    void on.write(`\r${text.slice(0, WIDTH).padEnd(WIDTH)}`);
  };
  draw();
  const timer = setInterval(draw, REDRAW);
  timer.unref();
  return {
    show: (line) => {
      last = line;
    },
    end: () => {
      clearInterval(timer);
      void on.write(`\r${' '.repeat(WIDTH)}\r`);
    },
  };
}
