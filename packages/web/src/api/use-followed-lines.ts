/** Lines that are followed while they are written, shown in batches. Of very many only the end is kept. */
import { useCallback, useEffect, useState } from 'react';
import type { LogState } from './follow-stream.ts';

/** Lines that come within this time are shown together, in milliseconds. */
const BATCH_MS = 100;

export interface FollowedLines<Line> {
  readonly lines: readonly Line[];
  readonly state: LogState;
  /** Why it is followed no longer; null while it is. */
  readonly error: unknown;
  readonly again: () => void;
}

export interface Following<Line> {
  readonly signal: AbortSignal;
  readonly onLines: (lines: readonly Line[]) => void;
  readonly onState: (state: LogState) => void;
}

export interface FollowedLinesOptions<Line> {
  /** Follows them until the signal is aborted; another function follows them anew. */
  readonly follow: (following: Following<Line>) => Promise<void>;
  /** Called with each batch. */
  readonly onBatch?: () => void;
  readonly mostLines: number;
}

export function useFollowedLines<Line>(options: FollowedLinesOptions<Line>): FollowedLines<Line> {
  const { follow, onBatch, mostLines } = options;
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [state, setState] = useState<LogState>('connecting');
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);

  useEffect(() => {
    const leave = new AbortController();
    let batch: Line[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = (): void => {
      timer = null;
      const added = batch;
      batch = [];
      setLines((before) => [...before, ...added].slice(-mostLines));
      onBatch?.();
    };
    const onLines = (added: readonly Line[]): void => {
      batch.push(...added);
      timer ??= setTimeout(flush, BATCH_MS);
    };
    setError(null);
    follow({ signal: leave.signal, onLines, onState: setState }).catch(setError);
    return () => {
      leave.abort();
      if (timer === null) return;
      clearTimeout(timer);
      flush();
    };
  }, [follow, onBatch, mostLines, round]);

  const again = useCallback((): void => setRound((before) => before + 1), []);
  return { lines, state, error, again };
}
