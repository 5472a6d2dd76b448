/** One approval: who asks for what and why, who may decide, what was decided, and the box to decide in. */
import type { ReactElement, ReactNode } from 'react';
import { parseRef } from '@callboard/model';
import { Link } from 'react-router-dom';
import type { Approval, Decision } from '../../api/scaffolder-approvals.ts';
import { EntityLink } from '../../parts/entity-link.tsx';
import { Prose } from '../../parts/prose.tsx';
import { Time } from '../../parts/time.tsx';
import { DecisionBox } from './decision-box.tsx';
import { messages } from './messages.ts';
import { subjectOf } from './subject.ts';
import { Values } from './values.tsx';

const TONES: Readonly<Record<string, string>> = {
  waiting: 'person',
  approved: 'good',
  rejected: 'bad',
  expired: 'bad',
};

export function ApprovalCard({ approval }: { readonly approval: Approval }): ReactElement {
  const { template, templateTitle, stepName, stepId, state, taskId, values } = approval;
  const step = stepName ?? stepId;
  const subject = subjectOf(values);
  return (
    <article className="approval">
      <header className="approval-head">
        <h2>
          <bdi>{templateTitle ?? template?.name ?? messages.nameless}</bdi>
          {subject !== null && (
            <>
              {' '}
              <bdi className="task-subject">{subject}</bdi>
            </>
          )}
        </h2>
        <span className="task-state" data-tone={TONES[state] ?? 'quiet'}>
          {messages.approvalStates[state] ?? state}
        </span>
        <Link className="cb-link approval-task" to={`/create/tasks/${encodeURIComponent(taskId)}`}>
          {messages.toTask}
        </Link>
      </header>
      <p className="task-quiet">{step === null ? messages.asksForAll : messages.asksBefore(step)}</p>
      <ApprovalBody approval={approval} />
      {Object.keys(values).length > 0 && (
        <details className="task-more">
          <summary>{messages.valuesCount(Object.keys(values).length)}</summary>
          <Values values={values} />
        </details>
      )}
    </article>
  );
}

/** Without the head and the values, for the page of the task, which has them. */
export function ApprovalBody({ approval }: { readonly approval: Approval }): ReactElement {
  const { message, decisions, state, mayDecide } = approval;
  return (
    <>
      {message !== null && (
        <div className="approval-message">
          <Prose text={message} />
        </div>
      )}
      <ApprovalFacts approval={approval} />
      {decisions.length > 0 && (
        <ul className="approval-decisions" aria-label={messages.decisions}>
          {decisions.map((decision, index) => (
            <DecisionRow key={`${decision.by} ${index}`} decision={decision} />
          ))}
        </ul>
      )}
      {state === 'waiting' && mayDecide && <DecisionBox id={approval.id} />}
      {state === 'waiting' && !mayDecide && <p className="health-note">{messages.mayNot}</p>}
    </>
  );
}

function ApprovalFacts({ approval }: { readonly approval: Approval }): ReactElement {
  const { requestedBy, requestedAt, expiresAt, approvers, count, decisions, state } = approval;
  const agreed = decisions.filter(({ verdict }) => verdict === 'approve').length;
  const isExpired = state === 'expired';
  return (
    <dl className="task-facts">
      {requestedBy !== null && (
        <Fact title={messages.requestedBy}>
          <EntityLink to={requestedBy} usualKind="user" />
        </Fact>
      )}
      {requestedAt !== null && (
        <Fact title={messages.requested}>
          <Time at={requestedAt} />
        </Fact>
      )}
      {expiresAt !== null && (state === 'waiting' || isExpired) && (
        <Fact title={isExpired ? messages.expired : messages.expires}>
          <Time at={expiresAt} />
        </Fact>
      )}
      {approvers.length > 0 && (
        <Fact title={messages.approvers}>
          <Refs refs={approvers} />
          {count > 1 && (
            <span className="task-quiet">
              {agreed === 0 ? messages.approversNeeded(count) : messages.approversOf(agreed, count)}
            </span>
          )}
        </Fact>
      )}
    </dl>
  );
}

function Fact(props: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <div className="task-fact">
      <dt>{props.title}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Refs({ refs }: { readonly refs: readonly string[] }): ReactElement {
  return (
    <span className="task-refs">
      {refs.map((text) => {
        const ref = parseRef(text);
        return ref === null ? (
          <bdi key={text}>{text}</bdi>
        ) : (
          <EntityLink key={text} to={ref} usualKind="user" />
        );
      })}
    </span>
  );
}

function DecisionRow({ decision }: { readonly decision: Decision }): ReactElement {
  const { by, verdict, reason, at } = decision;
  const ref = parseRef(by, { kind: 'user' });
  return (
    <li className="approval-decision" data-verdict={verdict}>
      {ref === null ? <bdi>{by}</bdi> : <EntityLink to={ref} usualKind="user" />}{' '}
      {messages.verdicts[verdict] ?? verdict} {at !== null && <Time at={at} />}
      {reason !== null && <bdi className="approval-reason">{reason}</bdi>}
    </li>
  );
}
