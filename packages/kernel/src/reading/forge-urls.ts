/**
 * URLs beside URLs of files in repositories: a relative one, the page that edits a file, the folder it is in.
 * What is resolved is what Backstage's integrations resolve.
 */
import { parseGitiles } from './forges.ts';
import { integrationFor, PUBLIC_FORGES, type Integration } from './integration.ts';

export interface ForgeUrls {
  /**
   * Makes a URL absolute. Relative to the URL of a file it keeps the ref; with a slash first it is relative to
   * the root of the repository. Absolute URLs stay. Throws a TypeError when the two make no URL.
   */
  resolveUrl(url: string, base: string): string;
  /** The page that edits a file; null for a host that is no forge we know, or when there is no such page. */
  resolveEditUrl(url: string): string | null;
  /** The folder that a file is in, as `source-location` wants it; null for a host that is no forge we know. */
  folderUrl(url: string): string | null;
}

/** Knows the given integrations, and the public forges even when they are not configured. */
export function createForgeUrls(configured: readonly Integration[]): ForgeUrls {
  const integrations = [...configured, ...PUBLIC_FORGES];
  const known = (text: string): { url: URL; integration: Integration } | null => {
    const url = URL.parse(text);
    const integration = url === null ? null : integrationFor(integrations, url);
    return url === null || integration === null ? null : { url, integration };
  };
  const resolveUrl = (url: string, base: string): string => {
    if (URL.canParse(url)) return url;
    const at = known(base);
    return at === null ? besideUnknown(url, new URL(base)) : beside(url, at.url, at.integration);
  };
  return {
    resolveUrl,
    resolveEditUrl: (url) => {
      const at = known(url);
      return at === null ? null : editUrl(at.url, at.integration);
    },
    folderUrl: (url) => (known(url) === null ? null : resolveUrl('./', url)),
  };
}

/** What comes before the path of a file, for each kind of forge. Paths are as the URL parser leaves them. */
const ROOTS: Readonly<Record<Integration['type'], RegExp>> = {
  github: /^\/[^/]+\/[^/]+\/(?:blob|tree|edit|raw)\/[^/]+/,
  gitlab: /^\/.+?\/(?:-\/)?(?:blob|tree|edit|raw)\/[^/]+/,
  bitbucketCloud: /^\/[^/]+\/[^/]+\/(?:src|raw)\/[^/]+/,
  bitbucketServer: /^.*?\/(?:projects|users)\/[^/]+\/repos\/[^/]+\/(?:browse|raw)/,
  azure: /^/,
  gitea: /^.*?\/[^/]+\/[^/]+\/(?:src|raw|_edit)\/(?:(?:branch|tag|commit)\/)?[^/]+/,
  gerrit: /^.*?\/\+\/(?:refs\/(?:heads|tags)\/)?[^/]+/,
};

const BITBUCKET_REF = /^\/[^/]+\/[^/]+\/(?:src|raw)\/([^/]+)/;

function beside(url: string, base: URL, integration: Integration): string {
  if (integration.type === 'azure') return besideAzure(url, base);
  const resolved = url.startsWith('/') ? new URL(base) : new URL(url, base);
  if (url.startsWith('/')) {
    const root = ROOTS[integration.type].exec(base.pathname)?.[0] ?? base.pathname.replace(/\/+$/, '');
    resolved.pathname = `${root}${url}`;
  }
  resolved.search = base.search;
  resolved.hash = '';
  if (integration.type === 'github') resolved.pathname = githubView(resolved.pathname, 'tree');
  return resolved.href;
}

/** A host that we know nothing of may still be a forge: then a slash means the root of the repository. */
function besideUnknown(url: string, base: URL): string {
  const root = url.startsWith('/') ? ROOTS.gitlab.exec(base.pathname)?.[0] : undefined;
  const resolved = new URL(root === undefined ? url : `${root}${url}`, base);
  resolved.search = base.search;
  return resolved.href;
}

/** Azure has the path of the file in the query. */
function besideAzure(url: string, base: URL): string {
  if (!base.pathname.includes('/_git/')) return new URL(url, base).href;
  const file = new URL(base.searchParams.get('path') ?? '/', 'https://path');
  const resolved = new URL(base);
  resolved.searchParams.set('path', decodeURIComponent(new URL(url, file).pathname));
  return resolved.href;
}

function editUrl(url: URL, integration: Integration): string | null {
  const edit = new URL(url);
  switch (integration.type) {
    case 'github':
      edit.pathname = githubView(url.pathname, 'edit');
      return edit.href;
    case 'gitlab':
      edit.pathname = url.pathname.replace(/\/-\/(?:blob|tree|edit)\//, '/-/edit/');
      return edit.href;
    case 'bitbucketCloud':
      edit.searchParams.set('mode', 'edit');
      edit.searchParams.set('at', decodeURIComponent(BITBUCKET_REF.exec(url.pathname)?.[1] ?? ''));
      return edit.href;
    case 'bitbucketServer':
      edit.search = '';
      return edit.href;
    case 'azure':
      return edit.href;
    case 'gitea':
      edit.pathname = url.pathname.replace(/\/(?:src|raw)\/(?:branch|tag|commit)\//, '/_edit/');
      return edit.href;
    case 'gerrit':
      return gerritEditUrl(url, integration);
    default:
      return integration.type satisfies never;
  }
}

function githubView(pathname: string, view: 'tree' | 'edit'): string {
  return pathname.replace(/^(\/[^/]+\/[^/]+\/)(?:blob|tree|edit)\//, `$1${view}/`);
}

function gerritEditUrl(url: URL, { apiBaseUrl, baseUrl, editable, ...rest }: Integration): string | null {
  if (!editable) return url.href;
  const parsed = parseGitiles(url.pathname.split('/').slice(1), { apiBaseUrl, baseUrl, editable, ...rest });
  if (parsed === null) return null;
  const { project, ref, path } = parsed;
  return `${apiBaseUrl}/admin/repos/edit/repo/${project}/branch/refs/heads/${ref}/file/${path}`;
}
