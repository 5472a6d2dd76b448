/** Who may approve a merge request, as GitLab finds out a moment after it is made. */
import { setTimeout as wait } from 'node:timers/promises';
import type { ActionContext } from '@callboard/plugin';
import { fieldOf, listOf, numberOf } from '../answers.ts';
import type { Client } from '../client.ts';

/** Of `detailed_merge_status`, while GitLab works on it. */
const UNSETTLED = new Set<unknown>(['preparing', 'approvals_syncing', 'checking', 'unchecked']);
const LOOKS = 30;
/** Milliseconds; the wait between two looks grows to it. */
const LONGEST_WAIT = 2_000;

export interface ApproversRequest {
  readonly client: Client;
  readonly project: string;
  readonly iid: number;
  /** Reviewers already. */
  readonly reviewerIds: readonly number[];
}

/** Adds them as reviewers. A merge request without them is still one, so a refusal is written to the log. */
export async function addApprovers(
  { logger, signal }: Pick<ActionContext, 'logger' | 'signal'>,
  request: ApproversRequest,
): Promise<void> {
  const { client, project, iid, reviewerIds } = request;
  try {
    await settle(request, signal);
    const rules = listOf(
      await client.api.MergeRequestApprovals.allApprovalRules(project, { mergerequestIId: iid }),
    );
    const users = rules.flatMap((rule) => {
      const approvers = fieldOf(rule, 'eligible_approvers');
      return Array.isArray(approvers) ? approvers.map((user: unknown) => numberOf(user, 'id')) : [];
    });
    if (users.length === 0) return;
    await client.api.MergeRequests.edit(project, iid, {
      reviewerIds: [...new Set([...users, ...reviewerIds])],
    });
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    logger.warn(`The reviewers of the approval rules could not be added: ${why}`);
  }
}

async function settle({ client, project, iid }: ApproversRequest, signal: AbortSignal): Promise<void> {
  for (let look = 1; look <= LOOKS; look += 1) {
    const status = fieldOf(await client.api.MergeRequests.show(project, iid), 'detailed_merge_status');
    if (!UNSETTLED.has(status)) return;
    await wait(Math.min(100 * 2 ** look, LONGEST_WAIT), undefined, { signal });
  }
}
