/** What `publish:gitlab` takes and gives. */
import type { JsonSchema } from '@callboard/plugin';
import { CONNECTION } from '../inputs.ts';

const VISIBILITY = { type: 'string', enum: ['private', 'public', 'internal'] } as const;
const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;
const TEXTS = { type: 'array', items: { type: 'string' } } as const;

const SETTINGS = {
  type: 'object',
  title: 'Settings',
  description:
    "Further settings of the project, under the names of GitLab's API; they go before repoVisibility and topics.",
  properties: {
    name: { ...TEXT, description: 'Title of the project. Default: the name of the repository.' },
    path: { ...TEXT, description: 'Default: the name of the repository.' },
    auto_devops_enabled: FLAG,
    ci_config_path: TEXT,
    description: TEXT,
    merge_method: { type: 'string', enum: ['merge', 'rebase_merge', 'ff'] },
    squash_option: { type: 'string', enum: ['default_off', 'default_on', 'never', 'always'] },
    topics: TEXTS,
    visibility: VISIBILITY,
    only_allow_merge_if_all_discussions_are_resolved: FLAG,
    only_allow_merge_if_pipeline_succeeds: FLAG,
    allow_merge_on_skipped_pipeline: FLAG,
  },
} as const satisfies JsonSchema;

const BRANCHES = {
  type: 'array',
  title: 'Branches',
  description: 'Further branches: made of "ref" (default: the default branch), protected, or both.',
  items: {
    type: 'object',
    required: ['name'],
    properties: { name: TEXT, protect: FLAG, create: FLAG, ref: TEXT },
  },
} as const satisfies JsonSchema;

const VARIABLES = {
  type: 'array',
  title: 'Variables of pipelines',
  items: {
    type: 'object',
    required: ['key', 'value'],
    properties: {
      key: TEXT,
      value: TEXT,
      description: TEXT,
      variable_type: { type: 'string', enum: ['env_var', 'file'], description: 'Default: env_var.' },
      protected: FLAG,
      masked: FLAG,
      masked_and_hidden: FLAG,
      raw: FLAG,
      environment_scope: { ...TEXT, description: 'Default: *.' },
    },
  },
} as const satisfies JsonSchema;

export const PUBLISH_INPUT = {
  type: 'object',
  required: ['repoUrl'],
  properties: {
    ...CONNECTION,
    repoVisibility: { ...VISIBILITY, title: 'Visibility', description: 'Default: private.' },
    defaultBranch: { ...TEXT, title: 'Default Branch', description: 'Default: master.' },
    gitCommitMessage: {
      ...TEXT,
      title: 'Git Commit Message',
      description: 'Default: that of the configuration, else "initial commit".',
    },
    gitAuthorName: { ...TEXT, title: 'Author Name', description: 'Default: that of the configuration.' },
    gitAuthorEmail: { ...TEXT, title: 'Author Email', description: 'Default: that of the configuration.' },
    signCommit: {
      ...FLAG,
      title: 'Sign commit',
      description: 'Commits are not signed here; the log says so when it is asked for.',
    },
    sourcePath: {
      type: ['string', 'boolean'],
      title: 'Source Path',
      description:
        'Folder of the workspace that becomes the root of the repository. Default, and true: all of it. False: the repository stays empty.',
    },
    skipExisting: {
      ...FLAG,
      title: 'Skip if the repository exists',
      description: 'Leaves a project that is there as it is. Default: false.',
    },
    setUserAsOwner: {
      ...FLAG,
      title: 'Set User As Owner',
      description:
        'Makes the user of the token an owner, with the token of the configuration. Default: false.',
    },
    ownerUsername: {
      ...TEXT,
      title: 'Owner',
      description: 'Name of a GitLab user who becomes an owner, with the token of the configuration.',
    },
    topics: { ...TEXTS, title: 'Topics' },
    settings: SETTINGS,
    branches: BRANCHES,
    projectVariables: VARIABLES,
  },
} as const satisfies JsonSchema;

export const PUBLISH_OUTPUT = {
  type: 'object',
  properties: {
    remoteUrl: { ...TEXT, title: 'Address of the repository' },
    repoContentsUrl: { ...TEXT, title: 'Address of the root folder of the repository' },
    projectId: { type: 'number', title: 'Id of the project' },
    commitHash: { ...TEXT, title: 'Hash of the first commit' },
    created: { ...FLAG, title: 'Whether the project was made by this step' },
  },
} as const satisfies JsonSchema;
