/** The client against docker-registry, skopeo and buildah on this machine. Run by itself: it needs those programs. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { digestOf } from './digest.ts';
import { startDockerRegistry, type DockerRegistry } from './docker-registry.fixture.ts';
import type { Descriptor, Platform } from './image.ts';
import { createRegistryClient, type RegistryClientOptions } from './registry.ts';

const run = promisify(execFile);
const PLATFORM: Platform = { os: 'linux', architecture: 'amd64', variant: null };
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const EMPTY = Buffer.from('{}');
/** `robot` and `open-sesame`. */
const HTPASSWD = 'robot:$2y$05$abcdefghijklmnopqrstuutXu9KzOt.1yBoZUeFWoT/914/JfszCO\n';

let folder: string;
const started: DockerRegistry[] = [];
let open: string;
let closed: string;

function client(options: Partial<RegistryClientOptions> = {}): ReturnType<typeof createRegistryClient> {
  return createRegistryClient({ fetch, now: Date.now, random: Math.random, ...options });
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-registry-'));
  const start = async (name: string, extra?: string): Promise<string> => {
    await mkdir(join(folder, name));
    const registry = await startDockerRegistry(join(folder, name), extra);
    started.push(registry);
    return registry.host;
  };
  await writeFile(join(folder, 'htpasswd'), HTPASSWD);
  open = await start('open');
  closed = await start('closed', `auth: {htpasswd: {realm: test, path: ${join(folder, 'htpasswd')}}}\n`);
});
after(async () => {
  for (const registry of started) await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function push(
  bytes: Buffer,
  { repository, mediaType }: { repository: string; mediaType: string },
): Promise<Descriptor> {
  const digest = digestOf(bytes);
  const blob = { digest, size: bytes.length, open: () => Readable.from([bytes], { objectMode: false }) };
  await client().pushBlob({ registry: open, repository }, blob);
  return { mediaType, digest, size: bytes.length };
}

/** An image of one small layer; gives its manifest and layer. */
async function pushImage(repository: string, tag: string): Promise<{ bytes: Buffer; layer: Buffer }> {
  const tar = pack();
  tar.entry({ name: 'etc/motd' }, `hello from ${tag}\n`);
  tar.finalize();
  const raw = await buffer(tar);
  const layer = gzipSync(raw);
  const config = {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: ['/bin/true'] },
    rootfs: { type: 'layers', diff_ids: [digestOf(raw)] },
    history: [{ created: '2026-01-01T00:00:00Z', created_by: 'test' }],
  };
  const type = 'application/vnd.oci.image';
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: await push(Buffer.from(JSON.stringify(config)), {
      repository,
      mediaType: `${type}.config.v1+json`,
    }),
    layers: [await push(layer, { repository, mediaType: `${type}.layer.v1.tar+gzip` })],
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await client().pushManifest({ registry: open, repository }, { mediaType: MANIFEST, bytes, tag });
  return { bytes, layer };
}

describe('createRegistryClient with docker-registry', () => {
  it('gives back what it pushed, byte for byte', async () => {
    const at = { registry: open, repository: 'golden/own' };
    const { bytes, layer } = await pushImage(at.repository, '1');
    const image = await client().image({ ...at, reference: '1' }, PLATFORM);
    assert.equal(image.digest, digestOf(bytes));
    const [top] = image.manifest.layers;
    assert.ok(top !== undefined);
    assert.deepEqual(await buffer(await client().readBlob(at, top)), layer);
    assert.deepEqual((await client().manifest({ ...at, reference: image.digest }))?.bytes, bytes);
    assert.equal(await client().manifest({ ...at, reference: 'missing' }), null);
  });

  it('pushes a large blob in pieces of a stream', async () => {
    const at = { registry: open, repository: 'large' };
    const piece = randomBytes(1 << 20);
    const all = Buffer.concat(Array.from({ length: 24 }, () => piece));
    const blob = {
      digest: digestOf(all),
      size: all.length,
      open: () =>
        Readable.from(
          Array.from({ length: 24 }, () => piece),
          { objectMode: false },
        ),
    };
    await client().pushBlob(at, blob);
    const back = await buffer(await client().readBlob(at, { ...blob, mediaType: 'x' }));
    assert.equal(digestOf(back), blob.digest);
  });

  it('goes on with a push that was cut in the middle', async () => {
    const at = { registry: open, repository: 'cut' };
    const all = randomBytes(8 << 20);
    const methods: string[] = [];
    let cut = true;
    const flaky: typeof fetch = async (url, init) => {
      methods.push(init?.method ?? 'GET');
      if (init?.method !== 'PUT' || !cut) return await fetch(url, init);
      cut = false;
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 1_000);
      async function* half(): AsyncGenerator<Uint8Array> {
        yield all.subarray(0, 4 << 20);
        await sleep(60_000, undefined, { ref: false });
      }
      return await fetch(url, { ...init, body: half(), duplex: 'half', signal: stop.signal });
    };
    const blob = {
      digest: digestOf(all),
      size: all.length,
      open: () => Readable.from([all], { objectMode: false }),
    };
    await client({ fetch: flaky }).pushBlob(at, blob);
    assert.equal(
      digestOf(await buffer(await client().readBlob(at, { ...blob, mediaType: 'x' }))),
      blob.digest,
    );
    assert.ok(methods.filter((method) => method !== 'HEAD').length > 2, methods.join(' '));
  });

  it('mounts a blob from another repository without reading it', async () => {
    const bytes = randomBytes(1_000);
    const { digest, size } = await push(bytes, { repository: 'source', mediaType: 'x' });
    const unread = { digest, size, open: () => assert.fail('must not be read') };
    const at = { registry: open, repository: 'target' };
    await client().pushBlob(at, unread, { from: 'source' });
    assert.deepEqual(await buffer(await client().readBlob(at, { digest, size, mediaType: 'x' })), bytes);
  });

  it('lists tags, and attaches to an image by the fallback tag', async () => {
    const at = { registry: open, repository: 'golden/listed' };
    const { bytes } = await pushImage(at.repository, 'b');
    await pushImage(at.repository, 'a');
    assert.deepEqual((await client().tags(at)).toSorted(), ['a', 'b']);
    const subject = digestOf(bytes);
    const config = await push(EMPTY, {
      repository: at.repository,
      mediaType: 'application/vnd.oci.empty.v1+json',
    });
    const attached = Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: MANIFEST,
        artifactType: 'application/vnd.cyclonedx+json',
        config,
        layers: [config],
        subject: { mediaType: MANIFEST, digest: subject, size: bytes.length },
      }),
    );
    const digest = await client().pushManifest(at, { mediaType: MANIFEST, bytes: attached, tag: null });
    const referrer = {
      mediaType: MANIFEST,
      digest,
      size: attached.length,
      artifactType: 'application/vnd.cyclonedx+json',
      annotations: { made: 'by a test' },
    };
    await client().noteReferrer(at, subject, referrer);
    assert.deepEqual(await client().referrers(at, subject), [referrer]);
  });

  it('shows a password where one is wanted, and is refused without', async () => {
    const at = { registry: closed, repository: 'secret/app' };
    const bytes = Buffer.from('for few');
    const blob = {
      digest: digestOf(bytes),
      size: bytes.length,
      open: () => Readable.from([bytes], { objectMode: false }),
    };
    const password = { kind: 'password', username: 'robot', password: 'open-sesame' } as const;
    const known = client({ credentials: () => password });
    await known.pushBlob(at, blob);
    assert.deepEqual(await buffer(await known.readBlob(at, { ...blob, mediaType: 'x' })), bytes);
    const refused = { code: 'images/registry-refused' };
    await assert.rejects(client().pushBlob(at, blob), refused);
    const wrong = client({ credentials: () => ({ ...password, password: 'no' }) });
    await assert.rejects(wrong.readBlob(at, { ...blob, mediaType: 'x' }), refused);
  });
});

