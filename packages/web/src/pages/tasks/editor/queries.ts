/** The server state of the editor: problems of what is written, actions to offer, and dry-runs. */
import { useEffect, useMemo, useState } from 'react';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { Diagnostic } from '@callboard/model';
import {
  dryRun,
  lintTemplate,
  readActions,
  type DryRunRequest,
  type DryRunResult,
} from '../../../api/scaffolder-authoring.ts';
import { useServices } from '../../../api/services.ts';
import { useShell } from '../../../shell/shell-context.ts';

/** The linter is asked when typing pauses for so long, in milliseconds. */
const PAUSE_MS = 500;
const ACTIONS_FRESH_MS = 300_000;

/** The problems of the text as it was when typing paused. */
export function useLint(text: string): UseQueryResult<readonly Diagnostic[]> {
  const { client } = useServices();
  const settled = useSettled(text);
  return useQuery({
    queryKey: ['scaffolder', 'lint', settled],
    queryFn: ({ signal }) => lintTemplate(client, settled, signal),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    gcTime: PAUSE_MS,
    retry: false,
  });
}

/** A value when it has not changed for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** Empty while they are not known. */
export function useActionIds(): readonly string[] {
  const { client } = useServices();
  const actions = useQuery({
    queryKey: ['scaffolder', 'actions'],
    staleTime: ACTIONS_FRESH_MS,
    queryFn: ({ signal }) => readActions(client, signal),
    retry: false,
  });
  return useMemo(() => (actions.data ?? []).map(({ id }) => id), [actions.data]);
}

export function useDryRun(): UseMutationResult<DryRunResult, Error, DryRunRequest> {
  const { session } = useServices();
  const { connection } = useShell();
  return useMutation({
    // Secrets stay in no cache.
    gcTime: 0,
    mutationFn: (request) =>
      dryRun({ session, fetch: connection.fetch }, request, new AbortController().signal),
  });
}
