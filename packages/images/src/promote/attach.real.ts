/** What is attached to an image in a real registry, as others see it: cosign, and the bytes of the registry themselves. */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { messageOf } from '@callboard/kernel';
import { installPrograms, runProgram, temporaryFolder } from '../../real/machine.fixture.ts';
import { startRegistry } from '../../real/registry.fixture.ts';
import { digestOf } from '../image/digest.ts';
import type { ImageAt } from '../image/image.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../image/manifest.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createRegistryClient } from '../image/registry.ts';
import { hashPlan } from '../plan/canonical.ts';
import { createSigner, createVerifier, type Signer } from '../prove/dsse.ts';
import { finding, inventory, NEW, OLD, PLAN } from '../prove/evidence.fixture.ts';
import { goodFacts } from '../prove/verdict.fixture.ts';
import { judge, VERDICT } from '../prove/verdict.ts';
import { attachStatements, type AttachStatementsRequest } from './attach-statements.ts';
import { readAttestations } from './attest.ts';
import { installCosign } from './cosign.fixture.ts';
import { SLSA_PROVENANCE } from './provenance.ts';
import { CYCLONEDX } from './sbom.ts';
import { OPENVEX } from './vex.ts';

const TYPES = [CYCLONEDX, OPENVEX, SLSA_PROVENANCE, VERDICT];
const why = await installPrograms(['docker-registry', 'apt-get', 'dpkg-deb']);

/** An image without layers; what it is told apart by is in its configuration. */
async function pushImage(client: RegistryClient, registry: string, word: string): Promise<ImageAt> {
  const at = { registry, repository: 'golden/debian' };
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      author: word,
      rootfs: { type: 'layers', diff_ids: [] },
    }),
  );
  const digest = digestOf(config);
  await client.pushBlob(at, { digest, size: config.length, open: () => Readable.from([config]) });
  const mediaType = 'application/vnd.oci.image.config.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType, digest, size: config.length },
    layers: [],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return { ...at, digest: await client.pushManifest(at, { mediaType: OCI_MANIFEST, bytes, tag: word }) };
}

function newSigner(type: 'ec' | 'ed25519'): Signer {
  const { privateKey } =
    type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
  return createSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
}

async function attached(registry: string, signer: Signer) {
  const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
  const base = await pushImage(client, registry, 'base');
  const image = await pushImage(client, registry, 'patched');
  const { proof } = judge({ ...goodFacts(base, image), planHash: hashPlan(PLAN) });
  assert.ok(proof !== null);
  const request: AttachStatementsRequest = {
    client,
    proof,
    plan: PLAN,
    inventories: { before: inventory(OLD), after: inventory(NEW) },
    findings: { before: [finding('CVE-2024-0001')], after: [] },
    signer,
    author: 'images@example.com',
    startedAt: 0,
    madeAt: 1_000,
    invocation: {
      patchId: 'patch-1',
      scriptHash: 'f'.repeat(64),
      engine: 'node',
      builder: { id: 'https://portal.example.com', version: '0.1.0' },
    },
  };
  return { client, base, image, request, digests: await attachStatements(request) };
}

function get(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => (at instanceof Object ? Reflect.get(at, key) : undefined), value);
}

async function fetchJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept: `${OCI_INDEX}, ${OCI_MANIFEST}` } });
  assert.equal(answer.status, 200, url);
  return answer.json();
}

/** What a reader without any of our code does: from the tag of the digest to the signed bytes. */
async function verifyByHand({ registry, repository, digest }: ImageAt, publicKey: string) {
  const root = `http://${registry}/v2/${repository}`;
  const index = await fetchJson(`${root}/manifests/${digest.replace(':', '-')}`);
  const types: unknown[] = [];
  for (const entry of [get(index, 'manifests')].flat()) {
    const manifest = await fetchJson(`${root}/manifests/${String(get(entry, 'digest'))}`);
    assert.equal(get(manifest, 'subject', 'digest'), digest);
    const bundle = await fetchJson(`${root}/blobs/${String(get(manifest, 'layers', 0, 'digest'))}`);
    const envelope = get(bundle, 'dsseEnvelope');
    const payload = Buffer.from(String(get(envelope, 'payload')), 'base64');
    const head = `DSSEv1 28 application/vnd.in-toto+json ${payload.length} `;
    const signature = Buffer.from(String(get(envelope, 'signatures', 0, 'sig')), 'base64');
    const signed = Buffer.concat([Buffer.from(head), payload]);
    assert.ok(verify('sha256', signed, createPublicKey(publicKey), signature));
    const statement: unknown = JSON.parse(payload.toString('utf8'));
    assert.equal(get(statement, 'subject', 0, 'digest', 'sha256'), digest.slice('sha256:'.length));
    types.push(get(statement, 'predicateType'));
  }
  return types;
}

/** Asks no service of Sigstore: there is a key, no transparency log, and a root of trust with nothing in it. */
async function prepareCosign(program: string, folder: string, publicKey: string) {
  const [key, root] = [join(folder, 'key.pub'), join(folder, 'trusted-root.json')];
  await writeFile(key, publicKey);
  await writeFile(root, '{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}');
  const options = ['--key', key, '--trusted-root', root, '--new-bundle-format', '--offline'];
  return async (image: ImageAt, type: string): Promise<unknown> => {
    const argv = [program, 'verify-attestation', ...options, '--insecure-ignore-tlog=true', '--type', type];
    const reference = `${image.registry}/${image.repository}@${image.digest}`;
    const env = { PATH: '/usr/bin:/bin', HOME: folder };
    const said: unknown = JSON.parse(await runProgram([...argv, reference], { env }));
    return JSON.parse(Buffer.from(String(get(said, 'payload')), 'base64').toString('utf8'));
  };
}

describe('attachStatements', { skip: why ?? false }, () => {
  it('is found in a real registry by the tag of the digest, signed as DSSE says', async () => {
    await using folder = await temporaryFolder('attach');
    await using registry = await startRegistry(join(folder.path, 'registry'));
    const signer = newSigner('ec');
    const { client, image, request, digests } = await attached(registry.host, signer);
    assert.deepEqual(await attachStatements(request), digests);
    const read = await readAttestations({ client, image, verifier: createVerifier(signer.publicKey) });
    assert.deepEqual([read.good.map(({ predicateType }) => predicateType), read.refused], [TYPES, []]);
    assert.deepEqual(await verifyByHand(image, signer.publicKey), TYPES);
  });

  for (const kind of ['ec', 'ed25519'] as const) {
    it(
      `is taken by cosign with a key of ${kind}, and by no other key`,
      { timeout: 300_000 },
      async (test) => {
        const program = await installCosign().catch(messageOf);
        if (!program.startsWith('/')) return test.skip(`there is no cosign: ${program}`);
        await using folder = await temporaryFolder('attach');
        await using registry = await startRegistry(join(folder.path, 'registry'));
        const signer = newSigner(kind);
        const { base, image } = await attached(registry.host, signer);
        const accept = await prepareCosign(program, folder.path, signer.publicKey);
        for (const [index, type] of ['cyclonedx', 'openvex', 'slsaprovenance1', VERDICT].entries())
          assert.equal(get(await accept(image, type), 'predicateType'), TYPES[index]);
        await assert.rejects(accept(base, 'openvex'), /no valid bundles exist/);
        const refuse = await prepareCosign(program, folder.path, newSigner(kind).publicKey);
        await assert.rejects(refuse(image, 'openvex'), /could not verify envelope/);
      },
    );
  }
});
