import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { hashPlan } from '../plan/canonical.ts';
import { createSigner, createVerifier, parseEnvelope } from '../prove/dsse.ts';
import { finding, inventory, NEW, OLD, PLAN } from '../prove/evidence.fixture.ts';
import { goodFacts, proofOf } from '../prove/verdict.fixture.ts';
import { hashVerdict, judge, openVerdict, VERDICT } from '../prove/verdict.ts';
import { attachStatements, type AttachStatementsRequest } from './attach-statements.ts';
import { readAttestations } from './attest.ts';
import { CYCLONEDX } from './sbom.ts';
import { SLSA_PROVENANCE } from './provenance.ts';
import { memoryRegistry, putImage } from './registry.fixture.ts';
import { OPENVEX } from './vex.ts';

const MADE_AT = Date.UTC(2026, 10, 21);
const PLANNED = {
  ...PLAN,
  planner: { kind: 'model', name: 'vendor/model-1', promptHash: 'e'.repeat(64) },
} as const;

function proved() {
  const client = memoryRegistry();
  const base = putImage(client, 'base', '11');
  const image = putImage(client, 'patched', null);
  const { proof } = judge({ ...goodFacts(base, image), planHash: hashPlan(PLANNED) });
  assert.ok(proof !== null);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  const request: AttachStatementsRequest = {
    client,
    proof,
    plan: PLANNED,
    inventories: { before: inventory(OLD), after: inventory(NEW) },
    findings: { before: [finding('CVE-1'), finding('CVE-2')], after: [finding('CVE-2')] },
    signer,
    author: 'images@example.com',
    startedAt: MADE_AT - 60_000,
    madeAt: MADE_AT,
    invocation: {
      patchId: 'patch-1',
      scriptHash: 'f'.repeat(64),
      engine: 'node',
      builder: { id: 'https://portal.example.com', version: '0.1.0' },
    },
  };
  return { client, base, image, proof, request, verifier: createVerifier(signer.publicKey) };
}

describe('attachStatements', () => {
  it('attaches SBOM, VEX, provenance and verdict, signed', async () => {
    const { client, image, proof, request, verifier } = proved();
    const digests = await attachStatements(request);
    assert.equal(new Set(digests).size, 4);
    const { good, refused } = await readAttestations({ client, image, verifier });
    assert.deepEqual(refused, []);
    assert.deepEqual(
      good.map(({ predicateType }) => predicateType),
      [CYCLONEDX, OPENVEX, SLSA_PROVENANCE, VERDICT],
    );
    const [sbom, vex, provenance, verdict] = good.map(({ predicate }) => predicate);
    assert.match(JSON.stringify(sbom), new RegExp(`openssl@${NEW.replaceAll('+', '\\+')}`));
    assert.partialDeepStrictEqual(vex, {
      author: 'images@example.com',
      statements: [{ status: 'fixed' }, { status: 'affected' }],
    });
    assert.partialDeepStrictEqual(provenance, {
      buildDefinition: {
        internalParameters: {
          engine: 'node',
          planner: PLANNED.planner,
          model: 'vendor/model-1',
          planHash: hashPlan(PLANNED),
          scriptHash: 'f'.repeat(64),
          verdict: {
            hash: hashVerdict(proof.verdict),
            scanner: { name: 'trivy', version: '1', database: '2' },
          },
        },
      },
      runDetails: {
        metadata: {
          invocationId: 'patch-1',
          startedOn: '2026-11-20T23:59:00.000Z',
          finishedOn: '2026-11-21T00:00:00.000Z',
        },
      },
    });
    assert.deepEqual(verdict, proof.verdict);
  });

  it('attaches a verdict that is a proof again for who has the key', async () => {
    const { client, image, proof, request, verifier } = proved();
    const digests = await attachStatements(request);
    const manifest: unknown = JSON.parse(client.manifests.get(digests[3] ?? '')?.bytes.toString() ?? '');
    const layer: unknown =
      isObject(manifest) && Array.isArray(manifest['layers']) ? manifest['layers'][0] : null;
    const bundle: unknown = JSON.parse(
      client.blobs.get(isObject(layer) ? String(layer['digest']) : '')?.toString() ?? '',
    );
    const envelope = parseEnvelope(
      Buffer.from(JSON.stringify(isObject(bundle) ? bundle['dsseEnvelope'] : null)),
    );
    assert.ok(envelope !== null);
    assert.deepEqual(openVerdict(envelope, image, verifier).verdict, proof.verdict);
  });

  it('attaches nothing twice when it is called again, also when it was cut off', async () => {
    const { client, image, request, verifier } = proved();
    const pushBlob = client.pushBlob.bind(client);
    let pushes = 0;
    const cutOff: typeof client.pushBlob = async (...given) => {
      pushes += 1;
      if (pushes === 4) throw new Error('the connection was lost');
      await pushBlob(...given);
    };
    await assert.rejects(attachStatements({ ...request, client: { ...client, pushBlob: cutOff } }), /lost/);
    assert.equal((await readAttestations({ client, image, verifier })).good.length, 1);
    const digests = await attachStatements(request);
    assert.deepEqual(await attachStatements(request), digests);
    assert.equal((await readAttestations({ client, image, verifier })).good.length, 4);
  });

  it('says nothing without a proof, or with that of another plan', async () => {
    const { client, base, image, proof, request } = proved();
    const forged = Object.assign(Object.create(Object.getPrototypeOf(proof)), { verdict: proof.verdict });
    await assert.rejects(attachStatements({ ...request, proof: forged }), { code: 'images/not-proved' });
    await assert.rejects(attachStatements({ ...request, proof: proofOf(base, image) }), {
      code: 'images/not-proved',
    });
    assert.deepEqual(await client.referrers(image, image.digest), []);
  });

  it('says that the image is gone', async () => {
    const { client, image, request } = proved();
    client.manifests.delete(image.digest);
    await assert.rejects(attachStatements(request), { code: 'images/promotion-vanished' });
  });
});
