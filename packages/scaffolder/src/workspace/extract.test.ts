import assert from 'node:assert/strict';
import { lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { CodedError } from '@callboard/kernel';
import { pack, type Header } from 'tar-stream';
import { ZipFile } from 'yazl';
import { extractTarGz, extractZip, type ArchiveLimits } from './extract.ts';
import { createScene, escapesOf, type Scene } from './scene.fixture.ts';
import { openWorkspace } from './workspace.ts';

type Part = Partial<Header> & { readonly name: string; readonly content?: string };

async function tarGz(parts: readonly Part[]): Promise<Buffer> {
  const tar = pack();
  for (const { content = '', ...header } of parts) tar.entry(header, content);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) if (chunk instanceof Uint8Array) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

async function unpackTar(scene: Scene, archive: Buffer, limits: ArchiveLimits = {}): Promise<string> {
  const workspace = openWorkspace(scene.root);
  return codeOf(extractTarGz({ workspace, to: 'out', archive: Readable.from([archive]), limits }));
}

async function unpackZip(scene: Scene, archive: Buffer, limits: ArchiveLimits = {}): Promise<string> {
  return codeOf(extractZip({ workspace: openWorkspace(scene.root), to: 'out', archive, limits }));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    return `${String(await work)} entries`;
  } catch (error) {
    assert.ok(error instanceof CodedError, String(error));
    return error.code;
  }
}

interface ZipPart {
  readonly name: string;
  readonly content: string;
  readonly mode?: number;
}

/** A zip archive. yazl checks names, so another of the same length is written and then replaced. */
async function zipOf(parts: readonly ZipPart[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [index, { name, content, mode = 0o100644 }] of parts.entries()) {
    const length = Buffer.byteLength(name);
    zip.addBuffer(Buffer.from(content), String(index).padStart(length, 'x'), { mode, compress: true });
  }
  zip.end();
  const bytes = (await buffer(zip.outputStream)).toString('latin1');
  const renamed = parts.reduce((text, { name }, index) => {
    const plain = Buffer.from(name).toString('latin1');
    return text.replaceAll(String(index).padStart(plain.length, 'x'), () => plain);
  }, bytes);
  return Buffer.from(renamed, 'latin1');
}

describe('extractTarGz', () => {
  it('unpacks files, folders, links that stay inside, and hard links as copies', async () => {
    using scene = createScene();
    const parts: readonly Part[] = [
      { name: 'a/', type: 'directory' },
      { name: 'a/run.sh', content: '#!/bin/sh\n', mode: 0o6755 },
      { name: 'a/link', type: 'symlink', linkname: 'run.sh' },
      { name: 'b/hard', type: 'link', linkname: 'a/run.sh' },
      { name: './c.txt', content: 'c' },
    ];
    assert.equal(await unpackTar(scene, await tarGz(parts)), '5 entries');
    const out = join(scene.root, 'out');
    assert.equal(lstatSync(join(out, 'a/run.sh')).mode & 0o7777, 0o755);
    assert.equal(readlinkSync(join(out, 'a/link')), 'run.sh');
    assert.equal(readFileSync(join(out, 'b/hard'), 'utf8'), '#!/bin/sh\n');
    assert.equal(lstatSync(join(out, 'b/hard')).nlink, 1);
    assert.equal(readFileSync(join(out, 'c.txt'), 'utf8'), 'c');
  });

  it('touches nothing outside, whatever path, link or planted link an archive has', async () => {
    using scene = createScene();
    const before = scene.snapshot();
    for (const path of escapesOf(scene).filter((text) => !text.includes('\0'))) {
      const vectors: readonly (readonly Part[])[] = [
        [{ name: path, content: 'taken over' }],
        [{ name: `${path}/`, type: 'directory' }],
        [{ name: `../${path}`, content: 'taken over' }],
        [
          { name: 'l', type: 'symlink', linkname: path },
          { name: 'l', content: 'taken over' },
        ],
        [
          { name: 'd', type: 'symlink', linkname: path },
          { name: 'd/x', content: 'taken over' },
        ],
        [{ name: 'h', type: 'link', linkname: path }],
        [{ name: 'h', type: 'link', linkname: `../${path}` }],
        [
          { name: 's', type: 'symlink', linkname: '.' },
          { name: 's/s/t', type: 'symlink', linkname: 's/../..' },
          { name: 't/../x', content: 'taken over' },
        ],
        [
          { name: 'Link', type: 'symlink', linkname: '../..' },
          { name: 'link/x', content: 'taken over' },
        ],
      ];
      for (const parts of vectors) {
        await unpackTar(scene, await tarGz(parts));
        openWorkspace(scene.root).remove('out');
      }
    }
    assert.deepEqual(scene.snapshot(), before);
  });

  it('refuses what cannot be in an archive of files, and what is damaged', async () => {
    using scene = createScene();
    const refused: readonly Part[] = [
      { name: 'pipe', type: 'fifo' },
      { name: 'device', type: 'character-device', devmajor: 1, devminor: 3 },
      { name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 },
    ];
    for (const part of refused) {
      assert.equal(await unpackTar(scene, await tarGz([part])), 'scaffolder/bad-archive', part.name);
    }
    assert.equal(await unpackTar(scene, Buffer.from('no archive')), 'scaffolder/bad-archive');
    const whole = await tarGz([{ name: 'a', content: 'a'.repeat(10_000) }]);
    assert.equal(await unpackTar(scene, whole.subarray(0, 40)), 'scaffolder/bad-archive');
  });

  it('stops at limits: bytes, entries, ratio', async () => {
    using scene = createScene();
    const two = await tarGz([{ name: 'a', content: 'a'.repeat(4000) }, { name: 'b' }]);
    assert.equal(await unpackTar(scene, two, { bytes: 3000 }), 'scaffolder/too-large');
    assert.equal(await unpackTar(scene, two, { entries: 1 }), 'scaffolder/too-large');
    const bomb = await tarGz([{ name: 'zeros', content: '\0'.repeat(12_000_000) }]);
    assert.equal(await unpackTar(scene, bomb), 'scaffolder/too-large');
  });

  it('stops when it is told to', async () => {
    using scene = createScene();
    const controller = new AbortController();
    const archive = new Readable({ read: () => undefined });
    const work = extractTarGz({
      workspace: openWorkspace(scene.root),
      archive,
      signal: controller.signal,
    });
    controller.abort(new Error('enough'));
    await assert.rejects(work, /enough/);
    assert.equal(archive.destroyed, true);
  });
});

