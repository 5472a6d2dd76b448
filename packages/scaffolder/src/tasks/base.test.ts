import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { extract } from 'tar-stream';
import { LARGEST_BASE, packBase } from './base.ts';

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-base-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function unpack(archive: Uint8Array | null): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  if (archive === null) return found;
  const reading = extract();
  Readable.from([gunzipSync(archive)]).pipe(reading);
  for await (const entry of reading) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    const { name, type, linkname, mode } = entry.header;
    found[name] =
      type === 'symlink' ? `-> ${linkname}` : `${mode.toString(8)} ${Buffer.concat(chunks).toString()}`;
  }
  return found;
}

describe('packBase', () => {
  it('packs files and links, without what git and npm keep', () =>
    withFolder(async (folder) => {
      for (const path of ['src', '.git', 'src/node_modules']) await mkdir(join(folder, path));
      await writeFile(join(folder, 'src/run.sh'), 'echo', { mode: 0o755 });
      await writeFile(join(folder, 'empty'), '', { mode: 0o644 });
      await writeFile(join(folder, '.git/config'), 'x');
      await writeFile(join(folder, 'src/node_modules/x'), 'x');
      await symlink('/etc/passwd', join(folder, 'link'));
      const archive = await packBase(folder);
      assert.deepEqual(await unpack(archive), {
        empty: '644 ',
        link: '-> /etc/passwd',
        'src/run.sh': '755 echo',
      });
      await utimes(join(folder, 'empty'), 1, 1);
      assert.deepEqual(await packBase(folder), archive);
    }));

  it('packs nothing of an empty workspace, or of one that is too large', () =>
    withFolder(async (folder) => {
      assert.equal(await packBase(folder), null);
      await writeFile(join(folder, 'large'), randomBytes(LARGEST_BASE + 1));
      assert.equal(await packBase(folder), null);
    }));
});
