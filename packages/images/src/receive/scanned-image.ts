/** The image of a report of Trivy or Grype: both name it by references and repeat its configuration. */
import type { Digest } from '../image/image.ts';
import type { FoundImage } from './finding.ts';
import { toDigest, toPlatform, toReference, type FoundReference } from './found-image.ts';
import { partOf, textOf, textsOf, wrongField, type Part } from './part.ts';

/** Layers of one image; registries take fewer. */
const MAX_LAYERS = 500;

/** What the references say: a registry and repository that they agree on, and their tags. */
export function namesOf(
  part: Part,
  keys: { readonly digests: string; readonly tags: string },
  asked: string | null,
): Pick<FoundImage, 'registry' | 'repository' | 'tags' | 'digest'> {
  const digests = referencesOf(part, keys.digests);
  const tagged = referencesOf(part, keys.tags);
  const own = asked === null ? null : toReference(asked);
  const isOwn = (reference: FoundReference): boolean =>
    own !== null && reference.repository === own.repository && reference.registry === own.registry;
  const named = digests.find(isOwn) ?? tagged.find(isOwn) ?? digests[0] ?? tagged[0] ?? pushed(own);
  const inPlace = (reference: FoundReference): boolean =>
    reference.repository === named?.repository && reference.registry === named.registry;
  const different = new Set(digests.map(({ digest }) => digest));
  const digest = digests.find(inPlace)?.digest ?? (different.size === 1 ? digests[0]?.digest : null);
  const tags = tagged.filter(inPlace).map(({ tag }) => tag);
  return {
    registry: named?.registry ?? null,
    repository: named?.repository ?? null,
    tags: [...new Set(tags.filter((tag) => tag !== null))],
    digest: digest ?? own?.digest ?? null,
  };
}

/** What was asked for may be a file as well; with a host or a digest it is none. */
function pushed(own: FoundReference | null): FoundReference | null {
  return own !== null && (own.registry !== null || own.digest !== null) ? own : null;
}

function referencesOf(part: Part, key: string): readonly FoundReference[] {
  return textsOf(part, key).flatMap((text) => {
    const reference = toReference(text);
    if (reference !== null) return [reference];
    wrongField(part, key, 'has an item that is no reference of an image');
    return [];
  });
}

/** The digests of a list; none when one of them is none, for a list with a hole is no list of layers. */
export function layersOf(part: Part, key: string): readonly Digest[] {
  const texts = textsOf(part, key);
  const digests = texts.map(toDigest).filter((digest) => digest !== null);
  if (digests.length === texts.length && digests.length <= MAX_LAYERS) return digests;
  wrongField(part, key, 'is no list of digests');
  return [];
}

/** What a configuration of OCI says. */
export function configured(config: Part | null): Pick<FoundImage, 'platform' | 'diffIds'> {
  if (config === null) return { platform: null, diffIds: [] };
  const os = textOf(config, 'os');
  const architecture = textOf(config, 'architecture');
  const rootfs = partOf(config, 'rootfs');
  return {
    platform:
      os === null || architecture === null ? null : toPlatform(os, architecture, textOf(config, 'variant')),
    diffIds: rootfs === null ? [] : layersOf(rootfs, 'diff_ids'),
  };
}
