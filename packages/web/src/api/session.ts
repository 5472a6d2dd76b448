/**
 * Who is signed in, and the token that says so. The token lives in memory only. It is fetched on the first use,
 * again shortly before it expires, and again when the server no longer accepts it; callers that ask at the same
 * time share one request. Somebody who was signed in keeps the page whatever becomes of the session.
 */
import { isObject } from '@callboard/model';
import { readAnswer } from './answer.ts';
import { listIn, objectIn, textIn } from './entity.ts';
import { ApiError, errorFrom, unreachable } from './error.ts';

export interface Identity {
  /** `user:default/guest` */
  readonly userEntityRef: string;
  readonly displayName: string | null;
  readonly email: string | null;
  /** The address of a picture, as the provider gave it; unchecked. */
  readonly picture: string | null;
  /** What the user owns things as: the own reference, and those of groups. */
  readonly ownershipEntityRefs: readonly string[];
  /** How the user signed in, as `guest`. */
  readonly provider: string;
}

/** Why a session that was good is no longer. */
export interface SessionProblem {
  /** `ended`: the server said no; `unreachable`: it said nothing, or nothing that helps. */
  readonly kind: 'ended' | 'unreachable';
  /** What the server or the browser said. */
  readonly message: string;
}

export type SessionState =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'signed-in';
      readonly identity: Identity;
      /** When the token in use expires; a new one is fetched before. */
      readonly expiresAt: Date;
      /** Null while the session is good. */
      readonly problem: SessionProblem | null;
    }
  /** The person left; nothing is fetched until they sign in again. */
  | { readonly kind: 'signed-out' }
  /** The server answered, and the answer is no. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** The server did not answer, or could not. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface Session {
  readonly state: () => SessionState;
  /** Calls `listener` after every change of state. Returns the function that ends it. */
  readonly subscribe: (listener: () => void) => () => void;
  /**
   * A token that is good for at least a minute. Rejects with an ApiError when sign-in fails, and with status 401 and
   * without asking the server once the session has ended.
   */
  readonly token: () => Promise<string>;
  /** A token other than `refused`, which the server did not accept. */
  readonly renew: (refused: string) => Promise<string>;
  /** Signs in anew, also after the end of the session. The outcome is in the state. */
  readonly signIn: () => Promise<void>;
  /** Rejects with an ApiError when the server did not end the session; it then goes on. */
  readonly signOut: () => Promise<void>;
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

const PROVIDER = 'guest';
const ROOT = `/api/auth/${PROVIDER}`;
const HEADERS = { 'X-Requested-With': 'XMLHttpRequest', Accept: 'application/json' };
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

  async function ask(step: 'refresh' | 'logout', method: 'GET' | 'POST'): Promise<Response> {
    const response = await deps
      .fetch(`${ROOT}/${step}`, { method, headers: HEADERS, credentials: 'same-origin' })
      .catch((cause: unknown) => {
        throw unreachable(cause);
      });
    if (!response.ok) throw await errorFrom(response);
    return response;
  }

  async function replaceGrant(): Promise<Grant> {
    try {
      const response = await ask('refresh', 'GET');
      const next = parseGrant(await readAnswer(response), deps.now());
      grant = next;
      enter(signedIn(next, null));
      return next;
    } catch (thrown) {
      const error = unreachable(thrown);
      const next = afterFailure(grant, error);
      enter(next);
      throw next.kind === 'signed-in' && next.problem?.kind === 'ended' ? ended(error.message) : error;
    } finally {
      pending = null;
    }
  }

  async function fresh(): Promise<string> {
    if (state.kind === 'signed-out') throw ended('You are signed out.');
    if (state.kind === 'signed-in' && state.problem?.kind === 'ended') throw ended(state.problem.message);
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
    async signIn() {
      pending ??= replaceGrant();
      await pending.catch(() => undefined);
    },
    async signOut() {
      await ask('logout', 'POST');
      grant = null;
      enter({ kind: 'signed-out' });
    },
  };
}

function signedIn(grant: Grant, problem: SessionProblem | null): SessionState {
  return { kind: 'signed-in', identity: grant.identity, expiresAt: new Date(grant.expiresAt), problem };
}

function ended(message: string): ApiError {
  return new ApiError(401, 'SessionEndedError', message);
}

/** Somebody who is signed in stays on the page, and is told; anybody else is told why nobody is. */
function afterFailure(grant: Grant | null, { status, message }: ApiError): SessionState {
  const isRefusal = status >= 400 && status < 500 && status !== 429;
  if (grant !== null) return signedIn(grant, { kind: isRefusal ? 'ended' : 'unreachable', message });
  return isRefusal ? { kind: 'refused', status, message } : { kind: 'unavailable', message };
}

/** Reads Backstage's sign-in answer: `{backstageIdentity: {token, identity, expiresInSeconds}, profile}`. */
function parseGrant(answer: unknown, now: number): Grant {
  const given = objectIn(answer, 'backstageIdentity');
  const token = textIn(given, 'token');
  if (!isObject(answer) || token === null)
    throw new ApiError(502, 'AnswerError', 'The sign-in answer holds no token.');
  const lifetime = given['expiresInSeconds'];
  const who = objectIn(given, 'identity');
  const profile = objectIn(answer, 'profile');
  return {
    token,
    expiresAt: now + (typeof lifetime === 'number' ? lifetime : ASSUMED_LIFETIME_S) * 1000,
    identity: {
      userEntityRef: textIn(who, 'userEntityRef') ?? '',
      displayName: textIn(profile, 'displayName'),
      email: textIn(profile, 'email'),
      picture: textIn(profile, 'picture'),
      ownershipEntityRefs: listIn(who, 'ownershipEntityRefs').filter((ref) => typeof ref === 'string'),
      provider: PROVIDER,
    },
  };
}
