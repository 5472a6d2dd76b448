/** GitLab for software templates: the actions of Backstage's GitLab module, under the same names, and suggestions. */
import { definePlugin, type Action } from '@callboard/plugin';
import { createAccessTokenAction } from './actions/access-token.ts';
import type { GitlabDeps } from './actions/deps.ts';
import { createDeployTokenAction } from './actions/deploy-token.ts';
import { createGroupAccessAction } from './actions/group-access.ts';
import { createGroupEnsureAction } from './actions/group-ensure.ts';
import { createGroupMigrateAction } from './actions/group-migrate.ts';
import { createIssueCreateAction } from './actions/issue-create.ts';
import { createIssueEditAction } from './actions/issue-edit.ts';
import { createMergeRequestAction } from './actions/merge-request.ts';
import { createPipelineTriggerAction } from './actions/pipeline-trigger.ts';
import { createProjectVariableAction } from './actions/project-variable.ts';
import { createPublishAction } from './actions/publish.ts';
import { createRepoPushAction } from './actions/repo-push.ts';
import { createUserInfoAction } from './actions/user-info.ts';
import { createAutocomplete } from './autocomplete.ts';

export const plugin = definePlugin({
  id: 'gitlab',
  provision: (context) => ({
    actions: createActions(context),
    autocomplete: { gitlab: createAutocomplete(context) },
  }),
});

function createActions(deps: GitlabDeps): readonly Action[] {
  return [
    createPublishAction(deps),
    createMergeRequestAction(deps),
    createRepoPushAction(deps),
    createGroupEnsureAction(deps),
    createGroupAccessAction(deps),
    createGroupMigrateAction(deps),
    createIssueCreateAction(deps),
    createIssueEditAction(deps),
    createPipelineTriggerAction(deps),
    createAccessTokenAction(deps),
    createDeployTokenAction(deps),
    createProjectVariableAction(deps),
    createUserInfoAction(deps),
  ];
}
