import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { headerOf } from './tar.fixture.ts';
import { readTar } from './read-tar.ts';
import { checksum, padding, readNumber, readPax, TAR_END, writeHeader, type TarHeader } from './tar.ts';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function readAll(bytes: Buffer, chunk = 1 << 16): Promise<{ header: TarHeader; content: string }[]> {
  const found: { header: TarHeader; content: string }[] = [];
  for await (const { header, content } of readTar(chunksOf(bytes, chunk))) {
    const parts: Buffer[] = [];
    for await (const part of content) {
      parts.push(part);
    }
    found.push({ header, content: Buffer.concat(parts).toString('latin1') });
  }
  return found;
}

const byteText = (maxLength: number) =>
  fc
    .uint8Array({ minLength: 1, maxLength })
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 ? 1 : byte))).toString('latin1'));

const anyFile = fc.record({
  path: byteText(300).map((path) => path.replace(/\/+$/, 'x')),
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: fc.integer({ min: 0, max: 2 ** 32 }),
  gid: fc.integer({ min: 0, max: 2 ** 32 }),
  mtime: fc.integer({ min: 0, max: 2 ** 33 - 1 }),
  content: byteText(2000),
  xattrs: fc
    .dictionary(fc.stringMatching(/^user\.[a-z]{1,20}$/), fc.uint8Array({ maxLength: 100 }))
    .map(
      (given) => new Map(Object.entries(given).map(([name, value]) => [name, Buffer.from(value)] as const)),
    ),
});

describe('writeHeader and readTar', () => {
  it('give back any name, owner, time, attribute and content, in chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFile, { maxLength: 5 }),
        fc.integer({ min: 1, max: 1500 }),
        async (files, chunk) => {
          const parts = files.flatMap((file) => {
            const content = Buffer.from(file.content, 'latin1');
            return [
              writeHeader(headerOf({ ...file, content })),
              content,
              Buffer.alloc(padding(content.length)),
            ];
          });
          const found = await readAll(Buffer.concat([...parts, TAR_END]), chunk);
          assert.deepEqual(
            found.map(({ header: { path, mode, uid, gid, mtime, xattrs }, content }) => ({
              path,
              mode,
              uid,
              gid,
              mtime,
              content,
              xattrs,
            })),
            files.map((file) => ({
              ...file,
              xattrs: new Map([...file.xattrs].toSorted(([a], [b]) => (a < b ? -1 : 1))),
            })),
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('keep links, folders and devices', async () => {
    const headers = [
      headerOf({ path: 'folder', kind: 'folder' }),
      headerOf({ path: 'link', kind: 'symlink', link: `/${'long/'.repeat(40)}` }),
      headerOf({ path: 'twin', kind: 'hardlink', link: 'file' }),
      headerOf({ path: 'gone', kind: 'character' }),
      headerOf({ path: 'dev/disk', kind: 'block', major: 8, minor: 1 }),
    ];
    const found = await readAll(Buffer.concat([...headers.map(writeHeader), TAR_END]));
    const [folder, ...others] = headers;
    assert.deepEqual(
      found.map(({ header }) => header),
      [{ ...folder, path: 'folder/' }, ...others],
    );
  });

  it('pass over the content that nobody reads', async () => {
    const content = Buffer.alloc(5000, 1);
    const tar = [
      writeHeader(headerOf({ path: 'a', content })),
      content,
      Buffer.alloc(padding(5000)),
      writeHeader(headerOf({ path: 'b' })),
      TAR_END,
    ];
    const names: string[] = [];
    for await (const { header } of readTar(chunksOf(Buffer.concat(tar), 700))) {
      names.push(header.path);
    }
    assert.deepEqual(names, ['a', 'b']);
  });
});

describe('readTar', () => {
  const broken = (bytes: Buffer) => assert.rejects(readAll(bytes), { code: 'images/layer-broken' });
  const file = writeHeader(headerOf({ path: 'a', content: 'text' }));

  it('refuses a tar that ends inside of an entry', async () => {
    await broken(file.subarray(0, 300));
    await broken(file);
    await broken(Buffer.concat([file, Buffer.from('te')]));
  });

  it('takes a tar without its two last blocks', async () => {
    assert.equal((await readAll(Buffer.concat([file, Buffer.alloc(512)]))).length, 1);
    assert.deepEqual(await readAll(Buffer.alloc(0)), []);
  });

  it('refuses a wrong checksum, and what is no tar', async () => {
    const wrong = Buffer.from(file);
    wrong[0] = 0x62;
    await broken(Buffer.concat([wrong, Buffer.alloc(512), TAR_END]));
    await broken(Buffer.alloc(2048, 0x41));
  });

  it('refuses entries behind the end', async () => {
    await broken(Buffer.concat([TAR_END, writeHeader(headerOf({ path: 'hidden' })), TAR_END]));
  });

  it('refuses files with holes, sizes for all entries, and unknown types', async () => {
    const patched = (flag: string, body: string) => {
      const head = Buffer.from(writeHeader(headerOf({ path: 'x', content: body })));
      head.write(flag, 156, 'latin1');
      head.write(`${checksum(head).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
      return Buffer.concat([head, Buffer.from(body), Buffer.alloc(padding(body.length))]);
    };
    await broken(Buffer.concat([patched('x', '22 GNU.sparse.major=1\n'), file, Buffer.alloc(512), TAR_END]));
    await broken(Buffer.concat([patched('g', '10 size=9\n'), file, Buffer.alloc(512), TAR_END]));
    await broken(Buffer.concat([patched('S', ''), TAR_END]));
    await broken(Buffer.concat([patched('x', '999 path=a\n'), file, Buffer.alloc(512), TAR_END]));
    await broken(Buffer.concat([patched('2', 'content'), TAR_END]));
    const comment = Buffer.concat([patched('g', '16 comment=abcd\n'), file, Buffer.alloc(512), TAR_END]);
    assert.equal((await readAll(comment)).length, 1);
  });

  it('rejects any bytes by name or reads them, and never hangs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.integer({ min: 0, max: 600 }),
        async (noise, at) => {
          const tar = Buffer.concat([file, Buffer.from('text'), Buffer.alloc(508), TAR_END]);
          Buffer.from(noise).copy(tar, at);
          try {
            await readAll(tar);
          } catch (error) {
            assert.equal(error instanceof Error && 'code' in error && error.code, 'images/layer-broken');
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('readNumber', () => {
  it('reads octal text and base 256, and says NaN for the rest', () => {
    const field = (text: string) => readNumber(Buffer.from(text, 'latin1'));
    assert.deepEqual([field('0000644\0'), field('   12 \0\0'), field('\0'.repeat(8))], [0o644, 0o12, 0]);
    assert.equal(field(`\x80${'\0'.repeat(7)}\x01\0\0\0`), 2 ** 24);
    assert.equal(field(`\xff${'\xff'.repeat(11)}`), -1);
    assert.ok(Number.isNaN(field('12x4\0\0\0\0')));
  });
});

describe('readPax', () => {
  it('keeps values as bytes, and refuses lengths that lie', () => {
    const record = Buffer.concat([Buffer.from('12 key=a\n'), Buffer.from([0xff, 0x3d]), Buffer.from('\n')]);
    assert.deepEqual(
      readPax(record)?.get('key'),
      Buffer.concat([Buffer.from('a\n'), Buffer.from([0xff, 0x3d])]),
    );
    assert.equal(readPax(Buffer.from('99 a=b\n')), null);
    assert.equal(readPax(Buffer.from('x')), null);
  });
});
