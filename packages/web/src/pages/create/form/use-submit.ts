/** Starts a task with the values, after the decorators of the template changed them. */
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { EntityRef } from '@callboard/model';
import { startTask, type DecoratorUse, type StartResult } from '../../../api/scaffolder.ts';
import { useServices } from '../../../api/services.ts';
import { useShell } from '../../../shell/shell-context.ts';
import { toJson } from '../check-values.ts';
import { isObject } from '@callboard/model';
import { decorate } from './decorate.ts';
import type { FormDecorator } from './field-extension.ts';
import type { SecretStore } from './secrets.ts';
import type { ValuesStore } from './values-store.ts';

export interface SubmitDeps {
  readonly template: EntityRef;
  readonly store: ValuesStore;
  readonly secretStore: SecretStore;
  readonly uses: readonly DecoratorUse[];
  readonly decorators: readonly FormDecorator[];
}

export function useSubmit(deps: SubmitDeps): UseMutationResult<StartResult, Error, void> {
  const { session } = useServices();
  const { connection } = useShell();
  const { template, store, secretStore, uses, decorators } = deps;
  return useMutation({
    mutationFn: async () => {
      const start = { values: store.get(), secrets: secretStore.get() };
      const { values, secrets } = await decorate(start, uses, decorators);
      const json = toJson(values);
      return startTask(
        { session, fetch: connection.fetch },
        { template, values: isObject(json) ? json : {}, secrets },
      );
    },
  });
}
