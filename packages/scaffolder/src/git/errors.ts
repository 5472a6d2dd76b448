/** What git said, as an error with a code: what happened, to which remote, and what to do. */
import { CodedError, type ErrorStatus } from '@callboard/kernel';

interface Meaning {
  readonly pattern: RegExp;
  readonly status: ErrorStatus;
  readonly code: string;
  readonly advice: string;
}

/** Texts of git in the C locale, of curl below it, and of the forges; the first that fits counts. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern:
      /Authentication failed|could not read (?:Username|Password)|returned error: 40[13]|HTTP Basic: Access denied/i,
    status: 403,
    code: 'scaffolder/git-login',
    advice: 'Check that the token is valid, and that it may read and write this repository.',
  },
  {
    pattern: /repository '.*' not found|returned error: 404|does not appear to be a git repository/i,
    status: 404,
    code: 'scaffolder/git-not-found',
    advice: 'Check the address; a private repository is hidden from who has no access to it.',
  },
  {
    pattern: /couldn't find remote ref|Could not find remote branch|not our ref|unadvertised object/i,
    status: 404,
    code: 'scaffolder/git-not-found',
    advice: 'Check the name of the branch, tag or commit.',
  },
  {
    pattern: /unable to update url base from redirection|returned error: 30\d/i,
    status: 400,
    code: 'scaffolder/git-bad-remote',
    advice: 'The server redirects, and a login is not sent on to another address: name that address.',
  },
  {
    pattern: /transport '.*' not allowed/i,
    status: 400,
    code: 'scaffolder/git-bad-remote',
    advice: 'Give an https: address.',
  },
  {
    pattern:
      /Could not resolve host|Failed to connect|Connection (?:refused|reset|timed out)|Operation (?:timed out|too slow)|returned error: 5\d\d|early EOF|hung up unexpectedly|SSL|certificate|Empty reply/i,
    status: 503,
    code: 'scaffolder/git-unreachable',
    advice: 'Try again when the server answers; the portal has to reach it and trust its certificate.',
  },
];

export interface Told {
  /** What was being done, as `Pushing to https://git.example.com/a/b.git`. */
  readonly doing: string;
}

/** `said`: standard error, with the login taken out. */
export function gitError(said: string, { doing }: Told): CodedError {
  const text = essence(said);
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(said));
  if (meaning === undefined) {
    return new CodedError(500, 'scaffolder/git-failed', `${doing} failed: ${text}`);
  }
  const { status, code, advice } = meaning;
  return new CodedError(status, code, `${doing} failed: ${text} ${advice}`);
}

/** The remote did not take what was pushed. */
export function refusedError(said: string, { doing }: Told): CodedError {
  const message = `${doing} was refused by the remote: ${essence(said)} Change what it objects to, and retry the step.`;
  return new CodedError(409, 'scaffolder/git-refused', message);
}

/** The branch is taken by something else. */
export function takenError(branch: string, remoteUrl: string): CodedError {
  const message = `The branch ${branch} of ${remoteUrl} already has other commits, and they are left as they are. Use another branch or an empty repository.`;
  return new CodedError(409, 'scaffolder/git-branch-taken', message);
}

/** The lines that say something, as one that ends with a full stop, of 600 characters at most. */
function essence(said: string): string {
  const lines = said
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(?:remote|fatal|error|warning):\s*/i, '').trim())
    .filter((line) => line !== '' && !NOISE.test(line));
  const text = [...new Set(lines)].join(' ').slice(0, 600) || 'it gave no reason';
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const NOISE =
  /^(?:To \S+|Done|hint:|Updates were rejected|failed to push some refs|(?:Enumerating|Counting|Compressing|Writing|Resolving|Receiving|Total)\b.*\d)/i;
