import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSigner, createVerifier, parseEnvelope, preAuthEncoding } from './dsse.ts';

const PAIRS = {
  ec: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ed25519: () => generateKeyPairSync('ed25519'),
  rsa: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'another curve': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
};

function pem(kind: keyof typeof PAIRS): string {
  return PAIRS[kind]().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

describe('preAuthEncoding', () => {
  it('is that of the specification', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
    assert.equal(encoded.toString(), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world');
  });
});

for (const kind of ['ec', 'ed25519'] as const) {
  describe(`createSigner with a key of ${kind}`, () => {
    const signer = createSigner(pem(kind));
    const verifier = createVerifier(signer.publicKey);
    const payload = Buffer.from('{"a":1}');
    const envelope = signer.sign(payload, 'application/json');

    it('signs what the verifier opens', () => {
      assert.deepEqual(verifier.open(envelope, 'application/json'), payload);
      assert.equal(verifier.keyId, signer.keyId);
      assert.deepEqual(parseEnvelope(Buffer.from(JSON.stringify(envelope))), envelope);
    });

    it('opens nothing of another payload, type or key', () => {
      const other = { ...envelope, payload: Buffer.from('{"a":2}').toString('base64') };
      assert.equal(verifier.open(other, 'application/json'), null);
      assert.equal(verifier.open(envelope, 'text/plain'), null);
      assert.equal(verifier.open({ ...envelope, payloadType: 'text/plain' }, 'text/plain'), null);
      assert.equal(verifier.open({ ...envelope, signatures: [] }, 'application/json'), null);
      assert.equal(
        createVerifier(createSigner(pem(kind)).publicKey).open(envelope, 'application/json'),
        null,
      );
    });

    it('opens an envelope that has another signature beside', () => {
      const signatures = [{ keyid: '', sig: 'AAAA' }, ...envelope.signatures];
      assert.deepEqual(verifier.open({ ...envelope, signatures }, 'application/json'), payload);
    });
  });
}

describe('createSigner', () => {
  it('refuses other keys, and does not quote what it was given', () => {
    const error = { code: 'images/bad-signing-key' };
    assert.throws(() => createSigner(pem('rsa')), error);
    assert.throws(() => createSigner(pem('another curve')), error);
    assert.throws(
      () => createSigner('my secret'),
      (thrown: Error) => {
        assert.doesNotMatch(`${thrown.message} ${String(thrown.cause)}`, /my secret/);
        return true;
      },
    );
    assert.throws(() => createVerifier('x'), error);
  });
});

describe('parseEnvelope', () => {
  it('is null for what is no envelope', () => {
    for (const text of ['', '[]', '{}', '{"payloadType":"a","payload":"b","signatures":[{}]}']) {
      assert.equal(parseEnvelope(Buffer.from(text)), null);
    }
  });
});
