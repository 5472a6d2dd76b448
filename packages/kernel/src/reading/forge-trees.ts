/**
 * The URL of a folder of a repository as people copy it from a browser becomes the request for an archive of it, for each
 * forge as its API gives one.
 */
import type { Integration } from './integration.ts';
import {
  azureItems,
  below,
  isStep,
  join,
  joinPath,
  parseAzure,
  parseGitiles,
  request,
  segmentsOf,
  type RawRequest,
} from './forges.ts';

/** The request for an archive, and where in it the folder is. */
export interface TreeRequest {
  readonly kind: 'archive';
  readonly request: RawRequest;
  readonly format: 'tar.gz' | 'zip';
  /** The archive has a folder of the forge's around all. */
  readonly wrapped: boolean;
  /** Path in the archive, inside that; empty for all. */
  readonly folder: string;
}

/** The URL names no branch, and the forge has to be asked which one its archive is to be of. */
export interface BranchQuestion {
  readonly kind: 'branch';
  readonly request: RawRequest;
  /** Where the answer, a JSON object, has the name. */
  readonly key: readonly string[];
}

/**
 * The request for the folder that a browser URL shows, or the whole repository. `branch` answers a BranchQuestion. Null
 * when the URL shows nothing of a repository, or steps out of it.
 */
export function toTreeRequest(
  url: URL,
  integration: Integration,
  branch: string | null,
): TreeRequest | BranchQuestion | null {
  const segments = segmentsOf(url.pathname.replace(/\/+$/, ''));
  if (segments === null) return null;
  switch (integration.type) {
    case 'github':
      return github(segments, integration);
    case 'gitlab':
      return gitlab(segments, integration);
    case 'bitbucketCloud':
      return bitbucketCloud(segments, { integration, branch });
    case 'bitbucketServer':
      return bitbucketServer(url, segments, integration);
    case 'azure':
      return azure(url, segments, integration);
    case 'gitea':
      return gitea(segments, { integration, branch });
    case 'gerrit':
      return gerrit(segments, integration);
    default:
      return integration.type satisfies never;
  }
}

function tarGz(raw: RawRequest, path: readonly string[]): TreeRequest {
  return { kind: 'archive', request: raw, format: 'tar.gz', wrapped: true, folder: path.join('/') };
}

function withoutSuffix(repo: string): string {
  return repo.replace(/\.git$/, '');
}

const isView = (view: string): boolean => /^(?:tree|blob|raw|edit)$/.test(view);

/** `/<owner>/<repo>`, also with `/tree/<ref>/<path>`. */
function github(segments: readonly string[], integration: Integration): TreeRequest | null {
  const [owner, repo, view, ref, ...path] = segments;
  if (!owner || !repo || (view !== undefined && !isView(view))) return null;
  const tarball = `${integration.apiBaseUrl}/repos/${join(owner, withoutSuffix(repo))}/tarball`;
  return tarGz(request(integration, { url: ref ? `${tarball}/${joinPath([ref])}` : tarball }), path);
}

/** `/<group>/<project>`, also with `/-/tree/<ref>/<path>`, also without `-/`. */
function gitlab(segments: readonly string[], integration: Integration): TreeRequest | null {
  const inside = below(integration.baseUrl, segments);
  if (inside === null) return null;
  const dash = inside.indexOf('-');
  const view = dash === -1 ? inside.findIndex((name, index) => index > 1 && isView(name)) : dash + 1;
  const end = dash === -1 ? view : dash;
  const project = (end === -1 ? inside : inside.slice(0, end)).join('/');
  if (!project.includes('/') || (view !== -1 && !isView(inside[view] ?? ''))) return null;
  const [ref, ...path] = view === -1 ? [] : inside.slice(view + 1);
  const id = encodeURIComponent(withoutSuffix(project));
  const url = `${integration.apiBaseUrl}/projects/${id}/repository/archive.tar.gz`;
  const query = { ...(ref && { sha: ref }), ...(path.length > 0 && { path: path.join('/') }) };
  return tarGz(request(integration, { url, query }), path);
}

interface Branched {
  readonly integration: Integration;
  readonly branch: string | null;
}

/** `/<workspace>/<repo>`, also with `/src/<ref>/<path>`. Archives are on the host of the pages. */
function bitbucketCloud(
  segments: readonly string[],
  { integration, branch }: Branched,
): TreeRequest | BranchQuestion | null {
  const [owner, repo, view, named, ...path] = segments;
  if (!owner || !repo || (view !== undefined && view !== 'src' && view !== 'raw')) return null;
  const ref = named || branch;
  const name = join(owner, withoutSuffix(repo));
  if (!ref) {
    const url = `${integration.apiBaseUrl}/repositories/${name}`;
    return { kind: 'branch', request: request(integration, { url }), key: ['mainbranch', 'name'] };
  }
  return tarGz(
    request(integration, { url: `${integration.baseUrl}/${name}/get/${joinPath([ref])}.tar.gz` }),
    path,
  );
}

