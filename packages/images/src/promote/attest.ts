/**
 * Attaches signed statements to an image: in-toto statements in DSSE envelopes, in Sigstore bundles (v0.3), each a
 * manifest whose subject is the image's digest (OCI 1.1 referrers), as cosign does since it writes bundles.
 */
import { isObject } from '@callboard/model';
import { digestOf } from '../image/digest.ts';
import type { Descriptor, Digest, ImageAt } from '../image/image.ts';
import { OCI_MANIFEST } from '../image/manifest.ts';
import type { CallOptions, Referrer, RegistryClient } from '../image/registry-client.ts';
import { Readable } from 'node:stream';
import { canonicalJson } from '../plan/canonical.ts';
import {
  createVerifier,
  parseEnvelope,
  STATEMENT_TYPE,
  type Envelope,
  type Signer,
  type Verifier,
} from '../prove/dsse.ts';
import { promoteError } from './errors.ts';

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const STATEMENT = 'callboard.statement';
const MOST_BYTES = 64 * 1024 * 1024;

export interface Attestation {
  readonly predicateType: string;
  readonly predicate: unknown;
}

export interface AttachRequest {
  readonly client: RegistryClient;
  readonly image: ImageAt;
  readonly attestations: readonly Attestation[];
  readonly signer: Signer;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly signal?: AbortSignal;
}

/** The digests of the manifests, in the order given. A statement that is there already, signed by the key, is not attached again. */
export async function attach(request: AttachRequest): Promise<readonly Digest[]> {
  const { client, image, attestations } = request;
  const options = callOptions(request.signal);
  const subject = await subjectOf(client, image, options);
  const there = await client.referrers(image, image.digest, options);
  const digests: Digest[] = [];
  for (const { predicateType, predicate } of attestations) {
    const statement = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: `${image.registry}/${image.repository}`, digest: { sha256: image.digest.slice(7) } }],
      predicateType,
      predicate,
    };
    const payload = Buffer.from(canonicalJson(statement));
    const known = await findSigned(request, there, payload);
    digests.push(known ?? (await attachOne(request, { payload, predicateType, subject })));
  }
  return digests;
}

/** Anybody can write an annotation, so the signature is looked at. */
async function findSigned(
  request: AttachRequest,
  there: readonly Referrer[],
  payload: Buffer,
): Promise<Digest | null> {
  const verifier = createVerifier(request.signer.publicKey);
  for (const referrer of there.filter(({ annotations }) => annotations[STATEMENT] === digestOf(payload))) {
    const envelope = envelopeIn(await bundleOf(request, referrer, callOptions(request.signal)));
    if (envelope !== null && verifier.open(envelope, STATEMENT_TYPE)?.equals(payload) === true)
      return referrer.digest;
  }
  return null;
}

interface One {
  readonly payload: Buffer;
  readonly predicateType: string;
  readonly subject: Descriptor;
}

