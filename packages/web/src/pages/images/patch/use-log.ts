/** The log of a patch as it grows; of a very long one only the end is kept. */
import { useCallback, useRef } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import type { Patch } from '../../../api/images-patch.ts';
import { pause } from '../../../api/pause.ts';
import { useFollowedLines, type FollowedLines, type Following } from '../../../api/use-followed-lines.ts';
import { useRawClient } from '../../../shell/use-raw-client.ts';
import { followLog, type LogLine } from './follow-log.ts';
import { patchKey } from './queries.ts';

const MOST_LINES = 5_000;

/** It is taken up again where it was when the state of the patch changes, as one that had ended can be promoted. */
export function useLog(patch: Patch): FollowedLines<LogLine> {
  const { id, stateText } = patch;
  const raw = useRawClient();
  const cache = useQueryClient();
  const last = useRef(0);
  const follow = useCallback(
    ({ signal, onLines, onState }: Following<LogLine>) =>
      followLog(
        { raw, pause },
        {
          patchId: id,
          after: last.current,
          signal,
          onLine: (line) => {
            last.current = line.number;
            onLines([line]);
          },
          onChange: () => void cache.invalidateQueries({ queryKey: patchKey(id) }),
          onState,
        },
      ),
    // Another state makes another function, which takes the log up again.
    [raw, cache, id, stateText],
  );
  return useFollowedLines({ follow, mostLines: MOST_LINES });
}
