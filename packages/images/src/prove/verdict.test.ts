import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSigner, createVerifier, STATEMENT_TYPE } from './dsse.ts';
import { digest } from './evidence.fixture.ts';
import { goodFacts, proofOf } from './verdict.fixture.ts';
import { hashVerdict, judge, openVerdict, Proof, sealVerdict } from './verdict.ts';

const BASE = { registry: 'r', repository: 'golden/debian', digest: digest('b') };
const IMAGE = { ...BASE, digest: digest('d') };
const { privateKey } = generateKeyPairSync('ed25519');
const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const verifier = createVerifier(signer.publicKey);

describe('judge', () => {
  const facts = goodFacts(BASE, IMAGE);

  it('proves when each check was made and is all right', () => {
    const { verdict, proof } = judge(facts);
    assert.equal(verdict.proved, true);
    assert.equal(proof?.verdict, verdict);
  });

  it('proves nothing when one is not, is missing, or was made twice', () => {
    const [first, ...rest] = facts.checks;
    assert.ok(first);
    for (const checks of [[{ ...first, ok: false }, ...rest], rest, [first, ...facts.checks], []]) {
      assert.deepEqual(judge({ ...facts, checks }).proof, null);
    }
  });

  it('keeps no hold of what it was given', () => {
    const checks = [...facts.checks];
    const { verdict } = judge({ ...facts, checks });
    checks.pop();
    assert.equal(verdict.checks.length, facts.checks.length);
  });
});

describe('Proof', () => {
  it('is not made by anything that looks like one', () => {
    const proof = proofOf(BASE, IMAGE);
    assert.equal(Proof.isGenuine(proof), true);
    for (const fake of [
      structuredClone({ verdict: proof.verdict }),
      { verdict: proof.verdict },
      Object.create(Proof.prototype),
      null,
      'proved',
    ]) {
      assert.equal(Proof.isGenuine(fake), false);
    }
  });
});

describe('openVerdict', () => {
  const envelope = sealVerdict(proofOf(BASE, IMAGE).verdict, signer);

  it('makes a proof again out of a sealed verdict', () => {
    const proof = openVerdict(envelope, IMAGE, verifier);
    assert.equal(Proof.isGenuine(proof), true);
    assert.equal(hashVerdict(proof.verdict), hashVerdict(proofOf(BASE, IMAGE).verdict));
  });

  it('refuses one that was changed, is of another image, or is not proved', () => {
    const error = { code: 'images/proof-not-genuine' };
    const payload = Buffer.from(Buffer.from(envelope.payload, 'base64').toString().replace('CVE-1', 'CVE-2'));
    const changed = { ...envelope, payload: payload.toString('base64') };
    assert.throws(() => openVerdict(changed, IMAGE, verifier), error);
    assert.throws(() => openVerdict(envelope, BASE, verifier), error);
    const facts = goodFacts(BASE, IMAGE);
    const lying = { ...facts, checks: facts.checks.map((check) => ({ ...check, ok: false })), proved: true };
    assert.throws(() => openVerdict(sealVerdict(lying, signer), IMAGE, verifier), error);
    const other = signer.sign(Buffer.from('{"predicateType":"x"}'), STATEMENT_TYPE);
    assert.throws(() => openVerdict(other, IMAGE, verifier), error);
  });
});
