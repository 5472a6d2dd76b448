/** A real registry on a free loopback port, and how a root gets into it as an image of one layer. */
import { spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { Digest, ImageAt } from '../src/image/image.ts';

export interface Registry extends AsyncDisposable {
  /** Host and port, for plain HTTP. */
  readonly host: string;
}

/** Keeps its files in the folder; is up when this resolves, and gone at the end of the scope. */
export async function startRegistry(folder: string): Promise<Registry> {
  const host = `127.0.0.1:${await freePort()}`;
  await mkdir(folder, { recursive: true });
  const settings = join(folder, 'registry.yml');
  const storage = `storage: {filesystem: {rootdirectory: ${join(folder, 'data')}}, delete: {enabled: true}}`;
  await writeFile(settings, `version: 0.1\nlog: {level: error}\n${storage}\nhttp: {addr: "${host}"}\n`);
  const child = spawn('docker-registry', ['serve', settings], { stdio: 'ignore' });
  const closed = once(child, 'close');
  await untilUp(host, () => child.exitCode !== null);
  return {
    host,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

async function untilUp(host: string, ended: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !ended(); tries++) {
    const answer = await fetch(`http://${host}/v2/`).catch(() => null);
    if (answer?.ok === true) return;
    await wait(50);
  }
  throw new Error('docker-registry did not start.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

export interface NewImage {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
  /** As the configuration of an image has it. Default: a shell in the root folder. */
  readonly run?: Readonly<Record<string, unknown>>;
  /** Uncompressed tars, from the base up. */
  readonly tars: readonly string[];
  /** A folder for the compressed layers. */
  readonly folder: string;
}

/** Pushes the tars as layers of one linux/amd64 image. */
export async function pushRoot(image: NewImage): Promise<ImageAt> {
  const layers: { diffId: Digest; digest: Digest; size: number }[] = [];
  for (const [index, tar] of image.tars.entries()) {
    const file = join(image.folder, `${image.repository.replaceAll('/', '-')}-${image.tag}-${index}.tar.gz`);
    layers.push(await pushLayer(image, tar, file));
  }
  const config = {
    architecture: 'amd64',
    os: 'linux',
    created: '2021-08-14T00:00:00Z',
    config: image.run ?? { Cmd: ['/bin/bash'], Env: ['PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'] },
    rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map((_, index) => ({ created_by: `layer ${index} of a test` })),
  };
  const configBytes = Buffer.from(JSON.stringify(config));
  const configDigest = digestOf(createHash('sha256').update(configBytes));
  await putBlob(image, {
    digest: configDigest,
    size: configBytes.length,
    open: () => Readable.from([configBytes]),
  });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType,
      config: {
        mediaType: 'application/vnd.oci.image.config.v1+json',
        digest: configDigest,
        size: configBytes.length,
      },
      layers: layers.map(({ digest, size }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest,
        size,
      })),
    }),
  );
  await expectStatus(`http://${image.host}/v2/${image.repository}/manifests/${image.tag}`, 201, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: manifest,
  });
  const digest = digestOf(createHash('sha256').update(manifest));
  return { registry: image.host, repository: image.repository, digest };
}

async function pushLayer(
  image: NewImage,
  tar: string,
  file: string,
): Promise<{ diffId: Digest; digest: Digest; size: number }> {
  const [plain, packed] = [createHash('sha256'), createHash('sha256')];
  await pipeline(
    createReadStream(tar),
    hashing(plain),
    createGzip({ level: 1 }),
    hashing(packed),
    createWriteStream(file),
  );
  const { size } = await stat(file);
  const digest = digestOf(packed);
  await putBlob(image, { digest, size, open: () => createReadStream(file) });
  return { diffId: digestOf(plain), digest, size };
}

async function putBlob(
  image: NewImage,
  blob: { digest: Digest; size: number; open: () => Readable },
): Promise<void> {
  const start = `http://${image.host}/v2/${image.repository}/blobs/uploads/`;
  const upload = await expectStatus(start, 202, { method: 'POST' });
  const url = new URL(upload.headers.get('location') ?? '', start);
  url.searchParams.set('digest', blob.digest);
  await expectStatus(url.href, 201, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream', 'content-length': String(blob.size) },
    body: Readable.toWeb(blob.open()),
    duplex: 'half',
  });
}

async function expectStatus(url: string, status: number, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, init);
  if (answer.status !== status)
    throw new Error(`${init.method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}

function hashing(hash: Hash): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
}

function digestOf(hash: Hash): Digest {
  return `sha256:${hash.digest('hex')}`;
}
