/**
 * What `docker login` left behind, as credentials for registries: `config.json` of the Docker CLI, with the texts in it
 * and the helpers that it names (github.com/docker/docker-credential-helpers, README). No secret is ever in a message.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError, messageOf, type ErrorStatus } from '@callboard/kernel';
import { isObject, parseJson } from '@callboard/model';
import type { RegistrySettings } from '../settings.ts';
import type { FindCredentials, RegistryCredentials } from './registry-auth.ts';

/** Code → HTTP status. */
const DOCKER_CONFIG_ERRORS = {
  /** The file is there, and cannot be read or is no configuration of Docker. */
  'images/docker-config': 500,
  /** The helper that the file names is not installed, failed, took too long, or gave something else than credentials. */
  'images/credential-helper': 503,
} as const satisfies Record<string, ErrorStatus>;

export interface DockerConfigOptions {
  /** The path of `config.json`; that there is none is no error. It is read whenever somebody is asked for. */
  readonly file: string;
  /** What helpers see of an environment; they are looked for in its `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a helper may take. Default: 30,000. */
  readonly timeout?: number;
}

/** Credentials of the settings; for registries that these have no login for, those of Docker. */
export function createCredentials({
  registries,
  dockerConfig,
}: {
  readonly registries: readonly RegistrySettings[];
  /** Null: nobody looks there. */
  readonly dockerConfig: DockerConfigOptions | null;
}): FindCredentials {
  const logins = new Map(registries.map(({ host, login }) => [canonical(host), login]));
  const docker = dockerConfig === null ? null : createDockerCredentials(dockerConfig);
  return (registry) => {
    const login = logins.get(canonical(registry)) ?? null;
    if (login !== null) return { kind: 'password', ...login };
    return docker === null ? null : docker(registry);
  };
}

/** Where the Docker CLI has its file; null when the environment names no place. */
export function dockerConfigFile(env: Readonly<Record<string, string | undefined>>): string | null {
  const { DOCKER_CONFIG: folder = '', HOME: home = '' } = env;
  if (folder !== '') return join(folder, 'config.json');
  return home === '' ? null : join(home, '.docker', 'config.json');
}

/** Answers of helpers are kept this long; the shortest tokens that they give last a few times longer. */
const KEPT = 5 * 60_000;
const TIMEOUT = 30_000;
const MAX_OUTPUT = 256 * 1024;
/** What Docker itself calls its registry in this file. */
const DOCKER_HUB = 'https://index.docker.io/v1/';
/** The user that a helper names for an identity token. */
const TOKEN_USER = '<token>';
/** Who presents an identity token as a password, at registries that give such tokens (Azure Container Registry). */
const NOBODY = '00000000-0000-0000-0000-000000000000';

function createDockerCredentials(options: DockerConfigOptions): FindCredentials {
  const kept = new Map<string, { readonly credentials: RegistryCredentials; readonly until: number }>();
  return async (registry) => {
    const config = await readConfig(options.file);
    if (config === null) return null;
    const helper = config.helpers.get(canonical(registry)) ?? config.store;
    const key = `${helper} ${canonical(registry)}`;
    const known = kept.get(key);
    if (known !== undefined && known.until > options.now()) return known.credentials;
    const given = helper === null ? null : await askHelper(helper, registry, options);
    if (given === null) return config.logins.get(canonical(registry)) ?? null;
    kept.set(key, { credentials: given, until: options.now() + KEPT });
    return given;
  };
}

interface DockerConfig {
  /** By registry, as all others here. */
  readonly logins: ReadonlyMap<string, RegistryCredentials>;
  /** The ends of names of programs. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The helper for registries without one of their own. */
  readonly store: string | null;
}

async function readConfig(file: string): Promise<DockerConfig | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw configError(`${file} cannot be read: ${messageOf(error)}`, error);
  }
  const config = parseJson(text.trim() === '' ? '{}' : text);
  if (!isObject(config)) throw configError(`${file} is no JSON object, so nobody is known at any registry.`);
  const { auths, credHelpers, credsStore } = config;
  return {
    logins: byRegistry(auths, parseLogin),
    helpers: byRegistry(credHelpers, (name) => (typeof name === 'string' ? name : null)),
    store: typeof credsStore === 'string' && credsStore !== '' ? credsStore : null,
  };
}

/** Of two keys of one registry the one without a scheme counts. */
function byRegistry<T>(value: unknown, parse: (entry: unknown) => T | null): ReadonlyMap<string, T> {
  const found = new Map<string, T>();
  const entries = Object.entries(isObject(value) ? value : {});
  for (const [key, entry] of entries.toSorted(([a], [b]) => Number(isBare(a)) - Number(isBare(b)))) {
    const parsed = parse(entry);
    const registry = registryOf(key);
    if (parsed !== null && registry !== null) found.set(registry, parsed);
  }
  return found;
}

