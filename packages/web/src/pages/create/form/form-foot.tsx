/** The buttons below a page, and what kept the values from being taken. */
import type { ReactElement } from 'react';
import { Alert, Button } from '@backstage/ui';
import { ApiError } from '../../../api/error.ts';
import type { ButtonLabels, StartResult, ValueProblem } from '../../../api/scaffolder.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { messages } from '../messages.ts';
import { DecoratorError } from './decorate.ts';

export interface FormFootProps {
  readonly labels: ButtonLabels;
  /** Whether there is a page to go back to. */
  readonly hasBack: boolean;
  readonly isReview: boolean;
  /** Whether the review is next. */
  readonly isLast: boolean;
  readonly isChecking: boolean;
  /** Whether something is still asked for that values depend on. */
  readonly isSettling: boolean;
  readonly submit: {
    readonly isPending: boolean;
    readonly error: Error | null;
    readonly data: StartResult | undefined;
    readonly mutate: () => void;
  };
  readonly elsewhere: readonly ValueProblem[];
  readonly onBack: () => void;
}

export function FormFoot(props: FormFootProps): ReactElement {
  const { labels, hasBack, isReview, isLast, isChecking, isSettling, submit, elsewhere, onBack } = props;
  return (
    <div className="form-foot">
      {isReview && submit.error !== null && <Failed error={submit.error} onRetry={() => submit.mutate()} />}
      {submit.data?.kind === 'invalid' && elsewhere.length > 0 && (
        <Alert
          role="alert"
          status="danger"
          icon
          title={messages.refused}
          description={
            <>
              {messages.refusedElsewhere}
              <ul className="problem-list">
                {elsewhere.map(({ path, message }, index) => (
                  <li key={index}>
                    {path.length > 0 && <code>{path.join('.')}</code>} {message}
                  </li>
                ))}
              </ul>
            </>
          }
        />
      )}
      <div className="form-buttons">
        {hasBack && (
          <Button variant="secondary" isDisabled={submit.isPending} onPress={onBack}>
            {labels.back ?? messages.back}
          </Button>
        )}
        <Button type="submit" variant="primary" isPending={submit.isPending || isChecking || isSettling}>
          {nextLabel({ labels, isReview, isLast })}
        </Button>
      </div>
      {isSettling && <p className="form-note form-settling">{messages.settling}</p>}
      <p className="cb-hidden" role="status">
        {isSettling ? messages.settling : ''}
        {submit.isPending ? messages.creating : ''}
        {isChecking ? messages.checking : ''}
      </p>
    </div>
  );
}

function nextLabel(of: {
  readonly labels: ButtonLabels;
  readonly isReview: boolean;
  readonly isLast: boolean;
}): string {
  if (of.isReview) return of.labels.create ?? messages.create;
  return of.isLast ? (of.labels.review ?? messages.review) : messages.next;
}

function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }): ReactElement {
  if (error instanceof DecoratorError) {
    const title = messages.failedDecorator(error.id);
    return <Alert role="alert" status="danger" icon title={title} description={error.message} />;
  }
  // What the server says of a request that it does not take helps more than that it did not.
  if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 401) {
    return (
      <Alert role="alert" status="danger" icon title={messages.failedStart} description={error.message} />
    );
  }
  return <ErrorPanel title={messages.failedStart} error={error} onRetry={onRetry} />;
}
