/** The answer to «which golden image is this finding about?», with everything that spoke for it and against it. */
import type { AffectedPackage } from '../receive/finding.ts';
import type { GoldenMatch } from './base-index.ts';
import type { GoldenImage } from './golden-image.ts';

/** `base`: the golden image brought it, and is to be patched. `application`: a layer above brought it. */
export type Part = 'base' | 'application' | 'unknown';

/**
 * `proved`: by layers that were read from the registry, or by the digest of the golden image itself. `likely`: by layers
 * that only a report names, or as they are compressed. `hint`: by a name that nothing speaks against, nor for.
 */
export type Confidence = 'proved' | 'likely' | 'hint' | 'none';

export type EvidenceKind =
  | 'digest'
  | 'diffid-prefix'
  | 'provenance'
  | 'annotation'
  | 'label'
  | 'layer-digest'
  | 'finding-layer'
  | 'name';

export interface Evidence {
  readonly kind: EvidenceKind;
  /** What it said, for people; somebody's text in it is quoted. */
  readonly says: string;
  /** The name of the golden image that it points to; null when it points to none that we know. */
  readonly golden: string | null;
  /** Whether it counts: layers by themselves, all else only when the layers agree. */
  readonly accepted: boolean;
}

export interface Identification {
  /** The nearest base; null when there is none. Only a `proved` one may be acted upon without a person. */
  readonly golden: GoldenMatch | null;
  /** All golden images that the image stands on, the nearest first; the first is `golden`. Empty for a hint. */
  readonly ancestry: readonly GoldenMatch[];
  /** `base` as soon as the base brought one of the packages. */
  readonly part: Part;
  /** In the order of the finding. */
  readonly packages: readonly PackagePart[];
  readonly confidence: Confidence;
  /** The strongest kind first. */
  readonly evidence: readonly Evidence[];
}

export interface PackagePart {
  readonly package: AffectedPackage;
  readonly part: Part;
  /** The lowest golden image that has the layer: where a patch helps all that stand on it. Null unless `part` is `base`. */
  readonly golden: GoldenMatch | null;
}

/** As it stands in evidence. */
export function nameOf({ name }: GoldenImage): string {
  return `golden image ${JSON.stringify(name)}`;
}
