import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSigner, createVerifier } from '../prove/dsse.ts';
import { attach, readAttestations, type AttachRequest } from './attest.ts';
import { memoryRegistry, putImage } from './registry.fixture.ts';

function newSigner() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

function signed() {
  const client = memoryRegistry();
  const image = putImage(client, 'patched', '11');
  const attestations = [
    { predicateType: 'https://slsa.dev/provenance/v1', predicate: { a: 1 } },
    { predicateType: 'https://cyclonedx.org/bom', predicate: { b: [2] } },
  ];
  const signer = newSigner();
  const request: AttachRequest = { client, image, attestations, signer, madeAt: 0 };
  return { client, image, attestations, signer, request, verifier: createVerifier(signer.publicKey) };
}

describe('attach', () => {
  it('attaches statements to the digest that the key opens again', async () => {
    const { client, image, attestations, request, verifier } = signed();
    const digests = await attach(request);
    assert.equal(new Set(digests).size, 2);
    assert.deepEqual(await readAttestations({ client, image, verifier }), {
      good: attestations,
      refused: [],
    });
    const manifest: unknown = JSON.parse(client.manifests.get(digests[0] ?? '')?.bytes.toString() ?? '');
    assert.partialDeepStrictEqual(manifest, {
      artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      subject: { digest: image.digest, size: client.manifests.get('11')?.bytes.length },
      annotations: { 'dev.sigstore.bundle.predicateType': 'https://slsa.dev/provenance/v1' },
    });
  });

  it('does not attach a statement twice', async () => {
    const { client, image, request, verifier } = signed();
    const first = await attach(request);
    assert.deepEqual(await attach(request), first);
    assert.equal((await readAttestations({ client, image, verifier })).good.length, 2);
  });

  it('is not kept from it by somebody who says that it is there', async () => {
    const { client, image, request, verifier } = signed();
    await attach({ ...request, signer: newSigner() });
    await attach(request);
    const { good, refused } = await readAttestations({ client, image, verifier });
    assert.deepEqual([good.length, refused.length], [2, 2]);
  });

  it('says that the image is gone', async () => {
    const { client, image, request } = signed();
    client.manifests.delete(image.digest);
    await assert.rejects(attach(request), { code: 'images/promotion-vanished' });
  });
});

describe('readAttestations', () => {
  it('refuses what another key signed, what is about another image, and what is broken', async () => {
    const { client, image, request, verifier, signer } = signed();
    const [attestation] = request.attestations;
    assert.ok(attestation);
    await attach({ ...request, attestations: [attestation], signer: newSigner() });
    const other = putImage(client, 'other', null);
    const [about] = await attach({ ...request, attestations: [attestation], image: other, signer });
    const [moved] = await client.referrers(other, other.digest);
    assert.ok(moved);
    await client.noteReferrer(image, image.digest, moved);
    const [, first] = await client.referrers(image, image.digest);
    assert.equal(first?.digest, about);
    const broken = putImage(client, 'no bundle', null);
    await client.noteReferrer(image, image.digest, { ...moved, digest: broken.digest });
    const { good, refused } = await readAttestations({ client, image, verifier });
    assert.deepEqual(good, []);
    assert.deepEqual(
      refused.map(({ why }) => why),
      ['has no signature of the key', 'is about another image', 'is no bundle with an envelope'],
    );
  });
});
