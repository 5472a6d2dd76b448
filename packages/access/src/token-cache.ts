/**
 * Remembers verified tokens, so that a token seen before costs one Map lookup. Bounded by two generations:
 * when the young one is full it becomes the old one, and what is still used moves back.
 */
import type { Credentials } from './credentials.ts';

/** What a token proves, before it is known where it is used. */
export interface VerifiedToken {
  readonly credentials: Credentials;
  /** A limited user token: good only where that is allowed. */
  readonly limited: boolean;
  /** The only plugin that may accept it; null: any. */
  readonly audience: string | null;
  /** Milliseconds since 1970; Infinity when it does not expire. */
  readonly validUntil: number;
}

export interface TokenCache {
  get(token: string): VerifiedToken | null;
  set(token: string, verified: VerifiedToken): void;
}

export interface TokenCacheOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Tokens in one generation; at most twice as many are kept. Default: 5,000. */
  readonly capacity?: number;
}

export function createTokenCache({ now, capacity = 5_000 }: TokenCacheOptions): TokenCache {
  let young = new Map<string, VerifiedToken>();
  let old = new Map<string, VerifiedToken>();

  const set = (token: string, verified: VerifiedToken): void => {
    if (young.size >= capacity) {
      old = young;
      young = new Map();
    }
    young.set(token, verified);
  };

  const get = (token: string): VerifiedToken | null => {
    const fresh = young.get(token);
    const found = fresh ?? old.get(token);
    if (found === undefined) return null;
    if (now() >= found.validUntil) {
      young.delete(token);
      old.delete(token);
      return null;
    }
    if (fresh === undefined) set(token, found);
    return found;
  };

  return { get, set };
}
