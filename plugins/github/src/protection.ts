/** Protecting a branch: https://docs.github.com/rest/branches/branch-protection */
import type { ActionLogger, FromSchema } from '@callboard/plugin';
import type { GithubDeps, Repository } from './client.ts';
import { isRefusal } from './errors.ts';
import type { PROTECTION } from './inputs.ts';
import { whenShown } from './repository.ts';
import { toWire } from './wire.ts';

type Rules = FromSchema<{ readonly type: 'object'; readonly properties: typeof PROTECTION }>;

export interface ProtectionRequest {
  readonly deps: Pick<GithubDeps, 'wait'>;
  readonly logger: ActionLogger;
  readonly signal: AbortSignal;
  readonly branch: string;
  readonly rules: Rules & {
    readonly enforceAdmins?: boolean | undefined;
    readonly blockCreations?: boolean | undefined;
  };
}

/**
 * A plan of GitHub that has no protection for private repositories is a warning.
 * @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable`
 */
export async function protectBranch(repository: Repository, request: ProtectionRequest): Promise<void> {
  const { branch, logger, rules } = request;
  const isEarly = (error: unknown): boolean => isRefusal(error, 404, /Branch not found/i);
  try {
    await whenShown(() => setRules(repository, request), { ...request, isEarly });
  } catch (error) {
    if (!isRefusal(error, 403, /Upgrade to GitHub Pro|make this repository public/i)) throw error;
    logger.warn(
      `The branch ${branch} is not protected: GitHub's plan of the owner has that for public repositories only.`,
    );
    return;
  }
  if (rules.requiredCommitSigning !== true) return;
  await repository.client.rest.repos.createCommitSignatureProtection({ ...repository.at, branch });
}

async function setRules({ client, at }: Repository, { branch, rules }: ProtectionRequest): Promise<void> {
  await client.rest.repos.updateBranchProtection({
    ...at,
    branch,
    required_status_checks: {
      strict: rules.requireBranchesToBeUpToDate ?? true,
      contexts: [...(rules.requiredStatusCheckContexts ?? [])],
    },
    restrictions: rules.restrictions === undefined ? null : toWire(rules.restrictions),
    enforce_admins: rules.enforceAdmins ?? true,
    required_pull_request_reviews: toWire({
      required_approving_review_count: rules.requiredApprovingReviewCount ?? 1,
      require_code_owner_reviews: rules.requireCodeOwnerReviews ?? false,
      bypass_pull_request_allowances: rules.bypassPullRequestAllowances,
      dismiss_stale_reviews: rules.dismissStaleReviews ?? false,
      require_last_push_approval: rules.requireLastPushApproval ?? false,
    }),
    required_conversation_resolution: rules.requiredConversationResolution ?? false,
    required_linear_history: rules.requiredLinearHistory ?? false,
    block_creations: rules.blockCreations ?? false,
  });
}
