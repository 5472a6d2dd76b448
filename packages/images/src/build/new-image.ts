/** Configuration and manifest of a patched image: those of the base with one more layer, all else as it was (OCI image 1.1). */
import { isObject } from '@callboard/model';
import { digestOf } from '../image/digest.ts';
import type { Descriptor, Digest, ImageAt } from '../image/image.ts';
import { OCI_MANIFEST } from '../image/manifest.ts';
import type { CommitTarget } from './engine.ts';

const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
export const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar';
export const OCI_LAYER_GZIP = `${OCI_LAYER}+gzip`;

type Raw = Readonly<Record<string, unknown>>;

export interface NewImageParts {
  readonly base: ImageAt;
  readonly rawManifest: Raw;
  readonly rawConfig: Raw;
  readonly layer: Descriptor;
  readonly diffId: Digest;
  readonly target: CommitTarget;
}

export interface NewImage {
  readonly config: Buffer;
  readonly configDigest: Digest;
  readonly manifest: Buffer;
  readonly mediaType: string;
}

/** A Docker manifest becomes an OCI one, which alone has annotations; its layers stay the same blobs. */
export function newImage(parts: NewImageParts): NewImage {
  const config = Buffer.from(JSON.stringify(newConfig(parts)));
  const configDigest = digestOf(config);
  const { layers, annotations } = parts.rawManifest;
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, digest: configDigest, size: config.length },
    layers: [...toList(layers).map(toOciLayer), parts.layer],
    annotations: {
      ...toObject(annotations),
      'org.opencontainers.image.created': timeOf(parts.target),
      'org.opencontainers.image.base.name': `${parts.base.registry}/${parts.base.repository}@${parts.base.digest}`,
      'org.opencontainers.image.base.digest': parts.base.digest,
      ...parts.target.annotations,
    },
  };
  return { config, configDigest, manifest: Buffer.from(JSON.stringify(manifest)), mediaType: OCI_MANIFEST };
}

/**
 * An image for a builder of this machine: layers, and a configuration that says nothing of what runs, so that commands
 * see no variables, users or volumes of the base.
 */
export function bareImage(parts: {
  readonly rawConfig: Raw;
  readonly layers: readonly { readonly descriptor: Descriptor; readonly diffId: Digest }[];
}): Omit<NewImage, 'mediaType'> {
  const { architecture, os, variant } = parts.rawConfig;
  const rootfs = { type: 'layers', diff_ids: parts.layers.map((layer) => layer.diffId) };
  const config = Buffer.from(JSON.stringify({ architecture, os, variant, config: {}, rootfs }));
  const configDigest = digestOf(config);
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: { mediaType: OCI_CONFIG, digest: configDigest, size: config.length },
    layers: parts.layers.map((layer) => toOciLayer(layer.descriptor)),
  };
  return { config, configDigest, manifest: Buffer.from(JSON.stringify(manifest)) };
}

function newConfig({ rawConfig, diffId, target }: NewImageParts): Raw {
  const run = toObject(rawConfig['config']);
  const labels = { ...toObject(run['Labels']), ...target.labels };
  const rootfs = toObject(rawConfig['rootfs']);
  const created = timeOf(target);
  return {
    ...rawConfig,
    created,
    config: Object.keys(labels).length === 0 ? run : { ...run, Labels: labels },
    rootfs: { ...rootfs, type: 'layers', diff_ids: [...toList(rootfs['diff_ids']), diffId] },
    history: [...toList(rawConfig['history']), { created, created_by: target.createdBy }],
  };
}

function timeOf(target: CommitTarget): string {
  return new Date(target.createdAt).toISOString();
}

function toOciLayer(layer: unknown): unknown {
  const described = toObject(layer);
  const { mediaType } = described;
  const packed =
    typeof mediaType === 'string'
      ? /^application\/vnd\.docker\.image\.rootfs\.diff\.tar(?:\.(gzip|zstd))?$/.exec(mediaType)
      : null;
  if (packed === null) {
    return layer;
  }
  const suffix = packed[1] === undefined ? '' : `+${packed[1]}`;
  return { ...described, mediaType: `${OCI_LAYER}${suffix}` };
}

function toObject(value: unknown): Raw {
  return isObject(value) ? value : {};
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
