/** Inputs of `github:environment:create`, with the types and defaults of Backstage's. */
import type { ActionExample, JsonSchema } from '@callboard/plugin';
import { TARGET } from '../inputs.ts';

const TEXTS = { type: 'array', items: { type: 'string' } } as const;
const TEXT_BY_NAME = { type: 'object', additionalProperties: { type: 'string' } } as const;

export const ENVIRONMENT_INPUT = {
  type: 'object',
  required: ['repoUrl', 'name'],
  properties: {
    ...TARGET,
    name: { type: 'string', title: 'Environment Name' },
    deploymentBranchPolicy: {
      type: ['object', 'null'],
      title: 'Which branches may deploy',
      description: 'One of the two is true. Null: all branches may. Default: as it is, for a new one all.',
      required: ['protected_branches', 'custom_branch_policies'],
      properties: {
        protected_branches: { type: 'boolean', description: 'Those that are protected.' },
        custom_branch_policies: { type: 'boolean', description: 'Those that a policy names.' },
      },
    },
    customBranchPolicyNames: {
      ...TEXTS,
      title: 'Branches that may deploy',
      description: 'Patterns as of Ruby’s File.fnmatch; * does not match /.',
    },
    customTagPolicyNames: {
      ...TEXTS,
      title: 'Tags that may deploy',
      description: 'Patterns as of Ruby’s File.fnmatch; * does not match /.',
    },
    environmentVariables: { ...TEXT_BY_NAME, title: 'Variables', description: 'By name.' },
    secrets: { ...TEXT_BY_NAME, title: 'Secrets', description: 'By name. Sealed before they are sent.' },
    waitTimer: {
      type: 'number',
      title: 'Wait timer',
      description: 'Minutes before a deployment. Default: none.',
    },
    preventSelfReview: {
      type: 'boolean',
      title: 'Prevent self review',
      description: 'Who deploys cannot approve it. Default: false.',
    },
    reviewers: {
      ...TEXTS,
      title: 'Reviewers',
      description:
        'References of users and groups, whose names are the logins and the slugs of teams at GitHub.',
    },
  },
} as const satisfies JsonSchema;

export const ENVIRONMENT_EXAMPLES: readonly ActionExample[] = [
  {
    description: 'With a reviewing group and a secret',
    example: `steps:
  - id: production
    action: github:environment:create
    name: Create the environment
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      name: production
      deploymentBranchPolicy:
        protected_branches: false
        custom_branch_policies: true
      customBranchPolicyNames: [main, release/*]
      environmentVariables:
        REGION: eu-north-1
      secrets:
        DEPLOY_TOKEN: \${{ secrets.deployToken }}
      reviewers: ['group:default/payments']
`,
  },
];
