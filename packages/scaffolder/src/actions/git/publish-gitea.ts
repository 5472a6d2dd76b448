/** `publish:gitea`: makes a repository on a Gitea or Forgejo server and pushes the workspace to it. */
import { CodedError } from '@callboard/kernel';
import { defineAction, type Action, type Forge } from '@callboard/plugin';
import { parseRepoUrl } from '../../expression/repo-url.ts';
import type { GitActionsDeps } from './deps.ts';
import { createGitea } from './gitea.ts';
import { GIT_PROPERTIES, PUBLISH_OUTPUT, publishOptions } from './inputs.ts';

const EXAMPLE = `steps:
  - id: publish
    action: publish:gitea
    input:
      repoUrl: git.harbourline.example?owner=payments&repo=ledger
      description: Books what was paid
`;

export function createPublishGiteaAction(deps: GitActionsDeps): Action {
  const { git, forges, defaults } = deps;
  return defineAction({
    id: 'publish:gitea',
    description: 'Makes a repository on a Gitea server, and commits and pushes the workspace to it.',
    examples: [{ description: 'For an organization', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: {
          repoUrl: {
            type: 'string',
            title: 'Repository Location',
            description: 'host?owner=…&repo=…, with a Gitea host of the configuration.',
          },
          description: { type: 'string', title: 'Repository Description' },
          defaultBranch: { type: 'string', title: 'Default Branch', description: 'Default: main.' },
          repoVisibility: {
            type: 'string',
            title: 'Repository Visibility',
            description: 'Default: public, as on the server itself: for whoever may use it.',
            enum: ['private', 'public'],
          },
          signCommit: {
            type: 'boolean',
            title: 'Sign commit',
            description: 'Commits are not signed here; the log says so when it is asked for.',
          },
          token: {
            type: 'string',
            title: 'Token',
            description: 'Default: that of the configuration for the host.',
          },
          ...GIT_PROPERTIES,
        },
      },
      output: PUBLISH_OUTPUT,
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { defaultBranch: branch = 'main', description = '' } = input;
      const spec = parseRepoUrl(input.repoUrl, forges);
      const name = spec.repo ?? '';
      const forge = giteaOf(forges, spec.host);
      const token = tokenOf(forge, input.token);
      const options = publishOptions(context, input, defaults);
      if (input.signCommit === true) logger.warn('The commit is not signed.');
      const gitea = createGitea(forge, { token, fetch: deps.fetch });
      const owner = await context.checkpoint({
        key: `create.${spec.host}.${spec.owner ?? ''}.${name}`,
        fn: () => {
          logger.info(`Creating the repository ${name} at ${spec.host}`);
          return gitea.createRepository({
            owner: spec.owner ?? null,
            name,
            description,
            isPrivate: input.repoVisibility === 'private',
            defaultBranch: branch,
            signal,
          });
        },
      });
      const url = `${forge.baseUrl}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
      const login = { username: owner, password: token };
      const commitHash = await context.checkpoint({
        key: `push.${url}.${branch}`,
        fn: async () => {
          logger.info(`Pushing to ${url}.git, branch ${branch}`);
          try {
            return (await git.publish({ ...options, remoteUrl: `${url}.git`, login, branch })).commitHash;
          } catch (error) {
            logger.warn(`The repository ${url} was created and is kept: a retry pushes to it.`);
            throw error;
          }
        },
      });
      context.output('remoteUrl', `${url}.git`);
      context.output('repoContentsUrl', `${url}/src/branch/${branch}/`);
      context.output('commitHash', commitHash);
    },
  });
}

function giteaOf(forges: readonly Forge[], host: string): Forge {
  const forge = forges.find((candidate) => candidate.host === host && candidate.type === 'gitea');
  if (forge !== undefined) return forge;
  const message = `No Gitea server of the configuration has the host ${host}. Add it to "integrations.gitea".`;
  throw new CodedError(400, 'scaffolder/bad-repo-url', message);
}

function tokenOf({ host, token }: Forge, given: string | undefined): string {
  const found = given ?? token ?? '';
  if (found !== '') return found;
  const message = `There is no token for ${host}. Give the step one, or set it in "integrations.gitea".`;
  throw new CodedError(400, 'scaffolder/no-token', message);
}
