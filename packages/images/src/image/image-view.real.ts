/** A view of an image that buildah made of this machine's own package database. Run by itself: it needs buildah and dpkg. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startDockerRegistry, type DockerRegistry } from './docker-registry.fixture.ts';
import { createImageView } from './image-view.ts';
import { createRegistryClient } from './registry.ts';

const run = promisify(execFile);
const PLATFORM = { os: 'linux', architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', variant: null };

let folder: string;
const registries = new Map<string, DockerRegistry>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-view-'));
  // One for each packing: buildah does not push again what a registry has in another one.
  for (const packing of ['gzip', 'zstd']) {
    await mkdir(join(folder, packing));
    registries.set(packing, await startDockerRegistry(join(folder, packing)));
  }
});
after(async () => {
  for (const registry of registries.values()) await registry[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function buildah(...args: readonly string[]): Promise<string> {
  const storage = ['--storage-driver', 'vfs', '--root', join(folder, 'st'), '--runroot', join(folder, 'run')];
  return (await run('buildah', [...storage, ...args])).stdout.trim();
}

describe('createImageView with buildah', () => {
  it('shows what the layers have, packed with gzip and with zstd', async () => {
    const root = join(folder, 'root');
    for (const each of ['etc', 'usr/lib', 'usr/bin', 'var/lib/dpkg', 'var/lib/dpkg/status.d']) {
      await mkdir(join(root, each), { recursive: true });
    }
    await copyFile('/var/lib/dpkg/status', join(root, 'var/lib/dpkg/status'));
    await copyFile('/usr/lib/os-release', join(root, 'usr/lib/os-release'));
    await symlink('../usr/lib/os-release', join(root, 'etc/os-release'));
    await symlink('usr/bin', join(root, 'bin'));
    for (const name of (await readdir('/usr/bin')).slice(0, 300))
      await writeFile(join(root, 'usr/bin', name), '');
    await writeFile(join(root, 'var/lib/dpkg/status.d/gone'), 'Package: gone\n');
    await writeFile(join(root, 'var/lib/dpkg/status.d/stays'), 'Package: stays\n');
    const base = await buildah('from', 'scratch');
    await buildah('copy', base, root, '/');
    await buildah('commit', base, 'localhost/base');
    const app = await buildah('from', '--pull-never', 'localhost/base');
    const mounted = await buildah('mount', app);
    await rm(join(mounted, 'var/lib/dpkg/status.d/gone'));
    await writeFile(join(mounted, 'etc/app'), 'app');
    await buildah('commit', app, 'localhost/app');

    const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
    for (const [packing, registry] of registries) {
      const target = `docker://${registry.host}/app:${packing}`;
      await buildah('push', '--tls-verify=false', '--compression-format', packing, 'localhost/app', target);
      const at = { registry: registry.host, repository: 'app', reference: packing };
      const image = await client.image(at, PLATFORM);
      assert.equal(image.manifest.layers.length, 2);
      assert.ok(image.manifest.layers.every(({ mediaType }) => mediaType.endsWith(packing)));
      const view = await createImageView(client, image);
      assert.deepEqual(await view.read('/var/lib/dpkg/status'), await readFile('/var/lib/dpkg/status'));
      assert.deepEqual(await view.read('/etc/os-release'), await readFile('/usr/lib/os-release'));
      assert.deepEqual(await view.list('/var/lib/dpkg/status.d'), ['stays']);
      assert.deepEqual(await view.list('/bin'), (await readdir(join(root, 'usr/bin'))).toSorted());
      assert.equal(await view.read('/lib/apk/db/installed'), null);
    }
  });
});
