/**
 * What must not be readable in the database: secrets of tasks, outputs of their steps, what templates wrote. AES-256-GCM
 * with a key that is not in the database. A sealed value names what it belongs to, and opens nowhere else.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { taskError } from './errors.ts';

export interface Seal {
  /** One byte of version, 12 of nonce, 16 of tag, then the ciphertext. */
  close(plain: Uint8Array, purpose: string): Uint8Array;
  /** @throws CodedError `scaffolder/sealed-unreadable` for another key or purpose, or a changed byte */
  open(sealed: Uint8Array, purpose: string): Uint8Array;
}

const VERSION = 1;
const NONCE = 12;
const TAG = 16;
const HEAD = 1 + NONCE + TAG;
const KEY_BYTES = 32;

/** @throws CodedError `scaffolder/secret-key` when the key has not 32 bytes */
export function createSeal(key: Uint8Array): Seal {
  if (key.byteLength !== KEY_BYTES) {
    throw taskError(
      'scaffolder/secret-key',
      `The key for secrets of tasks has ${key.byteLength} bytes; it has to have ${KEY_BYTES}.`,
    );
  }
  // A copy: whoever handed the key over may wipe theirs.
  const own = Uint8Array.from(key);
  return {
    close: (plain, purpose) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', own, nonce).setAAD(Buffer.from(purpose));
      const text = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), text]);
    },
    open: (sealed, purpose) => {
      try {
        if (sealed.byteLength < HEAD || sealed[0] !== VERSION) throw new Error('it is no sealed value');
        const nonce = sealed.subarray(1, 1 + NONCE);
        const decipher = createDecipheriv('aes-256-gcm', own, nonce, { authTagLength: TAG })
          .setAAD(Buffer.from(purpose))
          .setAuthTag(sealed.subarray(1 + NONCE, HEAD));
        return Buffer.concat([decipher.update(sealed.subarray(HEAD)), decipher.final()]);
      } catch (error) {
        throw taskError(
          'scaffolder/sealed-unreadable',
          `What is stored encrypted as ${purpose} cannot be read: the key of the portal was changed, or the data was. ` +
            'Give the portal its former key, or start the template again.',
          error,
        );
      }
    },
  };
}
