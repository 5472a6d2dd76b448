import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import type { Action } from '@callboard/plugin';
import { githubBench } from './bench.fixture.ts';
import { plugin } from './index.ts';

const PROTECTION =
  'bypassPullRequestAllowances dismissStaleReviews requireBranchesToBeUpToDate requireCodeOwnerReviews requireLastPushApproval requiredApprovingReviewCount requiredCommitSigning requiredConversationResolution requiredLinearHistory requiredStatusCheckContexts restrictions';
const PUSH = `${PROTECTION} defaultBranch gitAuthorEmail gitAuthorName gitCommitMessage protectDefaultBranch protectEnforceAdmins sourcePath`;
const SETTINGS =
  'access allowAutoMerge allowMergeCommit allowRebaseMerge allowSquashMerge allowUpdateBranch collaborators customProperties deleteBranchOnMerge description hasIssues hasProjects hasWiki homepage oidcCustomization repoVariables repoVisibility secrets squashMergeCommitMessage squashMergeCommitTitle subscribe topics';

/** Id, required inputs, the others but for `token`, outputs: as @backstage/plugin-scaffolder-backend-module-github 0.10.0 has them. */
const PUBLISHED: readonly (readonly [id: string, required: string, optional: string, output: string])[] = [
  ['publish:github', 'repoUrl', `${SETTINGS} ${PUSH}`, 'remoteUrl repoContentsUrl commitHash'],
  ['github:repo:create', 'repoUrl', `${SETTINGS} autoInit workflowAccess`, 'remoteUrl repoContentsUrl'],
  ['github:repo:push', 'repoUrl', PUSH, 'remoteUrl repoContentsUrl commitHash'],
  [
    'publish:github:pull-request',
    'repoUrl branchName title description',
    'assignees commitMessage createWhenEmpty draft filesToDelete forceEmptyGitAuthor forceFork gitAuthorEmail gitAuthorName reviewers sourcePath targetBranchName targetPath teamReviewers update',
    'targetBranchName remoteUrl pullRequestNumber',
  ],
  [
    'github:actions:dispatch',
    'repoUrl workflowId branchOrTagName',
    'workflowInputs returnWorkflowRunDetails',
    'workflowRunId workflowRunUrl workflowRunHtmlUrl',
  ],
  ['github:autolinks:create', 'repoUrl keyPrefix urlTemplate', 'isAlphanumeric', ''],
  ['github:branch-protection:create', 'repoUrl', `${PROTECTION} branch enforceAdmins blockCreations`, ''],
  [
    'github:deployKey:create',
    'repoUrl publicKey privateKey deployKeyName',
    'privateKeySecretName',
    'privateKeySecretName',
  ],
  [
    'github:environment:create',
    'repoUrl name',
    'customBranchPolicyNames customTagPolicyNames deploymentBranchPolicy environmentVariables preventSelfReview reviewers secrets waitTimer',
    '',
  ],
  ['github:issues:create', 'repoUrl title', 'assignees body labels milestone', 'issueUrl issueNumber'],
  ['github:issues:label', 'repoUrl number labels', '', ''],
  ['github:pages:enable', 'repoUrl', 'buildType sourceBranch sourcePath', ''],
  ['github:webhook', 'repoUrl webhookUrl', 'active contentType events insecureSsl webhookSecret', ''],
];
const DRY_RUN = ['github:issues:create', 'github:webhook', 'publish:github:pull-request'];

const words = (text: string): readonly string[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .toSorted();

function membersOf(schema: unknown): Readonly<Record<string, unknown>> {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? properties : {};
}

function requiredOf(action: Action): readonly string[] {
  const required = action.schema?.input?.['required'];
  return Array.isArray(required) ? required.map(String).toSorted() : [];
}

async function actionsOf(): Promise<readonly Action[]> {
  await using bench = await githubBench();
  const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
  const { actions = [], autocomplete = {} } = await plugin.provision({ ...bench.deps, logger });
  assert.deepEqual(Object.keys(autocomplete), ['github']);
  return actions;
}

describe('plugin', () => {
  it('has the actions of Backstage, with their inputs and outputs', async () => {
    const actions = await actionsOf();
    assert.deepEqual(actions.map(({ id }) => id).toSorted(), PUBLISHED.map(([id]) => id).toSorted());
    for (const [id, required, optional, output] of PUBLISHED) {
      const action = actions.find((candidate) => candidate.id === id);
      assert.ok(action !== undefined);
      assert.deepEqual(requiredOf(action), words(required), id);
      const inputs = Object.keys(membersOf(action.schema?.input)).toSorted();
      assert.deepEqual(inputs, words(`${required} ${optional} token`), id);
      assert.deepEqual(Object.keys(membersOf(action.schema?.output)).toSorted(), words(output), id);
    }
  });

  it('runs in a dry-run what Backstage runs', async () => {
    const actions = await actionsOf();
    const dry = actions.flatMap(({ id, supportsDryRun }) => (supportsDryRun === true ? [id] : []));
    assert.deepEqual(dry.toSorted(), DRY_RUN);
  });

  it('explains each action, each input and output, and shows an example with inputs that exist', async () => {
    for (const { id, description = '', examples = [], schema } of await actionsOf()) {
      assert.ok(description.length > 10 && examples.length > 0, id);
      const inputs = membersOf(schema?.input);
      for (const [name, member] of [
        ...Object.entries(inputs),
        ...Object.entries(membersOf(schema?.output)),
      ]) {
        assert.ok(isObject(member) && typeof member['title'] === 'string', `${id} ${name}`);
      }
      for (const { example } of examples) {
        assert.match(example, new RegExp(`action: ${id}\n`));
        const used = [...example.matchAll(/^ {6}(\w+):/gm)].map(([, name = '']) => name);
        assert.ok(
          used.length > 1 && used.every((name) => Object.hasOwn(inputs, name)),
          `${id} ${used.join()}`,
        );
      }
    }
  });
});
