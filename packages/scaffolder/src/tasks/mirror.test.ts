import assert from 'node:assert/strict';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createMirror, type Mirror } from './mirror.ts';

interface Place {
  readonly folder: string;
  readonly work: string;
  readonly copy: string;
  readonly mirror: Mirror;
}

async function withPlace(work: (place: Place) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-mirror-'));
  const paths = { work: join(folder, 'work'), copy: join(folder, 'copy'), mark: join(folder, 'state') };
  await mkdir(paths.work);
  try {
    await work({ folder, ...paths, mirror: createMirror(paths) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Every path with what is there. */
async function contentOf(folder: string): Promise<Record<string, string>> {
  const content: Record<string, string> = {};
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const mode = ((await lstat(path)).mode & 0o777).toString(8);
    const name = path.slice(folder.length);
    if (entry.isSymbolicLink()) content[name] = `link to ${await readlink(path)}`;
    else if (entry.isDirectory()) content[name] = `folder ${mode}`;
    else content[name] = `file ${mode} ${await readFile(path, 'utf8')}`;
  }
  return content;
}

describe('createMirror', () => {
  it('gives back a workspace of files, folders, modes and links as it was', () =>
    withPlace(async ({ work, folder, mirror }) => {
      await mkdir(join(work, 'a/b'), { recursive: true });
      await writeFile(join(work, 'a/b/run.sh'), 'echo', { mode: 0o755 });
      await writeFile(join(work, 'read-only'), 'x', { mode: 0o444 });
      await writeFile(join(folder, 'outside'), 'outside');
      await symlink('../outside', join(work, 'link'));
      await symlink('b', join(work, 'a/to-b'));
      const before = await contentOf(work);
      assert.equal(await mirror.marked(), 0);
      await mirror.update(3);
      assert.equal(await mirror.marked(), 3);
      await rm(join(work, 'a'), { recursive: true });
      await writeFile(join(work, 'link'), 'through the link');
      await writeFile(join(work, 'new'), 'new');
      await mirror.restore();
      assert.deepEqual(await contentOf(work), before);
      assert.equal(await readFile(join(folder, 'outside'), 'utf8'), 'through the link');
    }));

  it('copies what changed only, whatever its times say', () =>
    withPlace(async ({ work, copy, mirror }) => {
      const old = new Date(Date.now() - 60_000);
      for (const name of ['same', 'changed']) {
        await writeFile(join(work, name), 'one');
        await utimes(join(work, name), old, old);
      }
      // Long enough ago that the times of changes tell them apart.
      await new Promise((resolve) => setTimeout(resolve, 70));
      await mirror.update(1);
      const inodes = async () => [
        (await lstat(join(copy, 'same'))).mtimeMs,
        (await lstat(join(copy, 'changed'))).mtimeMs,
      ];
      const [same] = await inodes();
      await writeFile(join(work, 'changed'), 'two');
      await utimes(join(work, 'changed'), old, old);
      await mirror.update(2);
      assert.equal((await inodes())[0], same);
      assert.equal(await readFile(join(copy, 'changed'), 'utf8'), 'two');
    }));

  it('does not write through a link that took the place of a file or a folder', () =>
    withPlace(async ({ folder, work, mirror }) => {
      await mkdir(join(folder, 'outside'));
      await symlink('../outside', join(work, 'place'));
      await mirror.update(1);
      await rm(join(work, 'place'));
      await mkdir(join(work, 'place'));
      await writeFile(join(work, 'place/file'), 'x');
      await mirror.update(2);
      assert.deepEqual(await readdir(join(folder, 'outside')), []);
      await mirror.restore();
      assert.equal(await readFile(join(work, 'place/file'), 'utf8'), 'x');
    }));

  it('takes an empty workspace for what is kept before the first copy', () =>
    withPlace(async ({ work, mirror }) => {
      await mirror.mark(1);
      await writeFile(join(work, 'half'), 'x');
      await mirror.restore();
      assert.deepEqual(await readdir(work), []);
    }));

  it('is the workspace as it was at the last update, whatever was done to it', async () => {
    const name = fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f/g/h');
    const action = fc.oneof(
      fc.record({ do: fc.constant('write' as const), name, text: fc.constantFrom('', '1', '2', 'longer') }),
      fc.record({ do: fc.constant('folder' as const), name, text: fc.constant('') }),
      fc.record({
        do: fc.constant('link' as const),
        name,
        text: fc.constantFrom('a', '../a', '/dev/null/nowhere'),
      }),
      fc.record({ do: fc.constant('mode' as const), name, text: fc.constantFrom('600', '755', '444') }),
      fc.record({ do: fc.constant('rename' as const), name, text: fc.constantFrom('a', 'z') }),
      fc.record({ do: fc.constant('remove' as const), name, text: fc.constant('') }),
      fc.record({ do: fc.constant('update' as const), name, text: fc.constant('') }),
      fc.record({ do: fc.constant('restore' as const), name, text: fc.constant('') }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 25 }), (actions) =>
        withPlace(async ({ work, mirror }) => {
          let kept = {};
          await mirror.update(1);
          for (const { do: what, name: at, text } of actions) {
            if (what === 'update') {
              await mirror.update(2);
              kept = await contentOf(work);
            } else if (what === 'restore') {
              await mirror.restore();
              assert.deepEqual(await contentOf(work), kept);
            } else {
              await change(join(work, at), { what, text, work });
            }
          }
          await mirror.restore();
          assert.deepEqual(await contentOf(work), kept);
        }),
      ),
      { numRuns: 60 },
    );
  });
});

async function change(
  path: string,
  { what, text, work }: { readonly what: string; readonly text: string; readonly work: string },
): Promise<void> {
  try {
    if (what === 'write') await writeFile(path, text);
    if (what === 'folder') await mkdir(path, { recursive: true });
    if (what === 'link') await symlink(text, path);
    if (what === 'mode' && !(await lstat(path)).isSymbolicLink())
      await chmod(path, Number.parseInt(text, 8) | 0o100);
    if (what === 'rename') await rename(path, join(work, text));
    if (what === 'remove') await rm(path, { recursive: true });
  } catch {
    // What cannot be done to what is there is not done.
  }
}
