/**
 * Which URLs may be read: what `backend.reading.allow` lists (by the rules Backstage has for it) and what
 * the configured integrations need. Each hop of a redirect is asked about anew.
 */
import { posix } from 'node:path';
import { literalAddress } from './addresses.ts';
import { readingError } from './codes.ts';
import type { Integration } from './integration.ts';

export interface AllowEntry {
  /** `example.com`, `*.example.com` (any depth below, not itself), with `:port` or `:from-to` if not the default. */
  readonly host: string;
  /** Paths, and what is below them at a slash; all when not given. */
  readonly paths?: readonly string[];
  /** The host may have addresses that are not public. Default: only when it is an address or `localhost`. */
  readonly allowPrivate?: boolean;
}

/** What a URL may do; null when it may not be read. */
interface Permission {
  readonly allowPrivate: boolean;
}

export interface AllowList {
  /** Asks the entries of `backend.reading.allow`. */
  byEntry(url: URL): Permission | null;
  /** Asks whether the URL is on a host that an integration works with. */
  byIntegration(url: URL): Permission | null;
}

/** Throws `reading/config` for a host that cannot be understood. */
export function createAllowList(
  entries: readonly AllowEntry[],
  integrations: readonly Integration[],
): AllowList {
  const rules = entries.map(toRule);
  const bases = integrations.flatMap(toBases);
  return {
    byEntry: (url) => {
      const matching = rules.filter((rule) => matches(rule, url));
      return matching.length === 0 ? null : { allowPrivate: matching.some((rule) => rule.allowPrivate) };
    },
    byIntegration: (url) => {
      const matching = bases.filter((base) => base.host === url.host && base.protocol === url.protocol);
      return matching.length === 0 ? null : { allowPrivate: matching.some((base) => base.allowPrivate) };
    },
  };
}

interface Rule {
  /** As the URL parser writes it; `.example.com` for `*.example.com`. */
  readonly hostname: string;
  readonly wildcard: boolean;
  /** Null: the default port of the scheme. */
  readonly ports: { readonly from: number; readonly to: number } | null;
  readonly paths: readonly string[] | null;
  readonly allowPrivate: boolean;
}

const HOST = /^(\*\.)?(\[[^\]]+\]|[^:/[\]*?#@\s]+)(?::(\d{1,5})(?:-(\d{1,5}))?)?$/;

function toRule({ host, paths, allowPrivate = false }: AllowEntry): Rule {
  const [, star, name = '', from, to = from] = HOST.exec(host) ?? [];
  const hostname = URL.parse(`http://${name}/`)?.hostname;
  const ports = from === undefined ? null : { from: Number(from), to: Number(to) };
  const badPorts = ports !== null && (ports.from < 1 || ports.to > 65_535 || ports.from > ports.to);
  if (name === '' || hostname === undefined || badPorts) {
    throw readingError(
      'reading/config',
      `backend.reading.allow has the host '${host}'. ` +
        "Write a host name such as 'example.com', '*.example.com' or 'example.com:8080', without scheme or path.",
    );
  }
  const wildcard = star !== undefined;
  return {
    hostname: wildcard ? `.${hostname}` : hostname,
    wildcard,
    ports,
    paths: paths ?? null,
    allowPrivate: allowPrivate || (!wildcard && isLocalName(hostname)),
  };
}

/** Who writes an address or `localhost` into the configuration means it. */
function isLocalName(hostname: string): boolean {
  return hostname === 'localhost' || literalAddress(hostname) !== null;
}

function matches(rule: Rule, url: URL): boolean {
  const sameHost = rule.wildcard ? url.hostname.endsWith(rule.hostname) : url.hostname === rule.hostname;
  return sameHost && matchesPort(rule, url) && matchesPath(rule, url);
}

function matchesPort({ ports }: Rule, url: URL): boolean {
  if (ports === null) return url.port === '';
  const port = url.port === '' ? defaultPort(url) : Number(url.port);
  return port >= ports.from && port <= ports.to;
}

function defaultPort(url: URL): number {
  return url.protocol === 'https:' ? 443 : 80;
}

function matchesPath({ paths }: Rule, url: URL): boolean {
  if (paths === null) return true;
  if (hasHiddenSteps(url.pathname)) return false;
  const path = posix.normalize(url.pathname);
  return paths.some(
    (allowed) => path === allowed || path.startsWith(allowed.endsWith('/') ? allowed : `${allowed}/`),
  );
}

/** An encoded slash may be a step for the server that is none for us, as in `/docs/..%2fsecret`. */
function hasHiddenSteps(pathname: string): boolean {
  return /%(?:2f|5c|25)/i.test(pathname) || pathname.includes('\\');
}

interface Base {
  readonly protocol: string;
  readonly host: string;
  readonly allowPrivate: boolean;
}

function toBases({ type, baseUrl, apiBaseUrl, rawBaseUrl, allowPrivate }: Integration): readonly Base[] {
  // GitHub redirects from its API to where archives are.
  const archives = type === 'github' ? baseUrl.replace('://', '://codeload.') : null;
  return [baseUrl, apiBaseUrl, rawBaseUrl, archives]
    .map((base) => (base === null ? null : URL.parse(base)))
    .filter((base) => base !== null)
    .map(({ protocol, host, hostname }) => {
      return { protocol, host, allowPrivate: allowPrivate || isLocalName(hostname) };
    });
}
