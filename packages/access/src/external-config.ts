/** Reads `backend.auth.externalAccess` and its predecessor `backend.auth.keys`. Messages never quote a secret. */
import { messageOf } from '@callboard/kernel';
import { toSolidText, toWords, type Complaints, type ConfigReader } from './config-values.ts';
import type { AccessRestriction, PermissionAction } from './credentials.ts';
import type { ExternalAccess, JwksAccess } from './external.ts';
import { isObject } from '@callboard/model';

const KEY = 'backend.auth.externalAccess';
const OLD_KEY = 'backend.auth.keys';
const MIN_TOKEN_LENGTH = 8;
const ACTIONS: readonly PermissionAction[] = ['create', 'read', 'update', 'delete'];

/** What is wrong with one entry; caught where the entry is read and turned into a diagnostic. */
class Fault extends Error {
  readonly at: string;

  constructor(at: string, message: string) {
    super(message);
    this.at = at;
  }
}

export function parseExternalAccess(reader: ConfigReader, complaints: Complaints): readonly ExternalAccess[] {
  const old = listOf(reader, { key: OLD_KEY, complaints });
  if (old.length > 0) {
    complaints.add({
      severity: 'warning',
      code: 'access/config-deprecated',
      summary: `${OLD_KEY} still works, but ${KEY} has replaced it.`,
      detail: `Write each key as an entry of ${KEY} with type legacy.`,
      path: OLD_KEY,
    });
  }
  const attempt = (path: string, parse: () => ExternalAccess): readonly ExternalAccess[] => {
    try {
      return [parse()];
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const at = `${path}${error.at}`;
      const summary = `${at}: ${messageOf(error)}`;
      const detail = 'The entry is left out until this is mended.';
      complaints.add({ severity: 'error', code: 'access/config-invalid', summary, detail, path: at });
      return [];
    }
  };
  return [
    ...listOf(reader, { key: KEY, complaints }).flatMap((entry, i) =>
      attempt(`${KEY}[${i}]`, () => parseEntry(entry)),
    ),
    ...old.flatMap((entry, i) => attempt(`${OLD_KEY}[${i}]`, () => parseOldKey(entry))),
  ];
}

function listOf(
  reader: ConfigReader,
  { key, complaints }: { key: string; complaints: Complaints },
): readonly unknown[] {
  const value = reader.getOptional(key);
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  const summary = `${key} is not a list, so it gives nobody access.`;
  complaints.add({ severity: 'error', code: 'access/config-invalid', summary, path: key });
  return [];
}

function parseEntry(entry: unknown): ExternalAccess {
  if (!isObject(entry)) throw new Fault('', 'an object with type and options is needed');
  const { type, options } = entry;
  if (!isObject(options)) throw new Fault('.options', 'an object is needed');
  const restrictions = parseRestrictions(entry['accessRestrictions']);
  switch (type) {
    case 'static': {
      const token = solid(options, 'token');
      if (token.length < MIN_TOKEN_LENGTH) {
        throw new Fault('.options.token', `at least ${MIN_TOKEN_LENGTH} characters are needed`);
      }
      return { type, token, subject: solid(options, 'subject'), ...restrictions };
    }
    case 'legacy': {
      const secret = parseSecret(options, '.options');
      return { type, secret, subject: solid(options, 'subject'), ...restrictions };
    }
    case 'jwks':
      return { ...parseIssuer(options), ...restrictions };
    default:
      throw new Fault('.type', "one of 'static', 'legacy', 'jwks' is needed");
  }
}

function parseOldKey(entry: unknown): ExternalAccess {
  if (!isObject(entry)) throw new Fault('', 'an object with a secret is needed');
  const restrictions = parseRestrictions(entry['accessRestrictions']);
  return {
    type: 'legacy',
    secret: parseSecret(entry, ''),
    subject: 'external:backstage-plugin',
    ...restrictions,
  };
}

