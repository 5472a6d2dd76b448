/** `publish:gitlab:merge-request`: a branch with the files of the workspace, and a merge request for it. */
import { defineAction, type Action, type ActionContext } from '@callboard/plugin';
import { fieldOf, listOf, numberOf, optionalText, textOf } from '../answers.ts';
import { connect, type Client } from '../client.ts';
import { commitOnce, readHead } from '../commit-once.ts';
import { planCommit } from '../commit-plan.ts';
import { gitlabError, isRefusal } from '../errors.ts';
import { given } from '../inputs.ts';
import { parseTarget, projectOf, type Target } from '../repo-url.ts';
import { readSourceFiles } from '../source-files.ts';
import { addApprovers } from './approvers.ts';
import type { GitlabDeps } from './deps.ts';
import { MERGE_REQUEST_INPUT, MERGE_REQUEST_OUTPUT } from './merge-request-schema.ts';
import { findUsers } from './people.ts';

const EXAMPLE = `steps:
  - id: propose
    name: Open a merge request
    action: publish:gitlab:merge-request
    input:
      repoUrl: gitlab.com?owner=harbourline/payments&repo=ledger
      title: Add the payment gateway
      branchName: add-payment-gateway
      targetPath: services/gateway
      sourcePath: .
      reviewers: [eva]
      removeSourceBranch: true
`;

export function createMergeRequestAction(deps: GitlabDeps): Action {
  return defineAction({
    id: 'publish:gitlab:merge-request',
    description: 'Commits files of the workspace to a new branch, and opens a merge request for it.',
    examples: [{ description: 'With a reviewer', example: EXAMPLE }],
    schema: { input: MERGE_REQUEST_INPUT, output: MERGE_REQUEST_OUTPUT },
    handler: async (context) => {
      const { input, logger, signal } = context;
      const { title, branchName: branch, targetPath = '', commitAction: mode = 'auto' } = input;
      const target = parseTarget(input.repoUrl, deps.forges);
      const project = projectFor(target, input.projectid);
      const client = await connect(deps, { forge: target.forge, token: input.token, signal });
      const source = [input.sourcePath, input.targetPath].find((path) => path !== undefined && path !== '');
      const files = mode === 'skip' ? [] : await readSourceFiles(context, source ?? '.');
      const into = await targetBranch(client, project, input.targetBranchName);

      let planned: ReturnType<typeof planCommit> | undefined;
      const plan = (): ReturnType<typeof planCommit> => {
        planned ??= planCommit({ client, project, ref: into, targetPath, mode, files });
        return planned;
      };

      const before = await context.checkpoint({
        key: `branch.${project}.${branch}`,
        fn: async () => {
          const hasChanges = (await plan()).length > 0;
          return openBranch({ client, project, branch, into, hasChanges });
        },
      });
      await context.checkpoint({
        key: `commit.${project}.${branch}`,
        fn: () =>
          commitOnce({
            client,
            project,
            branch,
            message: title,
            before,
            allowEmpty: undefined,
            plan,
          }),
      });

      const reviewerIds = await findUsers(client, input.reviewers ?? [], logger);
      const made = await context.checkpoint({
        key: `merge-request.${project}.${branch}`,
        fn: async () => {
          const names = input.assignee === undefined ? [] : [input.assignee];
          const [assigneeId] = await findUsers(client, names, logger);
          const labels = typeof input.labels === 'string' ? input.labels : input.labels?.join(',');
          return openMergeRequest({
            client,
            project,
            branch,
            into,
            title,
            options: {
              removeSourceBranch: input.removeSourceBranch ?? false,
              ...given({ description: input.description, assigneeId, labels }),
              ...(reviewerIds.length > 0 && { reviewerIds }),
            },
          });
        },
      });
      logger.info(`The merge request is ${made.url}`);
      await finish(context, { client, project, iid: made.iid, reviewerIds });
      context.output('targetBranchName', into);
      context.output('projectid', project);
      context.output('projectPath', project);
      context.output('mergeRequestUrl', made.url);
    },
  });
}

