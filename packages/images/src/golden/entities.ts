/** Golden images and the applications that stand on them, as entities of the catalog. */
import { ANNOTATION, DEFAULT_NAMESPACE, stringifyRef, type Entity, type JsonObject } from '@callboard/model';
import { createBaseIndex } from '../identify/base-index.ts';
import type { GoldenStatus } from '../images.ts';
import type { ApplicationSettings } from '../settings.ts';
import type { ApplicationStatus } from './goldens.ts';

export interface EntityOptions {
  /** When the tag of a golden image was last moved to a patch, by its name, in milliseconds since 1970. Default: nothing is said. */
  readonly patchedAt?: ReadonlyMap<string, number>;
  /** Who owns what names no owner, as a resource has to name one. Default: `unknown`, whom nobody is. */
  readonly unowned?: string;
}

/** Annotations of ours. */
const IMAGE_ANNOTATION = {
  /** As `registry.example.com/golden/debian:12`. */
  reference: 'callboard.dev/image-reference',
  /** What the reference was when it was last read: an index, where it is one. */
  digest: 'callboard.dev/image-digest',
  /** The version of the golden image that an image stands on. */
  baseDigest: 'callboard.dev/image-base-digest',
} as const;

const TYPE = 'container-image';

/** One `Resource` for each, in the order in which they are given. */
export function toEntities(
  statuses: readonly GoldenStatus[],
  applications: readonly ApplicationStatus[],
  options: EntityOptions = {},
): readonly Entity[] {
  const names = new Set(statuses.map(({ golden }) => golden.name));
  const bases = goldenBases(statuses);
  const golden = statuses.map((status): Entity => {
    const { name, title } = status.golden;
    const [first] = status.images[0]?.versions ?? [];
    const digest = first?.indexDigest ?? first?.digest ?? null;
    const patchedAt = options.patchedAt?.get(name) ?? null;
    return toEntity(status.golden, options, {
      title,
      description:
        patchedAt === null ? 'Golden image.' : `Golden image, last patched on ${dayOf(patchedAt)}.`,
      digest,
      base: null,
      dependsOn: bases.get(name) ?? [],
      tags: ['golden-image'],
    });
  });
  return [
    ...golden,
    ...applications.map(({ application, digest, base }): Entity => {
      const isKnown = base !== null && names.has(base.golden);
      const on = isKnown ? base.golden : null;
      return toEntity(application, options, {
        title: null,
        description: on === null ? 'Application image.' : `Application image on ${on}${ageOf(on, options)}.`,
        digest,
        base: isKnown ? base.digest : null,
        dependsOn: on === null ? [] : [on],
        tags: [],
      });
    }),
  ];
}

interface Said {
  readonly title: string | null;
  readonly description: string;
  readonly digest: string | null;
  readonly base: string | null;
  /** Names of golden images. */
  readonly dependsOn: readonly string[];
  readonly tags: readonly string[];
}

function toEntity(at: ApplicationSettings, { unowned = 'unknown' }: EntityOptions, said: Said): Entity {
  const { name, owner, system } = at;
  const reference = `${at.registry}/${at.repository}:${at.tag}`;
  const location = `image:${reference}`;
  const { title, description, digest, base, tags } = said;
  const spec: JsonObject = {
    type: TYPE,
    owner: owner ?? unowned,
    ...(system !== null && { system }),
    ...(said.dependsOn.length > 0 && { dependsOn: said.dependsOn.map(refOfImage) }),
  };
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      ...(title !== null && { title }),
      description,
      annotations: {
        [ANNOTATION.managedByLocation]: location,
        [ANNOTATION.managedByOriginLocation]: location,
        [IMAGE_ANNOTATION.reference]: reference,
        ...(digest !== null && { [IMAGE_ANNOTATION.digest]: digest }),
        ...(base !== null && { [IMAGE_ANNOTATION.baseDigest]: base }),
      },
      ...(tags.length > 0 && { tags }),
    },
    spec,
  };
}

/** The nearest golden image below each golden image, of any platform. Those with the same layers are beside each other. */
function goldenBases(statuses: readonly GoldenStatus[]): ReadonlyMap<string, readonly string[]> {
  const index = createBaseIndex(statuses.flatMap(({ images }) => images));
  return new Map(
    statuses.map(({ golden, images }) => {
      const below = images.flatMap(({ platform, versions: [current] }) => {
        const { diffIds = [] } = current ?? {};
        const found = index
          .basesOf(diffIds, platform)
          .find((one) => one.golden.name !== golden.name && one.version.diffIds.length < diffIds.length);
        return found === undefined ? [] : [found.golden.name];
      });
      return [golden.name, [...new Set(below)]];
    }),
  );
}

function refOfImage(name: string): string {
  return stringifyRef({ kind: 'resource', namespace: DEFAULT_NAMESPACE, name });
}

function ageOf(golden: string, { patchedAt }: EntityOptions): string {
  const at = patchedAt?.get(golden) ?? null;
  return at === null ? '' : `, which was last patched on ${dayOf(at)}`;
}

/** In UTC. */
function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
