/** The client of registries (OCI distribution 1.1) over `fetch`. Nothing that a registry says is believed unchecked. */
import { setTimeout as sleep } from 'node:timers/promises';
import { digestOf, parseDigest } from './digest.ts';
import type { Digest, Image, Platform } from './image.ts';
import {
  choosePlatform,
  formatPlatform,
  isIndex,
  isManifest,
  isSameMachine,
  MANIFEST_TYPES,
  mediaTypeIn,
  parseImageConfig,
  parseImageManifest,
  parseIndex,
} from './manifest.ts';
import { isTag } from './reference.ts';
import { isLoopbackRegistry } from './registry-address.ts';
import { createDoorkeeper, type FindCredentials } from './registry-auth.ts';
import { openBlob } from './registry-blobs.ts';
import type { CallOptions, RawManifest, RegistryClient, Repository } from './registry-client.ts';
import { quoted, registryError } from './registry-errors.ts';
import { checkSaidDigest, createExchange, nameOf, type Exchange } from './registry-exchange.ts';
import { createHttpSender, type HttpAnswer } from './registry-http.ts';
import { REGISTRY_LIMITS, type RegistryLimits } from './registry-limits.ts';
import { listTags } from './registry-lists.ts';
import { pushBlob } from './registry-push.ts';
import { noteReferrer, referrersOf } from './registry-referrers.ts';
import { createBackOff, type RetryOptions } from './registry-retry.ts';

export interface RegistryClientOptions {
  readonly fetch: typeof globalThis.fetch;
  /** Default: as anybody. */
  readonly credentials?: FindCredentials;
  /** Which registries, as host and port, speak http and not https. Default: those of this machine. */
  readonly insecure?: (registry: string) => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A number from 0 to 1. */
  readonly random: () => number;
  /** Default: a timer. */
  readonly wait?: RetryOptions['wait'];
  /** Those that are not given are `REGISTRY_LIMITS`. */
  readonly limits?: Partial<RegistryLimits>;
}

type At = Repository & { readonly reference: string };

/** Keeps tokens in memory, and holds nothing open when idle. */
export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const limits = { ...REGISTRY_LIMITS, ...options.limits };
  const { now, random, wait = sleepUnlessAborted, insecure = isLoopbackRegistry } = options;
  const send = createHttpSender(options.fetch, limits);
  const backOff = createBackOff({ random, wait, limits });
  const credentials = options.credentials ?? ((): null => null);
  const doorkeeper = createDoorkeeper({ send, backOff, credentials, now, limits });
  const exchange = createExchange({ send, doorkeeper, insecure, backOff, now, limits });
  const client: RegistryClient = {
    image: (at, platform, call = {}) => readImage(exchange, { at, platform }, call),
    manifest: (at, call = {}) => readManifest(exchange, at, call),
    readBlob: (at, blob, call) => openBlob(exchange, at, blob, call),
    pushBlob: (at, blob, call) => pushBlob(exchange, at, blob, call),
    pushManifest: (at, manifest, call = {}) => pushManifest(exchange, { at, ...manifest }, call),
    tags: (at, call) => listTags(exchange, at, call),
    referrers: (at, digest, call) => referrersOf({ client, exchange }, { at, digest }, call),
    noteReferrer: (at, subject, referrer, call) =>
      noteReferrer({ client, exchange }, { at, subject, referrer }, call),
  };
  return client;
}

async function sleepUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

async function readManifest(
  exchange: Exchange,
  at: At,
  { signal }: CallOptions,
): Promise<RawManifest | null> {
  const digest = parseDigest(at.reference);
  if (digest === null && !isTag(at.reference)) {
    const message = `${quoted(at.reference)} is neither a tag nor a digest.`;
    throw registryError('images/registry-bad-reference', message);
  }
  const what = `manifest ${nameOf(at)}${digest === null ? ':' : '@'}${at.reference}`;
  return await exchange.ask(
    {
      at,
      method: 'GET',
      path: `manifests/${at.reference}`,
      headers: { accept: MANIFEST_TYPES.join(', ') },
      expect: [200, 404],
      what,
      signal,
    },
    async (answer) => {
      const bytes = await answer.bytes(exchange.limits.manifestBytes);
      if (answer.status === 404) return null;
      const actual = digestOf(bytes);
      if (digest !== null && actual !== digest) {
        throw registryError('images/registry-wrong-digest', `The ${what} has the digest ${actual}.`);
      }
      if (digest === null) checkSaidDigest(answer, actual, `The ${what}`);
      return { mediaType: mediaTypeOf(answer, bytes, what), digest: actual, bytes };
    },
  );
}

