/** What a task waits for people to agree to, with the box to decide in, and what they said before. */
import type { ReactElement } from 'react';
import type { Task } from '../../../api/scaffolder-tasks.ts';
import { ErrorPanel } from '../../../parts/error-panel.tsx';
import { Panel } from '../../health/figures.tsx';
import { ApprovalBody } from '../approval-card.tsx';
import { messages as listMessages } from '../messages.ts';
import { useApprovals } from '../queries.ts';
import { isFinal } from '../state-words.ts';
import { messages } from './messages.ts';

/** Nothing for a task that asked nobody. */
export function TaskApprovals({ task }: { readonly task: Task }): ReactElement | null {
  const { waiting } = task;
  const isAwaiting = waiting?.kind === 'approval' && !isFinal(task);
  const approvals = useApprovals({ taskId: task.id });
  const given = approvals.data ?? [];
  const open = given.filter(({ state }) => state === 'waiting');
  const past = given.filter(({ state }) => state !== 'waiting');
  return (
    <>
      {isAwaiting && approvals.isError && given.length === 0 && (
        <ErrorPanel
          title={messages.approvalLost}
          error={approvals.error}
          onRetry={() => void approvals.refetch()}
        />
      )}
      {isAwaiting &&
        open.map((approval) => (
          <Panel
            key={approval.id}
            className="task-approval"
            title={
              approval.stepName === null
                ? messages.approval
                : `${messages.approval} ${listMessages.asksFor(approval.stepName)}`
            }
          >
            <ApprovalBody approval={approval} />
          </Panel>
        ))}
      {past.length > 0 && (
        <details className="task-more task-past">
          <summary>
            {messages.approvals} <span className="task-quiet">{past.map(wordOf).join(', ')}</span>
          </summary>
          {past.map((approval) => (
            <div key={approval.id} className="task-past-one">
              <ApprovalBody approval={approval} />
            </div>
          ))}
        </details>
      )}
    </>
  );
}

function wordOf({ stepName, state }: { readonly stepName: string | null; readonly state: string }): string {
  const word = (listMessages.approvalStates[state] ?? state).toLowerCase();
  return stepName === null ? word : `${stepName}: ${word}`;
}
