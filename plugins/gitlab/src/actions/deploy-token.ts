/** `gitlab:projectDeployToken:create`: a name and a token with which machines read a project. */
import { defineAction, type Action } from '@callboard/plugin';
import type { DeployTokenScope } from '@gitbeaker/rest';
import { textOf } from '../answers.ts';
import { connect } from '../client.ts';
import { gitlabError } from '../errors.ts';
import { CONNECTION, given, PROJECT_ID } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: token
    name: Make a token for the cluster
    action: gitlab:projectDeployToken:create
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      projectId: \${{ steps.publish.output.projectId }}
      name: cluster
      scopes: [read_registry]
`;

export function createDeployTokenAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:projectDeployToken:create',
    description: 'Makes a deploy token for a GitLab project.',
    examples: [{ description: 'That reads images', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'projectId', 'name', 'scopes'],
        properties: {
          ...CONNECTION,
          projectId: PROJECT_ID,
          name: { type: 'string', title: 'Name' },
          username: { type: 'string', title: 'User name', description: 'Default: one that GitLab makes.' },
          scopes: {
            type: 'array',
            title: 'Scopes',
            description: 'As read_repository or read_registry; one at least.',
            items: { type: 'string' },
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          deploy_token: { type: 'string', title: 'The token; secret', writeOnly: true },
          user: { type: 'string', title: 'The user name that goes with it' },
        },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { projectId, name, username } = input;
      const scopes = toScopes(input.scopes);
      if (scopes.length === 0) {
        const message = `The deploy token ${name} has no scopes. Give it one, as read_repository.`;
        throw gitlabError('scaffolder/invalid-input', message);
      }
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const client = await connect(deps, { forge, token: input.token, signal });
      logger.info(`Creating a deploy token for the project ${projectId}`);
      const made = await context.checkpoint({
        key: `deploy-token.${projectId}.${name}`,
        fn: async () => {
          const options = { projectId, ...given({ username }) };
          const answer = await client.api.DeployTokens.create(name, scopes, options);
          return { token: textOf(answer, 'token'), user: textOf(answer, 'username') };
        },
      });
      context.output('deploy_token', made.token);
      context.output('user', made.user);
    },
  });
}

/** GitLab knows more scopes than the library, from version to version, and says which it does not. */
function toScopes(scopes: readonly string[]): DeployTokenScope[] {
  return scopes.filter((scope): scope is DeployTokenScope => scope !== '');
}
