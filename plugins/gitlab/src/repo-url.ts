/** The project that a step means: `host?owner=group/sub&repo=name`, or `host?project=path-or-id`. */
import type { Forge } from '@callboard/plugin';
import { gitlabError } from './errors.ts';

export interface Target {
  readonly forge: Forge;
  readonly owner: string | null;
  readonly repo: string | null;
  /** Path or id. */
  readonly project: string | null;
}

/** Known without any configuration; a step needs a token of its own there. */
const PUBLIC_GITLAB: Forge = {
  type: 'gitlab',
  host: 'gitlab.com',
  baseUrl: 'https://gitlab.com',
  apiBaseUrl: 'https://gitlab.com/api/v4',
  token: null,
};

/** @throws CodedError `scaffolder/bad-repo-url` */
export function parseTarget(repoUrl: string, forges: readonly Forge[]): Target {
  const url = URL.parse(`https://${repoUrl.replace(/^https?:\/\//, '')}`);
  if (url === null) throw badRepoUrl(repoUrl, 'it is no address');
  const part = (name: string): string | null => {
    const text = (url.searchParams.get(name) ?? '').replaceAll(/^\/+|\/+$/g, '');
    return text === '' ? null : text;
  };
  return {
    forge: forgeOf(url.host, forges),
    owner: part('owner'),
    repo: part('repo'),
    project: part('project'),
  };
}

/** @throws CodedError `scaffolder/bad-repo-url` when no GitLab of the configuration has the host */
export function forgeOf(host: string, forges: readonly Forge[]): Forge {
  const gitlabs = [...forges.filter(({ type }) => type === 'gitlab'), PUBLIC_GITLAB];
  const forge = gitlabs.find((candidate) => candidate.host === host);
  if (forge !== undefined) return forge;
  const message = `No GitLab of the configuration has the host "${host}". Add it to "integrations.gitlab".`;
  throw gitlabError('scaffolder/bad-repo-url', message);
}

/** The path or id of the project, for the API. @throws CodedError `scaffolder/bad-repo-url` */
export function projectOf({ forge, project, owner, repo }: Target): string {
  if (project !== null) return project;
  if (owner !== null && repo !== null) return `${owner}/${repo}`;
  throw badRepoUrl(forge.host, `"${owner === null ? 'owner' : 'repo'}" is missing`);
}

function badRepoUrl(text: string, reason: string): Error {
  return gitlabError(
    'scaffolder/bad-repo-url',
    `The repository "${text}" cannot be used: ${reason}. It is written as "host?owner=…&repo=…".`,
  );
}
