/** Every action that a step can name: what it does, what it takes and gives, and examples. */
import { useMemo, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { readActions, type Action } from '../../../api/scaffolder-authoring.ts';
import { useServices } from '../../../api/services.ts';
import { compareText } from '../../../messages.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Prose } from '../../../parts/prose.tsx';
import { Waiting } from '../../../parts/waiting.tsx';
import { Frame } from '../frame.tsx';
import { Examples } from './examples.tsx';
import { messages } from './messages.ts';
import './reference.css';
import { SchemaView } from './schema-view.tsx';
import { TwoPanes } from './two-panes.tsx';

const FRESH_MS = 300_000;

export function ActionsPage(): ReactElement {
  const { client } = useServices();
  const actions = useQuery({
    queryKey: ['scaffolder', 'actions'],
    staleTime: FRESH_MS,
    queryFn: ({ signal }) => readActions(client, signal),
  });
  const items = useMemo(
    () =>
      (actions.data ?? [])
        .map((action) => ({ ...action, key: action.id, name: action.id, group: familyOf(action.id) }))
        .toSorted((a, b) => compareText(a.name, b.name)),
    [actions.data],
  );
  return (
    <Frame title={messages.actions}>
      <p className="health-note">{messages.actionsWhy}</p>
      {actions.isError && actions.data === undefined && (
        <ErrorPanel
          title={messages.failedActions}
          error={actions.error}
          onRetry={() => void actions.refetch()}
        />
      )}
      {actions.isPending && <Waiting height="20rem" />}
      {actions.data?.length === 0 && (
        <section className="task-empty task-empty-all" role="status">
          <h2>{messages.noActions}</h2>
          <p className="health-note">{messages.noActionsWhy}</p>
        </section>
      )}
      {items.length > 0 && (
        <TwoPanes
          title={messages.actions}
          items={items}
          show={(action) => <ActionDetail key={action.id} action={action} />}
        />
      )}
    </Frame>
  );
}

/** `fetch:template` is of `fetch`. */
function familyOf(id: string): string {
  return id.split(':')[0] ?? id;
}

function ActionDetail({ action }: { readonly action: Action }): ReactElement {
  const { id, description, input, output, examples } = action;
  return (
    <>
      <h3 className="reference-name">
        <code>{id}</code>
        <CopyButton text={id} label={messages.copyName} />
      </h3>
      {description === null ? (
        <p className="health-note">{messages.noDescription}</p>
      ) : (
        <Prose text={description} />
      )}
      <SchemaView title={messages.input} schema={input} none={messages.takesNothing} />
      <SchemaView title={messages.output} schema={output} none={messages.givesNothing} />
      <Examples examples={examples} />
    </>
  );
}
