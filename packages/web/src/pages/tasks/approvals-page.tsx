/** What awaits the word of whoever is signed in, what they decided, and everything else that was asked. */
import type { ReactElement } from 'react';
import { useSearchParams } from 'react-router-dom';
import type { Approval, ApprovalQuery } from '../../api/scaffolder-approvals.ts';
import { ErrorPanel } from '../../parts/error-panel.tsx';
import { Waiting } from '../../parts/waiting.tsx';
import { ApprovalCard } from './approval-card.tsx';
import { Frame } from './frame.tsx';
import { messages } from './messages.ts';
import { AWAITING_ME, useApprovals, useAwaitingCount, useMyRef } from './queries.ts';

const SHOWN = ['mine', 'decided', 'all'] as const;
type Shown = (typeof SHOWN)[number];

const ALL: ApprovalQuery = {};

export function ApprovalsPage(): ReactElement {
  return (
    <Frame title={messages.approvals}>
      <ApprovalList />
    </Frame>
  );
}

function ApprovalList(): ReactElement {
  const [params, setParams] = useSearchParams();
  const shown = SHOWN.find((known) => known === params.get('show')) ?? 'mine';
  const approvals = useApprovals(shown === 'mine' ? AWAITING_ME : ALL);
  const awaiting = useAwaitingCount();
  const me = useMyRef();
  const rows = approvals.isPlaceholderData ? undefined : pick(approvals.data, { shown, me });
  return (
    <>
      <div className="health-choice" role="group" aria-label={messages.approvalFilters}>
        {SHOWN.map((known) => (
          <button
            key={known}
            type="button"
            aria-pressed={known === shown}
            onClick={() => setParams(known === 'mine' ? {} : { show: known }, { replace: true })}
          >
            {messages.approvalsShown[known]}
            {known === 'mine' && awaiting > 0 && <span className="choice-count">{awaiting}</span>}
          </button>
        ))}
      </div>
      {approvals.isError && rows === undefined && (
        <ErrorPanel
          title={messages.failedApprovals}
          error={approvals.error}
          onRetry={() => void approvals.refetch()}
        />
      )}
      {rows === undefined && !approvals.isError && <Waiting height="12rem" />}
      {rows?.length === 0 && <NoApprovals shown={shown} />}
      {rows?.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} />
      ))}
    </>
  );
}

function pick(
  approvals: readonly Approval[] | undefined,
  { shown, me }: { readonly shown: Shown; readonly me: string | null },
): readonly Approval[] | undefined {
  if (shown !== 'decided') return approvals;
  return approvals?.filter(({ decisions }) => decisions.some(({ by }) => by === me));
}

function NoApprovals({ shown }: { readonly shown: Shown }): ReactElement {
  if (shown !== 'mine') {
    return (
      <p className="task-empty" role="status">
        {shown === 'decided' ? messages.noneDecided : messages.noneAtAll}
      </p>
    );
  }
  return (
    <section className="task-empty task-empty-all" role="status">
      <h2>{messages.noneAwaiting}</h2>
      <p className="health-note">{messages.noneAwaitingWhy}</p>
    </section>
  );
}
