/** `gitlab:group:migrate`: has one GitLab fetch a project from another, by direct transfer. */
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf } from '../answers.ts';
import { connect } from '../client.ts';
import { gitlabError } from '../errors.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: migrate
    name: Fetch the project from the old server
    action: gitlab:group:migrate
    input:
      sourceUrl: https://git.harbourline.example
      sourceAccessToken: \${{ secrets.sourceToken }}
      sourceFullPath: payments/ledger
      destinationUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      destinationAccessToken: \${{ secrets.destinationToken }}
`;

export function createGroupMigrateAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:group:migrate',
    description: 'Starts the transfer of a project from one GitLab server to another.',
    examples: [{ description: 'From a server of one’s own', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: [
          'destinationAccessToken',
          'destinationUrl',
          'sourceAccessToken',
          'sourceFullPath',
          'sourceUrl',
        ],
        properties: {
          destinationAccessToken: { type: 'string', title: 'Token for the destination' },
          destinationUrl: {
            type: 'string',
            title: 'Destination',
            description: 'host?owner=group/subgroup&repo=project, with a GitLab host of the configuration.',
          },
          sourceAccessToken: { type: 'string', title: 'Token for the source' },
          sourceFullPath: { type: 'string', title: 'Project', description: 'Its full path at the source.' },
          sourceUrl: { type: 'string', title: 'Source', description: 'As https://gitlab.com.' },
        },
      },
      output: {
        type: 'object',
        properties: {
          importedRepoUrl: { type: 'string', title: 'Address of the project at the destination' },
          migrationId: { type: 'number', title: 'Id of the transfer' },
        },
      },
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { destinationUrl, sourceUrl, sourceFullPath, sourceAccessToken } = input;
      const { forge, owner, repo } = parseTarget(destinationUrl, deps.forges);
      if (owner === null || repo === null) {
        const message = `The destination "${destinationUrl}" cannot be used: it is written as "host?owner=…&repo=…".`;
        throw gitlabError('scaffolder/bad-repo-url', message);
      }
      const token = input.destinationAccessToken;
      const client = await connect(deps, { forge, token, signal, secrets: [sourceAccessToken] });
      const migrationId = await context.checkpoint({
        key: `migrate.${sourceUrl}.${sourceFullPath}`,
        fn: async () => {
          const started = await client.api.Migrations.create(
            { url: sourceUrl, access_token: sourceAccessToken },
            [
              {
                sourceType: 'project_entity',
                sourceFullPath,
                destinationSlug: repo,
                destinationNamespace: owner,
              },
            ],
          );
          return numberOf(started, 'id');
        },
      });
      context.output('importedRepoUrl', `${forge.host}/${owner}/${repo}`);
      context.output('migrationId', migrationId);
    },
  });
}
