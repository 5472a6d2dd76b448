/** Inputs that many actions have, with the types and defaults of Backstage's. */
import type { JsonSchema } from '@callboard/plugin';

const TEXTS = { type: 'array', items: { type: 'string' } } as const satisfies JsonSchema;

export const TARGET = {
  repoUrl: {
    type: 'string',
    title: 'Repository Location',
    description: 'host?owner=…&repo=…, with a GitHub host of the configuration.',
  },
  token: {
    type: 'string',
    title: 'Token',
    description:
      'Default: that of the configuration for the host. The user’s own is ${{ secrets.USER_OAUTH_TOKEN }}.',
  },
} as const satisfies JsonSchema;

export const GIT = {
  defaultBranch: { type: 'string', title: 'Default Branch', description: 'Default: main.' },
  gitCommitMessage: {
    type: 'string',
    title: 'Git Commit Message',
    description: 'Default: that of the configuration, else "initial commit".',
  },
  gitAuthorName: { type: 'string', title: 'Author Name', description: 'Default: that of the configuration.' },
  gitAuthorEmail: {
    type: 'string',
    title: 'Author Email',
    description: 'Default: that of the configuration.',
  },
  sourcePath: {
    type: 'string',
    title: 'Source Path',
    description: 'Folder of the workspace that becomes the root of the repository. Default: all of it.',
  },
} as const satisfies JsonSchema;

/** Rules of a protected branch. */
export const PROTECTION = {
  requiredApprovingReviewCount: {
    type: 'number',
    title: 'Required approving reviews',
    description: '0 to 6; 0 asks for none. Default: 1.',
  },
  requireCodeOwnerReviews: {
    type: 'boolean',
    title: 'Require reviews of code owners',
    description: 'Default: false.',
  },
  dismissStaleReviews: {
    type: 'boolean',
    title: 'Dismiss stale reviews',
    description: 'A push takes approvals back. Default: false.',
  },
  bypassPullRequestAllowances: {
    type: 'object',
    title: 'Bypass pull requests',
    description: 'Who may push without a pull request: logins and slugs.',
    properties: { apps: TEXTS, users: TEXTS, teams: TEXTS },
  },
  restrictions: {
    type: 'object',
    title: 'Restrict pushes',
    description: 'Who may push at all. Repositories of organizations only.',
    required: ['users', 'teams'],
    properties: { apps: TEXTS, users: TEXTS, teams: TEXTS },
  },
  requiredStatusCheckContexts: {
    ...TEXTS,
    title: 'Required status checks',
    description: 'Names of the checks that must pass. Default: none.',
  },
  requireBranchesToBeUpToDate: {
    type: 'boolean',
    title: 'Require branches to be up to date',
    description: 'Default: true.',
  },
  requiredConversationResolution: {
    type: 'boolean',
    title: 'Require resolved conversations',
    description: 'Default: false.',
  },
  requireLastPushApproval: {
    type: 'boolean',
    title: 'Require approval of the last push',
    description: 'By somebody else than who pushed. Default: false.',
  },
  requiredCommitSigning: { type: 'boolean', title: 'Require signed commits', description: 'Default: false.' },
  requiredLinearHistory: {
    type: 'boolean',
    title: 'Require a linear history',
    description: 'Merge commits are refused. Default: false.',
  },
} as const satisfies JsonSchema;

/** Protection of the branch that was just pushed. */
export const PROTECT_DEFAULT = {
  ...PROTECTION,
  protectDefaultBranch: {
    type: 'boolean',
    title: 'Protect the default branch',
    description: 'Default: true.',
  },
  protectEnforceAdmins: {
    type: 'boolean',
    title: 'Admins must keep the rules too',
    description: 'Default: true.',
  },
} as const satisfies JsonSchema;

export const REMOTE_OUTPUT = {
  remoteUrl: { type: 'string', title: 'Address of the repository for git' },
  repoContentsUrl: { type: 'string', title: 'Address of the root folder of the repository' },
} as const satisfies JsonSchema;

export const COMMIT_OUTPUT = {
  ...REMOTE_OUTPUT,
  commitHash: { type: 'string', title: 'Hash of the first commit' },
} as const satisfies JsonSchema;
