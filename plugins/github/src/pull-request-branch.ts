/** The branch of a pull request: in the repository itself, or in a fork of the token's user. */
import type { ActionLogger, GitAuthor } from '@callboard/plugin';
import type { GithubDeps, Repository } from './client.ts';
import { githubError, isRefusal } from './errors.ts';
import { remoteUrlOf, whenShown } from './repository.ts';

/** Where the branch goes. */
export interface Head {
  /** Login. */
  readonly owner: string;
  readonly repo: string;
  readonly remoteUrl: string;
  /** Of the repository that is asked to pull. */
  readonly defaultBranch: string;
}

export interface HeadRequest {
  readonly deps: GithubDeps;
  readonly signal: AbortSignal;
  readonly logger: ActionLogger;
  readonly forceFork: boolean;
  /** Default: the default branch of the repository. */
  readonly base: string | undefined;
}

/** @throws CodedError `scaffolder/forge-refused`, `scaffolder/forge-unreachable`, `scaffolder/invalid-input` */
export async function findHead(repository: Repository, request: HeadRequest): Promise<Head> {
  const { client, at, forge, name } = repository;
  const { data } = await client.rest.repos.get(at);
  const isReadOnly = data.permissions !== undefined && !data.permissions.push;
  const defaultBranch = data.default_branch;
  if (!request.forceFork && !isReadOnly) {
    return { ...at, remoteUrl: remoteUrlOf(forge, data.clone_url, name), defaultBranch };
  }
  request.logger.info(`Using a fork of ${name}`);
  const { data: fork } = await client.rest.repos.createFork(at);
  const { owner, name: repo } = fork;
  const forkAt = { owner: owner.login, repo };
  if (owner.login.toLowerCase() === at.owner.toLowerCase()) throw ownFork(name);
  const branch = request.base ?? defaultBranch;
  // GitHub fills a fork in the background. A fork that was there before may be behind.
  await whenShown(() => client.rest.repos.getBranch({ ...forkAt, branch }), request);
  await client.rest.repos.mergeUpstream({ ...forkAt, branch }).catch((error: unknown) => {
    if (!isRefusal(error, 409) && !isRefusal(error, 422)) throw error;
    request.logger.warn(
      `The branch ${branch} of the fork ${fork.full_name} could not be brought up to date.`,
    );
  });
  return { ...forkAt, remoteUrl: remoteUrlOf(forge, fork.clone_url, fork.full_name), defaultBranch };
}

function ownFork(name: string): Error {
  const message = `The token's user owns ${name} and cannot fork it. Leave "forceFork" out.`;
  return githubError('scaffolder/invalid-input', message);
}

/**
 * A branch with a commit that changes nothing: a pull request needs one. Git pushes none such.
 * @throws CodedError `scaffolder/branch-exists`, `scaffolder/forge-refused`, `scaffolder/forge-unreachable`
 */
export async function pushEmptyCommit(
  { client }: Repository,
  {
    head,
    ...request
  }: {
    readonly head: Head;
    readonly base: string;
    readonly branch: string;
    readonly message: string;
    readonly author: GitAuthor | null;
    readonly force: boolean;
  },
): Promise<void> {
  const at = { owner: head.owner, repo: head.repo };
  const { branch, message } = request;
  const parent = await readTip(client, { ...at, branch: request.base });
  const { data: commit } = await client.rest.git.createCommit({
    ...at,
    message,
    tree: parent.tree,
    parents: [parent.sha],
    ...(request.author !== null && { author: { ...request.author } }),
  });
  try {
    await client.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: commit.sha });
  } catch (error) {
    if (!isRefusal(error, 422, /already exists/i)) throw error;
    if (request.force) {
      await client.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha: commit.sha, force: true });
      return;
    }
    const tip = await readTip(client, { ...at, branch });
    const isOurs = tip.tree === parent.tree && tip.parent === parent.sha && tip.message === message;
    if (isOurs) return;
    const taken = `The branch ${branch} of ${at.owner}/${at.repo} already has other commits, and they are left as they are. Use another "branchName", or "update: true".`;
    throw githubError('scaffolder/branch-exists', taken);
  }
}

async function readTip(
  client: Repository['client'],
  { branch, ...at }: { readonly owner: string; readonly repo: string; readonly branch: string },
) {
  const { data: ref } = await client.rest.git.getRef({ ...at, ref: `heads/${branch}` });
  const { data } = await client.rest.git.getCommit({ ...at, commit_sha: ref.object.sha });
  return { sha: data.sha, tree: data.tree.sha, parent: data.parents[0]?.sha, message: data.message };
}

/**
 * Who the token belongs to, as an author; null for tokens that belong to nobody, as those of an installed app.
 * Address: https://docs.github.com/account-and-profile/reference/email-addresses-reference
 */
export async function tokenOwner({ client, forge }: Repository): Promise<GitAuthor | null> {
  try {
    const { data } = await client.rest.users.getAuthenticated();
    const domain = forge.host === 'github.com' ? 'users.noreply.github.com' : `users.noreply.${forge.host}`;
    const email = data.email ?? `${data.id}+${data.login}@${domain}`;
    return { name: data.name ?? data.login, email };
  } catch (error) {
    if (isRefusal(error, 403) || isRefusal(error, 401)) return null;
    throw error;
  }
}
