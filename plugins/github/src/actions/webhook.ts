/** `github:webhook`: has GitHub tell a URL what happens in a repository. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { isRefusal } from '../errors.ts';
import { TARGET } from '../inputs.ts';
import { parseTarget } from '../target.ts';
import { toWire } from '../wire.ts';

const EXAMPLE = `steps:
  - id: webhook
    action: github:webhook
    name: Tell the build server
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      webhookUrl: https://build.harbourline.example/hooks
      webhookSecret: \${{ secrets.webhook }}
      contentType: json
      events: [push, pull_request]
`;

export function createWebhookAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:webhook',
    description: 'Makes a webhook of a repository on GitHub.',
    supportsDryRun: true,
    examples: [{ description: 'With a secret', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'webhookUrl'],
        properties: {
          ...TARGET,
          webhookUrl: { type: 'string', title: 'Webhook URL', description: 'Gets the events.' },
          webhookSecret: {
            type: 'string',
            title: 'Webhook Secret',
            description: 'Signs the events. Default: none.',
          },
          events: {
            type: 'array',
            title: 'Triggering Events',
            description: 'Names of events, or "*" for all of them. Default: push.',
            items: { type: 'string' },
          },
          active: { type: 'boolean', title: 'Active', description: 'Default: true.' },
          contentType: {
            type: 'string',
            title: 'Content Type',
            description: 'How events are written. Default: form.',
            enum: ['form', 'json'],
          },
          insecureSsl: {
            type: 'boolean',
            title: 'Take any certificate',
            description: 'That of the URL is not checked. Default: false.',
          },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      parseTarget(input.repoUrl, deps.forges);
      if (context.isDryRun === true) {
        logger.info('Dry run: no webhook is made.');
        return;
      }
      const { client, at, name } = await openRepository(deps, context);
      const { webhookUrl, active = true, contentType = 'form', insecureSsl = false } = input;
      await context.checkpoint({
        key: `create.webhook.${name}.${webhookUrl}`,
        fn: async () => {
          const events = [...(input.events ?? ['push'])];
          const config = toWire({
            url: webhookUrl,
            content_type: contentType,
            secret: input.webhookSecret,
            insecure_ssl: insecureSsl ? '1' : '0',
          });
          try {
            await client.rest.repos.createWebhook({ ...at, config, events, active });
          } catch (error) {
            // Of an earlier try: GitHub refuses a second one with the same URL and events.
            if (!isRefusal(error, 422, /Hook already exists/i)) throw error;
            logger.info('The webhook is there already.');
          }
        },
      });
      logger.info(`${name} has a webhook to ${webhookUrl}`);
    },
  });
}
