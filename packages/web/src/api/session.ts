/**
 * Who is signed in, and the token that says so. The token lives in memory only. It is fetched on the first use,
 * again shortly before it expires, and again when the server no longer accepts it; callers that ask at the same
 * time share one request.
 */
import { isObject } from '@callboard/model';
import { errorFrom, unreachable } from './error.ts';

export interface Identity {
  /** `user:default/guest` */
  readonly userEntityRef: string;
  readonly displayName: string | null;
  /** What this person owns things as: themselves and their groups, as full references in lower case. */
  readonly ownershipEntityRefs: readonly string[];
}

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signed-in'; readonly identity: Identity }
  /** The server answered, and the answer is no. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** The server did not answer, or could not. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Session {
  readonly state: () => SessionState;
  /** Calls `listener` after every change of state. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /** A token that is good for at least a minute. Rejects with an ApiError when sign-in fails. */
  readonly token: () => Promise<string>;
  /** A token other than `refused`, which the server did not accept. */
  readonly renew: (refused: string) => Promise<string>;
}

/** The part of `fetch` that the portal uses. */
export type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

export interface SessionDeps {
  readonly fetch: Fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Grant {
  readonly token: string;
  readonly expiresAt: number;
  readonly identity: Identity;
}

const REFRESH_URL = '/api/auth/guest/refresh';
/** A token with less than this left is replaced before it is used. */
const MARGIN_MS = 60_000;
const ASSUMED_LIFETIME_S = 600;

export function createSession(deps: SessionDeps): Session {
  const listeners = new Set<() => void>();
  let state: SessionState = { kind: 'starting' };
  let grant: Grant | null = null;
  let pending: Promise<Grant> | null = null;

  function enter(next: SessionState): void {
    state = next;
    for (const listener of listeners) listener();
  }

  async function signIn(): Promise<Grant> {
    const response = await deps
      .fetch(REFRESH_URL, {
        headers: { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' },
        credentials: 'same-origin',
      })
      .catch((cause: unknown) => {
        throw unreachable(cause);
      });
    if (!response.ok) throw await errorFrom(response);
    return parseGrant(await response.json(), deps.now());
  }

  async function replaceGrant(): Promise<Grant> {
    try {
      const next = await signIn();
      grant = next;
      enter({ kind: 'signed-in', identity: next.identity });
      return next;
    } catch (thrown) {
      const error = unreachable(thrown);
      const refused = error.status >= 400 && error.status < 500;
      if (refused) enter({ kind: 'refused', status: error.status, message: error.message });
      // Somebody who is signed in stays on the page; the request that needed the token shows the error.
      if (!refused && grant === null) enter({ kind: 'unavailable', message: error.message });
      throw error;
    } finally {
      pending = null;
    }
  }

  async function fresh(): Promise<string> {
    pending ??= replaceGrant();
    return (await pending).token;
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async token() {
      if (grant !== null && grant.expiresAt - deps.now() > MARGIN_MS) return grant.token;
      return fresh();
    },
    async renew(refused) {
      if (grant !== null && grant.token !== refused) return grant.token;
      return fresh();
    },
  };
}

/** Reads Backstage's sign-in answer: `{backstageIdentity: {token, identity, expiresInSeconds}, profile}`. */
function parseGrant(answer: unknown, now: number): Grant {
  const identity = isObject(answer) ? answer['backstageIdentity'] : undefined;
  const token = isObject(identity) ? identity['token'] : undefined;
  if (!isObject(identity) || typeof token !== 'string') {
    throw unreachable(new Error('the sign-in answer holds no token'));
  }
  const lifetime = identity['expiresInSeconds'];
  const who = identity['identity'];
  const userEntityRef = isObject(who) ? who['userEntityRef'] : undefined;
  const owns = isObject(who) ? who['ownershipEntityRefs'] : undefined;
  const profile = isObject(answer) ? answer['profile'] : undefined;
  const displayName = isObject(profile) ? profile['displayName'] : undefined;
  return {
    token,
    expiresAt: now + (typeof lifetime === 'number' ? lifetime : ASSUMED_LIFETIME_S) * 1000,
    identity: {
      userEntityRef: typeof userEntityRef === 'string' ? userEntityRef : '',
      displayName: typeof displayName === 'string' ? displayName : null,
      ownershipEntityRefs: Array.isArray(owns) ? owns.filter((ref) => typeof ref === 'string') : [],
    },
  };
}
