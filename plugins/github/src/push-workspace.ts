/** A folder of the workspace becomes the first commit of a repository, and its branch is protected. */
import { CodedError, messageOf } from '@callboard/kernel';
import type { ActionContext, FromSchema, GitAuthor } from '@callboard/plugin';
import type { GithubDeps, Repository } from './client.ts';
import { ForgeRefusal } from './errors.ts';
import type { GIT, PROTECT_DEFAULT } from './inputs.ts';
import { protectBranch } from './protection.ts';
import { sourceFolder } from './source-folder.ts';

type Input = FromSchema<{
  readonly type: 'object';
  readonly properties: typeof GIT & typeof PROTECT_DEFAULT;
}>;

export interface PushRequest {
  readonly deps: GithubDeps;
  readonly context: Pick<ActionContext, 'checkpoint' | 'logger' | 'signal' | 'workspacePath'> & {
    readonly input: Input;
  };
  readonly remoteUrl: string;
  /** What exists by now, as a sentence: it is said when the push fails. */
  readonly standing: string;
}

/** @returns the hash of the commit @throws CodedError of git, and those of `sourceFolder` and `protectBranch` */
export async function pushWorkspace(repository: Repository, request: PushRequest): Promise<string> {
  const { deps, context, remoteUrl, standing } = request;
  const { input, logger, signal } = context;
  const { defaultBranch: branch = 'main' } = input;
  const folder = await sourceFolder(context.workspacePath, input.sourcePath);
  const author = authorOf(deps, input);
  const commitHash = await context.checkpoint({
    key: `push.${repository.name}.${branch}`,
    fn: async () => {
      logger.info(`Pushing to ${remoteUrl}, branch ${branch}`);
      const login = { username: 'x-access-token', password: repository.token };
      const message =
        input.gitCommitMessage ?? textOf(deps, 'scaffolder.defaultCommitMessage') ?? 'initial commit';
      try {
        const pushed = await deps.git.publish({
          remoteUrl,
          login,
          folder,
          branch,
          message,
          ...(author !== null && { author }),
          signal,
        });
        return pushed.commitHash;
      } catch (error) {
        signal.throwIfAborted();
        throw pushError(error, standing);
      }
    },
  });
  if (input.protectDefaultBranch !== false) await protectPushed(repository, request, branch);
  return commitHash;
}

/** What git found wrong, and what is there by now. */
function pushError(error: unknown, standing: string): CodedError {
  const [status, code] =
    error instanceof CodedError
      ? ([error.status, error.code] as const)
      : ([500, 'scaffolder/git-failed'] as const);
  return new CodedError(toErrorStatus(status), code, `${messageOf(error)} ${standing}`, { cause: error });
}

function toErrorStatus(status: number): 400 | 403 | 404 | 409 | 413 | 500 | 503 {
  const known = ([400, 403, 404, 409, 413, 503] as const).find((candidate) => candidate === status);
  return known ?? 500;
}

async function protectPushed(
  repository: Repository,
  { deps, context }: PushRequest,
  branch: string,
): Promise<void> {
  const { input, logger, signal } = context;
  const rules = { ...input, enforceAdmins: input.protectEnforceAdmins };
  try {
    await protectBranch(repository, { deps, logger, signal, branch, rules });
  } catch (error) {
    // As Backstage does: the repository is there and usable, and a plan or a role may have no protection at all.
    if (!(error instanceof ForgeRefusal) || error.answered >= 500) throw error;
    logger.warn(`The branch ${branch} is not protected: ${error.message}`);
  }
}

/** Of the step, else of the configuration; null: git has its own. */
export function authorOf(
  deps: GithubDeps,
  { gitAuthorName, gitAuthorEmail }: Pick<Input, 'gitAuthorName' | 'gitAuthorEmail'>,
): GitAuthor | null {
  const name = gitAuthorName ?? textOf(deps, 'scaffolder.defaultAuthor.name');
  const email = gitAuthorEmail ?? textOf(deps, 'scaffolder.defaultAuthor.email');
  if (name === undefined && email === undefined) return null;
  return { name: name ?? 'Scaffolder', email: email ?? 'scaffolder@backstage.io' };
}

export function textOf({ config }: Pick<GithubDeps, 'config'>, key: string): string | undefined {
  const value = config(key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}
