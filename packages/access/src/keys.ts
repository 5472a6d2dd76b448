/**
 * Signing keys. A private key lives in this process only, signs for one token lifetime and is replaced by the
 * next signature after that; its public half is stored before the first signature and kept for three
 * lifetimes, so every token outlives neither its key nor a rotation. Nothing is made before it is needed.
 */
import type { CryptoKey } from 'jose';
import { ALGORITHM, loadJose } from './jwt.ts';
import { parsePublicJwk, type KeyStore, type PublicJwk } from './store.ts';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
}

export interface Keys {
  /** The key to sign with now; `lifetimeSeconds` is how long the tokens it signs are good. */
  signingKey(owner: string, lifetimeSeconds: number): Promise<SigningKey>;
  /** Null when no unexpired key of this owner has the id. */
  verificationKey(owner: string, kid: string): Promise<CryptoKey | null>;
  /** The unexpired keys of an owner, to be served as a key set. */
  publicKeys(owner: string): Promise<readonly PublicJwk[]>;
}

/** A key is kept this many token lifetimes: one signing, one until the last token ends, one of margin. */
const LIFETIMES_KEPT = 3;

export function createKeys({ store, now }: { store: KeyStore; now: () => number }): Keys {
  const signing = new Map<string, { readonly until: number; readonly key: Promise<SigningKey> }>();
  const verifying = new Map<string, { readonly key: CryptoKey; readonly expiresAt: number }>();

  const makeKey = async (owner: string, lifetime: number): Promise<SigningKey> => {
    const jose = await loadJose();
    const { publicKey, privateKey } = await jose.generateKeyPair(ALGORITHM);
    const jwk = await jose.exportJWK(publicKey);
    const kid = await jose.calculateJwkThumbprint(jwk);
    const expiresAt = now() + LIFETIMES_KEPT * lifetime;
    await store.removeExpired(now());
    await store.add({ owner, publicKey: parsePublicJwk({ ...jwk, kid }), expiresAt });
    for (const [name, known] of verifying) if (known.expiresAt <= now()) verifying.delete(name);
    verifying.set(`${owner} ${kid}`, { key: publicKey, expiresAt });
    return { kid, privateKey };
  };

  return {
    signingKey: (owner, lifetimeSeconds) => {
      const current = signing.get(owner);
      if (current !== undefined && now() < current.until) return current.key;
      const lifetime = lifetimeSeconds * 1_000;
      const made = { until: now() + lifetime, key: makeKey(owner, lifetime) };
      signing.set(owner, made);
      made.key.catch(() => {
        // The caller sees the failure; the next one tries again.
        if (signing.get(owner) === made) signing.delete(owner);
      });
      return made.key;
    },
    verificationKey: async (owner, kid) => {
      const known = verifying.get(`${owner} ${kid}`);
      if (known !== undefined) return now() < known.expiresAt ? known.key : null;
      const stored = await store.find(owner, kid);
      if (stored === null || stored.expiresAt <= now()) return null;
      const jose = await loadJose();
      const key = await jose.importJWK({ ...stored.publicKey }, ALGORITHM);
      if (key instanceof Uint8Array) return null;
      verifying.set(`${owner} ${kid}`, { key, expiresAt: stored.expiresAt });
      return key;
    },
    publicKeys: async (owner) => {
      const stored = await store.list(owner);
      return stored.filter((key) => key.expiresAt > now()).map((key) => key.publicKey);
    },
  };
}
