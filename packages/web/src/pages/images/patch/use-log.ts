/** The log of a patch as it grows, in batches; of a very long one only the end is kept. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Patch } from '../../../api/images-patch.ts';
import { followLog, type LogLine, type LogState } from './follow-log.ts';
import { patchKey, useRawClient } from './queries.ts';

const MOST_LINES = 5_000;
/** Lines that come within this time are shown together, in milliseconds. */
const BATCH_MS = 100;

export interface Log {
  readonly lines: readonly LogLine[];
  readonly state: LogState;
  /** Why it is followed no longer; null while it is. */
  readonly error: unknown;
  readonly again: () => void;
}

/** It is taken up again where it was when the state of the patch changes, as one that had ended can be promoted. */
export function useLog({ id, stateText }: Patch): Log {
  const raw = useRawClient();
  const cache = useQueryClient();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<LogState>('connecting');
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const last = useRef(0);

  useEffect(() => {
    const leave = new AbortController();
    let batch: LogLine[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = (): void => {
      timer = null;
      const added = batch;
      batch = [];
      setLines((before) => [...before, ...added].slice(-MOST_LINES));
    };
    setError(null);
    followLog(
      { raw, pause },
      {
        patchId: id,
        after: last.current,
        signal: leave.signal,
        onLine: (line) => {
          last.current = line.number;
          batch.push(line);
          timer ??= setTimeout(flush, BATCH_MS);
        },
        onChange: () => void cache.invalidateQueries({ queryKey: patchKey(id) }),
        onState: setState,
      },
    ).catch(setError);
    return () => {
      leave.abort();
      if (timer === null) return;
      clearTimeout(timer);
      flush();
    };
  }, [raw, cache, id, stateText, round]);

  const again = useCallback((): void => setRound((before) => before + 1), []);
  return { lines, state, error, again };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
