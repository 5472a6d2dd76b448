import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { extract } from 'tar-stream';
import { readTar } from './read-tar.ts';
import { once, tarOf, type EntryDraft } from './tar.fixture.ts';
import type { TarKind } from './tar.ts';

/** What one reader saw: name, kind, mode, owner, size, link, of each entry. */
type Seen = readonly (readonly (string | number)[])[];

async function ours(tar: Buffer): Promise<Seen> {
  const seen: (string | number)[][] = [];
  for await (const { header } of readTar(once(tar))) {
    const { path, kind, mode, uid, gid, size, link } = header;
    const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString();
    seen.push([text(path).replace(/\/$/, ''), kind, mode, uid, gid, size, text(link)]);
  }
  return seen;
}

const KINDS: Readonly<Record<string, string>> = {
  directory: 'folder',
  link: 'hardlink',
  'character-device': 'character',
  'block-device': 'block',
  'contiguous-file': 'file',
};

async function theirs(tar: Buffer): Promise<Seen> {
  const seen: (string | number)[][] = [];
  const reader = extract();
  Readable.from([tar]).pipe(reader);
  for await (const entry of reader) {
    const { name, type, mode, uid, gid, size, linkname } = entry.header;
    const kind = KINDS[type] ?? type;
    const bytes = kind === 'file' ? (size ?? 0) : 0;
    const link = kind === 'symlink' || kind === 'hardlink' ? (linkname ?? '') : '';
    seen.push([name.replace(/\/$/, ''), kind, mode & 0o7777, uid, gid, bytes, link]);
    entry.resume();
  }
  return seen;
}

const name = fc.stringMatching(/^[a-zé]{1,60}(\/[a-z ü.-]{1,60}[a-z]){0,3}$/);
// Larger owners are in pax records, which the other reader does not look at for them.
const owner = fc.integer({ min: 0, max: 0o7777777 });
const draft = fc.record({
  path: name,
  kind: fc.constantFrom<TarKind>('file', 'folder', 'symlink', 'hardlink', 'character', 'fifo'),
  link: name,
  mode: fc.integer({ min: 0, max: 0o7777 }),
  uid: owner,
  gid: owner,
  content: fc.string({ maxLength: 1_500 }),
});
const drafts = fc.array(draft, { minLength: 1, maxLength: 5 }).map((list) =>
  list.map(({ content, link, ...rest }): EntryDraft => ({
    ...rest,
    ...(rest.kind === 'file' ? { content } : {}),
    link: rest.kind === 'symlink' || rest.kind === 'hardlink' ? Buffer.from(link).toString('latin1') : '',
    path: Buffer.from(rest.path).toString('latin1'),
  })),
);

describe('readTar beside tar-stream', () => {
  it('sees the same entries in any tar', async () => {
    await fc.assert(
      fc.asyncProperty(drafts, async (list) => {
        const tar = tarOf(list);
        assert.deepEqual(await ours(tar), await theirs(tar));
      }),
      { numRuns: 150 },
    );
  });
});
