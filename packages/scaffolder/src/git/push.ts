/** Fetching single commits and pushing single branches. */
import { gitError, refusedError } from './errors.ts';
import { mustRunGit, runGit, type GitSession } from './run-git.ts';

type RemoteSession = GitSession & { readonly remoteUrl: string };

/**
 * Fetches a branch, tag or commit without its history.
 * @returns the hash of its commit; null when the remote has none of that name
 * @throws CodedError what `gitError` says
 */
export async function fetchCommit(session: RemoteSession, ref: string): Promise<string | null> {
  const { remoteUrl } = session;
  const args = ['fetch', '--quiet', '--depth=1', '--no-tags', '--no-write-fetch-head', '--', remoteUrl];
  const { exitCode, stderr } = await runGit(session, [...args, `+${ref}:refs/callboard/fetched`]);
  if (exitCode !== 0) {
    if (/couldn't find remote ref|not our ref|unadvertised object/i.test(stderr)) return null;
    throw gitError(stderr, { doing: `Fetching from ${remoteUrl}` });
  }
  return (await mustRunGit(session, ['rev-parse', 'refs/callboard/fetched^{commit}'])).trim();
}

export interface PushRequest {
  readonly commit: string;
  readonly branch: string;
  readonly force: boolean;
}

/**
 * `taken`: the branch has commits that this one does not follow; nothing was changed.
 * @throws CodedError `scaffolder/git-refused` and what `gitError` says
 */
export async function pushCommit(session: RemoteSession, push: PushRequest): Promise<'pushed' | 'taken'> {
  const { remoteUrl } = session;
  const refspec = `${push.force ? '+' : ''}${push.commit}:refs/heads/${push.branch}`;
  const { exitCode, stdout, stderr } = await runGit(session, [
    'push',
    '--porcelain',
    '--no-verify',
    '--',
    remoteUrl,
    refspec,
  ]);
  if (exitCode === 0) return 'pushed';
  const doing = `Pushing ${push.branch} to ${remoteUrl}`;
  // `!<tab>from:to<tab>[rejected] (fetch first)`
  const [, verdict = '', reason = ''] = /^!\t\S+\t\[([^\]]+)\](?: \((.*)\))?/m.exec(stdout) ?? [];
  if (verdict === 'rejected' || /already exists|cannot lock ref/i.test(reason)) return 'taken';
  if (verdict === 'remote rejected') throw refusedError(`${stderr}\n${reason}`, { doing });
  throw gitError(stderr, { doing });
}
