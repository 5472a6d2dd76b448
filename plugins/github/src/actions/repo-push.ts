/** `github:repo:push`: pushes the workspace to an empty repository. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { COMMIT_OUTPUT, GIT, PROTECT_DEFAULT, TARGET } from '../inputs.ts';
import { pushWorkspace } from '../push-workspace.ts';
import { contentsUrlOf, remoteUrlOf } from '../repository.ts';

const EXAMPLE = `steps:
  - id: push
    action: github:repo:push
    name: Push the code
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      gitCommitMessage: Begin
`;

export function createRepoPushAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:repo:push',
    description: 'Pushes the workspace to an empty repository on GitHub and protects its default branch.',
    examples: [{ description: 'The whole workspace', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: { ...TARGET, ...GIT, ...PROTECT_DEFAULT },
      },
      output: { type: 'object', properties: COMMIT_OUTPUT },
    },
    handler: async (context) => {
      const repository = await openRepository(deps, context);
      const { data } = await repository.client.rest.repos.get(repository.at);
      const remoteUrl = remoteUrlOf(repository.forge, data.clone_url, repository.name);
      const standing = `The repository ${data.html_url} was left as it is.`;
      const commitHash = await pushWorkspace(repository, { deps, context, remoteUrl, standing });
      context.output('remoteUrl', remoteUrl);
      context.output('repoContentsUrl', contentsUrlOf(data.html_url, context.input.defaultBranch ?? 'main'));
      context.output('commitHash', commitHash);
    },
  });
}
