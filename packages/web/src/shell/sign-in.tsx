/** What is shown instead of a page when nobody is signed in: why, and what the operator has to configure. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import type { SessionState } from '../api/session.ts';
import { messages } from '../messages.ts';
import { useTitle } from '../parts/use-title.ts';

export interface SignInProps {
  readonly state: Extract<SessionState, { kind: 'refused' | 'unavailable' | 'signed-out' }>;
  readonly onRetry: () => void;
}

export function SignIn({ state, onRetry }: SignInProps): ReactElement {
  const heading = HEADINGS[state.kind];
  useTitle(heading);
  return (
    <section className="cb-notice">
      <h1>{heading}</h1>
      <Why state={state} />
      <Button className="cb-notice-action" variant="primary" onPress={onRetry}>
        {state.kind === 'signed-out' ? messages.signIn : messages.retry}
      </Button>
    </section>
  );
}

const HEADINGS: Readonly<Record<SignInProps['state']['kind'], string>> = {
  refused: messages.signInRefused,
  unavailable: messages.unavailable,
  'signed-out': messages.signedOut,
};

function Why({ state }: Pick<SignInProps, 'state'>): ReactElement {
  switch (state.kind) {
    case 'signed-out':
      return <p>{messages.signedOutWhy}</p>;
    case 'unavailable':
      return (
        <>
          <p>{messages.unavailableWhy}</p>
          <Alert role="status" status="danger" icon title={messages.cause(state.message)} />
        </>
      );
    case 'refused':
      return (
        <>
          <Refused />
          <Alert
            role="status"
            status="info"
            icon
            title={messages.signInAnswer(state.status, state.message)}
          />
        </>
      );
    default:
      return state satisfies never;
  }
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
