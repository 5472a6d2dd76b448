/** `gitlab:issue:edit`: changes an issue. */
import { defineAction, type Action } from '@callboard/plugin';
import { numberOf, textOf } from '../answers.ts';
import { connect } from '../client.ts';
import { CONNECTION, given, PROJECT_ID, TIME_PATTERN } from '../inputs.ts';
import { parseTarget } from '../repo-url.ts';
import type { GitlabDeps } from './deps.ts';
import { fittingEpic } from './epic-scope.ts';
import { ISSUE_PROPERTIES, toIsoTime } from './issue-inputs.ts';

const EXAMPLE = `steps:
  - id: close
    name: Close the request
    action: gitlab:issue:edit
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      projectId: 12
      issueIid: 7
      addLabels: done
      stateEvent: close
`;

const ISSUE_OUTPUT = {
  type: 'object',
  properties: {
    issueUrl: { type: 'string', title: 'Address of the issue' },
    projectId: { type: 'number', title: 'Id of its project' },
    issueId: { type: 'number', title: 'Id' },
    issueIid: { type: 'number', title: 'Number in the project' },
    state: { type: 'string', title: 'opened or closed' },
    title: { type: 'string', title: 'Title' },
    updatedAt: { type: 'string', title: 'Time of the last change' },
  },
} as const;

export function createIssueEditAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:issue:edit',
    description:
      'Changes an issue of a GitLab project. Assignees, confidential and discussionLocked are set each time, to nobody and false when left out.',
    examples: [{ description: 'Closes an issue', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'projectId', 'issueIid'],
        properties: {
          ...CONNECTION,
          projectId: PROJECT_ID,
          issueIid: { type: 'integer', title: 'Number of the issue in the project' },
          title: { type: 'string', title: 'Title' },
          ...ISSUE_PROPERTIES,
          addLabels: { type: 'string', title: 'Labels to add', description: 'With commas.' },
          removeLabels: { type: 'string', title: 'Labels to remove', description: 'With commas.' },
          discussionLocked: {
            type: 'boolean',
            title: 'Lock the discussion',
            description: 'For members of the project only. Default: false.',
          },
          dueDate: {
            type: 'string',
            pattern: String.raw`^\d{4}-\d{2}-\d{2}$`,
            title: 'Due date',
            description: 'As 2026-12-01.',
          },
          stateEvent: { type: 'string', enum: ['close', 'reopen'], title: 'Close or reopen' },
          updatedAt: {
            type: 'string',
            pattern: TIME_PATTERN,
            title: 'Time of the change',
            description: 'Default: now.',
          },
          weight: { type: 'integer', minimum: 0, maximum: 10, title: 'Weight' },
        },
      },
      output: ISSUE_OUTPUT,
    },
    handler: async (context) => {
      const { input, signal } = context;
      const { projectId: project, issueIid } = input;
      const { forge } = parseTarget(input.repoUrl, deps.forges);
      const updatedAt =
        input.updatedAt === undefined ? new Date().toISOString() : toIsoTime('updatedAt', input.updatedAt);
      const client = await connect(deps, { forge, token: input.token, signal });
      const epicId = await fittingEpic(context, { client, project, epicId: input.epicId });
      const issue = await context.checkpoint({
        key: `edit.${project}.${issueIid}`,
        fn: async () => {
          const edited = await client.api.Issues.edit(project, issueIid, {
            assigneeIds: [...(input.assignees ?? [])],
            confidential: input.confidential ?? false,
            discussionLocked: input.discussionLocked ?? false,
            updatedAt,
            ...given({
              addLabels: input.addLabels,
              description: input.description,
              dueDate: input.dueDate,
              epicId,
              issueType: input.issueType,
              labels: input.labels,
              milestoneId: input.milestoneId,
              removeLabels: input.removeLabels,
              stateEvent: input.stateEvent,
              title: input.title,
              weight: input.weight,
            }),
          });
          return {
            issueUrl: textOf(edited, 'web_url'),
            projectId: numberOf(edited, 'project_id'),
            issueId: numberOf(edited, 'id'),
            issueIid: numberOf(edited, 'iid'),
            state: textOf(edited, 'state'),
            title: textOf(edited, 'title'),
            updatedAt: textOf(edited, 'updated_at'),
          };
        },
      });
      context.output('issueUrl', issue.issueUrl);
      context.output('projectId', issue.projectId);
      context.output('issueId', issue.issueId);
      context.output('issueIid', issue.issueIid);
      context.output('state', issue.state);
      context.output('title', issue.title);
      context.output('updatedAt', issue.updatedAt);
    },
  });
}
