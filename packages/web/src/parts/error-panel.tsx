/** A failed call of the API: what happened, what the server said, and a way to try again. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { ApiError } from '../api/error.ts';
import { messages } from '../messages.ts';

export interface ErrorPanelProps {
  /** What did not work, as "The catalog could not be read". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function ErrorPanel({ title, error, onRetry }: ErrorPanelProps): ReactElement {
  const status = error instanceof ApiError ? error.status : 0;
  const code = error instanceof ApiError ? error.code : null;
  const said = error instanceof Error ? error.message : String(error);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={title}
      description={
        <>
          {hintFor(error)}
          {status !== 0 && <code className="cb-said">{said}</code>}
          {code !== null && <code className="cb-said">{messages.errorCode(code)}</code>}
        </>
      }
      customActions={
        <Button variant="secondary" onPress={onRetry}>
          {messages.retry}
        </Button>
      }
    />
  );
}

/** What to do about it, in a sentence or two. */
export function hintFor(error: unknown): string {
  if (!(error instanceof ApiError) || error.status === 0) return messages.errorNetwork;
  if (error.name === 'SessionEndedError') return messages.errorSession;
  if (error.name === 'AnswerError') return messages.errorAnswer;
  if (error.status === 401 || error.status === 403) return messages.errorForbidden;
  return messages.errorServer;
}
