import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { digestOf } from '../image/digest.ts';
import { readTar } from '../image/read-tar.ts';
import { once, tarOf, type EntryDraft } from '../image/tar.fixture.ts';
import { saveTopLayer, writeArchive } from './docker-archive.ts';
import { hexOf } from './fetch-base.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'callboard-archive-'));
});
after(() => rm(folder, { recursive: true }));

const id = (digit: string) => digit.repeat(64);
const manifest = (...layers: string[]) =>
  JSON.stringify([{ Config: `${id('4')}.json`, RepoTags: ['callboard-build:one-made'], Layers: layers }]);

describe('writeArchive', () => {
  it('names the image, its configuration and its layers, from the base up', async () => {
    const layers = ['one', 'two'].map((text) => tarOf([{ path: text, content: text }]));
    const saved = [];
    for (const [index, tar] of layers.entries()) {
      const file = join(folder, `layer-${index}`);
      await writeFile(file, tar);
      const digest = digestOf(tar);
      const mediaType = 'application/vnd.oci.image.layer.v1.tar';
      saved.push({ file, diffId: digest, descriptor: { mediaType, digest, size: tar.length } });
    }
    const rawConfig = { architecture: 'amd64', os: 'linux', config: { User: '65532', Env: ['A=b'] } };
    const found = new Map<string, Buffer>();
    for await (const { header, content } of readTar(
      writeArchive({ rawConfig, layers: saved, name: 'a:b' }),
    )) {
      found.set(header.path, Buffer.concat(await Array.fromAsync(content)));
    }
    const [about]: unknown[] = JSON.parse(found.get('manifest.json')?.toString() ?? '[]');
    const names = layers.map((tar, index) => `${index}-${hexOf(digestOf(tar))}/layer.tar`);
    const Config = [...found.keys()].find((path) => path.endsWith('.json')) ?? '';
    assert.deepEqual(about, { Config, RepoTags: ['a:b'], Layers: names });
    assert.deepEqual(
      names.map((name) => found.get(name)),
      layers,
    );
    const config: unknown = JSON.parse(found.get(Config)?.toString() ?? '');
    assert.deepEqual(config, {
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: layers.map((tar) => digestOf(tar)) },
    });
  });
});

describe('saveTopLayer', () => {
  const layer = tarOf([{ path: 'data/new', content: 'new' }]);
  const top = async (entries: readonly EntryDraft[]) =>
    await readFile(await saveTopLayer(once(tarOf(entries)), folder));

  it('finds it in an archive as Docker wrote it up to version 24', async () => {
    const found = await top([
      { path: `${id('1')}/`, kind: 'folder' },
      { path: `${id('1')}/VERSION`, content: '1.0' },
      { path: `${id('1')}/json`, content: '{}' },
      { path: `${id('1')}/layer.tar`, content: layer },
      { path: `${id('4')}.json`, content: '{}' },
      { path: `${id('c')}/`, kind: 'folder' },
      { path: `${id('c')}/layer.tar`, content: 'base' },
      { path: 'manifest.json', content: manifest(`${id('c')}/layer.tar`, `${id('1')}/layer.tar`) },
      { path: 'repositories', content: '{}' },
    ]);
    assert.deepEqual(found, layer);
  });

  it('finds it behind the link that stands for a layer which is there twice', async () => {
    const found = await top([
      { path: `${id('1')}/layer.tar`, content: layer },
      { path: `${id('2')}/layer.tar`, kind: 'symlink', link: `../${id('1')}/layer.tar` },
      { path: 'manifest.json', content: manifest(`${id('1')}/layer.tar`, `${id('2')}/layer.tar`) },
    ]);
    assert.deepEqual(found, layer);
  });

  it('finds it in an archive as Docker writes it since version 25, an OCI layout', async () => {
    const found = await top([
      { path: 'blobs/', kind: 'folder' },
      { path: 'blobs/sha256/', kind: 'folder' },
      { path: `blobs/sha256/${id('c')}`, content: 'base' },
      { path: `blobs/sha256/${id('1')}`, content: layer },
      { path: 'index.json', content: '{}' },
      { path: 'manifest.json', content: manifest(`blobs/sha256/${id('c')}`, `blobs/sha256/${id('1')}`) },
      { path: 'oci-layout', content: '{"imageLayoutVersion":"1.0.0"}' },
    ]);
    assert.deepEqual(found, layer);
  });

  const bad: readonly (readonly [string, Buffer])[] = [
    ['without a manifest', tarOf([{ path: 'x/layer.tar' }])],
    ['with a manifest that is no JSON', tarOf([{ path: 'manifest.json', content: '[{' }])],
    ['with a manifest of something else', tarOf([{ path: 'manifest.json', content: '{"Layers":1}' }])],
    ['of an image without layers', tarOf([{ path: 'manifest.json', content: manifest() }])],
    ['without the layer that it names', tarOf([{ path: 'manifest.json', content: manifest('x/layer.tar') }])],
    ['with a name that leads out', tarOf([{ path: '../x', content: 'x' }])],
    ['that ends in the middle', tarOf([{ path: 'x/layer.tar', content: layer }]).subarray(0, 700)],
    ['that is no tar', Buffer.alloc(2048, 'x')],
  ];
  for (const [what, archive] of bad) {
    it(`rejects an archive ${what}`, async () => {
      await assert.rejects(saveTopLayer(once(archive), folder), { code: 'images/build-failed' });
    });
  }
});
