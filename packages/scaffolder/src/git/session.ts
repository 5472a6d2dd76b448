/** One operation of git: a repository of its own in a temporary folder, a time limit, and nothing left behind. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CodedError } from '@callboard/kernel';
import type { GitAuthor, GitRemote } from '@callboard/plugin';
import { checkRemoteUrl, type LocalFolders } from './remote.ts';
import { mustRunGit, type GitSession } from './run-git.ts';

export interface GitOptions {
  /** Who makes commits that name nobody. Default: Scaffolder. */
  readonly author?: GitAuthor;
  /** Milliseconds that an operation may take. Default: 10 minutes. */
  readonly timeoutMs?: number;
  /** Bytes that a remote may send. Default: 1 GiB. */
  readonly maxFetchBytes?: number;
  /** For tests and machines of one person; repositories in them are made when something is published. Default: none. */
  readonly folders?: LocalFolders;
  /** Of the portal; its PATH, proxies and certificates reach git. Default: the usual PATH only. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where temporary folders go. Default: that of the machine. */
  readonly temporaryFolder?: string;
  /** Milliseconds since 1970, for the dates of commits. Default: now. */
  readonly now?: () => number;
}

const TIMEOUT_MS = 10 * 60_000;
const FETCH_BYTES = 1024 ** 3;
/** Milliseconds between two looks at how much came. */
const LOOK = 200;

/**
 * @throws CodedError `scaffolder/git-bad-remote`, `scaffolder/git-timeout`, `scaffolder/git-too-large`
 * @throws the reason of the request's signal
 */
export async function inSession<T>(
  options: GitOptions,
  request: GitRemote,
  work: (session: GitSession & { readonly remoteUrl: string }) => Promise<T>,
): Promise<T> {
  const { timeoutMs = TIMEOUT_MS, maxFetchBytes = FETCH_BYTES, folders = {}, env = {} } = options;
  const remoteUrl = checkRemoteUrl(request.remoteUrl, folders);
  request.signal?.throwIfAborted();
  const home = await mkdtemp(join(options.temporaryFolder ?? tmpdir(), 'callboard-git-'));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(tookTooLong(remoteUrl, timeoutMs)), timeoutMs);
  const gitDir = join(home, 'repository.git');
  const look = async (): Promise<void> => {
    const size = await sizeOf(join(gitDir, 'objects', 'pack'));
    if (size > maxFetchBytes) stop.abort(tooLarge(remoteUrl, maxFetchBytes));
  };
  const watch = setInterval(() => void look(), LOOK);
  const signals = request.signal === undefined ? [stop.signal] : [stop.signal, request.signal];
  const signal = AbortSignal.any(signals);
  try {
    const session = {
      home,
      gitDir,
      login: request.login,
      isLocal: remoteUrl.startsWith('file:'),
      env,
      signal,
      remoteUrl,
    };
    await mustRunGit(session, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main']);
    return await work(session);
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    await rm(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Bytes of the files in a folder; 0 when there is none. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => null)));
  return found.reduce((sum, file) => sum + (file?.size ?? 0), 0);
}

function tookTooLong(remoteUrl: string, timeoutMs: number): CodedError {
  const message = `Git took longer than ${timeoutMs / 1_000} s for ${remoteUrl}, and was stopped. Retry the step.`;
  return new CodedError(503, 'scaffolder/git-timeout', message);
}

function tooLarge(remoteUrl: string, bytes: number): CodedError {
  const message = `${remoteUrl} sends more than ${bytes} bytes, which is the limit. Use a smaller repository.`;
  return new CodedError(413, 'scaffolder/git-too-large', message);
}
