/** `github:issues:create` and `github:issues:label`. */
import { defineAction, type Action } from '@callboard/plugin';
import { openRepository, type GithubDeps } from '../client.ts';
import { TARGET } from '../inputs.ts';
import { parseTarget } from '../target.ts';
import { toWire } from '../wire.ts';

const CREATE_EXAMPLE = `steps:
  - id: issue
    action: github:issues:create
    name: Open an issue
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      title: Name the people on call
      body: The service is new.
      labels: [onboarding]
`;

export function createIssuesCreateAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:issues:create',
    description: 'Opens an issue on GitHub.',
    supportsDryRun: true,
    examples: [{ description: 'With a label', example: CREATE_EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'title'],
        properties: {
          ...TARGET,
          title: { type: 'string', title: 'Title' },
          body: { type: 'string', title: 'Text', description: 'Markdown.' },
          assignees: {
            type: 'array',
            title: 'Assignees',
            description: 'Logins. GitHub drops them, like milestone and labels, when the token may not push.',
            items: { type: 'string' },
          },
          milestone: {
            type: ['string', 'number'],
            title: 'Milestone',
            description: 'Its number.',
          },
          labels: { type: 'array', title: 'Labels', items: { type: 'string' } },
        },
      },
      output: {
        type: 'object',
        properties: {
          issueUrl: { type: 'string', title: 'Address of the issue' },
          issueNumber: { type: 'number', title: 'Number of the issue' },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { title, body, assignees, milestone, labels } = input;
      const target = parseTarget(input.repoUrl, deps.forges);
      if (context.isDryRun === true) {
        logger.info(`Dry run: the issue "${title}" is not opened.`);
        context.output('issueUrl', `${target.forge.baseUrl}/${target.owner}/${target.repo}/issues/42`);
        context.output('issueNumber', 42);
        return;
      }
      const { client, at, name } = await openRepository(deps, context);
      const issue = await context.checkpoint({
        key: `github.issues.create.${name}.${title}`,
        fn: async () => {
          logger.info(`Opening the issue "${title}" in ${name}`);
          const { data } = await client.rest.issues.create(
            toWire({ ...at, title, body, assignees, milestone, labels }),
          );
          return { url: data.html_url, number: data.number };
        },
      });
      context.output('issueUrl', issue.url);
      context.output('issueNumber', issue.number);
    },
  });
}

const LABEL_EXAMPLE = `steps:
  - id: label
    action: github:issues:label
    name: Label the pull request
    input:
      repoUrl: github.com?owner=harbourline&repo=ledger
      number: \${{ steps.propose.output.pullRequestNumber }}
      labels: [automated]
`;

export function createIssuesLabelAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'github:issues:label',
    description: 'Adds labels to an issue or a pull request on GitHub.',
    examples: [{ description: 'A pull request of an earlier step', example: LABEL_EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'number', 'labels'],
        properties: {
          ...TARGET,
          number: { type: 'number', title: 'Number', description: 'Of the issue or pull request.' },
          labels: { type: 'array', title: 'Labels', items: { type: 'string' } },
        },
      },
    },
    handler: async (context) => {
      const { input, logger } = context;
      const { client, at, name } = await openRepository(deps, context);
      logger.info(`Adding labels to ${name}#${input.number}`);
      // What is there already is left as it is, so it may be repeated.
      await client.rest.issues.addLabels({ ...at, issue_number: input.number, labels: [...input.labels] });
    },
  });
}
