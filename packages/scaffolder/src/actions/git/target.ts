/** The remote that a step means, and the login for it. A token of the configuration goes to the forge it is for, only. */
import { CodedError } from '@callboard/kernel';
import type { Forge, GitLogin } from '@callboard/plugin';
import { parseRepoUrl } from '../../expression/repo-url.ts';

export interface TargetInput {
  readonly remoteUrl?: string | undefined;
  readonly repoUrl?: string | undefined;
  readonly token?: string | undefined;
  readonly username?: string | undefined;
}

export interface GitTarget {
  readonly remoteUrl: string;
  readonly login: GitLogin | null;
  /** Where the files of a branch are seen in a browser; null when the forge is not known. */
  contentsUrl(branch: string): string | null;
}

/** @throws CodedError `scaffolder/invalid-input`, `scaffolder/bad-repo-url`, 403 `scaffolder/host-not-configured` */
export function targetOf(input: TargetInput, forges: readonly Forge[]): GitTarget {
  const remoteUrl = remoteUrlOf(input, forges);
  const forge = forges.find(({ baseUrl }) => remoteUrl.startsWith(`${baseUrl}/`));
  if (forge === undefined) throw notConfigured(remoteUrl);
  const password = input.token ?? forge.token;
  const username = input.username ?? forge.username ?? usernameFor(forge);
  return {
    remoteUrl,
    login: password === null || password === '' ? null : { username, password },
    contentsUrl: (branch) => contentsUrl(forge, remoteUrl.replace(/\.git$/, ''), branch),
  };
}

function remoteUrlOf({ remoteUrl, repoUrl }: TargetInput, forges: readonly Forge[]): string {
  if (remoteUrl !== undefined) return remoteUrl;
  if (repoUrl === undefined) {
    throw new CodedError(
      400,
      'scaffolder/invalid-input',
      'The step has neither "remoteUrl" nor "repoUrl". Give one of them.',
    );
  }
  const spec = parseRepoUrl(repoUrl, forges);
  const forge = forges.find(({ host }) => host === spec.host);
  const owner = spec.owner ?? spec.workspace ?? spec.project;
  if (owner === undefined) {
    throw new CodedError(
      400,
      'scaffolder/bad-repo-url',
      `The repository "${repoUrl}" cannot be used: "owner" is missing.`,
    );
  }
  const path = [...owner.split('/'), spec.repo ?? ''].map(encodeURIComponent).join('/');
  return `${forge?.baseUrl ?? `https://${spec.host}`}/${path}.git`;
}

/** A template says where; whether the portal goes there is the operator's decision. */
function notConfigured(remoteUrl: string): CodedError {
  const host = URL.parse(remoteUrl)?.host ?? remoteUrl;
  const message = `The portal does not publish to ${host}. Name it in "integrations" of the configuration, below the kind of forge that it is, or below "git".`;
  return new CodedError(403, 'scaffolder/host-not-configured', message);
}

/** Forges take any name with a token, but for these. */
function usernameFor({ type }: Forge): string {
  switch (type) {
    case 'github':
      return 'x-access-token';
    case 'gitlab':
      return 'oauth2';
    case 'bitbucketCloud':
      return 'x-token-auth';
    default:
      return 'git';
  }
}

function contentsUrl({ type }: Forge, url: string, branch: string): string | null {
  const name = branch.split('/').map(encodeURIComponent).join('/');
  switch (type) {
    case 'github':
      return `${url}/blob/${name}`;
    case 'gitlab':
      return `${url}/-/blob/${name}`;
    case 'gitea':
      return `${url}/src/branch/${name}/`;
    case 'bitbucketCloud':
      return `${url}/src/${name}`;
    case 'git':
      return `${url}.git/blob/${encodeURIComponent(branch)}`;
    case 'bitbucketServer':
    case 'azure':
    case 'gerrit':
      return null;
    default:
      return type satisfies never;
  }
}
