/**
 * Manifests, indexes and configurations (OCI image 1.1, Docker schema 2), parsed from bytes whose digest was checked.
 * Tools in Go read keys without regard to case, so an object that says one thing twice that way is refused: the
 * runtime must not see another image than we do.
 */
import { isObject } from '@callboard/model';
import { parseDigest } from './digest.ts';
import type { Descriptor, Digest, HistoryEntry, ImageConfig, ImageManifest, Platform } from './image.ts';
import { quoted, registryError } from './registry-errors.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';

/** What we ask for, indexes first. */
export const MANIFEST_TYPES = [OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST] as const;

const CONFIG_TYPES: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);
const MAX_LAYERS = 1_000;
const MAX_ENTRIES = 10_000;

export interface IndexEntry extends Descriptor {
  /** Null when the index does not say. */
  readonly platform: Platform | null;
  readonly artifactType: string | null;
  readonly annotations: Readonly<Record<string, string>>;
}

export function isIndex(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

export function isManifest(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** The type a manifest says it has, or null when it leaves that to the header of the answer. */
export function mediaTypeIn(bytes: Uint8Array): string | null {
  const { mediaType } = parseObject(bytes, 'The manifest');
  return typeof mediaType === 'string' ? mediaType : null;
}

/** @throws CodedError `images/registry-bad-answer`, `images/registry-not-an-image` */
export function parseImageManifest(bytes: Uint8Array, mediaType: string): ImageManifest {
  const { config, layers, annotations } = parseObject(bytes, 'The manifest');
  const of = parseDescriptor(config, 'config');
  if (!CONFIG_TYPES.has(of.mediaType)) {
    const message = `The manifest is of ${quoted(of.mediaType)}, which is no container image.`;
    throw registryError('images/registry-not-an-image', message);
  }
  const list = parseList(layers, 'layers', MAX_LAYERS);
  return {
    mediaType,
    config: of,
    layers: list.map((layer, index) => parseDescriptor(layer, `layers[${index}]`)),
    annotations: parseTexts(annotations, 'annotations'),
  };
}

/** @throws CodedError `images/registry-bad-answer` */
export function parseIndex(bytes: Uint8Array): readonly IndexEntry[] {
  const { manifests } = parseObject(bytes, 'The index');
  return parseList(manifests, 'manifests', MAX_ENTRIES).map((entry, index) => {
    const path = `manifests[${index}]`;
    const { platform, artifactType, annotations } = isObject(entry) ? entry : {};
    return {
      ...parseDescriptor(entry, path),
      platform: parsePlatform(platform, `${path}.platform`),
      artifactType: typeof artifactType === 'string' ? artifactType : null,
      annotations: parseTexts(annotations, `${path}.annotations`),
    };
  });
}

/** @throws CodedError `images/registry-bad-answer` */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const config = parseObject(bytes, 'The configuration');
  const { architecture, os, variant, created, rootfs, history } = config;
  if (typeof architecture !== 'string' || typeof os !== 'string') {
    throw bad('The configuration names no architecture or operating system');
  }
  const run = config['config'] ?? {};
  if (!isObject(run)) throw bad('"config" of the configuration is no object');
  refuseTwins(run, 'config');
  if (!isObject(rootfs)) throw bad('The configuration has no "rootfs"');
  refuseTwins(rootfs, 'rootfs');
  return {
    architecture,
    os,
    variant: typeof variant === 'string' && variant !== '' ? variant : null,
    created: typeof created === 'string' ? created : null,
    run,
    diffIds: parseList(rootfs['diff_ids'] ?? [], 'rootfs.diff_ids', MAX_LAYERS).map(parseDiffId),
    history: parseList(history ?? [], 'history', MAX_ENTRIES).map(parseHistory),
  };
}

/**
 * The entry for a platform, attestations left out. Variants are compared with the usual ones filled in: arm64 is
 * v8, arm is v7, amd64 is v1; a platform without one takes the only image of its architecture.
 * @throws CodedError `images/registry-no-platform` that names what there is.
 */
export function choosePlatform(entries: readonly IndexEntry[], platform: Platform): IndexEntry {
  const images = entries.filter((entry) => isManifest(entry.mediaType) && !isAttestation(entry));
  const same = images.filter((entry) => entry.platform !== null && isSameMachine(entry.platform, platform));
  const exact = same.find((entry) => entry.platform !== null && isSameVariant(entry.platform, platform));
  const only = same.length === 1 && platform.variant === null ? same[0] : undefined;
  const chosen = exact ?? only;
  if (chosen !== undefined) return chosen;
  const there = images.map((entry) => (entry.platform === null ? 'unnamed' : formatPlatform(entry.platform)));
  const message = `The index has no image for ${formatPlatform(platform)}; it has ${quoted(there.join(', ') || 'none')}.`;
  throw registryError('images/registry-no-platform', message);
}

export function isSameMachine(a: Platform, b: Platform): boolean {
  return a.os === b.os && a.architecture === b.architecture;
}

/** As `linux/arm64/v8`. */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === null ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** BuildKit keeps provenance and SBOMs in the index, for a platform that does not exist. */
function isAttestation({ platform, annotations }: IndexEntry): boolean {
  const type = annotations['vnd.docker.reference.type'];
  return (
    type === 'attestation-manifest' || platform?.architecture === 'unknown' || platform?.os === 'unknown'
  );
}

const USUAL_VARIANTS: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7', amd64: 'v1' };

function isSameVariant(a: Platform, b: Platform): boolean {
  const usual = USUAL_VARIANTS[a.architecture] ?? null;
  return (a.variant ?? usual) === (b.variant ?? usual);
}

/** @throws CodedError `images/registry-bad-answer` when the bytes are not JSON with an object. */
function parseObject(bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
  const value = parseJson(bytes, what);
  if (!isObject(value)) throw bad(`${what} is no JSON object`);
  refuseTwins(value, what);
  return value;
}

/** @throws CodedError `images/registry-bad-answer` */
export function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw bad(`${what} is no JSON in UTF-8`, error);
  }
}

