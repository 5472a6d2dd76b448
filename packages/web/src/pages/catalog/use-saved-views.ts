/** The views that a person saved. A change begins with what the server has, so that two tabs do not undo each other. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServices } from '../../api/services.ts';
import { parseViews, VIEWS_SETTING, type SavedView } from './saved-views.ts';

const QUERY_KEY = ['catalog views'];

export interface SavedViews {
  readonly views: readonly SavedView[];
  /** True when they could not be read. */
  readonly isUnread: boolean;
  /** Resolves when the server has the change; rejects when it could not be read or written. */
  readonly change: (next: (views: readonly SavedView[]) => readonly SavedView[]) => Promise<void>;
}

export function useSavedViews(): SavedViews {
  const { settings } = useServices();
  const cache = useQueryClient();
  const read = async (): Promise<readonly SavedView[]> => parseViews(await settings.read(VIEWS_SETTING));
  const query = useQuery({ queryKey: QUERY_KEY, queryFn: read });
  const mutation = useMutation({
    scope: { id: 'catalog views' },
    mutationFn: async (next: (views: readonly SavedView[]) => readonly SavedView[]) => {
      const views = next(await read());
      await settings.write(VIEWS_SETTING, views);
      cache.setQueryData(QUERY_KEY, views);
    },
  });
  return {
    views: query.data ?? [],
    isUnread: query.isError,
    change: (next) => mutation.mutateAsync(next),
  };
}
