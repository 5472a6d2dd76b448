/**
 * Images of a world that is not there: what is installed in one stands in a label of its configuration, so that it
 * survives wherever the registry does, and an engine, a scanner and a proof agree on it without unpacking anything.
 */
import { Readable } from 'node:stream';
import type { Digest, Image, ImageAt } from '../image/image.ts';
import { digestOf } from '../image/digest.ts';
import { OCI_MANIFEST } from '../image/manifest.ts';
import type { RegistryClient, Repository } from '../image/registry-client.ts';
import type { TestRegistry } from '../image/registry.fixture.ts';

/** Name of a binary package of Debian → its version. Its source has the same name. */
export type Installed = Readonly<Record<string, string>>;

export const AMD64 = { os: 'linux', architecture: 'amd64', variant: null } as const;

const LABEL = 'test.installed';

export interface LabelledImage extends ImageAt {
  readonly diffIds: readonly Digest[];
}

interface Made {
  readonly manifest: Buffer;
  readonly config: Buffer;
  readonly layer: Buffer;
  readonly diffIds: readonly Digest[];
}

/** Puts an image of one layer, or of one layer more than what it is built on, under a tag. */
export async function putImage(
  registry: TestRegistry,
  {
    repository,
    tag,
    installed,
    on = null,
  }: {
    readonly repository: string;
    readonly tag: string;
    readonly installed: Installed;
    readonly on?: Image | null;
  },
): Promise<LabelledImage> {
  const made = make(on, { layer: `${repository} ${tag}`, installed, labels: {} });
  registry.addBlob(made.config);
  registry.addBlob(made.layer);
  const digest = registry.addManifest(`${repository}:${tag}`, JSON.parse(made.manifest.toString()));
  return { registry: registry.host, repository, digest, diffIds: made.diffIds };
}

export function installedIn({ config }: Image): Installed {
  const labels: unknown = config.run['Labels'];
  const text: unknown = typeof labels === 'object' && labels !== null ? Reflect.get(labels, LABEL) : null;
  if (typeof text !== 'string') throw new Error('The image does not say what is installed in it.');
  return JSON.parse(text);
}

/** Pushes the image with one layer more; nothing is tagged. */
export async function pushOn(
  client: RegistryClient,
  base: Image,
  of: {
    readonly at: Repository;
    readonly installed: Installed;
    readonly labels: Readonly<Record<string, string>>;
  },
) {
  const made = make(base, { layer: JSON.stringify([base.digest, of.installed, of.labels]), ...of });
  const push = (bytes: Buffer) =>
    client.pushBlob(of.at, {
      digest: digestOf(bytes),
      size: bytes.length,
      open: () => Readable.from([bytes]),
    });
  await push(made.layer);
  await push(made.config);
  const manifest = { mediaType: OCI_MANIFEST, bytes: made.manifest, tag: null };
  const digest = await client.pushManifest(of.at, manifest);
  const layer = { mediaType: LAYER, digest: digestOf(made.layer), size: made.layer.length };
  return {
    ...of.at,
    digest,
    configDigest: digestOf(made.config),
    layer,
    diffId: layer.digest,
    layerBytes: layer.size,
    took: {},
  };
}

const LAYER = 'application/vnd.oci.image.layer.v1.tar';

function make(
  base: Image | null,
  of: {
    readonly layer: string;
    readonly installed: Installed;
    readonly labels: Readonly<Record<string, string>>;
  },
): Made {
  const layer = Buffer.from(of.layer);
  const diffIds = [...(base?.config.diffIds ?? []), digestOf(layer)];
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: { Cmd: ['/bin/sh'], Labels: { ...of.labels, [LABEL]: JSON.stringify(of.installed) } },
      rootfs: { type: 'layers', diff_ids: diffIds },
      history: [],
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: digestOf(config),
        size: config.length,
      },
      layers: [
        ...(base?.manifest.layers ?? []),
        { mediaType: LAYER, digest: digestOf(layer), size: layer.length },
      ],
    }),
  );
  return { manifest, config, layer, diffIds };
}
