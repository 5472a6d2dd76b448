/** `gitlab:issues:create`: opens an issue. */
import { createHash } from 'node:crypto';
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf, textOf } from '../answers.ts';
import { connect } from '../client.ts';
import { CONNECTION, given, TIME_PATTERN } from '../inputs.ts';
import { parseTarget, projectOf } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';
import { fittingEpic } from './epic-scope.ts';
import { ISSUE_PROPERTIES, toIsoTime } from './issue-inputs.ts';

const EXAMPLE = `steps:
  - id: issue
    name: Ask for a review of the architecture
    action: gitlab:issues:create
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      title: Review the architecture
      labels: review,architecture
      dueDate: 2026-12-01T00:00:00Z
`;

export function createIssueCreateAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:issues:create',
    description: 'Opens an issue in a GitLab project.',
    examples: [{ description: 'With labels and a date', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'title'],
        properties: {
          ...CONNECTION,
          projectId: {
            type: ['integer', 'string'],
            title: 'Project',
            description: 'Id, or full path. Default: the project of "repoUrl".',
          },
          title: { type: 'string', title: 'Title' },
          ...ISSUE_PROPERTIES,
          createdAt: {
            type: 'string',
            pattern: TIME_PATTERN,
            title: 'Time of creation',
            description: 'Default: now.',
          },
          dueDate: { type: 'string', pattern: TIME_PATTERN, title: 'Due date' },
          discussionToResolve: {
            type: 'string',
            title: 'Discussion to resolve',
            description: 'Id, together with "mergeRequestToResolveDiscussionsOf".',
          },
          mergeRequestToResolveDiscussionsOf: {
            type: 'integer',
            title: 'Merge request whose discussions it resolves',
          },
          weight: { type: 'integer', minimum: 0, title: 'Weight' },
        },
      },
      output: {
        type: 'object',
        properties: {
          issueUrl: { type: 'string', title: 'Address of the issue' },
          issueId: { type: 'number', title: 'Id' },
          issueIid: { type: 'number', title: 'Number in the project' },
        },
      },
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { title, epicId } = input;
      const target = parseTarget(input.repoUrl, deps.forges);
      const project = input.projectId === undefined ? projectOf(target) : String(input.projectId).trim();
      const createdAt =
        input.createdAt === undefined ? new Date().toISOString() : toIsoTime('createdAt', input.createdAt);
      const dueDate = input.dueDate === undefined ? undefined : toIsoTime('dueDate', input.dueDate);
      const client = await connect(deps, { forge: target.forge, token: input.token, signal });
      const epic = await fittingEpic(context, { client, project, epicId });
      const digest = createHash('sha256').update(title).digest('hex').slice(0, 16);
      const issue = await context.checkpoint({
        key: `issue.${target.forge.host}.${project}.${digest}`,
        fn: async () => {
          const made = await client.api.Issues.create(project, title, {
            description: input.description ?? '',
            assigneeIds: [...(input.assignees ?? [])],
            confidential: input.confidential ?? false,
            labels: input.labels ?? '',
            createdAt,
            ...given({
              dueDate,
              epicId: epic,
              issueType: input.issueType,
              discussionToResolve: input.discussionToResolve,
              mergeRequestToResolveDiscussionsOf: input.mergeRequestToResolveDiscussionsOf,
              milestoneId: input.milestoneId,
              weight: input.weight,
            }),
          });
          return { id: numberOf(made, 'id'), iid: numberOf(made, 'iid'), url: textOf(made, 'web_url') };
        },
      });
      context.output('issueId', issue.id);
      context.output('issueIid', issue.iid);
      context.output('issueUrl', issue.url);
    },
  });
}
