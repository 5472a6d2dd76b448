/** `host?owner=o&repo=r…`, the way in which templates name a repository that may not be there yet. */
import { isObject } from '@callboard/model';
import { listIn, textIn } from '../../../api/entity.ts';

export interface RepoPlace {
  readonly host: string;
  readonly owner: string;
  readonly repo: string;
  readonly organization: string;
  readonly workspace: string;
  readonly project: string;
}

/** Parts of a place other than its host. */
export type RepoPart = Exclude<keyof RepoPlace, 'host'>;

export const NOWHERE: RepoPlace = {
  host: '',
  owner: '',
  repo: '',
  organization: '',
  workspace: '',
  project: '',
};

/** In the order in which Backstage writes them. */
const PARTS: readonly RepoPart[] = ['owner', 'repo', 'organization', 'workspace', 'project'];

/** Nowhere for anything that is no such text. */
export function parseRepoUrl(text: unknown): RepoPlace {
  const url = typeof text === 'string' && text !== '' ? URL.parse(`https://${text}`) : null;
  if (url === null) return NOWHERE;
  const part = (name: RepoPart): string => url.searchParams.get(name) ?? '';
  return {
    host: url.host,
    owner: part('owner'),
    repo: part('repo'),
    organization: part('organization'),
    workspace: part('workspace'),
    project: part('project'),
  };
}

/** Undefined without a host. */
export function toRepoUrl(place: RepoPlace): string | undefined {
  if (place.host === '') return undefined;
  const params = new URLSearchParams();
  for (const part of PARTS) {
    if (place[part] !== '') params.set(part, place[part]);
  }
  return `${place.host}?${params.toString()}`;
}

export const FORGES = [
  'github',
  'gitlab',
  'bitbucketCloud',
  'bitbucketServer',
  'azure',
  'gerrit',
  'gitea',
] as const;

/** `unknown`: any git host; it is asked for an owner and a repository. */
export type Forge = (typeof FORGES)[number] | 'unknown';

export interface KnownHost {
  readonly host: string;
  readonly forge: Forge;
}

const WELL_KNOWN: Readonly<Record<string, Forge>> = {
  'github.com': 'github',
  'gitlab.com': 'gitlab',
  'bitbucket.org': 'bitbucketCloud',
  'dev.azure.com': 'azure',
  'gitea.com': 'gitea',
  'codeberg.org': 'gitea',
};
const BY_NAME: readonly (readonly [RegExp, Forge])[] = [
  [/(?:^|\.)visualstudio\.com$|azure/, 'azure'],
  [/github|(?:^|\.)ghe\./, 'github'],
  [/gitlab/, 'gitlab'],
  [/gitea|forgejo/, 'gitea'],
  [/gerrit/, 'gerrit'],
  [/bitbucket|stash/, 'bitbucketServer'],
];

/** By what is configured, else by its name. */
export function forgeOf(host: string, known: readonly KnownHost[]): Forge {
  const configured = known.find((one) => one.host === host);
  if (configured !== undefined) return configured.forge;
  return WELL_KNOWN[host] ?? BY_NAME.find(([name]) => name.test(host))?.[1] ?? 'unknown';
}

/** What has to be there, in the order of the fields. */
export function neededParts(forge: Forge): readonly RepoPart[] {
  switch (forge) {
    case 'bitbucketCloud':
      return ['workspace', 'project', 'repo'];
    case 'bitbucketServer':
      return ['project', 'repo'];
    case 'azure':
      return ['organization', 'project', 'repo'];
    case 'gerrit':
      return ['repo'];
    case 'github':
    case 'gitlab':
    case 'gitea':
    case 'unknown':
      return ['owner', 'repo'];
    default:
      return forge satisfies never;
  }
}

/** What is asked for, in the order of the fields. */
export function shownParts(forge: Forge): readonly RepoPart[] {
  return forge === 'gerrit' ? ['owner', 'workspace', 'repo'] : neededParts(forge);
}

/** What a template allows; an empty list allows everything. */
export interface Allowed {
  readonly hosts: readonly string[];
  readonly parts: Readonly<Record<RepoPart, readonly string[]>>;
}

/** On Bitbucket the owner is called a workspace. */
export function allowedIn(options: unknown): Allowed {
  const list = (key: string): readonly string[] =>
    listIn(options, key).filter((item) => typeof item === 'string');
  return {
    hosts: list('allowedHosts'),
    parts: {
      owner: list('allowedOwners'),
      workspace: list('allowedOwners'),
      organization: list('allowedOrganizations'),
      project: list('allowedProjects'),
      repo: list('allowedRepos'),
    },
  };
}

/** The place with what can only be one thing, or begins as the first that is allowed. */
export function withUsual(place: RepoPlace, allowed: Allowed, known: readonly KnownHost[]): RepoPlace {
  const host = place.host === '' ? (allowed.hosts[0] ?? known[0]?.host ?? '') : place.host;
  let made: RepoPlace = host === place.host ? place : { ...place, host };
  for (const part of shownParts(forgeOf(host, known))) {
    // A parent of Gerrit's is no owner.
    if (part === 'workspace' && forgeOf(host, known) === 'gerrit') continue;
    const first = allowed.parts[part][0];
    if (made[part] === '' && first !== undefined) made = { ...made, [part]: first };
  }
  return made;
}

/** `integrations` of the configuration, as far as the page may see it; `text`: of its data block. */
export function parseHosts(text: string | null): readonly KnownHost[] {
  const hosts: KnownHost[] = [];
  for (const context of contextsIn(text)) {
    const data = isObject(context) ? context['data'] : undefined;
    const integrations = isObject(data) ? data['integrations'] : undefined;
    for (const forge of FORGES) {
      for (const entry of listIn(integrations, forge)) {
        const host = textIn(entry, 'host');
        if (host !== null && !hosts.some((one) => one.host === host)) hosts.push({ host, forge });
      }
    }
  }
  return hosts;
}

function contextsIn(text: string | null): readonly unknown[] {
  try {
    const contexts: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(contexts) ? contexts : [];
  } catch {
    return [];
  }
}