/** What the manifest itself says counts; the header has to agree, or two tools would read two things. */
function mediaTypeOf(answer: HttpAnswer, bytes: Buffer, what: string): string {
  const header = (answer.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  const own = mediaTypeIn(bytes);
  if (own === null || own === header) return header;
  const message = `The ${what} says it is ${quoted(own)}, and ${answer.url.host} that it is ${quoted(header)}.`;
  throw registryError('images/registry-bad-answer', message);
}

async function readImage(
  exchange: Exchange,
  { at, platform }: { readonly at: At; readonly platform: Platform },
  call: CallOptions,
): Promise<Image> {
  const found = await existing(exchange, at, call);
  const raw = isIndex(found.mediaType)
    ? await existing(
        exchange,
        { ...at, reference: choosePlatform(parseIndex(found.bytes), platform).digest },
        call,
      )
    : found;
  if (!isManifest(raw.mediaType)) {
    const message = `${nameOf(at)}@${raw.digest} is ${quoted(raw.mediaType)}, which is no image of one platform.`;
    throw registryError('images/registry-not-an-image', message);
  }
  const manifest = parseImageManifest(raw.bytes, raw.mediaType);
  if (manifest.config.size > exchange.limits.configBytes) {
    const message = `The configuration of ${nameOf(at)}@${raw.digest} has ${manifest.config.size} bytes.`;
    throw registryError('images/registry-too-large', message);
  }
  const parts: Buffer[] = [];
  for await (const part of await openBlob(exchange, at, manifest.config, call)) parts.push(Buffer.from(part));
  const config = parseImageConfig(Buffer.concat(parts));
  if (config.diffIds.length !== manifest.layers.length) {
    const message = `${nameOf(at)}@${raw.digest} has ${manifest.layers.length} layers, and its configuration names ${config.diffIds.length}.`;
    throw registryError('images/registry-bad-answer', message);
  }
  const { os, architecture, variant } = config;
  const own: Platform = { os, architecture, variant };
  if (!isSameMachine(own, platform)) {
    const message = `${nameOf(at)}@${raw.digest} is for ${formatPlatform(own)}, not for ${formatPlatform(platform)}.`;
    throw registryError('images/registry-no-platform', message);
  }
  const { registry, repository } = at;
  return { registry, repository, digest: raw.digest, platform: own, manifest, config };
}

async function existing(exchange: Exchange, at: At, call: CallOptions): Promise<RawManifest> {
  const manifest = await readManifest(exchange, at, call);
  if (manifest !== null) return manifest;
  const message = `There is no manifest ${at.reference} in ${nameOf(at)}.`;
  throw registryError('images/registry-not-found', message);
}

interface NewManifest {
  readonly at: Repository;
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly tag: string | null;
}

async function pushManifest(
  exchange: Exchange,
  { at, mediaType, bytes, tag }: NewManifest,
  { signal }: CallOptions,
): Promise<Digest> {
  if (tag !== null && !isTag(tag)) {
    throw registryError('images/registry-bad-reference', `${quoted(tag)} is no tag.`);
  }
  const digest = digestOf(bytes);
  const what = `manifest ${nameOf(at)}${tag === null ? `@${digest}` : `:${tag}`}`;
  await exchange.ask(
    {
      at,
      method: 'PUT',
      path: `manifests/${tag ?? digest}`,
      headers: { 'content-type': mediaType },
      body: { size: bytes.length, open: () => once(bytes) },
      expect: [201],
      what,
      signal,
    },
    async (answer) => {
      await answer.discard();
      checkSaidDigest(answer, digest, `The ${what}`);
    },
  );
  return digest;
}

async function* once(bytes: Buffer): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}
