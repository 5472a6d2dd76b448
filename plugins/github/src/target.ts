/** The repository that a step means: `host?owner=o&repo=r`. */
import type { Forge } from '@callboard/plugin';
import { githubError } from './errors.ts';

export interface Target {
  readonly forge: Forge;
  readonly owner: string;
  readonly repo: string;
}

/** Known without any configuration; a step needs a token of its own there. */
const PUBLIC_GITHUB: Forge = {
  type: 'github',
  host: 'github.com',
  baseUrl: 'https://github.com',
  apiBaseUrl: 'https://api.github.com',
  token: null,
};

/** @throws CodedError `scaffolder/bad-repo-url` */
export function parseTarget(repoUrl: string, forges: readonly Forge[]): Target {
  const url = URL.parse(`https://${repoUrl.replace(/^https?:\/\//, '')}`);
  if (url === null) throw badRepoUrl(repoUrl, 'it is no address');
  const part = (name: string): string => {
    const text = (url.searchParams.get(name) ?? '').replaceAll(/^\/+|\/+$/g, '');
    if (text === '') throw badRepoUrl(repoUrl, `"${name}" is missing`);
    if (/[/\\?#\s]/.test(text) || /^\.+$/.test(text)) throw badRepoUrl(repoUrl, `"${name}" is no name`);
    return text;
  };
  return { forge: forgeOf(url.host, forges), owner: part('owner'), repo: part('repo') };
}

/** @throws CodedError `scaffolder/bad-repo-url` when no GitHub of the configuration has the host */
export function forgeOf(host: string, forges: readonly Forge[]): Forge {
  const githubs = [...forges.filter(({ type }) => type === 'github'), PUBLIC_GITHUB];
  const forge = githubs.find((candidate) => candidate.host === host);
  if (forge !== undefined) return forge;
  const message = `No GitHub of the configuration has the host "${host}". Add it to "integrations.github".`;
  throw githubError('scaffolder/bad-repo-url', message);
}

function badRepoUrl(text: string, reason: string): Error {
  return githubError(
    'scaffolder/bad-repo-url',
    `The repository "${text}" cannot be used: ${reason}. It is written as "host?owner=…&repo=…".`,
  );
}
