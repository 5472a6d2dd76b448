/** `gitlab:repo:push`: puts files of the workspace on a branch as one commit, through the API. */
import { defineAction, type Action } from '@callboard/plugin';
import { optionalText } from '../answers.ts';
import { connect, type Client } from '../client.ts';
import { commitOnce, readHead } from '../commit-once.ts';
import { planCommit } from '../commit-plan.ts';
import { CONNECTION } from '../inputs.ts';
import { parseTarget, projectOf } from '../repo-url.ts';
import { readSourceFiles } from '../source-files.ts';
import type { GitlabDeps } from './deps.ts';

const EXAMPLE = `steps:
  - id: push
    name: Push the changes
    action: gitlab:repo:push
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      branchName: main
      commitMessage: Describe the service
      sourcePath: docs
      targetPath: docs
`;

export function createRepoPushAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'gitlab:repo:push',
    description:
      'Commits files of the workspace to a branch of a project; makes the branch when it is missing.',
    examples: [{ description: 'The folder docs', example: EXAMPLE }],
    schema: {
      input: {
        type: 'object',
        required: ['repoUrl', 'branchName', 'commitMessage'],
        properties: {
          ...CONNECTION,
          branchName: { type: 'string', title: 'Branch' },
          commitMessage: { type: 'string', title: 'Commit Message' },
          sourcePath: {
            type: 'string',
            title: 'Source Path',
            description: 'Folder of the workspace. Default: all of it.',
          },
          targetPath: {
            type: 'string',
            title: 'Target Path',
            description: 'Folder of the repository. Default: its root.',
          },
          commitAction: {
            type: 'string',
            title: 'Commit action',
            description:
              'What is done with each file. Default: auto, which creates, updates or leaves it alone.',
            enum: ['create', 'update', 'delete', 'auto'],
          },
          allowEmpty: {
            type: 'boolean',
            title: 'Allow empty',
            description: 'Makes a commit even if nothing changed. Default: false.',
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          projectid: { type: 'string', title: 'Path or id of the project' },
          projectPath: { type: 'string', title: 'Path of the project' },
          commitHash: {
            type: 'string',
            title: 'Hash of the commit; nothing when there was nothing to commit',
          },
        },
      },
    },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { branchName: branch, commitMessage: message, targetPath = '' } = input;
      const target = parseTarget(input.repoUrl, deps.forges);
      const project = projectOf(target);
      const client = await connect(deps, { forge: target.forge, token: input.token, signal });
      const files = await readSourceFiles(context, input.sourcePath ?? '.');
      const before = await context.checkpoint({
        key: `branch.${project}.${branch}`,
        fn: () => ensureBranch(client, project, branch),
      });
      const mode = input.commitAction ?? 'auto';
      const commit = await context.checkpoint({
        key: `commit.${project}.${branch}`,
        fn: () =>
          commitOnce({
            client,
            project,
            branch,
            message,
            before,
            allowEmpty: input.allowEmpty,
            plan: () => planCommit({ client, project, ref: branch, targetPath, mode, files }),
          }),
      });
      context.output('projectid', project);
      context.output('projectPath', project);
      if (commit !== null) {
        context.output('commitHash', commit);
        return;
      }
      logger.warn(
        `Nothing to commit to ${project}, branch ${branch}. Set "allowEmpty" to make an empty commit.`,
      );
    },
  });
}

/** The last commit of the branch, made of the default branch when missing; null for an empty repository. */
async function ensureBranch(client: Client, project: string, branch: string): Promise<string | null> {
  const head = await readHead(client, project, branch);
  if (head !== null) return head.hash;
  const base = optionalText(await client.api.Projects.show(project), 'default_branch');
  // The first commit of an empty repository makes its branch.
  if (base === null || (await readHead(client, project, base)) === null) return null;
  await client.api.Branches.create(project, branch, base);
  return (await readHead(client, project, branch))?.hash ?? null;
}
