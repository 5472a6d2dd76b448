/**
 * Which paths need an identity. Everything under `/api` does unless a room opened it. A path is judged on the
 * text the client sent, so whatever could be read in two ways counts as closed.
 */
import { accessError } from './errors.ts';
import { isPluginId } from './plugin-token.ts';

/** `open`: anybody. `cookie`: an identity, for which the cookie's limited token is enough. `closed`: an identity. */
export type PathRule = 'open' | 'cookie' | 'closed';

export interface Place {
  readonly rule: PathRule;
  /** The plugin segment of `/api/<plugin>/…`; null when there is none or it cannot be told. */
  readonly plugin: string | null;
}

export interface PathRules {
  /** Opens a path and all below it. @throws CodedError `access/invalid-path` */
  add(rule: Exclude<PathRule, 'closed'>, prefix: string): void;
  placeOf(method: string, url: string): Place;
}

const OUTSIDE: Place = { rule: 'open', plugin: null };
const UNCLEAR: Place = { rule: 'closed', plugin: null };

/** Dot segments and backslashes, encoded or not: some reader may leave the plugin by them. */
const LEAVING = /\/\.\.?(\/|$)|%2e|%5c|\\/i;
/** Slashes that some readers count and some do not. */
const UNEVEN = /%2f|\/\//i;

export function createPathRules(): PathRules {
  const rules = new Map<string, { readonly rule: PathRule; readonly prefix: string }[]>();

  const add: PathRules['add'] = (rule, prefix) => {
    const plugin = /^\/api\/([a-z0-9_-]+)(\/|$)/i.exec(prefix)?.[1];
    if (plugin === undefined || LEAVING.test(prefix) || /%|\/\//.test(prefix)) {
      throw accessError(
        'access/invalid-path',
        `${prefix} cannot be opened: a path under /api/<plugin> without escapes is needed.`,
      );
    }
    const known = rules.get(plugin) ?? [];
    rules.set(plugin, [...known, { rule, prefix: prefix.replace(/\/$/, '') }]);
  };

  const ruleOf = (method: string, path: string, plugin: string): PathRule => {
    if (UNEVEN.test(path)) return 'closed';
    if (isBuiltInOpen(method, { plugin, rest: path.slice(`/api/${plugin}/`.length) })) return 'open';
    const found = rules
      .get(plugin)
      ?.filter(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`))
      .map(({ rule }) => rule);
    if (found === undefined || found.length === 0) return 'closed';
    return found.includes('open') ? 'open' : 'cookie';
  };

  return {
    add,
    placeOf: (method, url) => {
      const path = pathOf(url);
      if (!path.startsWith('/api/')) return isOutsideApi(path) ? OUTSIDE : UNCLEAR;
      const end = path.indexOf('/', 5);
      const plugin = end === -1 ? path.slice(5) : path.slice(5, end);
      if (!isPluginId(plugin) || LEAVING.test(path)) return UNCLEAR;
      return { rule: ruleOf(method, path, plugin), plugin };
    },
  };
}

/** What Backstage's framework and its auth plugin open; those routes look at credentials themselves. */
function isBuiltInOpen(method: string, { plugin, rest }: { plugin: string; rest: string }): boolean {
  if (rest.startsWith('.backstage/auth/v1/')) return true;
  if (plugin === 'auth') return !rest.startsWith('.backstage/');
  const reads = method === 'GET' || method === 'HEAD';
  return reads && rest.startsWith('.well-known/') && !rest.startsWith('.well-known/backstage/');
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}

/** True only when no reading of the path can lead under `/api`. */
function isOutsideApi(path: string): boolean {
  if (!path.startsWith('/')) return false;
  const plain = path.includes('%') ? decodePath(path) : path;
  if (plain === null || /\/\.\.(\/|$)/.test(plain)) return false;
  return !/^\/api(\/|$)/i.test(plain.replaceAll(/[\\/]+/g, '/'));
}

function decodePath(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
