/**
 * Reads `backend.reading` and `integrations` as Backstage writes them. Everything unknown in there is
 * checked here once; tokens become the header they are sent in.
 */
import { isObject, type Diagnostic } from '@callboard/model';
import type { AllowEntry } from './allow.ts';
import { readingError } from './codes.ts';
import {
  PUBLIC_FORGES,
  tokenAuthorization,
  type Credential,
  type Integration,
  type IntegrationType,
} from './integration.ts';

/** The part of the configuration reader that is needed. */
export interface ReadingConfigSource {
  getOptional(key: string): unknown;
}

export interface ReadingConfig {
  readonly allow: readonly AllowEntry[];
  readonly integrations: readonly Integration[];
  /** Warnings of credentials that are configured but not understood. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Throws a CodedError `reading/config` that names the key for anything that is wrong. */
export function parseReadingConfig(config: ReadingConfigSource): ReadingConfig {
  const allow = listOf(config, 'backend.reading.allow').map(toAllowEntry);
  const diagnostics: Diagnostic[] = [];
  const integrations = TYPES.flatMap((type) =>
    listOf(config, `integrations.${type}`).map((entry) => {
      diagnostics.push(...warningsOf(type, entry));
      return toIntegration(type, entry);
    }),
  );
  return { allow, integrations, diagnostics };
}

const TYPES: readonly IntegrationType[] = [
  'github',
  'gitlab',
  'bitbucketCloud',
  'bitbucketServer',
  'azure',
  'gitea',
  'gerrit',
];

/** One object of the configuration, with the key it has there. */
interface Entry {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

function wrong(key: string, problem: string): Error {
  return readingError('reading/config', `The configuration value ${key} ${problem}.`);
}

function listOf(config: ReadingConfigSource, key: string): readonly Entry[] {
  return entriesOf(key, config.getOptional(key));
}

function entriesOf(key: string, list: unknown): readonly Entry[] {
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) throw wrong(key, 'has to be a list');
  return list.map((value: unknown, index) => {
    if (!isObject(value)) throw wrong(`${key}[${index}]`, 'has to be an object');
    return { key: `${key}[${index}]`, value };
  });
}

function textOf({ key, value }: Entry, name: string): string | null {
  const text = value[name];
  if (text === undefined || text === null) return null;
  if (typeof text !== 'string' || text.trim() === '') throw wrong(`${key}.${name}`, 'has to be a text');
  return text.trim();
}

function textsOf({ key, value }: Entry, name: string): readonly string[] | null {
  const list = value[name];
  if (list === undefined || list === null) return null;
  if (!Array.isArray(list)) throw wrong(`${key}.${name}`, 'has to be a list of texts');
  return list.map((text: unknown, index) => {
    if (typeof text !== 'string') throw wrong(`${key}.${name}[${index}]`, 'has to be a text');
    return text;
  });
}

function flagOf({ key, value }: Entry, name: string): boolean {
  const flag = value[name];
  if (flag === undefined || flag === null || flag === false || flag === 'false') return false;
  if (flag === true || flag === 'true') return true;
  throw wrong(`${key}.${name}`, 'has to be true or false');
}

function urlOf(entry: Entry, name: string): string | null {
  const text = textOf(entry, name);
  if (text === null) return null;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw wrong(`${entry.key}.${name}`, 'has to be an http or https URL');
  }
  return text.replace(/\/+$/, '');
}

function toAllowEntry(entry: Entry): AllowEntry {
  const host = textOf(entry, 'host');
  if (host === null) throw wrong(`${entry.key}.host`, 'is missing');
  const paths = textsOf(entry, 'paths');
  return { host, ...(paths !== null && { paths }), allowPrivate: flagOf(entry, 'allowPrivate') };
}

