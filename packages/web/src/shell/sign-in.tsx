/** What is shown instead of a page when nobody can be signed in: what the operator has to configure. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import type { SessionState } from '../api/session.ts';
import { messages } from '../messages.ts';
import { useTitle } from '../parts/use-title.ts';

export interface SignInProps {
  readonly state: Extract<SessionState, { kind: 'refused' | 'unavailable' }>;
  readonly onRetry: () => void;
}

export function SignIn({ state, onRetry }: SignInProps): ReactElement {
  const heading = state.kind === 'refused' ? messages.signInRefused : messages.unavailable;
  useTitle(heading);
  return (
    <section className="cb-notice">
      <h1>{heading}</h1>
      {state.kind === 'refused' ? <Refused /> : <p>{messages.unavailableWhy}</p>}
      <Alert
        role="status"
        status={state.kind === 'refused' ? 'info' : 'danger'}
        icon
        title={
          state.kind === 'refused'
            ? messages.signInAnswer(state.status, state.message)
            : messages.cause(state.message)
        }
      />
      <Button className="cb-notice-action" variant="primary" onPress={onRetry}>
        {messages.retry}
      </Button>
    </section>
  );
}

function Refused(): ReactElement {
  return (
    <>
      <p>{messages.signInRefusedWhy}</p>
      <h2>{messages.signInRefusedOperator}</h2>
      <p>{messages.signInTry}</p>
      <pre className="cb-code" tabIndex={0}>
        {messages.signInTryCommand}
      </pre>
      <p>{messages.signInAllow}</p>
      <pre className="cb-code" tabIndex={0}>
        {messages.signInConfig}
      </pre>
      <p>{messages.signInConfigWarning}</p>
    </>
  );
}
