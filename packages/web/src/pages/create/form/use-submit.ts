/** Starts a task with the values, after the decorators of the template changed them. */
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { toJson, valuesToSend, type FormGraph, type FormSession } from '@callboard/form';
import { isObject, type EntityRef } from '@callboard/model';
import { startTask, type DecoratorUse, type StartResult } from '../../../api/scaffolder.ts';
import { useServices } from '../../../api/services.ts';
import { useShell } from '../../../shell/shell-context.ts';
import { decorate } from './decorate.ts';
import type { FormDecorator } from './field-extension.ts';
import type { SecretStore } from './secrets.ts';

export interface SubmitDeps {
  readonly template: EntityRef;
  readonly graph: FormGraph;
  readonly session: FormSession;
  readonly secretStore: SecretStore;
  readonly uses: readonly DecoratorUse[];
  readonly decorators: readonly FormDecorator[];
}

export function useSubmit(deps: SubmitDeps): UseMutationResult<StartResult, Error, void> {
  const { session: signedIn } = useServices();
  const { connection } = useShell();
  const { template, graph, session, secretStore, uses, decorators } = deps;
  return useMutation({
    mutationFn: async () => {
      // What depends on something that is still asked for has its value only then.
      await session.settled();
      const start = { values: valuesToSend(graph, session.get()), secrets: secretStore.get() };
      const { values, secrets } = await decorate(start, uses, decorators);
      const json = toJson(values);
      return startTask(
        { session: signedIn, fetch: connection.fetch },
        { template, values: isObject(json) ? json : {}, secrets },
      );
    },
  });
}
