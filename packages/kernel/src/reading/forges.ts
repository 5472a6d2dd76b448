/**
 * The URL of a file as people copy it from a browser becomes the request that gives its bytes, for each forge
 * as Backstage's integrations do it.
 */
import type { Integration } from './integration.ts';

export interface RawRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer's body is in, beyond HTTP's own encodings. */
  readonly encoding: 'identity' | 'base64';
}

/**
 * The request for the file that a browser URL shows, with the integration's credentials. Null when the URL
 * does not show a file of a repository, as that of an issue, or when its path steps out of the repository.
 */
export function toRawRequest(url: URL, integration: Integration): RawRequest | null {
  const segments = segmentsOf(url.pathname);
  if (segments === null) return null;
  switch (integration.type) {
    case 'github':
      return github(segments, integration);
    case 'gitlab':
      return gitlab(url, segments, integration);
    case 'bitbucketCloud':
      return bitbucketCloud(segments, integration);
    case 'bitbucketServer':
      return bitbucketServer(url, segments, integration);
    case 'azure':
      return azure(url, segments, integration);
    case 'gitea':
      return gitea(segments, integration);
    case 'gerrit':
      return gerrit(segments, integration);
    default:
      return integration.type satisfies never;
  }
}

/** The decoded parts of a path; null when one of them is `.` or `..`, however often it is encoded. */
export function segmentsOf(pathname: string): readonly string[] | null {
  try {
    const segments = pathname.split('/').slice(1).map(decodeURIComponent);
    return segments.some(isStep) ? null : segments;
  } catch {
    return null;
  }
}

/** A part of a path that is `.` or `..`, however often it is encoded. */
export function isStep(segment: string): boolean {
  let decoded = segment;
  for (let before = ''; before !== decoded;) {
    before = decoded;
    try {
      decoded = decodeURIComponent(decoded);
    } catch {
      break;
    }
  }
  return decoded.split(/[/\\]/).some((part) => part === '.' || part === '..');
}

/** Segments below the path of the integration's web root; null when the URL is not below it. */
export function below(baseUrl: string, segments: readonly string[]): readonly string[] | null {
  const base = segmentsOf(new URL(baseUrl).pathname)?.filter((segment) => segment !== '') ?? [];
  return base.every((segment, index) => segments[index] === segment) ? segments.slice(base.length) : null;
}

