/** SHA-256 digests of content, as OCI writes them. Other algorithms are not used by any registry that we know of. */
import { createHash, type Hash } from 'node:crypto';
import type { Digest } from './image.ts';

const HEX = /^sha256:([0-9a-f]{64})$/;

/** The digest that a text is, exactly `sha256:` and 64 lower-case hexadecimal digits; null for everything else. */
export function parseDigest(text: unknown): Digest | null {
  const hex = typeof text === 'string' ? HEX.exec(text)?.[1] : undefined;
  return hex === undefined ? null : `sha256:${hex}`;
}

export function digestOf(bytes: Uint8Array | string): Digest {
  return endDigest(createHash('sha256').update(bytes));
}

/** The digest of what a SHA-256 hash was fed; the hash cannot be used afterwards. */
export function endDigest(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}`;
}
