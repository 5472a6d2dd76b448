/** The guard of the API: every request under `/api` shows who it is, unless its path was opened. */
import type { Access } from './access.ts';
import type { CredentialHeaders } from './bearer.ts';
import { NONE, type Credentials } from './credentials.ts';
import { accessError } from './errors.ts';
import type { Place } from './paths.ts';

export interface GuardedRequest {
  readonly method: string;
  /** As the client sent it, with the query. */
  readonly url: string;
  readonly headers: CredentialHeaders;
}

/**
 * Answers who is calling: at once when the token is known or the path is open, else with a promise. Open paths
 * are answered with nobody, whatever token came along; a route that wants to know asks `authenticate`. Never
 * throws at once: a refusal is a rejected promise with a CodedError `access/unauthenticated`,
 * `access/invalid-token`, `access/expired-token` (401) or `access/restricted` (403).
 */
export type Guard = (request: GuardedRequest) => Credentials | Promise<Credentials>;

export function createGuard(access: Access): Guard {
  return (request) => {
    const place = access.placeOf(request.method, request.url);
    if (place.rule === 'open') return NONE;
    const target = { plugin: place.plugin, allowLimited: place.rule === 'cookie' };
    return (
      access.authenticateCached(request.headers.authorization, target) ?? identify(access, { request, place })
    );
  };
}

async function identify(
  access: Access,
  { request, place }: { request: GuardedRequest; place: Place },
): Promise<Credentials> {
  const { method, headers } = request;
  // A cookie is sent by the browser without being asked, so it must not be able to change anything.
  const reads = method === 'GET' || method === 'HEAD';
  const allowLimited = place.rule === 'cookie';
  const believed = allowLimited && !reads ? { authorization: headers.authorization } : headers;
  const credentials = await access.authenticate(believed, { plugin: place.plugin, allowLimited });
  if (credentials.principal.type !== 'none' || !access.options.closedByDefault) return credentials;
  throw accessError('access/unauthenticated', 'Missing credentials');
}
