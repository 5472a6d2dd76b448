/** The log of a task as it grows, in batches. A very long one loses its beginning. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useServices } from '../../../../api/services.ts';
import { readTask, type Task } from '../../../../api/scaffolder-tasks.ts';
import { taskKey, useRawClient } from '../../queries.ts';
import { isFinal } from '../../state-words.ts';
import { followTask, type LogState } from './follow-task.ts';
import { toLines, type LogLine } from './log-lines.ts';

const MOST_LINES = 100_000;
/** Lines that come within this time are shown together, and the task is read anew once for them, in milliseconds. */
const BATCH_MS = 100;

export interface Log {
  readonly lines: readonly LogLine[];
  readonly state: LogState;
  /** Why it is followed no longer; null while it is. */
  readonly error: unknown;
  readonly again: () => void;
}

/** It is taken up again where it was when the task begins anew. */
export function useLog(task: Task): Log {
  const { id } = task;
  const raw = useRawClient();
  const { client } = useServices();
  const cache = useQueryClient();
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<LogState>('connecting');
  const [error, setError] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  const last = useRef<number | null>(null);
  const total = useRef(0);
  const isEnded = isFinal(task);
  const wasEnded = useRef(isEnded);

  useEffect(() => {
    if (wasEnded.current && !isEnded) setRound((before) => before + 1);
    wasEnded.current = isEnded;
  }, [isEnded]);

  useEffect(() => {
    const leave = new AbortController();
    let batch: LogLine[] = [];
    let isChanged = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const flush = (): void => {
      timer = null;
      const added = batch;
      batch = [];
      setLines((before) => [...before, ...added].slice(-MOST_LINES));
      if (isChanged) void cache.invalidateQueries({ queryKey: taskKey(id) });
      isChanged = false;
    };
    const isOver = async (): Promise<boolean> => {
      const now = await readTask(client, id, leave.signal);
      cache.setQueryData(taskKey(id), now);
      return isFinal(now);
    };
    setError(null);
    followTask(
      { raw, pause, isOver },
      {
        taskId: id,
        after: last.current,
        signal: leave.signal,
        onEvent: (event) => {
          last.current = event.id;
          const added = toLines(event, total.current);
          total.current += added.length;
          batch.push(...added);
          isChanged ||= event.status !== null || event.type !== 'log';
          timer ??= setTimeout(flush, BATCH_MS);
        },
        onState: setState,
      },
    ).catch(setError);
    return () => {
      leave.abort();
      if (timer === null) return;
      clearTimeout(timer);
      flush();
    };
  }, [raw, client, cache, id, round]);

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
