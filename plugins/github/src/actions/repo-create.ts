/** `github:repo:create`: makes a repository. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { createRepository } from '../create-repository.ts';
import { REMOTE_OUTPUT, TARGET } from '../inputs.ts';
import { contentsUrlOf, remoteUrlOf } from '../repository.ts';
import { applySettings, checkAccess } from '../repository-settings.ts';
import { CREATE_ONLY, SETTINGS } from '../settings-inputs.ts';

const EXAMPLE = `steps:
  - id: create
    action: github:repo:create
    name: Create the repository
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      description: Books what was paid
      autoInit: true
      workflowAccess: organization
      secrets:
        DEPLOY_TOKEN: \${{ secrets.deployToken }}
`;

export function createRepoCreateAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:repo:create',
    description: 'Makes a repository on GitHub.',
    examples: [{ description: 'With a first commit and a secret', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: { ...TARGET, ...SETTINGS, ...CREATE_ONLY },
      },
      output: { type: 'object', properties: REMOTE_OUTPUT },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const repository = await openRepository(deps, context);
      await checkAccess(repository, input.access);
      const { name, at, forge } = repository;
      const key = `create.repo.and.topics.${at.owner}.${at.repo}`;
      const created = await createRepository(repository, { caller: context, settings: input, key });
      await context.checkpoint({
        key: `${key}.settings`,
        fn: () => applySettings(repository, { settings: input, logger }),
      });
      context.output('remoteUrl', remoteUrlOf(forge, created.cloneUrl, name));
      context.output('repoContentsUrl', contentsUrlOf(created.htmlUrl, created.defaultBranch));
    },
  });
}
