/**
 * Makes a repository once, whatever happens in between. What was there before is noted in a checkpoint first: when the
 * portal dies after GitHub made the repository, the next try knows that it is the task's own.
 */
import type { ActionContext } from '@callboard/plugin';
import type { Repository } from './client.ts';
import { githubError, isRefusal } from './errors.ts';
import { readOrNull } from './repository.ts';
import type { Settings } from './settings-inputs.ts';
import { toWire } from './wire.ts';

export type Caller = Pick<ActionContext, 'checkpoint' | 'logger' | 'signal'>;

/** A repository as GitHub describes it. */
export type Created = {
  readonly cloneUrl: string;
  readonly htmlUrl: string;
  readonly defaultBranch: string;
};

/**
 * @param key of the checkpoint
 * @throws CodedError `scaffolder/repository-exists`, `scaffolder/invalid-input`, `scaffolder/forge-refused`,
 * `scaffolder/forge-unreachable`
 */
export async function createRepository(
  repository: Repository,
  { caller, settings, key }: { readonly caller: Caller; readonly settings: Settings; readonly key: string },
): Promise<Created> {
  const { name, at, client } = repository;
  const absentAt = await caller.checkpoint({
    key: `${key}.absent`,
    fn: async () => {
      if ((await readOrNull(repository)) !== null) throw existsError(repository);
      return new Date().toISOString();
    },
  });
  return caller.checkpoint({
    key,
    fn: async () => {
      caller.logger.info(`Creating the repository ${name}`);
      const { data: owner } = await client.rest.users.getByUsername({ username: at.owner });
      const isOrganization = owner.type === 'Organization';
      if (!isOrganization) await checkOwner(repository);
      try {
        const { data } = await sendCreation(repository, { settings, isOrganization });
        return toCreated(data);
      } catch (error) {
        if (!isRefusal(error, 422, /already exists/i)) throw error;
        const found = await readOrNull(repository);
        if (found === null || !isNewer(found.created_at, absentAt)) throw existsError(repository);
        caller.logger.info(
          `The repository ${name} was made by an earlier try of this task: going on with it.`,
        );
        return toCreated(found);
      }
    },
  });
}

function sendCreation(
  { at, client }: Repository,
  { settings, isOrganization }: { readonly settings: Settings; readonly isOrganization: boolean },
) {
  const visibility = settings.repoVisibility ?? 'private';
  const body = {
    name: at.repo,
    description: settings.description,
    homepage: settings.homepage,
    private: visibility === 'private',
    auto_init: settings.autoInit,
    has_issues: settings.hasIssues,
    has_projects: settings.hasProjects,
    has_wiki: settings.hasWiki,
    allow_merge_commit: settings.allowMergeCommit ?? true,
    allow_squash_merge: settings.allowSquashMerge ?? true,
    allow_rebase_merge: settings.allowRebaseMerge ?? true,
    allow_auto_merge: settings.allowAutoMerge ?? false,
    allow_update_branch: settings.allowUpdateBranch ?? false,
    delete_branch_on_merge: settings.deleteBranchOnMerge ?? false,
    squash_merge_commit_title: settings.squashMergeCommitTitle ?? 'COMMIT_OR_PR_TITLE',
    squash_merge_commit_message: settings.squashMergeCommitMessage ?? 'COMMIT_MESSAGES',
  };
  if (!isOrganization) return client.request('POST /user/repos', toWire(body));
  const { customProperties } = settings;
  const more = { org: at.owner, visibility, custom_properties: customProperties };
  // Enterprises have "internal" too, which the library's types of this route do not know.
  const route: string = 'POST /orgs/{org}/repos';
  return client.request(route, toWire({ ...body, ...more }));
}

/** GitHub makes repositories of users for the user of the token only, whatever name is meant. */
async function checkOwner({ client, at, forge }: Repository): Promise<void> {
  const { data: user } = await client.rest.users.getAuthenticated();
  if (user.login.toLowerCase() === at.owner.toLowerCase()) return;
  const message = `The token for ${forge.host} is that of ${user.login}, who cannot make a repository for the user ${at.owner}. Give that user's token, or another owner.`;
  throw githubError('scaffolder/invalid-input', message);
}

/** The clocks may differ by this many milliseconds. */
const SKEW = 10 * 60_000;

function isNewer(createdAt: string | null | undefined, since: string): boolean {
  return Date.parse(createdAt ?? '') >= Date.parse(since) - SKEW;
}

function existsError({ name, forge }: Repository): Error {
  return githubError(
    'scaffolder/repository-exists',
    `There is a repository ${name} at ${forge.host} already, and this task did not make it. Choose another name, or publish to it with github:repo:push.`,
  );
}

function toCreated(data: {
  readonly clone_url: string;
  readonly html_url: string;
  readonly default_branch: string;
}): Created {
  return { cloneUrl: data.clone_url, htmlUrl: data.html_url, defaultBranch: data.default_branch };
}
