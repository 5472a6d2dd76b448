/** The server state of tasks and approvals. What may change soon is read again often, and seldom otherwise. */
import { stringifyRef } from '@callboard/model';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { EntityRow } from '../../api/entity.ts';
import { useServices, useSession } from '../../api/services.ts';
import { decide, readApprovals, type Approval, type ApprovalQuery } from '../../api/scaffolder-approvals.ts';
import {
  actOnTask,
  readTask,
  readTasks,
  retryTask,
  type Task,
  type TaskAction,
  type TaskPage,
  type TaskQuery,
} from '../../api/scaffolder-tasks.ts';
import { isFinal } from './state-words.ts';

const BUSY_MS = 3_000;
const CALM_MS = 15_000;
const SLOW_MS = 60_000;
export const TASKS_A_PAGE = 25;
/** Templates that the list of tasks can be narrowed to. */
const MOST_TEMPLATES = 500;

const ROOT = 'scaffolder';

/** The full reference of whoever is signed in; null before that is known. */
export function useMyRef(): string | null {
  const session = useSession();
  return session.kind === 'signed-in' ? session.identity.userEntityRef : null;
}

export function useTasks(
  query: TaskQuery,
  { offset, enabled }: { readonly offset: number; readonly enabled: boolean },
): UseQueryResult<TaskPage> {
  const { client } = useServices();
  return useQuery({
    queryKey: [ROOT, 'tasks', query, offset],
    enabled,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readTasks(client, { query, offset, limit: TASKS_A_PAGE }, signal),
    refetchInterval: ({ state }) =>
      state.data?.tasks.some((task) => !isFinal(task)) === true ? BUSY_MS : CALM_MS,
  });
}

export function taskKey(id: string): readonly string[] {
  return [ROOT, 'task', id];
}

/** Its stream of events says when it has changed; the rhythm here is for when the stream is broken. */
export function useTask(id: string): UseQueryResult<Task> {
  const { client } = useServices();
  return useQuery({
    queryKey: taskKey(id),
    queryFn: ({ signal }) => readTask(client, id, signal),
    refetchInterval: ({ state }) => {
      if (state.data === undefined) return false;
      return isFinal(state.data) ? SLOW_MS : BUSY_MS;
    },
  });
}

/** Every template of the catalog, by title. */
export function useTemplateRows(): UseQueryResult<readonly EntityRow[]> {
  const { catalog } = useServices();
  return useQuery({
    queryKey: [ROOT, 'templates'],
    staleTime: SLOW_MS,
    queryFn: async ({ signal }) => {
      const asked = {
        query: { kind: 'template' },
        orderBy: [{ field: 'metadata.title', order: 'asc' }] as const,
        offset: 0,
        limit: MOST_TEMPLATES,
      };
      return (await catalog.rows(asked, signal)).rows;
    },
  });
}

export type TaskWord =
  | { readonly action: TaskAction }
  | { readonly action: 'retry'; readonly secrets: Readonly<Record<string, string>> };

export function useActOnTask(id: string): UseMutationResult<void, Error, TaskWord> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    // A secret stays in no cache.
    gcTime: 0,
    mutationFn: (word) =>
      word.action === 'retry' ? retryTask(client, id, word.secrets) : actOnTask(client, id, word.action),
    // Also what was refused may have been so because the task is in another state by now.
    onSettled: () => cache.invalidateQueries({ queryKey: [ROOT] }),
  });
}

export function useApprovals(
  query: ApprovalQuery,
  options: { readonly enabled?: boolean } = {},
): UseQueryResult<readonly Approval[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: [ROOT, 'approvals', query],
    enabled: options.enabled ?? true,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => readApprovals(client, query, signal),
    refetchInterval: CALM_MS,
  });
}

/** How many approvals wait for whoever is signed in; 0 while that is not known. */
export function useAwaitingCount(): number {
  const { client } = useServices();
  const isKnown = useMyRef() !== null;
  const query = useQuery({
    queryKey: [ROOT, 'approvals', AWAITING_ME],
    enabled: isKnown,
    queryFn: ({ signal }) => readApprovals(client, AWAITING_ME, signal),
    staleTime: CALM_MS,
    refetchInterval: SLOW_MS,
    retry: false,
  });
  return query.data?.length ?? 0;
}

export const AWAITING_ME: ApprovalQuery = { awaiting: 'me' };

export interface DecideWord {
  readonly id: string;
  readonly verdict: 'approve' | 'reject';
  readonly reason: string;
}

export function useDecide(): UseMutationResult<Approval, Error, DecideWord> {
  const { client } = useServices();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (word) => decide(client, word),
    onSettled: () => cache.invalidateQueries({ queryKey: [ROOT] }),
  });
}

/** The address of the form of a template. */
export function templatePath(ref: { readonly namespace: string; readonly name: string }): string {
  return `/create/templates/${encodeURIComponent(ref.namespace)}/${encodeURIComponent(ref.name)}`;
}

/** The full reference, as the API takes it. */
export function rowRef({ ref }: EntityRow): string {
  return stringifyRef(ref);
}
