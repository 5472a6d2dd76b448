/**
 * The address of a repository as the form field `RepoUrlPicker` writes it: `host?owner=o&repo=r`, with `project`,
 * `workspace` and `organization` where a forge has them. Format: Backstage's scaffolder.
 */
import type { Forge } from '@callboard/plugin';
import { CodedError } from '@callboard/kernel';

export type KnownForge = Pick<Forge, 'type' | 'host'>;

const PARTS = ['owner', 'repo', 'organization', 'workspace', 'project'] as const;
type Part = (typeof PARTS)[number];

/** `host` and the parts that are written, slashes at their ends dropped. */
export type RepoSpec = { readonly host: string } & { readonly [Name in Part]?: string };

/** Known without any configuration. */
const PUBLIC_FORGES: readonly KnownForge[] = [
  { type: 'github', host: 'github.com' },
  { type: 'gitlab', host: 'gitlab.com' },
  { type: 'bitbucketCloud', host: 'bitbucket.org' },
  { type: 'azure', host: 'dev.azure.com' },
  { type: 'gitea', host: 'gitea.com' },
];

const NEEDED: Readonly<Record<Forge['type'], readonly Part[]>> = {
  github: ['repo', 'owner'],
  gitlab: ['owner', 'repo'],
  bitbucketCloud: ['workspace', 'project', 'repo'],
  bitbucketServer: ['project', 'repo'],
  azure: ['project', 'repo'],
  gitea: ['repo'],
  gerrit: ['repo'],
  git: ['repo'],
};

/**
 * Reads the address of a repository.
 * @param forges of the configuration; null takes any host, which then needs `owner` and `repo`
 * @throws CodedError 400 `scaffolder/bad-repo-url` when it is none, a part is missing, or no forge has the host
 */
export function parseRepoUrl(text: string, forges: readonly KnownForge[] | null): RepoSpec {
  const url = URL.parse(`https://${text}`);
  if (url === null) throw badRepoUrl(text, 'it is no address');
  const known = [...(forges ?? []), ...PUBLIC_FORGES].find((forge) => forge.host === url.host);
  if (known === undefined && forges !== null) {
    throw badRepoUrl(
      text,
      `no forge of the configuration has the host "${url.host}"; add it to "integrations"`,
    );
  }
  const written = PARTS.flatMap((part) => {
    const value = url.searchParams.get(part);
    return value === null ? [] : [[part, value.replaceAll(/^\/+|\/+$/g, '')] as const];
  });
  const spec: RepoSpec = { host: url.host, ...Object.fromEntries(written) };
  const missing = neededParts(known, spec).find((part) => (spec[part] ?? '') === '');
  if (missing !== undefined) throw badRepoUrl(text, `"${missing}" is missing`);
  return spec;
}

function neededParts(forge: KnownForge | undefined, spec: RepoSpec): readonly Part[] {
  if (forge?.type === 'gitlab' && (spec.project ?? '') !== '') return [];
  return NEEDED[forge?.type ?? 'github'];
}

function badRepoUrl(text: string, reason: string): CodedError {
  return new CodedError(
    400,
    'scaffolder/bad-repo-url',
    `The repository "${text}" cannot be used: ${reason}. It is written as "host?owner=…&repo=…".`,
  );
}