async function attachOne(request: AttachRequest, { payload, predicateType, subject }: One): Promise<Digest> {
  const { client, image, signer } = request;
  const options = callOptions(request.signal);
  const envelope = signer.sign(payload, STATEMENT_TYPE);
  const bundle = Buffer.from(
    JSON.stringify({
      mediaType: BUNDLE,
      verificationMaterial: { publicKey: { hint: signer.keyId }, tlogEntries: [] },
      dsseEnvelope: envelope,
    }),
  );
  const empty = Buffer.from('{}');
  const [layer, config] = [await push(request, BUNDLE, bundle), await push(request, EMPTY, empty)];
  const annotations = {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
    'org.opencontainers.image.created': new Date(request.madeAt).toISOString(),
    [STATEMENT]: digestOf(payload),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: BUNDLE,
    config,
    layers: [layer],
    subject,
    annotations,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  const digest = await client.pushManifest(image, { mediaType: OCI_MANIFEST, bytes, tag: null }, options);
  const referrer = { mediaType: OCI_MANIFEST, digest, size: bytes.length, artifactType: BUNDLE, annotations };
  await client.noteReferrer(image, image.digest, referrer, options);
  return digest;
}

async function push(request: AttachRequest, mediaType: string, bytes: Buffer): Promise<Descriptor> {
  const blob = { digest: digestOf(bytes), size: bytes.length, open: () => Readable.from([bytes]) };
  await request.client.pushBlob(request.image, blob, callOptions(request.signal));
  return { mediaType, digest: blob.digest, size: blob.size };
}

async function subjectOf(client: RegistryClient, image: ImageAt, options: CallOptions): Promise<Descriptor> {
  const manifest = await client.manifest({ ...image, reference: image.digest }, options);
  if (manifest === null) throw vanished(image);
  return { mediaType: manifest.mediaType, digest: manifest.digest, size: manifest.bytes.length };
}

function vanished({ registry, repository, digest }: ImageAt): Error {
  const message = `${registry}/${repository}@${digest} is no longer in the registry. Build it again.`;
  return promoteError('images/promotion-vanished', message);
}

export interface ReadAttestations {
  /** Those that the key signed, about this image. */
  readonly good: readonly Attestation[];
  /** Bundles that are broken, about another image, or without a signature of the key. */
  readonly refused: readonly { readonly digest: Digest; readonly why: string }[];
}

/** Everything of the form that `attach` writes, checked against the key. */
export async function readAttestations(request: {
  readonly client: RegistryClient;
  readonly image: ImageAt;
  readonly verifier: Verifier;
  readonly signal?: AbortSignal;
}): Promise<ReadAttestations> {
  const { client, image, verifier } = request;
  const options = callOptions(request.signal);
  const good: Attestation[] = [];
  const refused: { digest: Digest; why: string }[] = [];
  const referrers = await client.referrers(image, image.digest, options);
  for (const referrer of referrers.filter(({ artifactType }) => artifactType === BUNDLE)) {
    const read = openBundle(await bundleOf(request, referrer, options), image, verifier);
    if (typeof read === 'string') refused.push({ digest: referrer.digest, why: read });
    if (typeof read !== 'string') good.push(read);
  }
  return { good, refused };
}

async function bundleOf(
  { client, image }: { readonly client: RegistryClient; readonly image: ImageAt },
  referrer: Referrer,
  options: CallOptions,
): Promise<unknown> {
  const manifest = await client.manifest({ ...image, reference: referrer.digest }, options);
  const layers = manifest === null ? null : fieldsOf(parseJson(manifest.bytes))['layers'];
  const { mediaType, digest, size } = fieldsOf(Array.isArray(layers) ? layers[0] : null);
  if (mediaType !== BUNDLE || !isDigest(digest) || typeof size !== 'number' || size > MOST_BYTES) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of await client.readBlob(image, { mediaType, digest, size }, options)) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  return parseJson(Buffer.concat(chunks));
}

/** The statement of it, or why not. */
function openBundle(bundle: unknown, image: ImageAt, verifier: Verifier): Attestation | string {
  const envelope = envelopeIn(bundle);
  if (envelope === null) return 'is no bundle with an envelope';
  const payload = verifier.open(envelope, STATEMENT_TYPE);
  if (payload === null) return 'has no signature of the key';
  const { subject, predicateType, predicate } = fieldsOf(parseJson(payload));
  const digests = Array.isArray(subject)
    ? subject.map((one) => fieldsOf(fieldsOf(one)['digest'])['sha256'])
    : [];
  if (!digests.includes(image.digest.slice(7))) return 'is about another image';
  return typeof predicateType === 'string' ? { predicateType, predicate } : 'is no statement';
}

function envelopeIn(bundle: unknown): Envelope | null {
  return parseEnvelope(Buffer.from(JSON.stringify(fieldsOf(bundle)['dsseEnvelope'] ?? null)));
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
}

function callOptions(signal: AbortSignal | undefined): CallOptions {
  return signal === undefined ? {} : { signal };
}