async function finish(
  context: Pick<ActionContext, 'checkpoint' | 'logger' | 'signal'> & {
    readonly input: {
      readonly assignReviewersFromApprovalRules?: boolean | undefined;
      readonly autoMerge?: boolean | undefined;
    };
  },
  request: Parameters<typeof addApprovers>[1],
): Promise<void> {
  const { client, project, iid } = request;
  const { assignReviewersFromApprovalRules = false, autoMerge = false } = context.input;
  if (assignReviewersFromApprovalRules) {
    await context.checkpoint({
      key: `approvers.${project}.${iid}`,
      fn: () => addApprovers(context, request),
    });
  }
  if (!autoMerge) return;
  await context.checkpoint({
    key: `auto-merge.${project}.${iid}`,
    fn: async () => {
      // The library's own method does not know `auto_merge`.
      const path = `projects/${encodeURIComponent(project)}/merge_requests/${iid}/merge`;
      await client.send({ method: 'PUT', path, body: { autoMerge: true } });
    },
  });
}

function projectFor(target: Target, projectid: string | undefined): string {
  const isNamed = target.project !== null || (target.owner !== null && target.repo !== null);
  return isNamed || projectid === undefined ? projectOf(target) : projectid;
}

async function targetBranch(client: Client, project: string, named: string | undefined): Promise<string> {
  if (named !== undefined && named !== '') return named;
  const branch = optionalText(await client.api.Projects.show(project), 'default_branch');
  if (branch !== null) return branch;
  const message = `The project ${project} has no default branch: it is empty. Push a first commit, or name "targetBranchName".`;
  throw gitlabError('scaffolder/invalid-input', message);
}

interface NewBranch {
  readonly client: Client;
  readonly project: string;
  readonly branch: string;
  readonly into: string;
  readonly hasChanges: boolean;
}

/**
 * The last commit of the branch. One that is there already is taken when nothing is to be committed, or when it is as a
 * killed task leaves it: at the commit of the target branch.
 */
async function openBranch({ client, project, branch, into, hasChanges }: NewBranch): Promise<string | null> {
  const there = await readHead(client, project, branch);
  if (there === null) {
    await client.api.Branches.create(project, branch, into);
    return (await readHead(client, project, branch))?.hash ?? null;
  }
  if (!hasChanges) return there.hash;
  const base = await readHead(client, project, into);
  if (base?.hash === there.hash) return there.hash;
  const requests = listOf(await client.api.MergeRequests.all({ projectId: project, sourceBranch: branch }));
  const [url = null] = requests.map((request) => optionalText(request, 'web_url'));
  const also = url === null ? '' : ` Its merge request is ${url}.`;
  const message = `The branch ${branch} of ${project} exists and has commits of its own.${also} Choose another "branchName", or delete it.`;
  throw gitlabError('scaffolder/branch-exists', message);
}

interface NewMergeRequest {
  readonly client: Client;
  readonly project: string;
  readonly branch: string;
  readonly into: string;
  readonly title: string;
  readonly options: Parameters<Client['api']['MergeRequests']['create']>[4];
}

type Made = { readonly iid: number; readonly url: string };

/** An open one for the same branches with the same title is taken: a killed task left it. */
async function openMergeRequest(request: NewMergeRequest): Promise<Made> {
  const { client, project, branch, into, title, options } = request;
  try {
    return toMade(await client.api.MergeRequests.create(project, branch, into, title, options));
  } catch (error) {
    if (!isRefusal(error, 409)) throw error;
    const open = listOf(
      await client.api.MergeRequests.all({
        projectId: project,
        sourceBranch: branch,
        targetBranch: into,
        state: 'opened',
      }),
    );
    const mine = open.find((candidate) => fieldOf(candidate, 'title') === title);
    if (mine === undefined) throw error;
    return toMade(mine);
  }
}

function toMade(answer: unknown): Made {
  return { iid: numberOf(answer, 'iid'), url: textOf(answer, 'web_url') };
}
