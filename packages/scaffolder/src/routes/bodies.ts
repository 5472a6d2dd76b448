/**
 * What the routes are sent: JSON objects with what is described. Bodies of Backstage's routes may have more in them, as
 * its own server lets pass what it does not know.
 */
import { isObject, parseRef, stringifyRef, type JsonObject } from '@callboard/model';
import { isDeeperThan } from '../form/depth.ts';
import type { DryRunRequest } from '../run/dry-run.ts';
import { routeError } from './errors.ts';

type Body = Readonly<Record<string, unknown>>;

/** Levels of lists and objects in a body. */
const MAX_DEPTH = 100;
const MAX_SECRETS = 100;
/** Characters of all secrets together. */
const MAX_SECRET_TEXT = 256 * 1024;
const MAX_FILES = 10_000;
/** Characters. */
const MAX_REASON = 2_000;

export interface ScaffoldBody {
  /** Full lower-case reference. */
  readonly templateRef: string;
  readonly values: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
}

/** `POST /v2/tasks`. @throws CodedError `scaffolder/invalid-body` */
export function parseScaffold(body: unknown): ScaffoldBody {
  const { templateRef, values, secrets } = objectBody(body, 'templateRef and values');
  const ref = typeof templateRef === 'string' ? parseRef(templateRef, { kind: 'template' }) : null;
  if (ref === null || ref.kind.toLowerCase() !== 'template') {
    throw invalidBody('templateRef must be the reference of a template, as template:default/new-service.');
  }
  return { templateRef: stringifyRef(ref), values: toValues(values), secrets: toSecrets(secrets) };
}

/** `POST /v2/tasks/{id}/retry`, which may have no body. @throws CodedError `scaffolder/invalid-body` */
export function parseRetry(body: unknown): Pick<ScaffoldBody, 'secrets'> {
  if (body === undefined || body === null) return { secrets: {} };
  return { secrets: toSecrets(objectBody(body, 'secrets')['secrets']) };
}

export interface DryRunBody extends Pick<DryRunRequest, 'secrets' | 'files'> {
  readonly values: JsonObject;
  readonly template: unknown;
}

/** `POST /v2/dry-run`. @throws CodedError `scaffolder/invalid-body` */
export function parseDryRun(body: unknown): DryRunBody {
  const { template, values, secrets, directoryContents } = objectBody(
    body,
    'template, values and directoryContents',
  );
  if (!isObject(template)) {
    throw invalidBody('template must be the entity of a template: apiVersion, kind, metadata and spec.');
  }
  return {
    template,
    values: toValues(values),
    secrets: toSecrets(secrets),
    files: toFiles(directoryContents),
  };
}

export interface AutocompleteBody {
  readonly token: string;
  readonly context: Readonly<Record<string, string>>;
}

/** `POST /v2/autocomplete/{provider}/{resource}`. @throws CodedError `scaffolder/invalid-body` */
export function parseAutocomplete(body: unknown): AutocompleteBody {
  const { token, context = {} } = objectBody(body, 'token and context');
  if (typeof token !== 'string' || token === '') throw invalidBody('token must be that of the user, a text.');
  return { token, context: toTexts(context, 'context') };
}

/** `POST /v2/lint`. @throws CodedError `scaffolder/invalid-body` */
export function parseLint(body: unknown): string {
  const { template } = objectBody(body, 'template');
  if (typeof template !== 'string')
    throw invalidBody('template must be the YAML of a template, as one text.');
  return template;
}

/** What is said to a decision; empty when nothing is. @throws CodedError `scaffolder/invalid-body` */
export function parseReason(body: unknown, verdict: 'approve' | 'reject'): string {
  const { reason = '' } = body === undefined || body === null ? {} : objectBody(body, 'reason');
  if (typeof reason !== 'string' || /[\p{Cs}\0]/u.test(reason)) throw invalidBody('reason must be a text.');
  if (reason.length > MAX_REASON) throw invalidBody(`reason must be at most ${MAX_REASON} characters.`);
  if (verdict === 'reject' && reason.trim() === '') throw invalidBody('reason must say why it is refused.');
  return reason.trim();
}

/** @throws CodedError `scaffolder/invalid-body` */
export function objectBody(body: unknown, wanted: string): Body {
  if (!isObject(body)) throw invalidBody(`Send a JSON object with ${wanted}, as application/json.`);
  if (isDeeperThan(body, MAX_DEPTH)) throw invalidBody(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  return body;
}

/** @throws CodedError `scaffolder/invalid-body` */
export function toValues(value: unknown): JsonObject {
  if (!isObject(value)) throw invalidBody('values must be an object: what the form asks for, by name.');
  const values: JsonObject = JSON.parse(JSON.stringify(value));
  return values;
}

/** @throws CodedError `scaffolder/invalid-body` */
export function toSecrets(value: unknown): Readonly<Record<string, string>> {
  const secrets = toTexts(value ?? {}, 'secrets');
  const length = Object.values(secrets).reduce((sum, secret) => sum + secret.length, 0);
  if (Object.keys(secrets).length > MAX_SECRETS || length > MAX_SECRET_TEXT) {
    throw invalidBody(`secrets must be at most ${MAX_SECRETS}, of ${MAX_SECRET_TEXT} characters together.`);
  }
  return secrets;
}

/** The message never quotes a value: it may be a secret. */
function toTexts(value: unknown, name: string): Readonly<Record<string, string>> {
  if (!isObject(value)) throw invalidBody(`${name} must be an object of texts.`);
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text === 'string') return [key, text];
    throw invalidBody(`${name}.${key.slice(0, 60)} must be a text.`);
  });
  return Object.fromEntries(entries);
}

function toFiles(value: unknown): DryRunRequest['files'] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > MAX_FILES) {
    throw invalidBody(`directoryContents must be a list of at most ${MAX_FILES} files.`);
  }
  return value.map((file: unknown, index) => {
    const { path, base64Content } = isObject(file) ? file : {};
    if (typeof path !== 'string' || typeof base64Content !== 'string') {
      throw invalidBody(`directoryContents[${index}] must have path and base64Content, both texts.`);
    }
    if (!staysInside(path)) {
      throw invalidBody(`directoryContents[${index}].path must be relative, and stay in its folder.`);
    }
    return { path, content: new Uint8Array(Buffer.from(base64Content, 'base64')) };
  });
}

function staysInside(path: string): boolean {
  if (path === '' || path.length > 4_096 || /[\0\\]/.test(path) || path.startsWith('/')) return false;
  return !path.split('/').includes('..');
}

export function invalidBody(message: string): Error {
  return routeError('scaffolder/invalid-body', message);
}
