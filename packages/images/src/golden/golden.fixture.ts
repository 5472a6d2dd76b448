/** Golden images in a test registry: layers by words, several platforms, settings for them, and a database. */
import { migrate, openDatabase, type Database } from '@callboard/kernel';
import { digestOf } from '../image/digest.ts';
import type { Digest, Platform } from '../image/image.ts';
import { OCI_INDEX } from '../image/manifest.ts';
import { addImage, AMD64 } from '../image/registry-faults.fixture.ts';
import type { TestRegistry } from '../image/registry.fixture.ts';
import type { ApplicationSettings, GoldenSettings } from '../settings.ts';
import { goldenMigrationSteps } from './migrations.ts';

export const ARM64: Platform = { os: 'linux', architecture: 'arm64', variant: null };

/** In memory, with the tables of golden images. */
export async function goldenDatabase(): Promise<Database> {
  const database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [{ room: 'images', steps: goldenMigrationSteps }], () => 0);
  return database;
}

export const layer = (word: string): Digest => digestOf(`layer ${word}`);

export interface Stack {
  /** As `golden/debian:12`. */
  readonly name: string;
  /** One for each layer, from the base up. */
  readonly words: readonly string[];
  readonly platform?: Platform;
}

/** Puts an image whose layers have the digests of words into the registry. */
export function putStack(registry: TestRegistry, { name, words, platform = AMD64 }: Stack): Digest {
  const { os, architecture } = platform;
  const layers = words.map((word) => ({ mediaType: 'x', digest: digestOf(`gzip ${word}`), size: 1 }));
  const rootfs = { type: 'layers', diff_ids: words.map(layer) };
  return addImage(registry, name, { config: { os, architecture, rootfs }, manifest: { layers } }).digest;
}

/** Puts an index of images, which are not tagged themselves, under a name. */
export function putIndex(
  registry: TestRegistry,
  name: string,
  stacks: readonly (Omit<Stack, 'name'> & { readonly platform: Platform })[],
): { readonly index: Digest; readonly digests: readonly Digest[] } {
  const digests = stacks.map((stack, index) =>
    putStack(registry, { name: `${name}-part-${index}`, ...stack }),
  );
  const manifests = stacks.map(({ platform: { os, architecture } }, index) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: digests[index],
    size: 1,
    platform: { os, architecture },
  }));
  for (const index of stacks.keys()) registry.manifests.delete(`${name}-part-${index}`);
  const index = registry.addManifest(name, { schemaVersion: 2, mediaType: OCI_INDEX, manifests }, OCI_INDEX);
  return { index, digests };
}

export function applicationSettings(
  registry: Pick<TestRegistry, 'host'>,
  name: string,
  image: string,
): ApplicationSettings {
  const [repository = '', tag = ''] = image.split(':');
  return { name, owner: null, system: null, registry: registry.host, repository, tag };
}

export function goldenSettings(
  registry: Pick<TestRegistry, 'host'>,
  name: string,
  image: string,
  platforms: readonly Platform[] = [AMD64],
): GoldenSettings {
  const own = { title: null, platforms, mirrors: {}, smokeTests: [], allowedPaths: [] };
  return { ...applicationSettings(registry, name, image), ...own };
}