describe('createRegistryClient beside skopeo and buildah', () => {
  it('lets skopeo read what it pushed', async () => {
    const { bytes, layer } = await pushImage('golden/for-skopeo', '1');
    const target = join(folder, 'copied');
    const from = `docker://${open}/golden/for-skopeo:1`;
    await run('skopeo', ['--insecure-policy', 'copy', '--src-tls-verify=false', from, `dir:${target}`]);
    assert.deepEqual(await readFile(join(target, 'manifest.json')), bytes);
    assert.deepEqual(await readFile(join(target, digestOf(layer).slice('sha256:'.length))), layer);
  });

  it('reads what skopeo pushed as Docker schema 2', async () => {
    await pushImage('golden/for-docker', '1');
    const name = `docker://${open}/golden/for-docker`;
    const flags = ['--insecure-policy', 'copy', '--src-tls-verify=false', '--dest-tls-verify=false'];
    await run('skopeo', [...flags, '--format', 'v2s2', `${name}:1`, `${name}:v2s2`]);
    const at = { registry: open, repository: 'golden/for-docker', reference: 'v2s2' };
    const image = await client().image(at, PLATFORM);
    assert.match(image.manifest.mediaType, /docker\.distribution\.manifest\.v2/);
    assert.deepEqual(image.config.run['Cmd'], ['/bin/true']);
  });

  it('reads what buildah built and pushed, also as a list of platforms', async () => {
    const storage = [
      '--storage-driver',
      'vfs',
      '--root',
      join(folder, 'st'),
      '--runroot',
      join(folder, 'run'),
    ];
    const buildah = async (...args: readonly string[]): Promise<string> =>
      (await run('buildah', [...storage, ...args])).stdout.trim();
    await writeFile(join(folder, 'hello'), 'hello\n');
    const container = await buildah('from', 'scratch');
    await buildah('copy', container, join(folder, 'hello'), '/etc/hello');
    await buildah('config', '--label', 'made=by-buildah', '--entrypoint', '["/etc/hello"]', container);
    await buildah('commit', '--manifest', 'list', container, 'localhost/built');
    const name = `${open}/golden/built`;
    await buildah('push', '--tls-verify=false', 'localhost/built', `docker://${name}:one`);
    await buildah('manifest', 'push', '--all', '--tls-verify=false', 'list', `docker://${name}:many`);
    const at = { registry: open, repository: 'golden/built' };
    const one = await client().image({ ...at, reference: 'one' }, PLATFORM);
    const many = await client().image({ ...at, reference: 'many' }, PLATFORM);
    assert.deepEqual(one.config.diffIds, many.config.diffIds);
    assert.deepEqual(many.config.run['Labels'] instanceof Object, true);
    const { stdout } = await run('skopeo', [
      'inspect',
      '--tls-verify=false',
      '--raw',
      `docker://${name}:one`,
    ]);
    assert.equal(digestOf(stdout), one.digest);
    await assert.rejects(
      client().image({ ...at, reference: 'many' }, { ...PLATFORM, architecture: 'arm64' }),
      {
        code: 'images/registry-no-platform',
      },
    );
  });
});
