/** What may be given to git as a remote, a branch or a path: nothing that it would read as an option or a program. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CodedError } from '@callboard/kernel';

/** Folders with repositories on this machine, by the host that their addresses have: `file://<host>/<path>.git`. */
export type LocalFolders = Readonly<Record<string, string>>;

/** @returns the address that git is given @throws CodedError `scaffolder/git-bad-remote` */
export function checkRemoteUrl(remoteUrl: string, folders: LocalFolders): string {
  const url = URL.parse(remoteUrl);
  const folder =
    url?.protocol === 'file:' && Object.hasOwn(folders, url.host) ? folders[url.host] : undefined;
  if (url !== null && folder !== undefined) {
    // Dots are resolved by the parser; nothing is left that could be read in two ways.
    if (/^(?:\/[\w-][\w.-]*)+\.git$/.test(url.pathname))
      return pathToFileURL(join(folder, url.pathname)).href;
    throw badRemote(
      `'${shown(remoteUrl)}' is no repository: letters, digits, '-', '_' and '.git' at the end.`,
    );
  }
  if (url === null || !['https:', 'http:'].includes(url.protocol)) {
    throw badRemote(`'${shown(remoteUrl)}' is no address that git is used with here. Give an https: URL.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw badRemote(
      `The address of ${url.host} has a login in it. Give the address without, and the token as 'token'.`,
    );
  }
  if (url.search !== '' || url.hash !== '' || /[\s\\]/.test(remoteUrl)) {
    throw badRemote(`'${shown(remoteUrl)}' is no address of a repository. Leave out what follows its path.`);
  }
  return url.href;
}

/**
 * Checks the name of a branch or tag, or a commit's hash.
 * @throws CodedError `scaffolder/git-bad-remote`
 * @see https://git-scm.com/docs/git-check-ref-format
 */
export function checkRefName(name: string): string {
  if (isRefName(name)) return name;
  throw badRemote(
    `'${shown(name)}' is no name of a branch: letters, digits, '-', '_', '.' and '/' are safe in one.`,
  );
}

function isRefName(name: string): boolean {
  if (name === '' || name.length > 250 || name === '@') return false;
  if (/[~^:?*[\\]|\.\.|@\{|\/\/|\.$|^-/.test(name)) return false;
  if (Array.from(name).some((character) => character <= ' ' || character === '\u007f')) return false;
  return name.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.endsWith('.lock'));
}

/**
 * A path inside a repository, without `.` parts; empty for its root.
 * @throws CodedError `scaffolder/git-bad-path`
 */
export function checkRepositoryPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isBad = parts.some((part) => part === '..' || part.toLowerCase() === '.git' || part.includes('\0'));
  if (!isBad && !path.startsWith('/')) return parts.join('/');
  const message = `'${shown(path)}' is no path inside a repository. Give one relative to its root, without '..'.`;
  throw new CodedError(400, 'scaffolder/git-bad-path', message);
}

function shown(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//***@').slice(0, 200);
}

function badRemote(message: string): CodedError {
  return new CodedError(400, 'scaffolder/git-bad-remote', message);
}
