/** `publish:github:pull-request`: puts the workspace on a branch and opens a pull request. */
import { posix } from 'node:path';
import { defineAction, type Action, type ActionContext, type FromSchema } from '@callboard/plugin';
import { openRepository, type GithubDeps, type Repository } from '../client.ts';
import { askPeople, openPullRequest } from '../pull-request.ts';
import { findHead, pushEmptyCommit, tokenOwner, type Head } from '../pull-request-branch.ts';
import { authorOf, textOf } from '../push-workspace.ts';
import { sourceFolder } from '../source-folder.ts';
import { parseTarget } from '../target.ts';
import { PULL_REQUEST_EXAMPLES, PULL_REQUEST_INPUT, PULL_REQUEST_OUTPUT } from './pull-request-schema.ts';

type Input = FromSchema<typeof PULL_REQUEST_INPUT>;
type Context = Pick<ActionContext, 'logger' | 'signal' | 'workspacePath'> & { readonly input: Input };

export function createPullRequestAction(deps: GithubDeps): Action {
  return defineAction({
    id: 'publish:github:pull-request',
    description: 'Puts the workspace on top of a branch of a repository on GitHub, and opens a pull request.',
    supportsDryRun: true,
    examples: PULL_REQUEST_EXAMPLES,
    schema: { input: PULL_REQUEST_INPUT, output: PULL_REQUEST_OUTPUT },
    handler: async (context) => {
      const { input, logger } = context;
      const { owner, repo } = parseTarget(input.repoUrl, deps.forges);
      if (context.isDryRun === true) {
        await sourceFolder(context.workspacePath, input.sourcePath);
        logger.info('Dry run: no pull request is opened.');
        context.output('targetBranchName', input.branchName);
        context.output('remoteUrl', input.repoUrl);
        context.output('pullRequestNumber', 43);
        return;
      }
      const repository = await openRepository(deps, context);
      const opened = await context.checkpoint({
        key: `create.pr.${owner}.${repo}.${input.branchName}`,
        fn: () => pushAndOpen(deps, repository, context),
      });
      if (opened === null) {
        logger.info('Nothing differs: no pull request was opened.');
        return;
      }
      await context.checkpoint({
        key: `people.pr.${owner}.${repo}.${opened.number}`,
        fn: () => askPeople(repository, { people: input, number: opened.number, logger }),
      });
      context.output('targetBranchName', opened.base);
      context.output('remoteUrl', opened.url);
      context.output('pullRequestNumber', opened.number);
    },
  });
}

/** Null when nothing differs and an empty pull request is not wanted. */
async function pushAndOpen(deps: GithubDeps, repository: Repository, context: Context) {
  const { input, logger, signal } = context;
  const { branchName: branch, forceFork = false, update = false } = input;
  const base = input.targetBranchName;
  const head = await findHead(repository, { deps, signal, logger, forceFork, base });
  const target = base ?? head.defaultBranch;
  const hasCommit = await pushChanges({ deps, repository, context, head, target });
  if (!hasCommit) return null;
  logger.info(`Opening a pull request of ${head.owner}:${branch} to ${target}`);
  const { title, description: body, draft = false } = input;
  return openPullRequest(repository, { head, branch, base: target, title, body, draft, update });
}

/** False when nothing differs and no empty commit is wanted. */
async function pushChanges(request: {
  readonly deps: GithubDeps;
  readonly repository: Repository;
  readonly context: Context;
  readonly head: Head;
  readonly target: string;
}): Promise<boolean> {
  const { deps, repository, context, head, target } = request;
  const { input, logger, signal } = context;
  const { branchName: branch, update: force = false, targetPath } = input;
  const folder = await sourceFolder(context.workspacePath, input.sourcePath);
  const message = input.commitMessage ?? textOf(deps, 'scaffolder.defaultCommitMessage') ?? input.title;
  const given = input.forceEmptyGitAuthor === true ? null : authorOf(deps, input);
  const author = given ?? (await tokenOwner(repository));
  logger.info(`Pushing to ${head.remoteUrl}, branch ${branch}`);
  const { changed } = await deps.git.pushBranch({
    remoteUrl: head.remoteUrl,
    login: { username: 'x-access-token', password: repository.token },
    folder,
    branch,
    base: target,
    message,
    deletions: (input.filesToDelete ?? []).map((path) => posix.join(targetPath ?? '', path)),
    force,
    signal,
    ...(targetPath !== undefined && { targetPath }),
    ...(author !== null && { author }),
  });
  if (changed) return true;
  if (input.createWhenEmpty === false) return false;
  await pushEmptyCommit(repository, { head, base: target, branch, message, author, force });
  return true;
}
