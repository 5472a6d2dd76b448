/**
 * Where a source may send a request: an endpoint of the configuration and a path below it, or a URL on a host that is
 * allowed. Values of the form are in the path, so it is checked as it was put together, before a URL parser makes it tidy.
 */
import { sourceFailed, sourceRefused } from './source-error.ts';
import type { AllowedHost, SourceEndpoint, SourceSettings } from './source-settings.ts';

export interface Target {
  /** How messages call it: a name or a host. */
  readonly name: string;
  readonly url: URL;
  /** Null: a host that a template names. It may only have public addresses, and gets no secret. */
  readonly endpoint: SourceEndpoint | null;
  /** Whether a redirect to this URL, of the same origin, stays where requests may go. */
  readonly isInside: (url: URL) => boolean;
}

/** Times that a path is decoded, as servers differ in how often they do it. One that can be decoded still is refused. */
const DECODED = 3;

/**
 * @param asked.url with values put in and percent-encoded
 * @throws CodedError 503 `scaffolder/source-failed` when it is not configured, 400 `scaffolder/source-refused` for a path
 *   that leads elsewhere
 */
export function targetOf(
  settings: SourceSettings,
  asked: { readonly endpoint: string | null; readonly url: string; readonly method: string },
): Target {
  if (asked.endpoint === null) return allowedTarget(settings, asked.url);
  const endpoint = settings.endpoints.get(asked.endpoint.replaceAll(/^\/+|\/+$/g, ''));
  const name = JSON.stringify(asked.endpoint.slice(0, 60));
  if (endpoint === undefined) {
    throw sourceFailed(`There is no endpoint ${name} in scaffolder.forms.endpoints of the configuration.`);
  }
  if (!endpoint.methods.includes(asked.method)) {
    throw sourceFailed(`The endpoint ${name} does not allow ${asked.method}; it is opened in its 'methods'.`);
  }
  const [whole = ''] = asked.url.split('#', 1);
  const [path = ''] = whole.split('?', 1);
  const query = whole.slice(path.length);
  const below = path === '' || path.startsWith('/') ? path : `/${path}`;
  if (leadsElsewhere(below)) throw escapes(name);
  if (!fits(below, endpoint.paths)) {
    throw sourceFailed(
      `The endpoint ${name} does not allow this path; those that it allows are in its 'paths'.`,
    );
  }
  const url = URL.parse(`${endpoint.target}${rewritten(asked.endpoint, below, endpoint)}${query}`);
  const base = new URL(endpoint.target);
  if (url === null || !isBelow(url, base)) throw escapes(name);
  const isInside = (to: URL): boolean =>
    isBelow(to, base) &&
    !leadsElsewhere(to.pathname) &&
    fits(to.pathname.slice(base.pathname.replace(/\/$/, '').length), endpoint.paths);
  return { name: `the endpoint ${name}`, url, endpoint, isInside };
}

function isBelow(url: URL, base: URL): boolean {
  const root = base.pathname.replace(/\/$/, '');
  return url.origin === base.origin && (url.pathname === root || url.pathname.startsWith(`${root}/`));
}

function rewritten(name: string, path: string, { rewrites }: SourceEndpoint): string {
  if (rewrites.length === 0) return path;
  const full = `/api/proxy/${name.replaceAll(/^\/+|\/+$/g, '')}${path}`;
  const rule = rewrites.find(({ pattern }) => pattern.test(full));
  const result = rule === undefined ? full : full.replace(rule.pattern, rule.replacement);
  return result.startsWith('/') ? result : `/${result}`;
}

function allowedTarget({ allow }: SourceSettings, text: string): Target {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw sourceFailed('The source has no http or https URL, and names no endpoint.');
  }
  const name = JSON.stringify(url.host.slice(0, 100));
  if (url.username !== '' || url.password !== '') throw escapes(name);
  const path = /^https?:\/\/[^/?#\\]*([^?#]*)/i.exec(text)?.[1] ?? '\\';
  const hosts = allow.filter(({ host }) => host === url.host);
  if (hosts.length === 0) {
    const advice = 'Name it in scaffolder.forms.allow, or make an endpoint of it.';
    throw sourceFailed(`Sources of forms may not ask the host ${name}. ${advice}`);
  }
  if (leadsElsewhere(path)) throw escapes(name);
  const isOpen = (to: URL): boolean => hosts.some(({ paths }: AllowedHost) => fits(to.pathname, paths));
  if (!isOpen(url)) throw sourceFailed(`Sources of forms may not ask for this path of the host ${name}.`);
  const isInside = (to: URL): boolean =>
    to.origin === url.origin && !leadsElsewhere(to.pathname) && isOpen(to);
  return { name, url, endpoint: null, isInside };
}

/** Whether a path has parts that lead up, an empty part, or what servers take for a slash. */
function leadsElsewhere(path: string): boolean {
  let text = path;
  for (let round = 0; round < DECODED; round += 1) {
    if (/[\\\p{Cc}]/u.test(text) || text.split('/').some((part) => /^\.{1,2}(?:;.*)?$/.test(part)))
      return true;
    if (round === 0 && text.includes('//')) return true;
    const once = percentDecoded(text);
    if (once === null) return true;
    if (once === text) return false;
    text = once;
  }
  return true;
}

/** Null when it is not percent-encoded UTF-8. */
function percentDecoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function fits(path: string, paths: readonly string[] | null): boolean {
  if (paths === null) return true;
  return paths.some((allowed) => {
    const root = allowed.replace(/\/$/, '');
    return path === root || path === allowed || path.startsWith(`${root}/`);
  });
}

function escapes(name: string): Error {
  return sourceRefused(`A value of the form makes a path that leads out of ${name}, so nothing was asked.`);
}
