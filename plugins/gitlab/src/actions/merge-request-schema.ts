/** What `publish:gitlab:merge-request` takes and gives. */
import type { JsonSchema } from '@callboard/plugin';
import { CONNECTION } from '../inputs.ts';

export const MERGE_REQUEST_INPUT = {
  type: 'object',
  required: ['repoUrl', 'title', 'branchName'],
  properties: {
    ...CONNECTION,
    title: { type: 'string', title: 'Title', description: 'Also the message of the commit.' },
    branchName: {
      type: 'string',
      title: 'Source Branch',
      description: 'Is made; must not have other commits.',
    },
    description: { type: 'string', title: 'Description' },
    targetBranchName: {
      type: 'string',
      title: 'Target Branch',
      description: 'Default: the default branch of the project.',
    },
    sourcePath: {
      type: 'string',
      title: 'Source Path',
      description: 'Folder of the workspace. Default: "targetPath", else all of it; "." is all of it.',
    },
    targetPath: {
      type: 'string',
      title: 'Target Path',
      description: 'Folder of the repository. Default: its root.',
    },
    commitAction: {
      type: 'string',
      title: 'Commit action',
      description:
        'What is done with each file. Default: auto, which creates, updates or leaves it alone; skip commits nothing.',
      enum: ['create', 'update', 'delete', 'skip', 'auto'],
    },
    projectid: {
      type: 'string',
      title: 'Project',
      description: 'Path or id, for a repoUrl that names none. Write "project" in the repoUrl instead.',
    },
    removeSourceBranch: {
      type: 'boolean',
      title: 'Remove the branch after the merge',
      description: 'Default: false.',
    },
    assignee: { type: 'string', title: 'Assignee', description: 'Name of a GitLab user.' },
    reviewers: {
      type: 'array',
      title: 'Reviewers',
      description: 'Names of GitLab users.',
      items: { type: 'string' },
    },
    assignReviewersFromApprovalRules: {
      type: 'boolean',
      title: 'Reviewers of the approval rules',
      description: 'Adds whoever may approve, code owners too. Default: false.',
    },
    labels: {
      anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      title: 'Labels',
      description: 'A list, or a text with commas.',
    },
    autoMerge: {
      type: 'boolean',
      title: 'Merge by itself',
      description: 'Merges when all checks have passed. Default: false.',
    },
  },
} as const satisfies JsonSchema;

export const MERGE_REQUEST_OUTPUT = {
  type: 'object',
  properties: {
    targetBranchName: { type: 'string', title: 'Target branch' },
    projectid: { type: 'string', title: 'Path or id of the project' },
    projectPath: { type: 'string', title: 'Path of the project' },
    mergeRequestUrl: { type: 'string', title: 'Address of the merge request' },
  },
} as const satisfies JsonSchema;
