/** `publish:github`: makes a repository and pushes the workspace to it. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { createRepository } from '../create-repository.ts';
import { COMMIT_OUTPUT, GIT, PROTECT_DEFAULT, TARGET } from '../inputs.ts';
import { pushWorkspace } from '../push-workspace.ts';
import { contentsUrlOf, remoteUrlOf } from '../repository.ts';
import { applySettings, checkAccess } from '../repository-settings.ts';
import { SETTINGS } from '../settings-inputs.ts';
import { sourceFolder } from '../source-folder.ts';

const EXAMPLE = `steps:
  - id: publish
    action: publish:github
    name: Publish
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      description: Books what was paid
      repoVisibility: internal
      access: harbourline/payments
      topics: [payments]
      requiredStatusCheckContexts: [test]
`;

export function createPublishGithubAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'publish:github',
    description: 'Makes a repository on GitHub, pushes the workspace to it and protects its default branch.',
    examples: [{ description: 'For a team of an organization', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: { ...TARGET, ...SETTINGS, ...GIT, ...PROTECT_DEFAULT },
      },
      output: { type: 'object', properties: COMMIT_OUTPUT },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { defaultBranch = 'main' } = input;
      const repository = await openRepository(deps, context);
      // What can be found wrong is found before anything is made.
      await sourceFolder(context.workspacePath, input.sourcePath);
      await checkAccess(repository, input.access);
      const { name, at } = repository;
      const key = `create.github.repo.${at.owner}.${at.repo}`;
      const { cloneUrl, htmlUrl } = await createRepository(repository, {
        caller: context,
        settings: input,
        key,
      });
      const remoteUrl = remoteUrlOf(repository.forge, cloneUrl, name);
      await context.checkpoint({
        key: `${key}.settings`,
        fn: () => applySettings(repository, { settings: input, logger }),
      });
      const standing = `The repository ${htmlUrl} was created and is kept: retry the step to push to it, or delete it.`;
      const commitHash = await pushWorkspace(repository, { deps, context, remoteUrl, standing });
      context.output('commitHash', commitHash);
      context.output('remoteUrl', remoteUrl);
      context.output('repoContentsUrl', contentsUrlOf(htmlUrl, defaultBranch));
    },
  });
}
