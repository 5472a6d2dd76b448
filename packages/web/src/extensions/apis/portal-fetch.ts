/** `fetch` for extensions: adds the token of the session for the portal's own origin and for nothing else. */
import type { Session } from '../../api/session.ts';

export interface PortalFetchDeps {
  readonly session: Pick<Session, 'token' | 'renew'>;
  readonly fetch: typeof globalThis.fetch;
  /** As `https://portal.example`. */
  readonly origin: string;
}

/** Backstage's short form for a plugin's API, as `plugin://catalog/entities`. */
const PLUGIN_URL = /^plugin:\/\/([^/?#]+)/;

/** A token that the server refuses is renewed once. A header `Authorization` that is given stays. */
export function createPortalFetch({ session, fetch, origin }: PortalFetchDeps): typeof globalThis.fetch {
  return async (input, init) => {
    const target = typeof input === 'string' ? input.replace(PLUGIN_URL, `${origin}/api/$1`) : input;
    const request = new Request(typeof target === 'string' ? new URL(target, origin) : target, init);
    if (new URL(request.url).origin !== origin || request.headers.has('Authorization')) return fetch(request);
    const token = await session.token();
    // The body of a request can be read once.
    const again = request.clone();
    const response = await fetch(withToken(request, token));
    if (response.status !== 401) return response;
    return fetch(withToken(again, await session.renew(token)));
  };
}

function withToken(request: Request, token: string): Request {
  request.headers.set('Authorization', `Bearer ${token}`);
  return request;
}
