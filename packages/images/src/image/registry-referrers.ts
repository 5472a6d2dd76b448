/**
 * What was attached to an image: by the referrers API, or, where a registry has none, by the index that the tag
 * `sha256-<hex>` names (OCI distribution 1.1, «referrers tag schema»).
 */
import type { Digest } from './image.ts';
import { isIndex, OCI_INDEX, parseIndex } from './manifest.ts';
import type { CallOptions, Referrer, RegistryClient, Repository } from './registry-client.ts';
import { registryError } from './registry-errors.ts';
import { nameOf, type Exchange } from './registry-exchange.ts';
import { listReferrers, toReferrer } from './registry-lists.ts';

/** Writers of the same tag may overwrite each other; so often we look whether ours is still there. */
const ROUNDS = 5;

export interface Attachments {
  readonly client: Pick<RegistryClient, 'manifest' | 'pushManifest'>;
  readonly exchange: Exchange;
}

export async function referrersOf(
  { client, exchange }: Attachments,
  about: { readonly at: Repository; readonly digest: Digest },
  call: CallOptions = {},
): Promise<readonly Referrer[]> {
  const known = await listReferrers(exchange, about, call);
  return known ?? (await readFallback(client, about, call));
}

export async function noteReferrer(
  { client, exchange }: Attachments,
  about: { readonly at: Repository; readonly subject: Digest; readonly referrer: Referrer },
  call: CallOptions = {},
): Promise<void> {
  const { at, subject, referrer } = about;
  // Where there is an API, the registry has read the subject of the manifest itself.
  if ((await listReferrers(exchange, { at, digest: subject }, call)) !== null) return;
  for (let round = 0; round < ROUNDS; round += 1) {
    const there = await readFallback(client, { at, digest: subject }, call);
    if (there.some(({ digest }) => digest === referrer.digest)) return;
    const bytes = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [...there, referrer].map(toEntry),
      }),
    );
    await client.pushManifest(at, { mediaType: OCI_INDEX, bytes, tag: fallbackTag(subject) }, call);
  }
  const there = await readFallback(client, { at, digest: subject }, call);
  if (there.some(({ digest }) => digest === referrer.digest)) return;
  const message = `${nameOf(at)}:${fallbackTag(subject)} does not keep ${referrer.digest}; others write it too.`;
  throw registryError('images/registry-unreachable', message);
}

async function readFallback(
  client: Attachments['client'],
  { at, digest }: { readonly at: Repository; readonly digest: Digest },
  call: CallOptions,
): Promise<readonly Referrer[]> {
  const reference = fallbackTag(digest);
  const manifest = await client.manifest({ ...at, reference }, call);
  if (manifest === null) return [];
  if (isIndex(manifest.mediaType)) return parseIndex(manifest.bytes).map(toReferrer);
  const message = `${nameOf(at)}:${reference} is no index, so that nothing can be attached to the image.`;
  throw registryError('images/registry-bad-answer', message);
}

function fallbackTag(digest: Digest): string {
  return digest.replace(':', '-');
}

function toEntry({ mediaType, digest, size, artifactType, annotations }: Referrer): Record<string, unknown> {
  return {
    mediaType,
    digest,
    size,
    ...(artifactType !== null && { artifactType }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}
