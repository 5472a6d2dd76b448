/** The GitHub family of actions. */
import type { Action } from '@callboard/plugin';
import type { GithubDeps } from '../client.ts';
import { createActionsDispatchAction } from './actions-dispatch.ts';
import { createAutolinksAction } from './autolinks.ts';
import { createBranchProtectionAction } from './branch-protection.ts';
import { createDeployKeyAction } from './deploy-key.ts';
import { createEnvironmentAction } from './environment.ts';
import { createIssuesCreateAction, createIssuesLabelAction } from './issues.ts';
import { createPagesEnableAction } from './pages.ts';
import { createPublishGithubAction } from './publish-github.ts';
import { createPullRequestAction } from './pull-request.ts';
import { createRepoCreateAction } from './repo-create.ts';
import { createRepoPushAction } from './repo-push.ts';
import { createWebhookAction } from './webhook.ts';

export function createGithubActions(deps: GithubDeps): readonly Action[] {
  return [
    createPublishGithubAction(deps),
    createPullRequestAction(deps),
    createRepoCreateAction(deps),
    createRepoPushAction(deps),
    createActionsDispatchAction(deps),
    createAutolinksAction(deps),
    createBranchProtectionAction(deps),
    createDeployKeyAction(deps),
    createEnvironmentAction(deps),
    createIssuesCreateAction(deps),
    createIssuesLabelAction(deps),
    createPagesEnableAction(deps),
    createWebhookAction(deps),
  ];
}
