/** `github:pages:enable`: publishes a site from a repository. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { isRefusal } from '../errors.ts';
import { TARGET } from '../inputs.ts';

const EXAMPLE = `steps:
  - id: pages
    action: github:pages:enable
    name: Publish the site
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      buildType: legacy
      sourcePath: /docs
`;

export function createPagesEnableAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:pages:enable',
    description: 'Enables GitHub Pages for a repository.',
    examples: [{ description: 'From a folder', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl'],
        properties: {
          ...TARGET,
          buildType: {
            type: 'string',
            title: 'Build Type',
            description: 'By a workflow, or by GitHub from a branch (legacy). Default: workflow.',
            enum: ['legacy', 'workflow'],
          },
          sourceBranch: { type: 'string', title: 'Source Branch', description: 'Default: main.' },
          sourcePath: {
            type: 'string',
            title: 'Source Path',
            description: 'Default: /.',
            enum: ['/', '/docs'],
          },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { buildType = 'workflow', sourceBranch = 'main', sourcePath = '/' } = input;
      const { client, at, name } = await openRepository(deps, context);
      const site = {
        ...at,
        build_type: buildType,
        source: { branch: sourceBranch, path: sourcePath },
      };
      logger.info(`Enabling GitHub Pages for ${name}`);
      try {
        await client.rest.repos.createPagesSite(site);
      } catch (error) {
        if (!isRefusal(error, 409)) throw error;
        await client.rest.repos.updateInformationAboutPagesSite(site);
      }
    },
  });
}
