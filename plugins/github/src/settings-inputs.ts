/** Inputs on a repository that is made, with the types and defaults of Backstage's. */
import type { FromSchema, JsonSchema } from '@callboard/plugin';

const SETTING = (title: string, description: string) => ({ type: 'boolean', title, description }) as const;
const TEXT_BY_NAME = { type: 'object', additionalProperties: { type: 'string' } } as const;
const ACCESS = {
  type: 'string',
  title: 'pull, triage, push, maintain, admin, or a role of the organization',
} as const;

export const SETTINGS = {
  description: { type: 'string', title: 'Repository Description' },
  homepage: { type: 'string', title: 'Repository Homepage' },
  access: {
    type: 'string',
    title: 'Repository Access',
    description: 'Gets admin rights: a login other than the owner, or org/team of the owner.',
  },
  repoVisibility: {
    type: 'string',
    title: 'Repository Visibility',
    description: 'Default: private.',
    enum: ['private', 'public', 'internal'],
  },
  deleteBranchOnMerge: SETTING('Delete branches on merge', 'Default: false.'),
  allowMergeCommit: SETTING('Allow merge commits', 'Default: true.'),
  allowSquashMerge: SETTING('Allow squash merges', 'Default: true.'),
  allowRebaseMerge: SETTING('Allow rebase merges', 'Default: true.'),
  allowAutoMerge: SETTING('Allow auto merges', 'Default: false.'),
  allowUpdateBranch: SETTING('Offer to update branches', 'Default: false.'),
  squashMergeCommitTitle: {
    type: 'string',
    title: 'Title of squash commits',
    description: 'Default: COMMIT_OR_PR_TITLE.',
    enum: ['PR_TITLE', 'COMMIT_OR_PR_TITLE'],
  },
  squashMergeCommitMessage: {
    type: 'string',
    title: 'Message of squash commits',
    description: 'Default: COMMIT_MESSAGES.',
    enum: ['PR_BODY', 'COMMIT_MESSAGES', 'BLANK'],
  },
  collaborators: {
    type: 'array',
    title: 'Collaborators',
    description: 'Users and teams of the owner with their access, as logins, slugs or entity references.',
    items: {
      anyOf: [
        {
          type: 'object',
          required: ['access', 'user'],
          properties: { access: ACCESS, user: { type: 'string' } },
        },
        {
          type: 'object',
          required: ['access', 'team'],
          properties: { access: ACCESS, team: { type: 'string' } },
        },
      ],
    },
  },
  hasProjects: SETTING('Enable projects', 'Default: as GitHub has it for the owner.'),
  hasWiki: SETTING('Enable the wiki', 'Default: as GitHub has it, true.'),
  hasIssues: SETTING('Enable issues', 'Default: as GitHub has it, true.'),
  topics: { type: 'array', title: 'Topics', items: { type: 'string' } },
  repoVariables: {
    ...TEXT_BY_NAME,
    title: 'Variables',
    description: 'Variables of the repository for GitHub Actions, by name.',
  },
  secrets: {
    ...TEXT_BY_NAME,
    title: 'Secrets',
    description: 'Secrets of the repository for GitHub Actions, by name. Sealed before they are sent.',
  },
  oidcCustomization: {
    type: 'object',
    title: 'Subject of OIDC tokens',
    properties: {
      useDefault: { type: 'boolean', description: 'Default: true; then includeClaimKeys is left out.' },
      includeClaimKeys: { type: 'array', items: { type: 'string' } },
    },
  },
  customProperties: {
    type: 'object',
    title: 'Custom Properties',
    description: 'Repositories of organizations only. Texts, or lists of texts.',
    additionalProperties: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
  },
  subscribe: SETTING('Watch the repository', 'As the user of the token. Default: false.'),
} as const satisfies JsonSchema;

export const CREATE_ONLY = {
  autoInit: SETTING('First commit', 'With an empty README. Default: false.'),
  workflowAccess: {
    type: 'string',
    title: 'Who may use its workflows',
    description: 'From outside of the repository. Default: none.',
    enum: ['none', 'organization', 'user'],
  },
} as const satisfies JsonSchema;

type SettingsSchema = {
  readonly type: 'object';
  readonly properties: typeof SETTINGS & typeof CREATE_ONLY;
};
export type Settings = FromSchema<SettingsSchema>;