function parseIssuer(options: Record<string, unknown>): JwksAccess {
  const text = solid(options, 'url');
  if (!URL.canParse(text) || !/^https?:/i.test(text)) {
    throw new Fault('.options.url', 'an http or https URL is needed');
  }
  const algorithms = words(options, 'algorithm');
  const issuers = words(options, 'issuer');
  const audiences = words(options, 'audience');
  const { subjectPrefix } = options;
  if (subjectPrefix !== undefined && toSolidText(subjectPrefix) === null) {
    throw new Fault('.options.subjectPrefix', 'a text without white space is needed');
  }
  return {
    type: 'jwks',
    url: new URL(text),
    ...(algorithms && { algorithms }),
    ...(issuers && { issuers }),
    ...(audiences && { audiences }),
    ...(typeof subjectPrefix === 'string' && { subjectPrefix }),
  };
}

function parseSecret(options: Record<string, unknown>, at: string): Uint8Array {
  const text = toSolidText(options['secret']);
  const secret = new Uint8Array(Buffer.from(text ?? '', 'base64'));
  if (text === null || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || secret.length === 0) {
    throw new Fault(`${at}.secret`, 'a base64 text is needed');
  }
  return secret;
}

type Restrictions = { readonly accessRestrictions?: readonly AccessRestriction[] };

/** An empty list restricts nothing, as in Backstage. */
function parseRestrictions(value: unknown): Restrictions {
  if (value === undefined || value === null) return {};
  if (!Array.isArray(value)) throw new Fault('.accessRestrictions', 'a list is needed');
  const parsed = value.map((item, i) => parseRestriction(item, `.accessRestrictions[${i}]`));
  const twice = parsed.find(({ plugin }, i) => parsed.findIndex((other) => other.plugin === plugin) !== i);
  if (twice !== undefined) throw new Fault('.accessRestrictions', `plugin ${twice.plugin} is named twice`);
  return parsed.length === 0 ? {} : { accessRestrictions: parsed };
}

function parseRestriction(value: unknown, at: string): AccessRestriction {
  if (!isObject(value)) throw new Fault(at, 'an object with a plugin is needed');
  refuseOtherKeys(value, { at, known: ['plugin', 'permission', 'permissionAttribute'] });
  const plugin = toSolidText(value['plugin']);
  if (plugin === null) throw new Fault(`${at}.plugin`, 'a plugin id is needed');
  const permissionNames = toWords(value['permission']);
  if (permissionNames === null) throw new Fault(`${at}.permission`, 'permission names are needed');
  const action = parseActions(value['permissionAttribute'], `${at}.permissionAttribute`);
  return {
    plugin,
    ...(permissionNames && { permissionNames }),
    ...(action && { permissionAttributes: { action } }),
  };
}

function parseActions(value: unknown, at: string): readonly PermissionAction[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new Fault(at, 'an object with an action is needed');
  refuseOtherKeys(value, { at, known: ['action'] });
  const named = toWords(value['action']);
  if (named === undefined) return undefined;
  const actions = ACTIONS.filter((action) => named?.includes(action));
  if (named === null || actions.length !== named.length) {
    throw new Fault(`${at}.action`, `one or more of ${ACTIONS.join(', ')} are needed`);
  }
  return actions;
}

/** A misspelt restriction would restrict nothing, so unknown keys are refused. */
function refuseOtherKeys(
  value: Record<string, unknown>,
  { at, known }: { at: string; known: readonly string[] },
): void {
  const other = Object.keys(value).find((key) => !known.includes(key));
  if (other !== undefined) throw new Fault(`${at}.${other}`, `one of ${known.join(', ')} is meant`);
}

function solid(options: Record<string, unknown>, name: string): string {
  const text = toSolidText(options[name]);
  if (text === null) throw new Fault(`.options.${name}`, 'a text without white space is needed');
  return text;
}

function words(options: Record<string, unknown>, name: string): readonly string[] | undefined {
  const found = toWords(options[name]);
  if (found === null) throw new Fault(`.options.${name}`, 'a text or a list of texts is needed');
  return found;
}
