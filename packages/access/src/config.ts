/**
 * Reads this room's keys of the configuration once, into options that cannot be wrong. What is wrong becomes a
 * diagnostic; an external access method that is wrong is left out, so it opens nothing.
 */
import { isObject, parseRef, stringifyRef, type Diagnostic } from '@callboard/model';
import { toFlag, toTexts, type Complaints, type ConfigReader } from './config-values.ts';
import { parseExternalAccess } from './external-config.ts';
import type { ExternalAccess } from './external.ts';
import type { GuestOptions } from './guest.ts';
import { ALGORITHM } from './jwt.ts';

export interface AccessOptions {
  /** Where browsers and other backends reach this one, `backend.baseUrl`, without a slash at the end. */
  readonly baseUrl: string;
  /** How long a user token is good: 600 to 86,400 seconds, `auth.backstageTokenExpiration`. Default: 3,600. */
  readonly tokenLifetimeSeconds: number;
  /** Puts ownership into user tokens: `auth.omitIdentityTokenOwnershipClaim: false`. Default: false. */
  readonly ownershipInToken: boolean;
  /** Null: `auth.providers.guest` is not configured. */
  readonly guest: GuestOptions | null;
  readonly externalAccess: readonly ExternalAccess[];
  /** False: requests without identity pass, `backend.auth.dangerouslyDisableDefaultAuthPolicy`. Default: true. */
  readonly closedByDefault: boolean;
}

export interface AccessSurroundings {
  /** Whether this is somebody's development machine. */
  readonly development: boolean;
}

