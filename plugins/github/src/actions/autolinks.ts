/** `github:autolinks:create`: has keys in texts become links. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { isRefusal } from '../errors.ts';
import { TARGET } from '../inputs.ts';

const EXAMPLE = `steps:
  - id: autolink
    action: github:autolinks:create
    name: Link tickets
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      keyPrefix: PAY-
      urlTemplate: https://tickets.harbourline.example/PAY-<num>
`;

export function createAutolinksAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:autolinks:create',
    description: 'Makes an autolink reference of a repository on GitHub.',
    examples: [{ description: 'Tickets', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'keyPrefix', 'urlTemplate'],
        properties: {
          ...TARGET,
          keyPrefix: { type: 'string', title: 'Key Prefix', description: 'What a key begins with, as PAY-.' },
          urlTemplate: {
            type: 'string',
            title: 'URL Template',
            description: 'Has <num> where the rest of the key goes.',
          },
          isAlphanumeric: {
            type: 'boolean',
            title: 'Letters too',
            description:
              'The rest of the key may be letters, digits and hyphens; else digits only. Default: true.',
          },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { keyPrefix, urlTemplate } = input;
      const { client, at, name } = await openRepository(deps, context);
      await context.checkpoint({
        key: `create.auto.link.${name}.${keyPrefix}`,
        fn: async () => {
          logger.info(`Linking ${keyPrefix}… in ${name}`);
          try {
            await client.rest.repos.createAutolink({
              ...at,
              key_prefix: keyPrefix,
              url_template: urlTemplate,
              is_alphanumeric: input.isAlphanumeric ?? true,
            });
          } catch (error) {
            if (!isRefusal(error, 422, /already|taken/i)) throw error;
            const { data } = await client.rest.repos.listAutolinks(at);
            const isOurs = data.some(
              (link) => link.key_prefix === keyPrefix && link.url_template === urlTemplate,
            );
            if (!isOurs) throw error;
            logger.info('The autolink is there already.');
          }
        },
      });
    },
  });
}
