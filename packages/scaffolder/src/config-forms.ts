/**
 * Reads `scaffolder.forms` of the configuration, and Backstage's `proxy.endpoints`, into what sources of forms may reach.
 * An endpoint with a mistake is left out, so that nothing is sent where it was not meant to go.
 */
import { isObject } from '@callboard/model';
import type { ConfigValues } from './config-values.ts';
import {
  SOURCE_DEFAULTS,
  type AllowedHost,
  type SourceEndpoint,
  type SourceSettings,
} from './form/sources/source-settings.ts';

const ENDPOINTS = 'scaffolder.forms.endpoints';
const ALLOW = 'scaffolder.forms.allow';
const PROXY = 'proxy.endpoints';
const METHODS = ['GET', 'POST'];
/** RFC 9110. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** What a header can have. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const SIZE = /^\s*(\d+(?:\.\d+)?)\s*([kKmM]?[iI]?[bB]?)\s*$/;
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  kib: 1_024,
  mib: 1_048_576,
};
const MOST_BYTES = 64 * 1_048_576;

/** Endpoints of `scaffolder.forms` go before those of the proxy with the same name. */
export function parseFormSettings(values: ConfigValues): SourceSettings {
  const endpoints = new Map<string, SourceEndpoint>();
  for (const [name, endpoint] of proxyEndpoints(values)) endpoints.set(name, endpoint);
  for (const name of Object.keys(values.object(ENDPOINTS) ?? {})) {
    const endpoint = ownEndpoint(values, name);
    if (endpoint !== null) endpoints.set(name, endpoint);
  }
  return { endpoints, allow: allowedHosts(values) };
}

function ownEndpoint(values: ConfigValues, name: string): SourceEndpoint | null {
  const key = `${ENDPOINTS}.${name}`;
  if (!/^[\w-]+$/.test(name)) {
    values.complain(key, 'has to have a name of letters, digits, - and _, so it is left out');
    return null;
  }
  if (values.object(key) === null) return null;
  const target = toTarget(values.raw(`${key}.target`));
  if (target === null) {
    values.complain(
      `${key}.target`,
      'has to be an http or https URL without query, so the endpoint is left out',
    );
    return null;
  }
  const headers = toHeaders(values.object(`${key}.headers`) ?? {}, (header, why) =>
    values.complain(`${key}.headers.${header}`, `${why}, so the endpoint is left out`),
  );
  const methods = (values.texts(`${key}.methods`) ?? ['GET']).map((method) => method.toUpperCase());
  const other = methods.find((method) => !METHODS.includes(method));
  if (other !== undefined) values.complain(`${key}.methods`, `can have ${METHODS.join(' and ')} only`);
  const paths = toPaths(values, `${key}.paths`);
  if (headers === null || paths === undefined) return null;
  return {
    target,
    headers,
    methods: methods.filter((method) => METHODS.includes(method)),
    paths,
    allowedHeaders: null,
    rewrites: [],
    timeout: values.duration(`${key}.timeout`, { from: 1 }) ?? SOURCE_DEFAULTS.timeout,
    cache: values.duration(`${key}.cache`, { from: 0 }) ?? SOURCE_DEFAULTS.cache,
    maxSize: toSize(values, `${key}.maxSize`) ?? SOURCE_DEFAULTS.maxSize,
  };
}

