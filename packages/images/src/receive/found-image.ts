/** The names of images in reports: digests, references, ARNs of ECR, architectures in the words of OCI. */
import { CodedError } from '@callboard/kernel';
import type { Digest, Platform } from '../image/image.ts';
import { parseReference, repositoryFault, type Reference } from '../image/reference.ts';
import type { FoundImage } from './finding.ts';

export const NO_IMAGE: FoundImage = {
  digest: null,
  configDigest: null,
  registry: null,
  repository: null,
  tags: [],
  platform: null,
  diffIds: [],
  distro: null,
};

/** Null when it is not `sha256:` and 64 hexadecimal digits; upper-case ones become lower-case. */
export function toDigest(text: string | null): Digest | null {
  const hex = /^sha256:([0-9a-f]{64})$/i.exec(text ?? '')?.[1];
  return hex === undefined ? null : `sha256:${hex.toLowerCase()}`;
}

/** As a report says it. */
export interface FoundReference extends Omit<Reference, 'registry'> {
  /** Null when the report names no host: an image that was never pushed has none, and no registry is guessed. */
  readonly registry: string | null;
}

/**
 * `host:5000/golden/debian:11@sha256:…`, by the grammar of Docker; null when it is no reference. What that grammar
 * takes a name without a host for (`docker.io`, `library/`) is left away again.
 */
export function toReference(text: string): FoundReference | null {
  const reference = attempt(text);
  if (reference === null) return null;
  const isNamed = reference.registry !== HUB || /^(?:index\.)?docker\.io\//i.test(text);
  if (isNamed) return reference;
  const added = text.startsWith(HUB_FOLDER) ? '' : HUB_FOLDER;
  const { repository } = reference;
  return {
    ...reference,
    registry: null,
    repository: repository.startsWith(added) ? repository.slice(added.length) : repository,
  };
}

const HUB = 'docker.io';
const HUB_FOLDER = 'library/';

function attempt(text: string): Reference | null {
  try {
    return parseReference(text);
  } catch (thrown) {
    if (thrown instanceof CodedError) return null;
    throw thrown;
  }
}

export interface EcrImage {
  readonly registry: string;
  readonly repository: string;
  readonly digest: Digest;
}

/** `arn:aws:ecr:<region>:<account>:repository/<name>/sha256:<hex>`, in which the name may have slashes too. */
export function parseEcrArn(arn: string): EcrImage | null {
  const match = /^arn:(aws[\w-]*):ecr:([\w-]+):(\d{12}):repository\/(.+)\/(sha256:[0-9a-fA-F]{64})$/.exec(
    arn,
  );
  if (match === null) return null;
  const [, partition, region, account, repository = '', hash = ''] = match;
  const digest = toDigest(hash);
  if (digest === null || !isRepository(repository)) return null;
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { registry: `${account}.dkr.ecr.${region}.${domain}`, repository, digest };
}

/** A repository that can be one. */
export function isRepository(text: string): boolean {
  return repositoryFault(text) === null;
}

/** `ARM64`, `x86_64` and the like as OCI has them. */
export function toPlatform(os: string, architecture: string, variant: string | null): Platform | null {
  const names: ReadonlyMap<string, string> = new Map([
    ['x86_64', 'amd64'],
    ['aarch64', 'arm64'],
    ['i386', '386'],
    ['i686', '386'],
    ['armhf', 'arm'],
    ['armv7l', 'arm'],
    ['ppc64el', 'ppc64le'],
  ]);
  const lower = architecture.toLowerCase();
  if (!/^[a-z0-9_]{1,32}$/.test(lower) || !/^[a-z0-9]{1,32}$/i.test(os)) return null;
  return { os: os.toLowerCase(), architecture: names.get(lower) ?? lower, variant };
}
