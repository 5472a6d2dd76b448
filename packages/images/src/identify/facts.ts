/** What is known of the image of a finding: from the registry when it was read, else only what the report says. */
import { CodedError } from '@callboard/kernel';
import type { Digest, Image, Platform } from '../image/image.ts';
import type { Finding } from '../receive/finding.ts';
import type { BaseIndex, GoldenMatch } from './base-index.ts';

export interface Known {
  /** The image of the finding, when it was read; without it only the report speaks. */
  readonly image: Image | null;
  /** Digests of the compressed layers, when no more than the manifest was read. */
  readonly layers?: readonly Digest[];
  /** Digests of the dependencies that the provenance of the image names, all stages of its build. */
  readonly provenance?: readonly Digest[];
}

export interface Facts {
  readonly finding: Finding;
  readonly image: Image | null;
  readonly platform: Platform | null;
  readonly provenance: readonly Digest[];
  readonly digest: Digest | null;
  /** Golden images whose manifest it is. */
  readonly same: readonly GoldenMatch[];
  readonly diffIds: readonly Digest[];
  /** Whether the layers were read, and not only reported. */
  readonly areRead: boolean;
  /** As the registry has them; empty when that is not known. */
  readonly layers: readonly Digest[];
}

/** @throws CodedError `images/identify-wrong-image` */
export function factsOf(finding: Finding, known: Known, index: BaseIndex): Facts {
  const { image, layers = [], provenance = [] } = known;
  const said = finding.image;
  if (image !== null && said.digest !== null && said.digest !== image.digest) {
    const message = `The finding ${JSON.stringify(finding.id)} is about ${said.digest}, not about ${image.digest}.`;
    throw new CodedError(400, 'images/identify-wrong-image', message);
  }
  const digest = image?.digest ?? said.digest;
  const platform = image?.platform ?? said.platform;
  const same = (digest === null ? [] : index.byDigest(digest, platform)).filter(
    ({ version }) => version.digest === digest,
  );
  return {
    finding,
    image,
    platform,
    provenance,
    digest,
    same,
    // The layers of a golden image are known, whatever a report says of them.
    diffIds: image?.config.diffIds ?? same[0]?.version.diffIds ?? said.diffIds,
    areRead: image !== null || same.length > 0,
    layers: image?.manifest.layers.map((layer) => layer.digest) ?? layers,
  };
}
