/** A workspace between folders that nothing may touch, for tests. */
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const SECRET = 'the secret of the machine';

export interface Scene extends Disposable {
  /** The folder around all. */
  readonly top: string;
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Absolute path of what nothing may touch. */
  readonly outside: string;
  /** All that is outside of the workspace, with contents, modes and link counts. */
  snapshot(): readonly string[];
  /** The names and kinds of what is in the workspace, and when it was made: the same as long as nothing was done. */
  inside(): string;
}

/** `<top>/ws` with links to, and hard links of, what is in `<top>/outside`. */
export function createScene(): Scene {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'callboard-scene-')));
  const root = join(top, 'ws');
  const outside = join(top, 'outside');
  mkdirSync(join(outside, 'folder'), { recursive: true });
  writeFileSync(join(outside, 'secret.txt'), SECRET);
  writeFileSync(join(outside, 'folder', 'inner.txt'), SECRET);
  // A sibling whose path begins as the workspace's own does.
  mkdirSync(join(top, 'ws-other'));
  writeFileSync(join(top, 'ws-other', 'secret.txt'), SECRET);
  mkdirSync(join(root, 'real', 'deep'), { recursive: true });
  writeFileSync(join(root, 'plain.txt'), 'plain');
  writeFileSync(join(root, 'real', 'deep', 'file.txt'), 'deep');
  symlinkSync('../outside/secret.txt', join(root, 'to-file'));
  symlinkSync('../outside/folder', join(root, 'to-folder'));
  symlinkSync(outside, join(root, 'to-absolute'));
  symlinkSync('..', join(root, 'to-parent'));
  symlinkSync('to-parent', join(root, 'chain'));
  symlinkSync('../../../outside', join(root, 'real', 'deep', 'up'));
  symlinkSync('real/deep/../../..', join(root, 'around'));
  symlinkSync('loop-b', join(root, 'loop-a'));
  symlinkSync('loop-a', join(root, 'loop-b'));
  symlinkSync('/proc/self/root', join(root, 'to-root'));
  symlinkSync('../outside/new-file', join(root, 'to-nothing'));
  symlinkSync('real', join(root, 'inside'));
  linkSync(join(outside, 'secret.txt'), join(root, 'hard.txt'));
  return {
    top,
    root,
    outside,
    snapshot: () => [...snapshotOf(outside), ...snapshotOf(join(top, 'ws-other')), ...readdirSync(top)],
    inside: () => insideOf(root).join('\n'),
    [Symbol.dispose]: () => {
      rmSync(top, { recursive: true, force: true });
    },
  };
}

function snapshotOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(folder, name);
      const { mode, mtimeMs } = lstatSync(path);
      return `${path} ${mode} ${mtimeMs} ${contentOf(path)}`;
    });
}

/** Node's own recursion follows links, so this is done by hand. */
function insideOf(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const line = `${path} ${stats.mode} ${stats.ino} ${stats.mtimeMs}`;
    return stats.isDirectory() ? [line, ...insideOf(path)] : [line];
  });
}

function contentOf(path: string): string {
  const stats = lstatSync(path);
  if (stats.isSymbolicLink()) return readlinkSync(path);
  return stats.isFile() ? readFileSync(path, 'utf8') : '';
}

/** Paths that lead out, or try to, by what they are and by what the scene has in its workspace. */
export function escapesOf({ top, outside }: Scene): readonly string[] {
  return [
    '../outside/secret.txt',
    '../../../../../../../../etc/passwd',
    'real/../../outside/secret.txt',
    'real/deep/../../../outside/folder',
    './././../outside/secret.txt',
    '..',
    '../ws-other/secret.txt',
    `${top}/ws-other/secret.txt`,
    `${outside}/secret.txt`,
    '/etc/passwd',
    '//etc/passwd',
    `${top}/ws/../outside/secret.txt`,
    '..\\outside\\secret.txt',
    'real\\..\\..\\outside\\secret.txt',
    'C:\\Windows\\win.ini',
    'c:/Windows/win.ini',
    '\\\\server\\share',
    'to-file\0.txt',
    '../outside/secret.txt\0',
    'to-file',
    'to-folder/inner.txt',
    'to-folder/new.txt',
    'to-folder/new/deeper.txt',
    'to-absolute/secret.txt',
    'to-parent/outside/secret.txt',
    'chain/outside/secret.txt',
    'real/deep/up/secret.txt',
    'inside/deep/up/secret.txt',
    'around/outside/secret.txt',
    'loop-a',
    'loop-a/x',
    'to-root/etc/passwd',
    'to-nothing',
    'hard.txt',
  ];
}
