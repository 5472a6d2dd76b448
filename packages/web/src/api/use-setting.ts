/** A setting of the person who is signed in, as state: shown at once when it is changed, and kept by the server. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useServices } from './services.ts';
import type { SettingKey } from './user-settings.ts';

export interface Setting<T> extends SettingKey {
  /** Reads what the server has, which anybody may have written; undefined: it was never set. */
  readonly parse: (value: unknown) => T;
}

export interface SettingState<T> {
  readonly value: T;
  /** False until the server answered; a change before that would overwrite what it has. */
  readonly isKnown: boolean;
  /** What kept the last change from being saved; null when nothing did. */
  readonly error: unknown;
  /** Gets the newest value, so that changes shortly after one another all count. */
  readonly change: (next: (value: T) => T) => void;
}

/** The key of every mutation that saves a setting, so that the shell can say that one was not saved. */
export const SAVE_SETTING = 'save setting';

export function useSetting<T>(setting: Setting<T>): SettingState<T> {
  const { settings } = useServices();
  const client = useQueryClient();
  const { bucket, key, parse } = setting;
  const queryKey = ['setting', bucket, key];
  const query = useQuery({
    queryKey,
    // A query has to answer something: null is a setting that was never set.
    queryFn: async () => (await settings.read({ bucket, key })) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const mutation = useMutation({
    mutationKey: [SAVE_SETTING],
    mutationFn: (value: T) => settings.write({ bucket, key }, value),
    scope: { id: queryKey.join('/') },
    onError: () => client.invalidateQueries({ queryKey }),
  });
  return {
    value: parse(query.data ?? undefined),
    isKnown: query.data !== undefined,
    error: mutation.error,
    change: (next) => {
      const before = parse(client.getQueryData(queryKey) ?? undefined);
      const after = next(before);
      client.setQueryData(queryKey, after);
      mutation.mutate(after);
    },
  };
}
