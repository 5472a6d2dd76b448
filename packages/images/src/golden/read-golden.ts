/** Reads what a tag points to now, an index or a manifest, for each platform that is asked for. */
import { CodedError } from '@callboard/kernel';
import type { GoldenVersion } from '../identify/golden-image.ts';
import type { Digest, Platform } from '../image/image.ts';
import { choosePlatform, formatPlatform, isIndex, parseIndex } from '../image/manifest.ts';
import type { CallOptions, RawManifest, RegistryClient, Repository } from '../image/registry-client.ts';
import { registryError } from '../image/registry-errors.ts';

export interface ReadRequest {
  readonly client: Pick<RegistryClient, 'manifest' | 'image'>;
  readonly at: Repository & { readonly tag: string };
  readonly platforms: readonly Platform[];
  /** `first`: of the first of the platforms that there is an image for. Default: `each`. */
  readonly of?: 'each' | 'first';
  /** What is known of a manifest, so that it is not read again: what has this digest never changes. */
  readonly known: (platform: Platform, digest: Digest) => Layers | null;
  readonly signal: AbortSignal | undefined;
}

export type Layers = Pick<GoldenVersion, 'diffIds' | 'layers'>;

export interface ReadVersion {
  readonly platform: Platform;
  readonly version: GoldenVersion;
}

export interface ReadImages {
  readonly images: readonly ReadVersion[];
  /** Why some, or all, could not be read; `platform` is null when it is about the tag. */
  readonly problems: readonly ReadProblem[];
}

export interface ReadProblem {
  readonly platform: Platform | null;
  readonly error: CodedError;
}

/** Rejects when it is aborted, and with nothing that a registry can be the cause of. */
export async function readGolden(request: ReadRequest): Promise<ReadImages> {
  const { client, platforms, of = 'each', signal } = request;
  const at = { registry: request.at.registry, repository: request.at.repository };
  const options = signal === undefined ? {} : { signal };
  const found = await attempt(signal, async () => {
    const manifest = await client.manifest({ ...at, reference: request.at.tag }, options);
    if (manifest !== null) return manifest;
    const message = `There is no ${at.registry}/${at.repository}:${request.at.tag}.`;
    throw registryError('images/registry-not-found', message);
  });
  if (found instanceof CodedError) return { images: [], problems: [{ platform: null, error: found }] };
  const images: ReadVersion[] = [];
  const problems: ReadProblem[] = [];
  for (const platform of platforms) {
    const version = await attempt(signal, () => readVersion(request, { found, platform }, options));
    if (version instanceof CodedError) problems.push({ platform, error: version });
    else images.push({ platform, version });
    if (of === 'first' && images.length > 0) return { images, problems: [] };
  }
  return { images, problems };
}

/** As one line for people; null when there are none. */
export function problemText(problems: readonly ReadProblem[]): string | null {
  const texts = problems.map(({ platform, error }) =>
    platform === null ? error.message : `${formatPlatform(platform)}: ${error.message}`,
  );
  return texts.length === 0 ? null : texts.join(' ');
}

async function readVersion(
  { client, at, known }: ReadRequest,
  { found, platform }: { readonly found: RawManifest; readonly platform: Platform },
  options: CallOptions,
): Promise<GoldenVersion> {
  const index = isIndex(found.mediaType);
  const digest = index ? choosePlatform(parseIndex(found.bytes), platform).digest : found.digest;
  const indexDigest = index ? found.digest : null;
  const layers = known(platform, digest);
  if (layers !== null) return { digest, indexDigest, diffIds: layers.diffIds, layers: layers.layers };
  const { registry, repository } = at;
  const image = await client.image({ registry, repository, reference: digest }, platform, options);
  return {
    digest,
    indexDigest,
    diffIds: image.config.diffIds,
    layers: image.manifest.layers.map((layer) => layer.digest),
  };
}

async function attempt<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T | CodedError> {
  try {
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof CodedError) return error;
    throw error;
  }
}
