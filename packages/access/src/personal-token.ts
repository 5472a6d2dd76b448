/**
 * Personal access tokens: what a user gives to a script that speaks for them. The text is shown once; only its
 * SHA-256 is kept, in the database and in a map that every request is answered from. A deleted token is gone
 * from the map before the deletion is answered.
 */
import { hash } from 'node:crypto';
import { createCredentials } from './credentials.ts';
import { accessError } from './errors.ts';
import type { PersonalTokenStore, StoredPersonalToken } from './personal-token-store.ts';
import type { VerifiedToken } from './token-cache.ts';

const PREFIX = 'cbp_';
const SECRET_BYTES = 32;
const ID_BYTES = 12;
/** The prefix and 32 bytes in base64url. */
const SHAPE = /^cbp_[\w-]{43}$/;
/** A user has at most so many, those that have expired included. */
const MAX_PER_USER = 50;
/** The last use is written at most once in so many milliseconds. */
const USE_INTERVAL = 60_000;

/** A token as its owner sees it; times are milliseconds since 1970. */
export interface PersonalToken {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  /** Null: it does not expire. */
  readonly expiresAt: number | null;
  /** To the minute; null: it was never used. */
  readonly lastUsedAt: number | null;
}

export interface PersonalTokenWish {
  readonly userEntityRef: string;
  /** The provider that the user signed in with; null when that is not known. */
  readonly provider: string | null;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface PersonalTokens {
  /** The tokens of a user, the newest first. */
  list(userEntityRef: string): readonly PersonalToken[];
  /** The text is in no other answer. @throws CodedError `access/too-many-tokens` */
  create(wish: PersonalTokenWish): Promise<{ readonly token: string; readonly item: PersonalToken }>;
  /** @throws CodedError `access/token-not-found`, also for a token of somebody else */
  remove(userEntityRef: string, id: string): Promise<void>;
  /**
   * What a token proves, without waiting for anything, and notes that it was used. Null: no such token.
   * `expired`, or `closed` when its user can no longer sign in: it proves nothing any more.
   */
  recognise(token: string, isOpen: (provider: string | null) => boolean): RecognisedToken;
}

export type RecognisedToken = VerifiedToken | 'expired' | 'closed' | null;

export interface PersonalTokenDeps {
  readonly store: PersonalTokenStore;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** As many unpredictable bytes as are asked for. */
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Whether a text looks like a personal token; whether it is one is for `recognise` to say. */
export function isPersonalToken(token: string | null): boolean {
  return token !== null && token.startsWith(PREFIX) && SHAPE.test(token);
}

/** A stored token, with the last use as this process knows it. */
interface Known extends Omit<StoredPersonalToken, 'lastUsedAt'> {
  lastUsedAt: number | null;
}

/** Reads all tokens, once. */
export async function openPersonalTokens(deps: PersonalTokenDeps): Promise<PersonalTokens> {
  const { store, now, randomBytes } = deps;
  const byHash = new Map<string, Known>();
  for (const stored of await store.list()) byHash.set(stored.hash, { ...stored });

  const textOf = (size: number): string => Buffer.from(randomBytes(size)).toString('base64url');

  const noteUse = (known: Known, time: number): void => {
    const before = known.lastUsedAt;
    if (before !== null && time - before < USE_INTERVAL) return;
    known.lastUsedAt = time;
    store.noteUse(known.id, time).catch(() => {
      // A request does not wait for this and does not fail with it; the next use writes again.
      if (known.lastUsedAt === time) known.lastUsedAt = before;
    });
  };

  return {
    list: (userEntityRef) =>
      [...byHash.values()]
        .filter((known) => known.userEntityRef === userEntityRef)
        .toSorted((a, b) => b.createdAt - a.createdAt)
        .map(toItem),

    create: async (wish) => {
      const token = PREFIX + textOf(SECRET_BYTES);
      const known: Known = {
        ...wish,
        id: textOf(ID_BYTES),
        hash: hashOf(token),
        createdAt: now(),
        lastUsedAt: null,
      };
      if (!(await store.add(known, MAX_PER_USER))) {
        throw accessError(
          'access/too-many-tokens',
          `There are ${MAX_PER_USER} personal tokens already. Delete one that is no longer used.`,
        );
      }
      byHash.set(known.hash, known);
      return { token, item: toItem(known) };
    },

    remove: async (userEntityRef, id) => {
      const known = [...byHash.values()].find((one) => one.id === id);
      if (known === undefined || known.userEntityRef !== userEntityRef) {
        throw accessError('access/token-not-found', `You have no personal token with the id ${id}.`);
      }
      await store.remove(id);
      byHash.delete(known.hash);
    },

    recognise: (token, isOpen) => {
      if (!isPersonalToken(token)) return null;
      const known = byHash.get(hashOf(token));
      if (known === undefined) return null;
      const time = now();
      if (known.expiresAt !== null && time >= known.expiresAt) return 'expired';
      if (!isOpen(known.provider)) return 'closed';
      noteUse(known, time);
      return toVerified(known, token);
    },
  };
}

const hashOf = (token: string): string => hash('sha256', token, 'base64url');

function toItem({ id, name, createdAt, expiresAt, lastUsedAt }: Known): PersonalToken {
  return { id, name, createdAt, expiresAt, lastUsedAt };
}

function toVerified({ userEntityRef, expiresAt }: Known, token: string): VerifiedToken {
  return {
    credentials: createCredentials({ principal: { type: 'user', userEntityRef }, token, expiresAt }),
    limited: false,
    audience: null,
    validUntil: expiresAt ?? Infinity,
  };
}
