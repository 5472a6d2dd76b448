/**
 * Runs the `git` program by its argument vector: no shell, no hooks, no configuration of the machine or the user, no
 * prompt. The login goes in by an environment variable of the one process, so it is in no argument, URL or file.
 */
import { spawn } from 'node:child_process';
import { CodedError } from '@callboard/kernel';
import type { GitLogin } from '@callboard/plugin';
import { gitError } from './errors.ts';
import { createScrubber } from './scrub.ts';

/** Bytes of standard output and standard error that are kept. */
const OUT_BYTES = 64 * 1024 * 1024;
const ERR_BYTES = 64 * 1024;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What of the portal's environment reaches git: where programs are, and how the network is reached. */
const INHERITED = [
  'PATH',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'GIT_SSL_CAPATH',
];

/** What is set whatever a repository says. */
const CONFIG: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.autocrlf': 'false',
  'core.fileMode': 'true',
  // The repository of an operation ends with it.
  'core.fsync': 'none',
  'core.symlinks': 'true',
  'core.quotePath': 'false',
  'core.excludesFile': '/dev/null',
  'core.attributesFile': '/dev/null',
  'credential.helper': '',
  'commit.gpgSign': 'false',
  'gc.auto': '0',
  'maintenance.auto': 'false',
  'fetch.unpackLimit': '1',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'submodule.recurse': 'false',
  'advice.addEmbeddedRepo': 'false',
  // A server that goes silent: below 1 byte a second for a minute.
  'http.lowSpeedLimit': '1',
  'http.lowSpeedTime': '60',
};

/** What all git processes of one operation have in common. */
export interface GitSession {
  /** Folder of the operation: `HOME` of git, and where its repository is. */
  readonly home: string;
  /** The bare repository, absolute. */
  readonly gitDir: string;
  readonly login: GitLogin | null;
  /** `file:` remotes are taken. */
  /** The remote is a folder of this machine. */
  readonly isLocal: boolean;
  /** Of the portal. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

export interface GitCall {
  /** Default: the session's home. */
  readonly cwd?: string;
  /** More variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Buffer;
  /** Bytes of output after which git is stopped. Default: 64 MiB. */
  readonly maxOutput?: number;
}

export interface GitResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last 64 KiB, without the login. */
  readonly stderr: string;
}

/**
 * Resolves with any exit code.
 * @throws the reason of the session's signal once that aborted
 * @throws CodedError `scaffolder/git-missing`, `scaffolder/git-too-large`
 */
export async function runGit(
  session: GitSession,
  args: readonly string[],
  call: GitCall = {},
): Promise<GitResult> {
  const { signal, home, login } = session;
  const { maxOutput = OUT_BYTES } = call;
  signal.throwIfAborted();
  const child = spawn('git', args, {
    cwd: call.cwd ?? home,
    env: { ...environment(session), ...call.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Leader of a group: git starts programs of its own, which have to end with it.
    detached: true,
  });
  const stdout: Buffer[] = [];
  let size = 0;
  let stderr = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > maxOutput) killGroup(child.pid);
    else stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr = Buffer.concat([stderr, chunk]).subarray(-ERR_BYTES);
  });
  // A program that ended before it read all tells so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(call.input ?? '');
  const onAbort = (): void => killGroup(child.pid);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (size > maxOutput) throw tooMuch(args[0] ?? '');
    const scrub = createScrubber(login);
    return {
      exitCode,
      stdout: scrub(Buffer.concat(stdout).toString('utf8')),
      stderr: scrub(stderr.toString('utf8')),
    };
  } catch (error) {
    throw signal.aborted ? signal.reason : notStarted(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** As `runGit`, for calls that do not go wrong: gives standard output. @throws CodedError what `gitError` says */
export async function mustRunGit(
  session: GitSession,
  args: readonly string[],
  call: GitCall = {},
): Promise<string> {
  const result = await runGit(session, args, call);
  if (result.exitCode !== 0) throw gitError(result.stderr, { doing: `git ${args[0] ?? ''}` });
  return result.stdout;
}

function environment({ home, gitDir, login, isLocal, env }: GitSession): Record<string, string> {
  const inherited: Record<string, string> = { PATH };
  for (const name of INHERITED) {
    const value = env[name];
    if (value !== undefined && value !== '') inherited[name] = value;
  }
  const config = Object.entries({ ...CONFIG, ...loginConfig(login) });
  const settings: Record<string, string> = { GIT_CONFIG_COUNT: String(config.length) };
  for (const [index, [key, value]] of config.entries()) {
    settings[`GIT_CONFIG_KEY_${index}`] = key;
    settings[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return {
    ...inherited,
    ...settings,
    HOME: home,
    XDG_CONFIG_HOME: home,
    TMPDIR: home,
    LC_ALL: 'C.UTF-8',
    LANGUAGE: 'C',
    GIT_DIR: gitDir,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '',
    GIT_ALLOW_PROTOCOL: isLocal ? 'file' : 'https:http',
    GIT_LITERAL_PATHSPECS: '1',
  };
}

function loginConfig(login: GitLogin | null): Record<string, string> {
  if (login === null) return {};
  const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
  // Git goes on at the address that a redirect names, header and all: who has a login does not follow.
  return { 'http.extraHeader': `Authorization: Basic ${basic}`, 'http.followRedirects': 'false' };
}

function tooMuch(command: string): CodedError {
  return new CodedError(
    413,
    'scaffolder/git-too-large',
    `The repository has more files than git ${command} may list here. Name a smaller one.`,
  );
}

function notStarted(error: unknown): unknown {
  const isMissing = error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');
  if (!isMissing) return error;
  const message = 'The program git was not found on the PATH of the portal. Install git there.';
  return new CodedError(501, 'scaffolder/git-missing', message, { cause: error });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