/** Undefined when they cannot be used: what would be open then is not known. */
function toPaths(values: ConfigValues, key: string): readonly string[] | null | undefined {
  if (values.raw(key) === null) return null;
  const paths = values.texts(key);
  if (paths === null) return undefined;
  const wrong = paths.find((path) => !/^\/[^?#\\]*$/.test(path));
  if (wrong === undefined) return paths;
  values.complain(key, 'has to be a list of paths that begin with a slash, so it is left out');
  return undefined;
}

function toSize(values: ConfigValues, key: string): number | null {
  const given = values.raw(key);
  if (given === null) return null;
  const text = typeof given === 'number' ? String(given) : given;
  const [, count = '', unit = ''] = typeof text === 'string' ? (SIZE.exec(text) ?? []) : [];
  const bytes = Math.floor(Number(count) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (count !== '' && bytes >= 1 && bytes <= MOST_BYTES) return bytes;
  values.complain(key, 'has to be a number of bytes up to 64 MiB, as 2MB');
  return null;
}

function allowedHosts(values: ConfigValues): readonly AllowedHost[] {
  const given = values.raw(ALLOW);
  if (given === null) return [];
  if (!Array.isArray(given)) {
    values.complain(ALLOW, 'has to be a list of { host, paths }');
    return [];
  }
  return given.flatMap((entry: unknown, index): readonly AllowedHost[] => {
    const key = `${ALLOW}[${index}]`;
    const host = isObject(entry) && typeof entry['host'] === 'string' ? toHost(entry['host']) : null;
    if (!isObject(entry) || host === null) {
      values.complain(key, 'has to have a host, as api.example.com or api.example.com:8443');
      return [];
    }
    const paths: unknown = entry['paths'] ?? null;
    const isList = Array.isArray(paths) && paths.every((path) => /^\/[^?#\\]*$/.test(String(path)));
    if (paths !== null && !isList) {
      values.complain(`${key}.paths`, 'has to be a list of paths that begin with a slash, so it is left out');
      return [];
    }
    return [{ host, paths: Array.isArray(paths) ? paths.map(String) : null }];
  });
}

/** As the URL parser writes it. */
function toHost(text: string): string | null {
  const url = URL.parse(`https://${text.trim()}/`);
  const isHostAlone = url !== null && url.pathname === '/' && url.username === '' && url.search === '';
  return isHostAlone && !text.includes('/') ? url.host : null;
}

/** Backstage's own endpoints: by their path, `/inventory` or `/inventory/v1`, without slashes at the ends. */
function proxyEndpoints(values: ConfigValues): readonly (readonly [string, SourceEndpoint])[] {
  if (!isObject(values.raw('proxy'))) return [];
  return Object.entries(values.object(PROXY) ?? {}).flatMap(([route, given]) => {
    const name = route.replaceAll(/^\/+|\/+$/g, '');
    const endpoint = proxyEndpoint(values, { route, name, given });
    return endpoint === null ? [] : [[name, endpoint] as const];
  });
}

function proxyEndpoint(
  values: ConfigValues,
  { route, name, given }: { readonly route: string; readonly name: string; readonly given: unknown },
): SourceEndpoint | null {
  const key = `${PROXY}[${JSON.stringify(route)}]`;
  const entry = typeof given === 'string' ? { target: given } : given;
  const target = isObject(entry) ? toTarget(entry['target']) : null;
  if (!isObject(entry) || target === null || name === '') {
    values.complain(key, 'has to have a target, an http or https URL, so sources of forms cannot use it');
    return null;
  }
  const headers = toHeaders(isObject(entry['headers']) ? entry['headers'] : {}, (header, why) =>
    values.complain(`${key}.headers.${header}`, `${why}, so sources of forms cannot use the endpoint`),
  );
  const rewrites = toRewrites(name, entry['pathRewrite']);
  if (rewrites === null)
    values.complain(`${key}.pathRewrite`, 'has to be an object of regular expressions and texts');
  if (headers === null || rewrites === null) return null;
  const allowed = listOf(entry['allowedMethods'])?.map((method) => method.toUpperCase());
  return {
    target,
    headers,
    methods: METHODS.filter((method) => allowed?.includes(method) ?? true),
    paths: null,
    allowedHeaders: listOf(entry['allowedHeaders'])?.map((header) => header.toLowerCase()) ?? null,
    rewrites,
    ...SOURCE_DEFAULTS,
  };
}

/** Patterns are of the path as Backstage's proxy sees it, `/api/proxy/<name>/…`. Null when one is none. */
function toRewrites(name: string, given: unknown): SourceEndpoint['rewrites'] | null {
  if (given === undefined || given === null) {
    return [{ pattern: new RegExp(`^/api/proxy/${escaped(name)}/?`), replacement: '/' }];
  }
  if (!isObject(given)) return null;
  const rewrites: { pattern: RegExp; replacement: string }[] = [];
  for (const [pattern, replacement] of Object.entries(given)) {
    if (typeof replacement !== 'string') return null;
    try {
      rewrites.push({ pattern: new RegExp(pattern), replacement });
    } catch {
      return null;
    }
  }
  return rewrites;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

function listOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}

/** Null when one cannot be sent. */
function toHeaders(
  given: Readonly<Record<string, unknown>>,
  complain: (header: string, why: string) => void,
): Readonly<Record<string, string>> | null {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const text = typeof value === 'number' ? String(value) : value;
    if (!HEADER_NAME.test(name) || typeof text !== 'string' || !HEADER_VALUE.test(text)) {
      complain(name, 'has to be a text that a header can have');
      return null;
    }
    headers[name] = text;
  }
  return headers;
}

/** Without a slash at the end. */
function toTarget(given: unknown): string | null {
  const url = typeof given === 'string' ? URL.parse(given.trim()) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return null;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
