/** `gitlab:projectAccessToken:create`: a token for one project. */
import { defineAction, type Action } from '@callboard/plugin';
import { textOf } from '../answers.ts';
import { connect } from '../client.ts';
import { CONNECTION, PROJECT_ID } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: token
    name: Make a token for the deployment
    action: gitlab:projectAccessToken:create
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      projectId: \${{ steps.publish.output.projectId }}
      name: deployment
      accessLevel: 30
      scopes: [read_repository, read_registry]
      expiresAt: 2027-06-30
`;

const DAY = 24 * 60 * 60 * 1_000;

export function createAccessTokenAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:projectAccessToken:create',
    description: 'Makes an access token for a GitLab project.',
    examples: [{ description: 'That reads the repository and its images', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'projectId'],
        properties: {
          ...CONNECTION,
          projectId: PROJECT_ID,
          name: { type: 'string', title: 'Name', description: 'Default: tokenname.' },
          accessLevel: {
            type: 'integer',
            title: 'Access level',
            description: '10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner. Default: 40.',
          },
          scopes: {
            type: 'array',
            title: 'Scopes',
            description: 'Default: read_repository.',
            items: { type: 'string' },
          },
          expiresAt: {
            type: 'string',
            title: 'Last day',
            description: 'As 2027-06-30. Default: in 365 days, the longest that GitLab allows.',
          },
        },
      },
      output: {
        type: 'object',
        properties: { access_token: { type: 'string', title: 'The token; secret', writeOnly: true } },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { projectId, name = 'tokenname', accessLevel = 40, scopes = ['read_repository'] } = input;
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const client = await connect(deps, { forge, token: input.token, signal });
      logger.info(`Creating an access token for the project ${projectId}`);
      const token = await context.checkpoint({
        key: `access-token.${projectId}.${name}`,
        fn: async () => {
          const expiresAt = orElse(input.expiresAt, () =>
            new Date(Date.now() + 365 * DAY).toISOString().slice(0, 10),
          );
          // The library knows neither every scope nor every level of GitLab, which says itself what it does not know.
          const { body } = await client.send({
            method: 'POST',
            path: `projects/${encodeURIComponent(projectId)}/access_tokens`,
            body: { name, scopes, expiresAt, accessLevel },
          });
          return textOf(body, 'token');
        },
      });
      context.output('access_token', token);
    },
  });
}

function orElse(text: string | undefined, other: () => string): string {
  return text === undefined || text === '' ? other() : text;
}
