/** The cookie that carries a limited user token for what browsers fetch without headers: images, frames, assets. */
import { CodedError } from '@callboard/kernel';
import type { Access } from './access.ts';
import { AUTH_COOKIE, cookieValue, type CredentialHeaders } from './bearer.ts';
import { NONE, requireUser, type Credentials } from './credentials.ts';

/** An existing cookie that lives shorter than this is replaced. */
const RENEW_BEFORE = 5 * 60 * 1_000;

export interface CookieAnswer {
  /** ISO 8601. */
  readonly expiresAt: string;
  /** The Set-Cookie header; null when the cookie that the browser has is good. */
  readonly setCookie: string | null;
}

export interface CookieRequest {
  readonly access: Access;
  readonly headers: CredentialHeaders;
  readonly plugin: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Gives the caller, who must be a user with a full token, the cookie.
 * @throws CodedError `access/unauthenticated`, `access/principal-not-allowed`, `access/session-required` for a personal
 * token, and what `authenticate` throws
 */
export async function giveCookie(request: CookieRequest): Promise<CookieAnswer> {
  const { access, headers, plugin, now } = request;
  const { authorization } = headers;
  const credentials = await access.authenticate({ authorization }, { plugin });
  const principal = requireUser(credentials);
  const existing = await existingCookie(request);
  const sameUser =
    existing.principal.type === 'user' && existing.principal.userEntityRef === principal.userEntityRef;
  if (sameUser && existing.expiresAt !== null && existing.expiresAt.getTime() > now + RENEW_BEFORE) {
    return { expiresAt: existing.expiresAt.toISOString(), setCookie: null };
  }
  const { token, expiresAt } = access.limitedToken(credentials);
  const expires = new Date(expiresAt);
  return {
    expiresAt: expires.toISOString(),
    setCookie: cookieHeader(access.options.baseUrl, { value: token, expires }),
  };
}

/** The Set-Cookie header that makes the browser forget the cookie. */
export function clearCookie(baseUrl: string): string {
  return cookieHeader(baseUrl, { value: '', expires: new Date(0) });
}

/** Whoever the browser's cookie stands for; nobody when it stands for nobody any more. */
async function existingCookie({ access, headers, plugin }: CookieRequest): Promise<Credentials> {
  const token = cookieValue(headers.cookie, AUTH_COOKIE);
  if (token === null) return NONE;
  try {
    return await access.authenticateToken(token, { plugin, allowLimited: true });
  } catch (error) {
    // A refused cookie is replaced, whatever was wrong with it; a broken world is not hidden.
    if (error instanceof CodedError && error.status < 500) return NONE;
    throw error;
  }
}

function cookieHeader(baseUrl: string, { value, expires }: { value: string; expires: Date }): string {
  const { hostname, protocol } = new URL(baseUrl);
  const secure = protocol === 'https:' || hostname === 'localhost';
  return [
    `${AUTH_COOKIE}=${value}`,
    `Domain=${hostname}`,
    'Path=/',
    `Expires=${expires.toUTCString()}`,
    'HttpOnly',
    ...(secure ? ['Secure'] : []),
    'Priority=High',
    `SameSite=${secure ? 'None' : 'Lax'}`,
  ].join('; ');
}
