/** A registry in memory on loopback for tests. It keeps what is pushed, and misbehaves as a test tells it to. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isObject } from '@callboard/model';
import { digestOf } from './digest.ts';
import type { Descriptor, Digest } from './image.ts';
import { OCI_MANIFEST } from './manifest.ts';

/** Answers in the registry's place; false leaves it to the registry. */
export type Fault = (
  request: IncomingMessage,
  response: ServerResponse,
) => boolean | undefined | Promise<boolean | undefined>;

export interface TestRegistry extends AsyncDisposable {
  /** As `127.0.0.1:12345`. */
  readonly host: string;
  readonly blobs: Map<string, Buffer>;
  /** By `<repository>:<tag or digest>`. */
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>;
  /** As `GET /v2/…`, of all requests. */
  readonly asked: string[];
  /** The `authorization` of each request, or ``. */
  readonly shown: string[];
  fault: Fault;
  referrersApi: boolean;
  pageSize: number;
  /** Cuts the connection of the next upload after so many bytes. */
  cutUploadAt: number | null;
  /** Ends the misbehaviour and forgets what was asked. */
  reset(): void;
  addBlob(bytes: Buffer, mediaType?: string): Descriptor;
  addManifest(name: string, manifest: unknown, type?: string): Digest;
}

export async function startTestRegistry(): Promise<TestRegistry> {
  const uploads = new Map<string, Buffer>();
  const registry: Omit<TestRegistry, 'host' | typeof Symbol.asyncDispose> = {
    blobs: new Map(),
    manifests: new Map(),
    asked: [],
    shown: [],
    fault: () => false,
    referrersApi: false,
    pageSize: 1_000,
    cutUploadAt: null,
    reset() {
      registry.fault = () => false;
      registry.referrersApi = false;
      registry.pageSize = 1_000;
      registry.cutUploadAt = null;
      registry.asked.length = 0;
      registry.shown.length = 0;
    },
    addBlob(bytes, mediaType = 'application/octet-stream') {
      const digest = digestOf(bytes);
      registry.blobs.set(digest, bytes);
      return { mediaType, digest, size: bytes.length };
    },
    addManifest(name, manifest, type = OCI_MANIFEST) {
      const bytes = Buffer.from(JSON.stringify(manifest));
      const digest = digestOf(bytes);
      const repository = name.slice(0, name.lastIndexOf(':'));
      registry.manifests.set(name, { type, bytes });
      registry.manifests.set(`${repository}:${digest}`, { type, bytes });
      return digest;
    },
  };
  const kept: Kept = { registry, uploads, uploadsMade: 0 };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    registry.asked.push(`${request.method} ${request.url}`);
    registry.shown.push(request.headers.authorization ?? '');
    if ((await registry.fault(request, response)) === true) return;
    await serve(kept, request, response);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(registry, {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

interface Kept {
  readonly registry: Omit<TestRegistry, 'host' | typeof Symbol.asyncDispose>;
  readonly uploads: Map<string, Buffer>;
  uploadsMade: number;
}

async function serve(kept: Kept, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { registry } = kept;
  const url = new URL(request.url ?? '/', 'http://test');
  const [, repository = '', kind = '', rest = ''] =
    /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\/(.+)$/.exec(url.pathname) ?? [];
  if (kind === 'manifests')
    return await serveManifest(kept, { repository, reference: rest }, request, response);
  if (kind === 'blobs' && rest.startsWith('uploads/')) {
    return await serveUpload(kept, { repository, id: rest.slice('uploads/'.length), url }, request, response);
  }
  if (kind === 'blobs') return serveBlob(registry.blobs.get(rest), request, response);
  if (kind === 'tags') return serveTags(registry, { repository, url }, response);
  if (kind === 'referrers' && registry.referrersApi) {
    const manifests = [...registry.manifests].flatMap(([name, { bytes, type }]) => {
      const parsed: unknown = JSON.parse(bytes.toString());
      const { subject, artifactType } = isObject(parsed) ? parsed : {};
      const isTag = !name.includes(':sha256:');
      if (isTag || !isObject(subject) || subject['digest'] !== rest) return [];
      return [{ mediaType: type, digest: digestOf(bytes), size: bytes.length, artifactType }];
    });
    response.setHeader('content-type', 'application/vnd.oci.image.index.v1+json');
    response.end(JSON.stringify({ schemaVersion: 2, manifests }));
    return;
  }
  answer(response, 404);
}

async function serveManifest(
  { registry }: Kept,
  { repository, reference }: { repository: string; reference: string },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'PUT') {
    const bytes = await buffer(request);
    const manifest = { type: request.headers['content-type'] ?? '', bytes };
    registry.manifests.set(`${repository}:${reference}`, manifest);
    registry.manifests.set(`${repository}:${digestOf(bytes)}`, manifest);
    response.setHeader('docker-content-digest', digestOf(bytes));
    answer(response, 201);
    return;
  }
  const manifest = registry.manifests.get(`${repository}:${reference}`);
  if (manifest === undefined) {
    response.statusCode = 404;
    response.end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
    return;
  }
  response.setHeader('content-type', manifest.type);
  response.setHeader('docker-content-digest', digestOf(manifest.bytes));
  response.end(manifest.bytes);
}

function serveBlob(bytes: Buffer | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (bytes === undefined) return answer(response, 404);
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? -1);
  if (start >= bytes.length) return answer(response, 416);
  if (start >= 0) {
    response.statusCode = 206;
    response.setHeader('content-range', `bytes ${start}-${bytes.length - 1}/${bytes.length}`);
  }
  const part = bytes.subarray(Math.max(0, start));
  response.setHeader('content-length', part.length);
  response.end(request.method === 'HEAD' ? undefined : part);
}

async function serveUpload(
  kept: Kept,
  { repository, id, url }: { repository: string; id: string; url: URL },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { registry, uploads } = kept;
  if (request.method === 'POST') {
    const mount = url.searchParams.get('mount') ?? '';
    if (registry.blobs.has(mount)) return answer(response, 201);
    const fresh = `u${kept.uploadsMade}`;
    kept.uploadsMade += 1;
    uploads.set(fresh, Buffer.alloc(0));
    response.setHeader('location', `/v2/${repository}/blobs/uploads/${fresh}?_state=a%2Fb`);
    return answer(response, 202);
  }
  let bytes = uploads.get(id);
  if (bytes === undefined) return answer(response, 404);
  if (request.method === 'GET') {
    response.setHeader('range', `0-${Math.max(0, bytes.length - 1)}`);
    response.setHeader('location', `/v2/${repository}/blobs/uploads/${id}?_state=later`);
    return answer(response, 204);
  }
  try {
    for await (const chunk of request) {
      bytes = Buffer.concat([bytes, chunk]);
      uploads.set(id, bytes);
      if (bytes.length < (registry.cutUploadAt ?? Infinity)) continue;
      registry.cutUploadAt = null;
      request.socket.destroy();
    }
  } catch {
    return;
  }
  if (request.method === 'PATCH') {
    response.setHeader('location', `/v2/${repository}/blobs/uploads/${id}?_state=patched`);
    return answer(response, 202);
  }
  const wanted = url.searchParams.get('digest') ?? '';
  uploads.delete(id);
  if (digestOf(bytes) !== wanted) {
    response.statusCode = 400;
    response.end('{"errors":[{"code":"DIGEST_INVALID"}]}');
    return;
  }
  registry.blobs.set(wanted, bytes);
  response.setHeader('docker-content-digest', wanted);
  answer(response, 201);
}

function serveTags(
  registry: Kept['registry'],
  { repository, url }: { repository: string; url: URL },
  response: ServerResponse,
): void {
  const prefix = `${repository}:`;
  const all = [...registry.manifests.keys()]
    .filter((name) => name.startsWith(prefix) && !name.includes(':sha256:'))
    .map((name) => name.slice(prefix.length))
    .toSorted();
  const last = url.searchParams.get('last');
  const after = last === null ? all : all.slice(all.indexOf(last) + 1);
  const tags = after.slice(0, registry.pageSize);
  if (after.length > tags.length) {
    response.setHeader('link', `</v2/${repository}/tags/list?last=${tags.at(-1)}>; rel="next"`);
  }
  response.end(JSON.stringify({ name: repository, tags }));
}

export function answer(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
