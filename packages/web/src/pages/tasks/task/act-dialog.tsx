/** Asks before a task is cancelled or retried; to retry one whose form has secrets, it asks for those again. */
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, PasswordField } from '@backstage/ui';
import { stringifyRef } from '@callboard/model';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { readTemplateForm } from '../../../api/scaffolder.ts';
import type { Task } from '../../../api/scaffolder-tasks.ts';
import { useServices } from '../../../api/services.ts';
import { shortName } from '../../../parts/ref-text.ts';
import { Waiting } from '../../../parts/waiting.tsx';
import { useActOnTask, useMyRef } from '../queries.ts';
import { ActFailed } from './actions.tsx';
import { messages } from './messages.ts';
import { secretFields, type SecretField } from './secret-fields.ts';

export interface ActDialogProps {
  readonly task: Task;
  readonly action: 'cancel' | 'retry';
  readonly onClose: () => void;
}

export function ActDialog({ task, action, onClose }: ActDialogProps): ReactElement {
  const act = useActOnTask(task.id);
  const me = useMyRef();
  const fields = useSecretFields(task, { enabled: action === 'retry' });
  const [secrets, setSecrets] = useState<Readonly<Record<string, string>>>({});
  const [isMissing, setIsMissing] = useState(false);
  const { title, why, confirm } = messages.act[action];
  const asked = fields.data ?? [];
  const isWaiting = fields.isPending && fields.isFetching;
  const isOther = task.createdBy !== null && stringifyRef(task.createdBy) !== me;
  const run = (event?: FormEvent): void => {
    event?.preventDefault();
    const lacks = asked.some(({ name, isRequired }) => isRequired && (secrets[name] ?? '') === '');
    setIsMissing(lacks);
    if (lacks || isWaiting || act.isPending) return;
    const given = Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''));
    act.mutate(action === 'retry' ? { action, secrets: given } : { action }, { onSuccess: onClose });
  };
  return (
    <Dialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} width={480}>
      <DialogHeader>{title}</DialogHeader>
      <DialogBody>
        <form className="task-ask" onSubmit={run}>
          <p>{why}</p>
          {isOther && task.createdBy !== null && (
            <p className="task-quiet">{messages.otherPerson(shortName(task.createdBy, 'user'))}</p>
          )}
          {isWaiting && <Waiting height="3rem" />}
          {asked.length > 0 && <p>{messages.secretsAgain}</p>}
          {asked.map(({ name, title: label, description, isRequired }) => (
            <PasswordField
              key={name}
              size="small"
              label={label}
              {...(description === null ? {} : { description })}
              isRequired={isRequired}
              autoComplete="off"
              value={secrets[name] ?? ''}
              onChange={(value) => {
                setSecrets((before) => ({ ...before, [name]: value }));
                setIsMissing(false);
              }}
            />
          ))}
          <p className="task-bad" role="alert">
            {isMissing ? messages.secretMissing : ''}
          </p>
          {act.isError && <ActFailed error={act.error} onRetry={() => run()} />}
        </form>
      </DialogBody>
      <DialogFooter>
        <Button variant="secondary" onPress={onClose}>
          {messages.keep}
        </Button>
        <Button
          variant="primary"
          destructive={action === 'cancel'}
          isPending={act.isPending}
          isDisabled={isWaiting}
          onPress={() => run()}
        >
          {confirm}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** None when the template is gone: then the server says whether it needs any. */
function useSecretFields(
  { template, values }: Task,
  { enabled }: { readonly enabled: boolean },
): UseQueryResult<readonly SecretField[]> {
  const { client } = useServices();
  return useQuery({
    queryKey: ['scaffolder', 'secrets', template, values],
    enabled: enabled && template !== null,
    retry: false,
    queryFn: async ({ signal }) =>
      template === null ? [] : secretFields((await readTemplateForm(client, template, signal)).pages, values),
  });
}
