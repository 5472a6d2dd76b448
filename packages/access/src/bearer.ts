/** Where a token travels: the Authorization header, or the cookie that browsers send for images and frames. */

/** The cookie that holds a limited user token. */
export const AUTH_COOKIE = 'backstage-auth';

/** No token of ours is longer; what is longer is refused unread. */
export const MAX_TOKEN_LENGTH = 32_768;

export interface CredentialHeaders {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}

/** The token of `Bearer <token>`; null for any other header, as if none had been sent. */
export function bearerToken(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;
}

/** The value of the first cookie with this name; null when there is none or it is empty. */
export function cookieValue(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    const raw = pair.slice(equals + 1).trim();
    const value = raw.length > 1 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw;
    return value === '' ? null : decoded(value);
  }
  return null;
}

function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    // Not percent-encoded after all; the text is the value.
    return value;
  }
}
