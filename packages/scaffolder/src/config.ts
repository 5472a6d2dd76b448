/**
 * Reads `scaffolder` and `plugins` of the configuration once, into settings that cannot be wrong. What is wrong becomes
 * a diagnostic, and has its default, or is left out; what is good stays.
 */
import { join, resolve } from 'node:path';
import { isObject, type Diagnostic, type JsonObject } from '@callboard/model';
import { parseFormSettings } from './config-forms.ts';
import { readValues, type ConfigReader, type ConfigValues } from './config-values.ts';
import type { ScaffolderSettings } from './settings.ts';

export { scaffolderConfigSchema } from './config-schema.ts';
export type { ConfigReader } from './config-values.ts';
export type { ScaffolderSettings } from './settings.ts';

export interface ParsedScaffolderConfig {
  /** Templates need no configuration, so there are always some. */
  readonly settings: ScaffolderSettings;
  readonly diagnostics: readonly Diagnostic[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Bytes of AES-256. */
const KEY_BYTES = 32;

/** See `scaffolderConfigSchema` for the keys and their defaults. `cwd` is what relative paths are relative to. */
export function parseScaffolderConfig(
  config: ConfigReader,
  { cwd }: { readonly cwd: string },
): ParsedScaffolderConfig {
  const diagnostics: Diagnostic[] = [];
  const values = readValues(config, (problem) => void diagnostics.push(problem));
  const toPath = (path: string): string => resolve(cwd, path);
  if (values.text('scaffolder.defaultCommitSigningKey') !== null) diagnostics.push(UNSIGNED);
  const settings: ScaffolderSettings = {
    author: {
      name: values.text('scaffolder.defaultAuthor.name') ?? 'Scaffolder',
      email: values.text('scaffolder.defaultAuthor.email') ?? 'scaffolder@backstage.io',
    },
    commitMessage: values.text('scaffolder.defaultCommitMessage') ?? 'initial commit',
    concurrency: values.wholeNumber('scaffolder.concurrentTasksLimit', { from: 0, to: 1_000 }) ?? 10,
    taskTimeout: values.duration('scaffolder.taskTimeout', { from: SECOND }) ?? DAY,
    staleTimeout:
      values.duration('scaffolder.taskRecovery.staleTimeout', { from: SECOND }) ??
      values.duration('scaffolder.EXPERIMENTAL_recoverTasksTimeout', { from: SECOND }),
    environment: parseEnvironment(values),
    actions: (values.texts('scaffolder.actions') ?? []).map(toPath),
    plugins: [
      ...new Set((values.texts('plugins') ?? []).map((name) => (isFile(name) ? toPath(name) : name))),
    ],
    secretKey: parseSecretKey(values),
    workspaces: parseWorkspaces(values, { shared: workingDirectory(values), toPath }),
    keepFailed: values.duration('scaffolder.keepFailed', { from: 0 }) ?? 7 * DAY,
    forms: parseFormSettings(values),
  };
  return { settings, diagnostics };
}

/** Somebody counts on it. */
const UNSIGNED: Diagnostic = {
  severity: 'warning',
  code: 'scaffolder/config',
  summary: 'scaffolder.defaultCommitSigningKey is not used: commits of templates are not signed',
  path: 'scaffolder.defaultCommitSigningKey',
};

function isFile(name: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(name);
}

function parseEnvironment(values: ConfigValues): ScaffolderSettings['environment'] {
  const given = values.object('scaffolder.defaultEnvironment.secrets') ?? {};
  const secrets: Record<string, string> = {};
  for (const [name, secret] of Object.entries(given)) {
    const key = `scaffolder.defaultEnvironment.secrets.${name}`;
    if (typeof secret === 'string') secrets[name] = secret;
    else values.complain(key, 'has to be a text, so it is left out');
  }
  const parameters: JsonObject = JSON.parse(
    JSON.stringify(values.object('scaffolder.defaultEnvironment.parameters') ?? {}),
  );
  return { parameters, secrets };
}

function parseSecretKey(values: ConfigValues): Uint8Array | null {
  const key = 'scaffolder.secretKey';
  const text = values.text(key);
  if (text === null) return null;
  const bytes = /^[\da-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  const isBase64 = /^[\w+/-]+={0,2}$/.test(text);
  if (isBase64 && bytes.length === KEY_BYTES) return new Uint8Array(bytes);
  values.complain(
    key,
    `has to be ${KEY_BYTES} bytes in base64 or hexadecimal, as of \`openssl rand -base64 32\``,
  );
  return null;
}

function parseWorkspaces(
  values: ConfigValues,
  { shared, toPath }: { readonly shared: string | null; readonly toPath: (path: string) => string },
): string | null {
  const own = values.text('scaffolder.workspaces');
  if (own !== null) return toPath(own);
  return shared === null ? null : join(toPath(shared), 'scaffolder-workspaces');
}

/** Of `backend`, which another room judges when it is no object. */
function workingDirectory(values: ConfigValues): string | null {
  return isObject(values.raw('backend')) ? values.text('backend.workingDirectory') : null;
}