/** `/projects/<key>/repos/<repo>`, also with `/browse/<path>?at=<ref>`, also `/users/<name>/repos/…`. */
function bitbucketServer(
  url: URL,
  segments: readonly string[],
  integration: Integration,
): TreeRequest | null {
  const start = segments.findIndex((segment) => segment === 'projects' || segment === 'users');
  const [kind, owner, repos, repo, view, ...path] = start === -1 ? [] : segments.slice(start);
  if (!owner || repos !== 'repos' || !repo) return null;
  if (view !== undefined && view !== 'browse' && view !== 'raw') return null;
  const at = url.searchParams.get('at');
  const project = join(kind === 'users' ? `~${owner}` : owner);
  const archive = `${integration.apiBaseUrl}/projects/${project}/repos/${join(repo)}/archive`;
  const query = {
    format: 'tgz',
    prefix: 'repository',
    ...(at !== null && { at }),
    ...(path.length > 0 && { path: path.join('/') }),
  };
  return tarGz(request(integration, { url: archive, query }), path);
}

/** `/<organisation>/<project>/_git/<repo>?path=<path>&version=GB<branch>`. The archive has the folder by its last name. */
function azure(url: URL, segments: readonly string[], integration: Integration): TreeRequest | null {
  const parsed = parseAzure(url, segments);
  const path = url.searchParams.get('path') ?? '';
  const [, kind, ref] = /^(GB|GT|GC)(.+)$/.exec(url.searchParams.get('version') ?? '') ?? [];
  if (parsed === null || isStep(path) || (url.searchParams.has('version') && ref === undefined)) return null;
  const names = path.split('/').filter((name) => name !== '');
  const raw = azureItems(integration, parsed, {
    recursionLevel: 'full',
    download: 'true',
    $format: 'zip',
    ...(names.length > 0 && { scopePath: `/${names.join('/')}` }),
    ...(ref !== undefined && { 'versionDescriptor.version': ref }),
    ...(kind === 'GT' && { 'versionDescriptor.versionType': 'tag' }),
    ...(kind === 'GC' && { 'versionDescriptor.versionType': 'commit' }),
  });
  return {
    kind: 'archive',
    request: { ...raw, headers: { ...raw.headers, accept: 'application/zip' } },
    format: 'zip',
    wrapped: false,
    folder: names.at(-1) ?? '',
  };
}

/** `/<owner>/<repo>`, also with `/src/branch/<ref>/<path>`, `tag` and `commit`. */
function gitea(
  segments: readonly string[],
  { integration, branch }: Branched,
): TreeRequest | BranchQuestion | null {
  const [owner, repo, view, kind, named, ...path] = below(integration.baseUrl, segments) ?? [];
  if (!owner || !repo || (view !== undefined && view !== 'src' && view !== 'raw')) return null;
  if (kind !== undefined && kind !== 'branch' && kind !== 'tag' && kind !== 'commit') return null;
  const ref = named || branch;
  const url = `${integration.apiBaseUrl}/repos/${join(owner, withoutSuffix(repo))}`;
  if (!ref) return { kind: 'branch', request: request(integration, { url }), key: ['default_branch'] };
  return tarGz(request(integration, { url: `${url}/archive/${joinPath([ref])}.tar.gz` }), path);
}

/** Gitiles: `/<project>/+/refs/heads/<branch>/<path>`. The archive of a folder holds only what is in it. */
function gerrit(segments: readonly string[], integration: Integration): TreeRequest | null {
  const parsed = parseGitiles(segments, integration);
  if (parsed === null) return null;
  const { project, kind, ref, path } = parsed;
  const { baseUrl, apiBaseUrl, credentials } = integration;
  // Gitiles too wants to know from the path whether it has to ask for credentials.
  const isBelow = baseUrl.startsWith(`${apiBaseUrl}/`) && credentials.length > 0;
  const root = isBelow ? `${apiBaseUrl}/a${baseUrl.slice(apiBaseUrl.length)}` : baseUrl;
  const names = { branch: ref === 'HEAD' ? ref : `refs/heads/${ref}`, tag: `refs/tags/${ref}`, commit: ref };
  const folder = path === '' ? '' : `/${joinPath([path])}`;
  const url = `${root}/${joinPath([project])}/+archive/${joinPath([names[kind]])}${folder}.tar.gz`;
  return {
    kind: 'archive',
    request: request(integration, { url }),
    format: 'tar.gz',
    wrapped: false,
    folder: '',
  };
}
