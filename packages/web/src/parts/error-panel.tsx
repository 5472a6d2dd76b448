/** A failed call of the API: what happened, what the server said, and a way to try again. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { statusOf } from '../api/error.ts';
import { messages } from '../messages.ts';

export interface ErrorPanelProps {
  /** What did not work, as "The catalog could not be read". */
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

export function ErrorPanel({ title, error, onRetry }: ErrorPanelProps): ReactElement {
  const status = statusOf(error);
  const said = error instanceof Error ? error.message : String(error);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={title}
      description={
        <>
          {hintFor(status)}
          {status !== 0 && <code className="cb-said">{said}</code>}
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

function hintFor(status: number): string {
  if (status === 0) return messages.errorNetwork;
  if (status === 401 || status === 403) return messages.errorForbidden;
  return messages.errorServer;
}
