/**
 * The bar at the top when something is wrong with the session or the server. The page below stays as it is, with
 * everything that was typed; once all is well again, what failed meanwhile is asked for again.
 */
import { useEffect, useRef, useState, type ReactElement } from 'react';
import { Button } from '@backstage/ui';
import { useMutationState, useQueryClient } from '@tanstack/react-query';
import { useServices, useSession } from '../api/services.ts';
import { SAVE_SETTING } from '../api/use-setting.ts';
import { messages } from '../messages.ts';
import { hintFor } from '../parts/error-panel.tsx';
import { WarningIcon } from '../parts/icons.tsx';
import { useIsThere, useShell } from './shell-context.ts';

export interface StatusBarProps {
  /** True when code of the portal could not be loaded. */
  readonly isStale: boolean;
}

export function StatusBar({ isStale }: StatusBarProps): ReactElement | null {
  const { session } = useServices();
  const { connection } = useShell();
  const state = useSession();
  const isThere = useIsThere();
  const unsaved = useUnsaved();
  const problem = state.kind === 'signed-in' ? state.problem : null;
  useRecovery({ isWell: isThere && problem === null, renews: isThere && problem?.kind === 'unreachable' });

  // Before anybody is signed in, the page itself says what is wrong.
  if (state.kind !== 'signed-in') return null;
  if (!isThere || problem?.kind === 'unreachable') {
    const tryAgain = async (): Promise<void> => {
      await connection.check();
      if (problem !== null) await session.signIn();
    };
    return (
      <Bar
        title={messages.serverGone}
        text={messages.serverGoneWaits}
        action={messages.retry}
        run={tryAgain}
      />
    );
  }
  if (problem !== null) {
    const text = `${messages.signInAnswered(problem.message)} ${messages.sessionKept}`;
    return (
      <Bar title={messages.sessionEnded} text={text} action={messages.signInAgain} run={session.signIn} />
    );
  }
  if (unsaved !== null) {
    const close = async (): Promise<void> => unsaved.forget();
    return (
      <Bar
        title={messages.unsaved}
        text={messages.unsavedWhy(hintFor(unsaved.error))}
        action={messages.close}
        run={close}
      />
    );
  }
  if (!isStale) return null;
  const reload = async (): Promise<void> => window.location.reload();
  return <Bar title={messages.partGone} text="" action={messages.reload} run={reload} />;
}

interface BarProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly run: () => Promise<void>;
}

function Bar({ title, text, action, run }: BarProps): ReactElement {
  const [isPending, setIsPending] = useState(false);
  return (
    <div className="cb-bar" role="alert">
      <WarningIcon />
      <p>
        <strong>{title}</strong> {text}
      </p>
      <Button
        variant="secondary"
        onPress={() => {
          if (isPending) return;
          setIsPending(true);
          void run().finally(() => setIsPending(false));
        }}
      >
        {action}
      </Button>
    </div>
  );
}

interface Unsaved {
  readonly error: Error;
  readonly forget: () => void;
}

/** The last change of a setting, when it failed; it is forgotten once another one is saved. */
function useUnsaved(): Unsaved | null {
  const [forgotten, setForgotten] = useState(0);
  const changes = useMutationState({ filters: { mutationKey: [SAVE_SETTING] } });
  const last = changes.toSorted((a, b) => a.submittedAt - b.submittedAt).at(-1);
  if (last === undefined || last.error === null || last.submittedAt <= forgotten) return null;
  return { error: last.error, forget: () => setForgotten(last.submittedAt) };
}

interface Recovery {
  readonly isWell: boolean;
  /** The server is there again, and the session has yet to be renewed. */
  readonly renews: boolean;
}

function useRecovery({ isWell, renews }: Recovery): void {
  const { session } = useServices();
  const { connection } = useShell();
  const client = useQueryClient();
  const wasWell = useRef(true);

  useEffect(() => {
    if (isWell && !wasWell.current) {
      void client.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'error' });
    }
    wasWell.current = isWell;
  }, [isWell, client]);

  useEffect(() => {
    if (renews) void session.signIn();
  }, [renews, session]);

  useEffect(() => {
    const check = (): void => void connection.check();
    window.addEventListener('online', check);
    window.addEventListener('offline', check);
    return () => {
      window.removeEventListener('online', check);
      window.removeEventListener('offline', check);
    };
  }, [connection]);
}
