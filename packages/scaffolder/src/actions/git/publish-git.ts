/** `publish:git`: the workspace becomes the first commit of any git remote. */
import { defineAction, type Action } from '@callboard/plugin';
import type { GitActionsDeps } from './deps.ts';
import { GIT_PROPERTIES, PUBLISH_OUTPUT, publishOptions } from './inputs.ts';
import { targetOf } from './target.ts';

const EXAMPLE = `steps:
  - id: publish
    action: publish:git
    input:
      remoteUrl: https://git.harbourline.example/payments/ledger.git
      defaultBranch: main
      token: \${{ secrets.gitToken }}
`;

export function createPublishGitAction({ git, forges, defaults }: GitActionsDeps): Action {
  return defineAction({
    id: 'publish:git',
    description: 'Commits the workspace and pushes it to an empty repository of any git server.',
    examples: [{ description: 'To a repository that exists and is empty', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        properties: {
          remoteUrl: {
            type: 'string',
            title: 'Remote URL',
            description: 'Address of the repository, https: and without a login.',
          },
          repoUrl: {
            type: 'string',
            title: 'Repository Location',
            description: 'Instead of remoteUrl: host?owner=…&repo=…, with a host of the configuration.',
          },
          defaultBranch: { type: 'string', title: 'Branch', description: 'Default: main.' },
          username: { type: 'string', title: 'User name', description: 'That goes with the token.' },
          token: {
            type: 'string',
            title: 'Token',
            description: 'Token or password. Default: that of the configuration for the host.',
          },
          ...GIT_PROPERTIES,
        },
        anyOf: [{ required: ['remoteUrl'] }, { required: ['repoUrl'] }],
      },
      output: PUBLISH_OUTPUT,
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { defaultBranch: branch = 'main' } = input;
      const target = targetOf(input, forges);
      const { remoteUrl, login } = target;
      const options = publishOptions(context, input, defaults);
      logger.info(`Pushing to ${remoteUrl}, branch ${branch}`);
      const commitHash = await context.checkpoint({
        key: `publish.${remoteUrl}.${branch}`,
        fn: async () => (await git.publish({ ...options, remoteUrl, login, branch })).commitHash,
      });
      context.output('remoteUrl', remoteUrl);
      const repoContentsUrl = target.contentsUrl(branch);
      if (repoContentsUrl !== null) context.output('repoContentsUrl', repoContentsUrl);
      context.output('commitHash', commitHash);
    },
  });
}