export interface ParsedAccessConfig {
  readonly options: AccessOptions;
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULT_BASE_URL = 'http://localhost:7007';
const LIFETIME = { min: 600, usual: 3_600, max: 86_400 };
const GUEST = 'user:development/guest';

export function parseAccessConfig(
  reader: ConfigReader,
  surroundings: AccessSurroundings,
): ParsedAccessConfig {
  const list: Diagnostic[] = [];
  const complaints: Complaints = { add: (problem) => void list.push(problem) };
  const flag = (key: string, usual: boolean): boolean => parseFlag(reader, { key, usual, complaints });

  const closedByDefault = !flag('backend.auth.dangerouslyDisableDefaultAuthPolicy', false);
  if (!closedByDefault) {
    complaints.add({
      severity: 'warning',
      code: 'access/open-by-config',
      summary: 'Requests without identity are let through.',
      detail: 'Remove backend.auth.dangerouslyDisableDefaultAuthPolicy to close the API.',
      path: 'backend.auth.dangerouslyDisableDefaultAuthPolicy',
    });
  }
  reportUnsupported(reader, complaints);
  const options: AccessOptions = {
    baseUrl: parseBaseUrl(reader, complaints),
    tokenLifetimeSeconds: parseLifetime(reader, complaints),
    ownershipInToken: !flag('auth.omitIdentityTokenOwnershipClaim', true),
    guest: parseGuest(reader, { surroundings, complaints }),
    externalAccess: parseExternalAccess(reader, complaints),
    closedByDefault,
  };
  return { options, diagnostics: list };
}

function parseBaseUrl(reader: ConfigReader, complaints: Complaints): string {
  const path = 'backend.baseUrl';
  const value = reader.getOptional(path);
  if (value === undefined || value === null) return DEFAULT_BASE_URL;
  if (typeof value === 'string' && URL.canParse(value) && /^https?:/i.test(value)) {
    return value.replace(/\/+$/, '');
  }
  complaints.add({
    severity: 'error',
    code: 'access/config-invalid',
    summary: `${path} is not an http or https URL.`,
    detail: `Tokens are issued for ${DEFAULT_BASE_URL} until it is.`,
    path,
  });
  return DEFAULT_BASE_URL;
}

function parseLifetime(reader: ConfigReader, complaints: Complaints): number {
  const path = 'auth.backstageTokenExpiration';
  const milliseconds = readDuration(reader, path);
  if (milliseconds === null) return LIFETIME.usual;
  if (milliseconds === 'invalid') {
    complaints.add({
      severity: 'error',
      code: 'access/config-invalid',
      summary: `${path} is not a duration; user tokens are good for 1 hour.`,
      detail: 'Write { hours: 1 }, PT1H or 1h.',
      path,
    });
    return LIFETIME.usual;
  }
  const seconds = Math.round(milliseconds / 1_000);
  const clamped = Math.min(Math.max(seconds, LIFETIME.min), LIFETIME.max);
  if (clamped !== seconds) {
    complaints.add({
      severity: 'warning',
      code: 'access/config-invalid',
      summary: `${path} is outside 10 minutes to 24 hours; ${clamped} seconds are taken.`,
      path,
    });
  }
  return clamped;
}

function parseGuest(
  reader: ConfigReader,
  { surroundings, complaints }: { surroundings: AccessSurroundings; complaints: Complaints },
): GuestOptions | null {
  const path = 'auth.providers.guest';
  const guest = reader.getOptional(path);
  // `guest:` with nothing behind it does not configure the provider: an explicit null removes a key.
  if (guest === undefined || guest === null) return null;
  if (!isObject(guest)) {
    complaints.add({
      severity: 'error',
      code: 'access/config-invalid',
      summary: `${path} is not an object, so guest sign-in is off.`,
      detail: 'Write {} to take all defaults.',
      path,
    });
    return null;
  }
  const key = `${path}.dangerouslyAllowOutsideDevelopment`;
  const allowed = surroundings.development || parseFlag(reader, { key, usual: false, complaints });
  if (!allowed) {
    complaints.add({
      severity: 'warning',
      code: 'access/guest-outside-development',
      summary: 'Guest sign-in is configured but refused, as this is not a development environment.',
      detail: 'Configure another provider, or start with NODE_ENV=development on your own machine.',
      path,
    });
  }
  const userEntityRef = userRefOf(guest['userEntityRef'], complaints);
  const refs = guest['ownershipEntityRefs'];
  const ownership = refs === undefined ? [userEntityRef] : toTexts(refs);
  if (ownership === null) {
    complaints.add({
      severity: 'error',
      code: 'access/config-invalid',
      summary: `${path}.ownershipEntityRefs is not a list of entity references.`,
      path: `${path}.ownershipEntityRefs`,
    });
  }
  return { userEntityRef, ownershipEntityRefs: ownership ?? [userEntityRef], allowed };
}

function userRefOf(value: unknown, complaints: Complaints): string {
  if (value === undefined) return GUEST;
  const ref = typeof value === 'string' ? parseRef(value, { kind: 'user' }) : null;
  if (ref !== null) return stringifyRef(ref);
  const path = 'auth.providers.guest.userEntityRef';
  complaints.add({
    severity: 'error',
    code: 'access/config-invalid',
    summary: `${path} is not an entity reference; the guest is ${GUEST}.`,
    path,
  });
  return GUEST;
}

interface FlagKey {
  readonly key: string;
  readonly usual: boolean;
  readonly complaints: Complaints;
}

function parseFlag(reader: ConfigReader, { key, usual, complaints }: FlagKey): boolean {
  const value = reader.getOptional(key);
  if (value === undefined || value === null) return usual;
  const flag = toFlag(value);
  if (flag !== null) return flag;
  complaints.add({
    severity: 'error',
    code: 'access/config-invalid',
    summary: `${key} is neither true nor false; ${usual} is taken.`,
    path: key,
  });
  return usual;
}

/** Keys that Backstage knows and this room does not follow: said aloud, as silence would look like consent. */
function reportUnsupported(reader: ConfigReader, complaints: Complaints): void {
  const expectations: readonly (readonly [key: string, values: readonly unknown[], instead: string])[] = [
    ['auth.keyStore.provider', ['database'], 'keys are kept in the database'],
    ['backend.auth.pluginKeyStore.type', ['database'], 'keys are kept in the database'],
    ['auth.identityTokenAlgorithm', [ALGORITHM], `user tokens are signed with ${ALGORITHM}`],
  ];
  for (const [path, supported, instead] of expectations) {
    const value = reader.getOptional(path);
    if (value === undefined || value === null || supported.includes(value)) continue;
    const summary = `${path} is not supported with this value; ${instead}.`;
    complaints.add({ severity: 'warning', code: 'access/config-unsupported', summary, path });
  }
  const providers = reader.getOptional('auth.providers');
  for (const id of isObject(providers) ? Object.keys(providers) : []) {
    if (id === 'guest') continue;
    const path = `auth.providers.${id}`;
    const summary = `There is no sign-in provider ${id}; nobody can sign in with it.`;
    complaints.add({ severity: 'warning', code: 'access/config-unsupported', summary, path });
  }
}

function readDuration(reader: ConfigReader, path: string): number | null | 'invalid' {
  try {
    return reader.getOptionalDuration(path);
  } catch {
    return 'invalid';
  }
}
