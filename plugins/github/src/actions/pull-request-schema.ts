/** Inputs and outputs of `publish:github:pull-request`, with the types and defaults of Backstage's. */
import type { ActionExample, JsonSchema } from '@callboard/plugin';
import { TARGET } from '../inputs.ts';

const TEXTS = { type: 'array', items: { type: 'string' } } as const;

export const PULL_REQUEST_INPUT = {
  type: 'object',
  required: ['repoUrl', 'branchName', 'title', 'description'],
  properties: {
    ...TARGET,
    branchName: { type: 'string', title: 'Branch Name', description: 'The branch that is made.' },
    title: { type: 'string', title: 'Title of the pull request' },
    description: { type: 'string', title: 'Text of the pull request', description: 'Markdown.' },
    targetBranchName: {
      type: 'string',
      title: 'Target Branch Name',
      description: 'The branch that is asked to pull. Default: the default branch of the repository.',
    },
    draft: { type: 'boolean', title: 'Draft', description: 'Default: false.' },
    sourcePath: {
      type: 'string',
      title: 'Source Path',
      description: 'Folder of the workspace with the files. Default: all of it.',
    },
    targetPath: {
      type: 'string',
      title: 'Target Path',
      description: 'Folder of the repository that the files go to. Default: its root.',
    },
    filesToDelete: { ...TEXTS, title: 'Files to delete', description: 'Paths below the target path.' },
    reviewers: { ...TEXTS, title: 'Reviewers', description: 'Logins.' },
    teamReviewers: { ...TEXTS, title: 'Reviewing teams', description: 'Slugs.' },
    assignees: { ...TEXTS, title: 'Assignees', description: 'Logins, 10 at most.' },
    commitMessage: {
      type: 'string',
      title: 'Commit Message',
      description: 'Default: that of the configuration, else the title.',
    },
    update: {
      type: 'boolean',
      title: 'Update',
      description:
        'Replaces the branch and the words of a pull request that is open already. Default: false.',
    },
    forceFork: {
      type: 'boolean',
      title: 'Use a fork',
      description:
        'The branch goes to a fork of the token’s user, as it does when they may not push. Default: false.',
    },
    gitAuthorName: {
      type: 'string',
      title: 'Author Name',
      description: 'Default: that of the configuration, else the token’s user.',
    },
    gitAuthorEmail: {
      type: 'string',
      title: 'Author Email',
      description: 'Default: that of the configuration, else the token’s user.',
    },
    forceEmptyGitAuthor: {
      type: 'boolean',
      title: 'The token’s user is the author',
      description: 'Whatever the configuration says. Default: false.',
    },
    createWhenEmpty: {
      type: 'boolean',
      title: 'Create when empty',
      description: 'Opens one when nothing differs too, with an empty commit. Default: true.',
    },
  },
} as const satisfies JsonSchema;

export const PULL_REQUEST_OUTPUT = {
  type: 'object',
  properties: {
    targetBranchName: { type: 'string', title: 'The branch that is asked to pull' },
    remoteUrl: { type: 'string', title: 'Address of the pull request' },
    pullRequestNumber: { type: 'number', title: 'Number of the pull request' },
  },
} as const satisfies JsonSchema;

export const PULL_REQUEST_EXAMPLES: readonly ActionExample[] = [
  {
    description: 'The workspace in a folder of the repository, with reviewers',
    example: `steps:
  - id: propose
    action: publish:github:pull-request
    name: Propose the change
    input:
      repoUrl: github.com?owner=harbourline&repo=infrastructure
      branchName: add-ledger
      title: Add the ledger
      description: A database for the ledger.
      targetPath: services/ledger
      teamReviewers: [platform]
`,
  },
];
