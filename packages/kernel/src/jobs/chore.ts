/** Something that is done again and again: when it is woken, and after a sleep. */
import type { After } from './timer.ts';

export interface Chore {
  /** Does it now. */
  wake(): void;
  /** Resolves when none is under way and none will follow. */
  end(): Promise<void>;
}

/** Does something again and again, never twice at a time; it sleeps for as many milliseconds as it returned. */
export function startChore(
  { after, isOpen }: { readonly after: After; readonly isOpen: () => boolean },
  chore: () => Promise<number>,
): Chore {
  let isWoken = false;
  let doing: Promise<void> | null = null;
  let stopTimer = (): void => {};
  const whileWoken = async (): Promise<void> => {
    let sleep = Infinity;
    while (isWoken && isOpen()) {
      isWoken = false;
      sleep = await chore();
    }
    doing = null;
    if (isOpen() && sleep !== Infinity) stopTimer = after(sleep, wake);
  };
  function wake(): void {
    isWoken = true;
    if (!isOpen() || doing !== null) return;
    stopTimer();
    doing = whileWoken();
  }
  return {
    wake,
    end: async () => {
      stopTimer();
      await doing;
    },
  };
}
