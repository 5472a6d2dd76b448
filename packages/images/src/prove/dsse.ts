/**
 * Signed statements: DSSE envelopes (Dead Simple Signing Envelope 1.0, protocol.md) over in-toto statements, with a key
 * pair of ECDSA P-256 or Ed25519, as cosign makes and checks them with `--key`.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { isObject } from '@callboard/model';
import { proveError } from './errors.ts';

export const STATEMENT_TYPE = 'application/vnd.in-toto+json';

export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** A hint that is not signed. Ours is empty: verifiers name keys in their own ways, and pass over names they do not know. */
  readonly keyid: string;
  /** Base64; ECDSA as DER. */
  readonly sig: string;
}

export interface Signer {
  /** SHA-256 of the public key as DER, hexadecimal: says which key, and gives nothing away. */
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
  sign(payload: Buffer, payloadType: string): Envelope;
}

export interface Verifier {
  readonly keyId: string;
  /** The payload; null when no signature of it is of the key. */
  open(envelope: Envelope, payloadType: string): Buffer | null;
}

/** Of a private key as PEM (PKCS #8 or SEC 1). The error for a bad one does not quote it. */
export function createSigner(privateKeyPem: string): Signer {
  const key = readKey(() => createPrivateKey(privateKeyPem), 'private');
  const publicKey = createPublicKey(key);
  const keyId = keyIdOf(publicKey);
  return {
    keyId,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign(payload, payloadType) {
      const sig = sign(algorithmOf(key), preAuthEncoding(payloadType, payload), key).toString('base64');
      return { payloadType, payload: payload.toString('base64'), signatures: [{ keyid: '', sig }] };
    },
  };
}

/** Of a public key as PEM. */
export function createVerifier(publicKeyPem: string): Verifier {
  const key = readKey(() => createPublicKey(publicKeyPem), 'public');
  return {
    keyId: keyIdOf(key),
    open(envelope, payloadType) {
      if (envelope.payloadType !== payloadType) return null;
      const payload = Buffer.from(envelope.payload, 'base64');
      const signed = preAuthEncoding(payloadType, payload);
      const good = envelope.signatures.some(({ sig }) =>
        verify(algorithmOf(key), signed, key, Buffer.from(sig, 'base64')),
      );
      return good ? payload : null;
    },
  };
}

/** Null when the bytes are no envelope. */
export function parseEnvelope(bytes: Buffer): Envelope | null {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { payloadType, payload, signatures } = value;
  if (typeof payloadType !== 'string' || typeof payload !== 'string' || !Array.isArray(signatures))
    return null;
  const read: EnvelopeSignature[] = [];
  for (const one of signatures) {
    if (!isObject(one) || typeof one['sig'] !== 'string') return null;
    read.push({ keyid: typeof one['keyid'] === 'string' ? one['keyid'] : '', sig: one['sig'] });
  }
  return { payloadType, payload, signatures: read };
}

/** What is signed: type and payload with their lengths in bytes, so that neither can be read as a part of the other. */
export function preAuthEncoding(payloadType: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}

function readKey(read: () => KeyObject, kind: 'private' | 'public'): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // The cause may quote the key.
    throw proveError('images/bad-signing-key', `The ${kind} key is not PEM, or it is encrypted.`);
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ed25519' || (key.asymmetricKeyType === 'ec' && curve === 'prime256v1'))
    return key;
  const is = `${key.asymmetricKeyType ?? 'symmetric'} ${curve ?? ''}`.trim();
  throw proveError('images/bad-signing-key', `The ${kind} key is ${is}; use ECDSA P-256 or Ed25519.`);
}

/** Ed25519 hashes by itself. */
function algorithmOf(key: KeyObject): 'sha256' | null {
  return key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
