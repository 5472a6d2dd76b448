/** The names of images in reports: digests, references, ARNs of ECR, architectures in the words of OCI. */
import type { Digest, Platform } from '../image/image.ts';
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

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,254}$/;
const TAG = /^\w[\w.-]{0,127}$/;
const HOST = /^[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?$/;

/** Null when it is not `sha256:` and 64 hexadecimal digits; upper-case ones become lower-case. */
export function toDigest(text: string | null): Digest | null {
  const hex = /^sha256:([0-9a-f]{64})$/i.exec(text ?? '')?.[1];
  return hex === undefined ? null : `sha256:${hex.toLowerCase()}`;
}

export interface Reference {
  /** Null when the reference names no host. */
  readonly registry: string | null;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: Digest | null;
}

/** `host:5000/golden/debian:11@sha256:…`; null when it is no reference. A first part is a host as Docker decides it. */
export function parseReference(text: string): Reference | null {
  const [name = '', digestText = null, ...more] = text.split('@');
  const digest = toDigest(digestText);
  if (more.length > 0 || (digestText !== null && digest === null)) return null;
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const named = first === 'localhost' || /[.:]/.test(first);
  const rest = named ? name.slice(slash + 1) : name;
  const colon = rest.lastIndexOf(':');
  const repository = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? null : rest.slice(colon + 1);
  if (!REPOSITORY.test(repository) || (tag !== null && !TAG.test(tag)) || (named && !HOST.test(first)))
    return null;
  return { registry: named ? first : null, repository, tag, digest };
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
  if (digest === null || !REPOSITORY.test(repository)) return null;
  const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { registry: `${account}.dkr.ecr.${region}.${domain}`, repository, digest };
}

/** A tag that can be one. */
export const isTag = (text: string): boolean => TAG.test(text);

/** A repository that can be one. */
export const isRepository = (text: string): boolean => REPOSITORY.test(text);

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
