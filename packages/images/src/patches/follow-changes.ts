/** Follows the change stream of the findings as long as it lives: at once when woken, and every few seconds. */
import { messageOf, type Log } from '@callboard/kernel';
import { consumeChanges, type ConsumeOptions, type Consumed } from '../findings/consume.ts';

export interface Following extends AsyncDisposable {
  /** Something was put: looks at once. Resolves when that look has ended. */
  wake(): Promise<void>;
}

const PAUSE = 5_000;

export function followChanges(
  options: Omit<ConsumeOptions, 'signal'>,
  { log, every = PAUSE }: { readonly log: Log; readonly every?: number },
): Following {
  const stopped = new AbortController();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let looking: Promise<void> | null = null;
  let isWanted = false;

  const look = async (): Promise<void> => {
    do {
      isWanted = false;
      try {
        tell(await consumeChanges({ ...options, signal: stopped.signal }), log);
      } catch (error) {
        log.warn('the changes of findings could not be followed; it is tried again', {
          error: messageOf(error),
        });
      }
    } while (isWanted && !stopped.signal.aborted);
  };
  const wake = (): Promise<void> => {
    if (stopped.signal.aborted) return Promise.resolve();
    isWanted = true;
    if (timer !== null) clearTimeout(timer);
    looking ??= look().finally(() => {
      looking = null;
      if (stopped.signal.aborted) return;
      if (isWanted) void wake();
      timer = setTimeout(() => void wake(), every);
      timer.unref();
    });
    return looking;
  };
  return {
    wake,
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      if (timer !== null) clearTimeout(timer);
      await looking;
    },
  };
}

function tell({ state, setAside, error }: Consumed, log: Log): void {
  if (setAside > 0) log.warn('changes of findings were set aside: they failed again and again', { setAside });
  if (state === 'failing') log.warn('a change of a finding failed; it is tried again', { error });
}
