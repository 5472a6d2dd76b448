/** A registry with one image in it: enough of OCI's distribution protocol for a golden image to be read. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

export interface OneImageRegistry extends AsyncDisposable {
  /** Host and port, for plain HTTP. */
  readonly host: string;
  /** Of the manifest. */
  readonly digest: string;
  /** Of the one layer, uncompressed. */
  readonly diffId: string;
}

/** Serves `<repository>:<tag>`, an image of one empty layer. */
export async function startOneImageRegistry(of: {
  readonly repository: string;
  readonly tag: string;
}): Promise<OneImageRegistry> {
  const layer = Buffer.alloc(1_024);
  const diffId = sha256(layer);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [diffId] },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: { ...describe(config), mediaType: 'application/vnd.oci.image.config.v1+json' },
      layers: [{ ...describe(layer), mediaType: 'application/vnd.oci.image.layer.v1.tar' }],
    }),
  );
  const digest = sha256(manifest);
  const base = `/v2/${of.repository}`;
  const answers = new Map<string, readonly [type: string, bytes: Buffer]>([
    [`${base}/manifests/${of.tag}`, [MANIFEST, manifest]],
    [`${base}/manifests/${digest}`, [MANIFEST, manifest]],
    [`${base}/blobs/${sha256(config)}`, ['application/octet-stream', config]],
    [`${base}/blobs/${diffId}`, ['application/octet-stream', layer]],
    [`${base}/tags/list`, ['application/json', Buffer.from(JSON.stringify({ tags: [of.tag] }))]],
  ]);
  const server = createServer(({ url = '', method }, response) => {
    const found = answers.get(url.split('?')[0] ?? '');
    if (found === undefined) {
      response.writeHead(404).end();
      return;
    }
    const [type, bytes] = found;
    const headers = {
      'content-type': type,
      'content-length': bytes.length,
      'docker-content-digest': sha256(bytes),
    };
    response.writeHead(200, headers).end(method === 'HEAD' ? undefined : bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: `127.0.0.1:${port}`,
    digest,
    diffId,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function describe(bytes: Buffer): { readonly digest: string; readonly size: number } {
  return { digest: sha256(bytes), size: bytes.length };
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
