/** `github:branch-protection:create`: protects a branch. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { PROTECTION, TARGET } from '../inputs.ts';
import { protectBranch } from '../protection.ts';

const EXAMPLE = `steps:
  - id: protect
    action: github:branch-protection:create
    name: Protect releases
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      branch: release
      requiredApprovingReviewCount: 2
      requiredStatusCheckContexts: [test]
`;

export function createBranchProtectionAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:branch-protection:create',
    description: 'Protects a branch of a repository on GitHub.',
    examples: [{ description: 'Two reviews and a check', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: {
          ...TARGET,
          ...PROTECTION,
          branch: {
            type: 'string',
            title: 'Branch',
            description: 'Default: the default branch of the repository.',
          },
          enforceAdmins: {
            type: 'boolean',
            title: 'Admins must keep the rules too',
            description: 'Default: true.',
          },
          blockCreations: {
            type: 'boolean',
            title: 'Restrict new branches',
            description: 'Only who may push makes branches that match. Default: false.',
          },
        },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const repository = await openRepository(deps, context);
      const { client, at, name } = repository;
      const branch = input.branch ?? (await client.rest.repos.get(at)).data.default_branch;
      await context.checkpoint({
        key: `enable.branch.protection.${name}.${branch}`,
        fn: async () => {
          logger.info(`Protecting the branch ${branch} of ${name}`);
          await protectBranch(repository, { deps, logger, signal, branch, rules: input });
        },
      });
    },
  });
}