/** Parts of a path, encoded. */
export function join(...parts: readonly string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

/** A path of which a slash may have been encoded. */
export function joinPath(path: readonly string[]): string {
  return join(...path.join('/').split('/'));
}

/** What is asked of a forge. */
interface Request {
  readonly url: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly encoding?: RawRequest['encoding'];
}

/** The request with the first credentials of a forge. */
export function request(
  integration: Integration,
  { url, query = {}, headers = {}, encoding }: Request,
): RawRequest {
  const target = new URL(url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  const authorization = integration.credentials[0]?.authorization;
  return {
    url: target,
    headers: { ...headers, ...(authorization !== undefined && { authorization }) },
    encoding: encoding ?? 'identity',
  };
}

/** `/<owner>/<repo>/blob/<ref>/<path>`; also `tree` and `raw`, which GitHub redirects. */
function github(segments: readonly string[], integration: Integration): RawRequest | null {
  const [owner, repo, view, ref, ...path] = segments;
  if (!owner || !repo || !ref || path.join('') === '') return null;
  if (view !== 'blob' && view !== 'tree' && view !== 'raw') return null;
  const { apiBaseUrl, rawBaseUrl, credentials } = integration;
  if (rawBaseUrl !== null && credentials.length === 0) {
    return request(integration, { url: `${rawBaseUrl}/${join(owner, repo, ref)}/${joinPath(path)}` });
  }
  return request(integration, {
    url: `${apiBaseUrl}/repos/${join(owner, repo)}/contents/${joinPath(path)}`,
    query: { ref },
    headers: { accept: 'application/vnd.github.v3.raw' },
  });
}

/** `/<group>/<project>/-/blob/<ref>/<path>`, also without `-/`, and artifacts of jobs. */
function gitlab(url: URL, segments: readonly string[], integration: Integration): RawRequest | null {
  const inside = below(integration.baseUrl, segments);
  if (inside === null) return null;
  const blob = inside.indexOf('blob');
  const dash = inside.indexOf('-');
  const hasDash = dash !== -1 && (blob === -1 || dash < blob);
  const view = hasDash ? dash + 1 : blob;
  const project = inside.slice(0, hasDash ? dash : Math.max(view, 0)).join('/');
  if (project === '') return null;
  const projectUrl = `${integration.apiBaseUrl}/projects/${encodeURIComponent(project)}`;
  if (inside[view] === 'jobs' && inside[view + 1] === 'artifacts') {
    const artifact = `${projectUrl}/jobs/artifacts/${join(...inside.slice(view + 2))}`;
    return request(integration, { url: artifact, query: Object.fromEntries(url.searchParams) });
  }
  const [ref, ...path] = inside.slice(view + 1);
  if ((inside[view] !== 'blob' && inside[view] !== 'raw') || !ref || path.join('') === '') return null;
  const file = `${projectUrl}/repository/files/${encodeURIComponent(path.join('/'))}/raw`;
  return request(integration, { url: file, query: { ref } });
}

/** `/<workspace>/<repo>/src/<ref>/<path>`, also `raw`. */
function bitbucketCloud(segments: readonly string[], integration: Integration): RawRequest | null {
  const [owner, repo, view, ref, ...path] = segments;
  if (!owner || !repo || !ref || path.join('') === '' || (view !== 'src' && view !== 'raw')) return null;
  const url = `${integration.apiBaseUrl}/repositories/${join(owner, repo)}/src/${join(ref)}/${joinPath(path)}`;
  return request(integration, { url });
}

/** `/projects/<key>/repos/<repo>/browse/<path>?at=<ref>`, also `raw`, also `/users/<name>/repos/…`. */
function bitbucketServer(url: URL, segments: readonly string[], integration: Integration): RawRequest | null {
  const start = segments.findIndex((segment) => segment === 'projects' || segment === 'users');
  if (start === -1) return null;
  const [kind, owner, repos, repo, view, ...path] = segments.slice(start);
  if (!owner || repos !== 'repos' || !repo || path.join('') === '') return null;
  if (view !== 'browse' && view !== 'raw') return null;
  const project = kind === 'users' ? `~${owner}` : owner;
  const at = url.searchParams.get('at');
  return request(integration, {
    url: `${integration.apiBaseUrl}/projects/${join(project)}/repos/${join(repo)}/raw/${joinPath(path)}`,
    ...(at !== null && { query: { at } }),
  });
}

/** `/<organisation>/<project>/_git/<repo>?path=<path>&version=GB<branch>`. */
function azure(url: URL, segments: readonly string[], integration: Integration): RawRequest | null {
  const parsed = parseAzure(url, segments);
  const path = url.searchParams.get('path');
  if (parsed === null || path === null || path === '' || isStep(path)) return null;
  const [, kind, ref] = /^(GB|GT)(.+)$/.exec(url.searchParams.get('version') ?? '') ?? [];
  if (url.searchParams.has('version') && ref === undefined) return null;
  return azureItems(integration, parsed, {
    path,
    ...(ref !== undefined && { version: ref }),
    // A version is a branch unless it is said to be a tag.
    ...(kind === 'GT' && { versionType: 'tag' }),
  });
}

/** A question for the files of a repository. */
export function azureItems(
  integration: Integration,
  { organization, project, repo }: AzureRepo,
  query: Readonly<Record<string, string>>,
): RawRequest {
  const root = join(...(organization === null ? [] : organization.split('/')), project);
  const { credentials } = integration;
  const own = credentials.filter(({ organizations }) => organizations.includes(organization ?? ''));
  const shared = credentials.filter(({ organizations }) => organizations.length === 0);
  return request(
    { ...integration, credentials: [...own, ...shared] },
    {
      url: `${new URL(integration.baseUrl).origin}/${root}/_apis/git/repositories/${join(repo)}/items`,
      query: { 'api-version': '6.0', ...query },
    },
  );
}

interface AzureRepo {
  /** Null on `<organisation>.visualstudio.com`, where it is in the host. */
  readonly organization: string | null;
  readonly project: string;
  readonly repo: string;
}

/** The forms that Azure DevOps and its server know; a project's main repository is left out of the path. */
export function parseAzure(url: URL, segments: readonly string[]): AzureRepo | null {
  const git = segments.indexOf('_git');
  const repo = segments[git + 1];
  const before = segments.slice(0, git);
  if (git === -1 || !repo || before.some((segment) => segment === '')) return null;
  const [first, second, third] = before;
  if (url.hostname.endsWith('.visualstudio.com') && first !== undefined && git === 1) {
    return { organization: null, project: first, repo };
  }
  if (first !== undefined && git === 1) return { organization: first, project: repo, repo };
  if (second !== undefined && git === 2) return { organization: first ?? '', project: second, repo };
  if (third !== undefined && git === 3) return { organization: `${first}/${second}`, project: third, repo };
  return null;
}

/** `/<owner>/<repo>/src/branch/<ref>/<path>`, also `tag` and `commit`, also `raw`. */
function gitea(segments: readonly string[], integration: Integration): RawRequest | null {
  const [owner, repo, view, kind, ref, ...path] = below(integration.baseUrl, segments) ?? [];
  if (!owner || !repo || !ref || path.join('') === '' || (view !== 'src' && view !== 'raw')) return null;
  if (kind !== 'branch' && kind !== 'tag' && kind !== 'commit') return null;
  const url = `${integration.apiBaseUrl}/repos/${join(owner, repo)}/raw/${joinPath(path)}`;
  return request(integration, { url, query: { ref } });
}

/** Gitiles: `/<project>/+/refs/heads/<branch>/<path>`, `/<project>/+/<commit>/<path>`, `…/+/HEAD/<path>`. */
function gerrit(segments: readonly string[], integration: Integration): RawRequest | null {
  const parsed = parseGitiles(segments, integration);
  if (parsed === null || parsed.kind === 'tag' || parsed.path === '') return null;
  const { project, kind, ref, path } = parsed;
  // Gerrit wants to know from the path whether it has to ask for credentials.
  const root = integration.credentials.length === 0 ? '' : '/a';
  const revision = kind === 'commit' ? `commits/${ref}` : `branches/${encodeURIComponent(ref)}`;
  return request(integration, {
    url: `${integration.apiBaseUrl}${root}/projects/${join(project)}/${revision}/files/${join(path)}/content`,
    encoding: 'base64',
  });
}

export interface GitilesPath {
  readonly project: string;
  readonly kind: 'branch' | 'tag' | 'commit';
  readonly ref: string;
  /** Without a slash before it; may be empty. */
  readonly path: string;
}

/** The parts of a Gitiles path; null when it is none. */
export function parseGitiles(segments: readonly string[], integration: Integration): GitilesPath | null {
  const withoutLogin = segments[0] === 'a' ? segments.slice(1) : segments;
  const inside = below(integration.baseUrl, withoutLogin)?.filter((segment) => segment !== '');
  const plus = inside?.indexOf('+') ?? -1;
  if (inside === undefined || plus < 1) return null;
  const project = inside.slice(0, plus).join('/');
  const [first = '', second, third, ...rest] = inside.slice(plus + 1);
  if (first === 'refs' && (second === 'heads' || second === 'tags') && third !== undefined) {
    return { project, kind: second === 'heads' ? 'branch' : 'tag', ref: third, path: rest.join('/') };
  }
  const path = inside.slice(plus + 2).join('/');
  if (first === 'HEAD') return { project, kind: 'branch', ref: first, path };
  return /^[0-9a-f]{40}$/.test(first) ? { project, kind: 'commit', ref: first, path } : null;
}
