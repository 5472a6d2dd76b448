/** The image of a finding of Inspector: its details and its ARN say the same in different words, or one of them lies. */
import { isTag } from '../image/reference.ts';
import type { FoundImage } from './finding.ts';
import { fromPlatform } from './distro.ts';
import { isRepository, NO_IMAGE, parseEcrArn, toDigest, toPlatform } from './found-image.ts';
import { textOf, textsOf, wrongField, type Part } from './part.ts';
import { withKnown } from './reading.ts';

/** The image, or why it is none. */
export function imageOfFinding({
  hash,
  arn,
  details,
  known = {},
}: {
  readonly hash: string | null;
  /** `arn:aws:ecr:…` of the resource. */
  readonly arn: string | null;
  /** `awsEcrContainerImage` of the resource. */
  readonly details: Part | null;
  readonly known?: Partial<FoundImage>;
}): FoundImage | string {
  const named = arn === null ? null : parseEcrArn(arn);
  if (arn !== null && named === null) return 'The id of its resource is no ARN of an image in ECR.';
  const text = details === null ? hash : textOf(details, 'imageHash');
  const own = toDigest(text);
  if (text !== null && own === null) return 'Its imageHash is no digest.';
  const digest = own ?? named?.digest ?? null;
  if (named !== null && named.digest !== digest)
    return 'Its imageHash and the ARN of its resource name two images.';
  const repository = named?.repository ?? (details === null ? null : textOf(details, 'repositoryName'));
  const found: FoundImage = {
    ...NO_IMAGE,
    digest,
    registry: named?.registry ?? null,
    repository: repository !== null && isRepository(repository) ? repository : null,
    ...(details !== null && described(details)),
  };
  return withKnown(found, known);
}

function described(details: Part): Pick<FoundImage, 'tags' | 'platform' | 'distro'> {
  const architecture = textOf(details, 'architecture');
  const platform = textOf(details, 'platform');
  const distro = platform === null ? null : fromPlatform(platform);
  if (platform !== null && distro === null)
    wrongField(details, 'platform', 'is no distribution that is known');
  return {
    tags: textsOf(details, 'imageTags').filter(isTag),
    platform: architecture === null ? null : toPlatform('linux', architecture, null),
    distro,
  };
}