function toIntegration(type: IntegrationType, entry: Entry): Integration {
  const host = hostOf(type, entry);
  const known = PUBLIC_FORGES.find((forge) => forge.type === type && forge.host === host) ?? null;
  const root = urlOf(entry, 'baseUrl') ?? `https://${host}`;
  // Gerrit's files are shown by Gitiles, at a URL of its own.
  const baseUrl = type === 'gerrit' ? required(entry, 'gitilesBaseUrl') : root;
  return {
    type,
    host,
    baseUrl,
    apiBaseUrl: urlOf(entry, 'apiBaseUrl') ?? known?.apiBaseUrl ?? `${root}${API_PATHS[type]}`,
    rawBaseUrl: urlOf(entry, 'rawBaseUrl') ?? known?.rawBaseUrl ?? null,
    credentials: type === 'azure' ? azureCredentials(entry) : credentialsOf(type, entry),
    // Whoever runs a forge of their own, and writes its host here, means it wherever it stands.
    allowPrivate: entry.value['allowPrivate'] === undefined ? known === null : flagOf(entry, 'allowPrivate'),
    editable: !flagOf(entry, 'disableEditUrl'),
  };
}

/** Where the API is below the web root, for servers that one runs oneself. */
const API_PATHS: Readonly<Record<IntegrationType, string>> = {
  github: '/api/v3',
  gitlab: '/api/v4',
  bitbucketCloud: '/2.0',
  bitbucketServer: '/rest/api/1.0',
  azure: '',
  gitea: '/api/v1',
  gerrit: '',
};

function required(entry: Entry, name: string): string {
  const url = urlOf(entry, name);
  if (url === null) throw wrong(`${entry.key}.${name}`, 'is missing');
  return url;
}

function hostOf(type: IntegrationType, entry: Entry): string {
  const publicHost = PUBLIC_FORGES.find((forge) => forge.type === type)?.host;
  // Bitbucket Cloud is only one; GitLab always has to say which.
  if (type === 'bitbucketCloud' && publicHost !== undefined) return publicHost;
  const host = textOf(entry, 'host') ?? (type === 'gitlab' ? null : publicHost);
  if (host === null || host === undefined) throw wrong(`${entry.key}.host`, 'is missing');
  if (URL.parse(`https://${host}/`)?.host !== host) {
    throw wrong(
      `${entry.key}.host`,
      "has to be a host such as 'git.example.com', in small letters, without scheme",
    );
  }
  return host;
}

function credentialsOf(type: IntegrationType, entry: Entry): readonly Credential[] {
  const token = textOf(entry, 'token');
  const user = textOf(entry, 'username');
  const password = token ?? textOf(entry, 'appPassword') ?? textOf(entry, 'password');
  if (password === null) return [];
  if (type === 'bitbucketServer' && token !== null) return [credential(`Bearer ${token}`)];
  if (user !== null && type !== 'github' && type !== 'gitlab') return [basic(user, password)];
  return [credential(tokenAuthorization(type, password))];
}

function azureCredentials(entry: Entry): readonly Credential[] {
  return entriesOf(`${entry.key}.credentials`, entry.value['credentials']).flatMap((one) => {
    const token = textOf(one, 'personalAccessToken');
    if (token === null) return [];
    const authorization = tokenAuthorization('azure', token);
    return [{ authorization, organizations: textsOf(one, 'organizations') ?? [] }];
  });
}

function credential(authorization: string): Credential {
  return { authorization, organizations: [] };
}

function basic(user: string, password: string): Credential {
  return credential(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
}

/** Credentials that Backstage would trade for a token first. */
const UNSUPPORTED: readonly string[] = ['apps', 'clientId', 'clientSecret', 'managedIdentityClientId'];

function warningsOf(type: IntegrationType, entry: Entry): readonly Diagnostic[] {
  const nested = type === 'azure' ? entriesOf(`${entry.key}.credentials`, entry.value['credentials']) : [];
  return [entry, ...nested].flatMap(({ key, value }) =>
    UNSUPPORTED.filter((name) => value[name] !== undefined).map((name) => ({
      severity: 'warning',
      code: 'reading/config',
      summary: `${key}.${name} is not used when files are read.`,
      detail: `Give ${entry.key} a token, or files that need one are not found.`,
      path: `${key}.${name}`,
    })),
  );
}