function isBare(key: string): boolean {
  return !key.includes('://');
}

/** Of `https://registry.example.com/v2/` the host; null for a key that is about a part of a registry only. */
function registryOf(key: string): string | null {
  const [, host] = /^(?:https?:\/\/)?([^/]+)(?:\/(?:v[12]\/?)?)?$/i.exec(key) ?? [];
  return host === undefined ? null : canonical(host);
}

/** One name for the registry that has several. */
function canonical(host: string): string {
  const name = host.toLowerCase();
  return name === 'index.docker.io' || name === 'registry-1.docker.io' ? 'docker.io' : name;
}

function parseLogin(entry: unknown): RegistryCredentials | null {
  if (!isObject(entry)) return null;
  const { auth, username, password, identitytoken, registrytoken } = entry;
  if (typeof registrytoken === 'string' && registrytoken !== '') {
    return { kind: 'token', token: registrytoken };
  }
  const decoded = typeof auth === 'string' ? Buffer.from(auth, 'base64').toString('utf8') : '';
  const colon = decoded.indexOf(':');
  const user = colon === -1 ? username : decoded.slice(0, colon);
  if (typeof identitytoken === 'string' && identitytoken !== '') {
    return toCredentials(typeof user === 'string' && user !== '' ? user : TOKEN_USER, identitytoken);
  }
  // Some writers end the password with a null byte.
  const secret = colon === -1 ? password : decoded.slice(colon + 1).replace(/\0+$/, '');
  if (typeof user !== 'string' || typeof secret !== 'string' || user === '' || secret === '') return null;
  return toCredentials(user, secret);
}

function toCredentials(username: string, password: string): RegistryCredentials {
  return { kind: 'password', username: username === TOKEN_USER ? NOBODY : username, password };
}

/** Null when it knows nobody for the registry. */
async function askHelper(
  name: string,
  registry: string,
  options: DockerConfigOptions,
): Promise<RegistryCredentials | null> {
  const program = `docker-credential-${name}`;
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) {
    throw configError(`${options.file} names a credential helper that cannot be the name of a program.`);
  }
  const address = canonical(registry) === 'docker.io' ? DOCKER_HUB : registry;
  const output = await run(program, address, options);
  if (output.exitCode !== 0) {
    if (/credentials not found/i.test(output.text)) return null;
    const how = output.exitCode === null ? 'was stopped' : `ended with ${output.exitCode}`;
    // What it printed may hold anything.
    throw helperError(
      `${program} ${how} when it was asked for ${registry}. Run \`docker login ${registry}\`.`,
    );
  }
  const answer = parseJson(output.text);
  const { Username: username, Secret: secret } = isObject(answer) ? answer : {};
  if (typeof username === 'string' && typeof secret === 'string') {
    return username === '' && secret === '' ? null : toCredentials(username, secret);
  }
  throw helperError(`${program} gave something else than credentials for ${registry}.`);
}

interface HelperOutput {
  /** Null when it was killed, as it took too long or printed too much. */
  readonly exitCode: number | null;
  readonly text: string;
}

async function run(program: string, input: string, options: DockerConfigOptions): Promise<HelperOutput> {
  const { env, timeout = TIMEOUT } = options;
  const child = spawn(program, ['get'], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'ignore'],
    shell: false,
  });
  // That of `spawn` goes on when nothing could be started.
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  const parts: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (part: Buffer) => {
    size += part.length;
    if (size <= MAX_OUTPUT) parts.push(part);
    else child.kill('SIGKILL');
  });
  // What it started itself may hold its output open.
  child.once('exit', () => child.killed && child.stdout.destroy());
  // One that does not read is judged by what it answers.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    return { exitCode, text: Buffer.concat(parts).toString('utf8') };
  } catch (error) {
    throw helperError(
      `${program} cannot be started: ${messageOf(error)}. It has to be in the PATH of the portal.`,
      error,
    );
  } finally {
    clearTimeout(timer);
  }
}

function configError(message: string, cause?: unknown): CodedError {
  return codedError('images/docker-config', message, cause);
}

function helperError(message: string, cause?: unknown): CodedError {
  return codedError('images/credential-helper', message, cause);
}

function codedError(code: keyof typeof DOCKER_CONFIG_ERRORS, message: string, cause?: unknown): CodedError {
  return new CodedError(
    DOCKER_CONFIG_ERRORS[code],
    code,
    message,
    cause === undefined ? undefined : { cause },
  );
}