function parseDescriptor(value: unknown, path: string): Descriptor {
  if (!isObject(value)) throw bad(`"${path}" is no descriptor`);
  refuseTwins(value, path);
  const { mediaType, size } = value;
  const digest = parseDigest(value['digest']);
  if (digest === null) throw bad(`"${path}.digest" is no SHA-256 digest`);
  if (typeof mediaType !== 'string') throw bad(`"${path}.mediaType" is missing`);
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw bad(`"${path}.size" is no number of bytes`);
  }
  return { mediaType, digest, size };
}

function parsePlatform(value: unknown, path: string): Platform | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) throw bad(`"${path}" is no object`);
  refuseTwins(value, path);
  const { os, architecture, variant } = value;
  if (typeof os !== 'string' || typeof architecture !== 'string') throw bad(`"${path}" is incomplete`);
  return { os, architecture, variant: typeof variant === 'string' && variant !== '' ? variant : null };
}

function parseDiffId(value: unknown, index: number): Digest {
  const digest = parseDigest(value);
  if (digest === null) throw bad(`"rootfs.diff_ids[${index}]" is no SHA-256 digest`);
  return digest;
}

function parseHistory(value: unknown, index: number): HistoryEntry {
  if (!isObject(value)) throw bad(`"history[${index}]" is no object`);
  const { created, created_by, comment, empty_layer } = value;
  return {
    ...(typeof created === 'string' && { created }),
    ...(typeof created_by === 'string' && { created_by }),
    ...(typeof comment === 'string' && { comment }),
    ...(typeof empty_layer === 'boolean' && { empty_layer }),
  };
}

function parseList(value: unknown, path: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw bad(`"${path}" is no list`);
  if (value.length > max) throw bad(`"${path}" has ${value.length} items, more than ${max}`);
  return value;
}

/** Null stands for none, as Go writes an empty map. */
function parseTexts(value: unknown, path: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (!isObject(value)) throw bad(`"${path}" is no object`);
  const texts = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== 'string') throw bad(`"${path}" has a value that is no text`);
    return [key, text];
  });
  return Object.fromEntries(texts);
}

function refuseTwins(object: object, what: string): void {
  const keys = Object.keys(object);
  if (new Set(keys.map((key) => key.toLowerCase())).size < keys.length) {
    throw bad(`${what} has a key twice, in upper and lower case`);
  }
}

function bad(what: string, cause?: unknown): Error {
  return registryError('images/registry-bad-answer', `${what}.`, cause);
}
