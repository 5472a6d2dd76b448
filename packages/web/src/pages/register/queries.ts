/** Registering a location: what it would bring, and doing it. */
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';
import { listFrom } from '../../api/answer.ts';
import { toRow, type EntityRow } from '../../api/entity.ts';
import { useServices } from '../../api/services.ts';
import { isObject } from '@callboard/model';

const ROOT = '/api/catalog/locations';

export interface Preview {
  readonly target: string;
  /** What is in the file and below it, without the Location that stands for the file itself. */
  readonly rows: readonly EntityRow[];
  /** It is registered already. */
  readonly exists: boolean;
}

/** Rejects with what is wrong with the file. */
export function usePreview(): UseMutationResult<Preview, Error, string> {
  const { client } = useServices();
  return useMutation({
    mutationFn: async (target: string) => {
      const answer = await client({ path: `${ROOT}?dryRun=true`, body: { type: 'url', target } });
      const [, ...entities] = listFrom(answer, 'entities');
      const rows = entities.flatMap((entity) => toRow(entity) ?? []);
      return { target, rows, exists: isObject(answer) && answer['exists'] === true };
    },
  });
}

export function useRegister(): UseMutationResult<void, Error, string> {
  const { client } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (target: string) => {
      await client({ path: `${ROOT}?onConflict=refresh`, body: { type: 'url', target } });
    },
    onSuccess: () => queries.invalidateQueries(),
  });
}
