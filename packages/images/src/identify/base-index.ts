/**
 * Finds the golden images that an image is built on by the ChainIDs of its layers (OCI image 1.1, «Layer ChainID»): equal
 * ChainIDs are equal layers in equal order, so that one look a layer is enough.
 */
import { digestOf } from '../image/digest.ts';
import type { Digest, Platform } from '../image/image.ts';
import type { GoldenImage, GoldenVersion } from './golden-image.ts';

export interface GoldenMatch {
  readonly golden: GoldenImage;
  readonly version: GoldenVersion;
}

export interface BaseIndex {
  /**
   * All whose layers the stack begins with, or is, the nearest first: that with the most layers, and of equal ones the
   * newest. Without a platform those of any.
   */
  basesOf(diffIds: readonly Digest[], platform: Platform | null): readonly GoldenMatch[];
  /** The same by the digests of compressed layers, which another compression changes. */
  basesByLayers(layers: readonly Digest[], platform: Platform | null): readonly GoldenMatch[];
  /** By the digest of a manifest, or of an index that has it; with a platform only those that are for it. */
  byDigest(digest: Digest, platform: Platform | null): readonly GoldenMatch[];
  /** By registry and repository. */
  byName(registry: string | null, repository: string): readonly GoldenImage[];
}

/** The layer without any file, of which instructions that change nothing make one; it is no base of anything. */
const EMPTY_LAYERS: ReadonlySet<string> = new Set([
  'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef',
  'sha256:84ff92691f909a05b224e1c56abb4864f01b4f8e3c854e4bb4c7baf1d3f6d652',
]);

/** `c0 = d0`, `ci = sha256(c(i-1) + " " + di)`; one for each layer. */
export function chainIds(diffIds: readonly Digest[]): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOf(`${below} ${diffId}`));
  }
  return chain;
}

export function createBaseIndex(goldens: readonly GoldenImage[]): BaseIndex {
  const byChain = new Map<Digest, GoldenMatch[]>();
  const byLayerChain = new Map<Digest, GoldenMatch[]>();
  const byDigest = new Map<Digest, GoldenMatch[]>();
  for (const golden of goldens) {
    for (const version of golden.versions) {
      const match = { golden, version };
      for (const digest of new Set([version.digest, version.indexDigest])) {
        if (digest !== null) add(byDigest, digest, match);
      }
      if (version.diffIds.every((diffId) => EMPTY_LAYERS.has(diffId))) continue;
      add(byChain, chainIds(version.diffIds).at(-1), match);
      if (version.layers.length === version.diffIds.length) {
        add(byLayerChain, chainIds(version.layers).at(-1), match);
      }
    }
  }
  return {
    basesOf: (diffIds, platform) => walk(byChain, diffIds, platform),
    basesByLayers: (layers, platform) => walk(byLayerChain, layers, platform),
    byDigest: (digest, platform) =>
      (byDigest.get(digest) ?? []).filter(({ golden }) => isFor(golden, platform)),
    byName: (registry, repository) =>
      goldens.filter(
        (golden) => golden.repository === repository && (registry === null || golden.registry === registry),
      ),
  };
}

function add(to: Map<Digest, GoldenMatch[]>, key: Digest | undefined, match: GoldenMatch): void {
  if (key === undefined) return;
  const there = to.get(key);
  if (there === undefined) to.set(key, [match]);
  there?.push(match);
}

function walk(
  index: ReadonlyMap<Digest, readonly GoldenMatch[]>,
  stack: readonly Digest[],
  platform: Platform | null,
): readonly GoldenMatch[] {
  return chainIds(stack)
    .toReversed()
    .flatMap((chainId) =>
      (index.get(chainId) ?? [])
        .filter(({ golden }) => isFor(golden, platform))
        .toSorted((a, b) => ageOf(a) - ageOf(b)),
    );
}

function ageOf({ golden, version }: GoldenMatch): number {
  return golden.versions.indexOf(version);
}

function isFor({ platform: own }: GoldenImage, platform: Platform | null): boolean {
  return platform === null || (own.os === platform.os && own.architecture === platform.architecture);
}
