/** The log of a task as it grows. A very long one loses its beginning. */
import { useCallback, useEffect, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { pause } from '../../../../api/pause.ts';
import { readTask, type Task } from '../../../../api/scaffolder-tasks.ts';
import { useServices } from '../../../../api/services.ts';
import { useFollowedLines, type FollowedLines, type Following } from '../../../../api/use-followed-lines.ts';
import { useRawClient } from '../../../../shell/use-raw-client.ts';
import { taskKey } from '../../queries.ts';
import { isFinal } from '../../state-words.ts';
import { followTask } from './follow-task.ts';
import { toLines, type LogLine } from './log-lines.ts';

const MOST_LINES = 100_000;

export type Log = FollowedLines<LogLine>;

/** It is taken up again where it was when the task begins anew. The task is read anew once for each batch of lines. */
export function useLog(task: Task): Log {
  const { id } = task;
  const raw = useRawClient();
  const { client } = useServices();
  const cache = useQueryClient();
  const last = useRef<number | null>(null);
  const total = useRef(0);
  const isChanged = useRef(false);
  const follow = useCallback(
    ({ signal, onLines, onState }: Following<LogLine>) => {
      const isOver = async (): Promise<boolean> => {
        const now = await readTask(client, id, signal);
        cache.setQueryData(taskKey(id), now);
        return isFinal(now);
      };
      return followTask(
        { raw, pause, isOver },
        {
          taskId: id,
          after: last.current,
          signal,
          onEvent: (event) => {
            last.current = event.id;
            const added = toLines(event, total.current);
            total.current += added.length;
            isChanged.current ||= event.status !== null || event.type !== 'log';
            onLines(added);
          },
          onState,
        },
      );
    },
    [raw, client, cache, id],
  );
  const onBatch = useCallback((): void => {
    if (isChanged.current) void cache.invalidateQueries({ queryKey: taskKey(id) });
    isChanged.current = false;
  }, [cache, id]);
  const log = useFollowedLines({ follow, onBatch, mostLines: MOST_LINES });

  const { again } = log;
  const isEnded = isFinal(task);
  const wasEnded = useRef(isEnded);
  useEffect(() => {
    if (wasEnded.current && !isEnded) again();
    wasEnded.current = isEnded;
  }, [isEnded, again]);
  return log;
}