describe('extractZip', () => {
  it('unpacks files, folders and links that stay inside', async () => {
    using scene = createScene();
    const archive = await zipOf([
      { name: 'a/run.sh', content: 'x', mode: 0o100755 },
      { name: 'a/link', content: 'run.sh', mode: 0o120777 },
      { name: 'b/', content: '', mode: 0o040755 },
    ]);
    assert.equal(await unpackZip(scene, archive), '3 entries');
    assert.equal(lstatSync(join(scene.root, 'out/a/run.sh')).mode & 0o777, 0o755);
    assert.equal(readlinkSync(join(scene.root, 'out/a/link')), 'run.sh');
    assert.equal(lstatSync(join(scene.root, 'out/b')).isDirectory(), true);
  });

  it('touches nothing outside, whatever path or link an archive has', async () => {
    using scene = createScene();
    const before = scene.snapshot();
    for (const path of escapesOf(scene)) {
      const vectors: readonly (readonly ZipPart[])[] = [
        [{ name: path, content: 'taken over' }],
        [{ name: `../${path}`, content: 'taken over' }],
        [
          { name: 'link1', content: path, mode: 0o120777 },
          { name: 'link1/x', content: 'taken over' },
        ],
      ];
      for (const parts of vectors) {
        await unpackZip(scene, await zipOf(parts));
        openWorkspace(scene.root).remove('out');
      }
    }
    assert.deepEqual(scene.snapshot(), before);
  });

  it('refuses pipes and what is damaged, and stops at limits', async () => {
    using scene = createScene();
    const pipe = await zipOf([{ name: 'pipe', content: '', mode: 0o010644 }]);
    assert.equal(await unpackZip(scene, pipe), 'scaffolder/bad-archive');
    assert.equal(await unpackZip(scene, Buffer.from('no archive')), 'scaffolder/bad-archive');
    const two = await zipOf([
      { name: 'a', content: 'a'.repeat(100) },
      { name: 'b', content: '' },
    ]);
    assert.equal(await unpackZip(scene, two, { entries: 1 }), 'scaffolder/too-large');
    assert.equal(await unpackZip(scene, two, { bytes: 50 }), 'scaffolder/too-large');
    const bomb = await zipOf([{ name: 'zeros', content: '\0'.repeat(12_000_000) }]);
    assert.equal(await unpackZip(scene, bomb), 'scaffolder/too-large');
  });
});
