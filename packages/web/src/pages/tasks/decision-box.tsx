/** Approve or reject, with a reason. */
import { useState, type ReactElement } from 'react';
import { Alert, Button, TextField } from '@backstage/ui';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { refusal } from '../images/refusal.ts';
import { messages } from './messages.ts';
import { useDecide } from './queries.ts';

const LONGEST_REASON = 1_000;

export function DecisionBox({ id }: { readonly id: string }): ReactElement {
  const decide = useDecide();
  const [reason, setReason] = useState('');
  const [isMissing, setIsMissing] = useState(false);
  const send = (verdict: 'approve' | 'reject'): void => {
    const isWithout = verdict === 'reject' && reason.trim() === '';
    setIsMissing(isWithout);
    if (isWithout || decide.isPending) return;
    decide.mutate({ id, verdict, reason: reason.trim() });
  };
  const refused = refusal(decide.error);
  const pending = decide.isPending ? decide.variables.verdict : null;
  return (
    <form className="decision" onSubmit={(event) => event.preventDefault()}>
      <TextField
        size="small"
        label={messages.reason}
        description={messages.reasonHint}
        maxLength={LONGEST_REASON}
        autoComplete="off"
        isInvalid={isMissing}
        value={reason}
        onChange={(next) => {
          setReason(next);
          setIsMissing(false);
        }}
      />
      <p className="task-bad" role="alert">
        {isMissing ? messages.reasonMissing : ''}
      </p>
      {decide.isError && refused !== null && (
        <Alert role="alert" status="danger" icon title={messages.decideFailed} description={refused} />
      )}
      {decide.isError && refused === null && (
        <ErrorPanel
          title={messages.decideFailed}
          error={decide.error}
          onRetry={() => send(decide.variables?.verdict ?? 'approve')}
        />
      )}
      <div className="decision-buttons">
        <Button
          variant="primary"
          isPending={pending === 'approve'}
          isDisabled={decide.isSuccess}
          onPress={() => send('approve')}
        >
          {messages.approve}
        </Button>
        <Button
          variant="secondary"
          isPending={pending === 'reject'}
          isDisabled={decide.isSuccess}
          onPress={() => send('reject')}
        >
          {messages.reject}
        </Button>
      </div>
      <p className="cb-hidden" role="status">
        {decide.isSuccess ? messages.decided[decide.variables.verdict] : ''}
      </p>
    </form>
  );
}
