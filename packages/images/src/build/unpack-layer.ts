/**
 * Unpacks a checked layer into a folder of its own. The program that writes never sees the tar of the image, only one
 * that is written here from what was checked; and it sees no folder of this machine that it could write to but its own.
 */
import type { LayerPlan } from '../image/check-layer.ts';
import { cleanPath, hardLinkTarget, keptAttributes, roleOf } from '../image/layer-entry.ts';
import type { TarEntry } from '../image/read-tar.ts';
import { padding, TAR_END, writeHeader, type TarHeader } from '../image/tar.ts';
import { mustRun } from './program.ts';

// As the overlay file system of Linux marks them (Documentation/filesystems/overlayfs.rst).
const OPAQUE: readonly [string, Buffer] = ['trusted.overlay.opaque', Buffer.from('y')];

const FOLDER: Omit<TarHeader, 'path' | 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'> = {
  kind: 'folder',
  size: 0,
  link: '',
  major: 0,
  minor: 0,
};

/**
 * The tar of a layer as an overlay file system wants its folder: whiteouts are 0:0 devices, opaque folders carry an
 * attribute, every folder has an entry.
 */
export async function* overlayTar(
  entries: AsyncIterable<TarEntry>,
  plan: LayerPlan,
): AsyncGenerator<Buffer, void, undefined> {
  const marked = (path: string, xattrs: TarHeader['xattrs']) =>
    plan.opaque.has(path) ? new Map([...xattrs, OPAQUE]) : xattrs;
  if (plan.root !== null) {
    yield writeHeader({ ...FOLDER, ...plan.root, path: './' });
  }
  for (const [path, look] of plan.implied) {
    yield writeHeader({ ...FOLDER, ...look, path, xattrs: marked(path, look.xattrs) });
  }
  for await (const { header, content } of entries) {
    const path = cleanPath(header.path);
    if (path === '' || roleOf(header, path) !== 'keep') {
      continue;
    }
    const kept = keptAttributes(header.xattrs);
    const xattrs = header.kind === 'folder' ? marked(path, kept) : kept;
    const link = header.kind === 'hardlink' ? hardLinkTarget(header) : header.link;
    yield writeHeader({ ...header, path, link, xattrs: header.kind === 'hardlink' ? new Map() : xattrs });
    if (header.size > 0) {
      yield* content;
      yield Buffer.alloc(padding(header.size));
    }
  }
  for (const path of plan.whiteouts) {
    const whiteout = { path, kind: 'character', mode: 0, uid: 0, gid: 0, mtime: 0 } as const;
    yield writeHeader({ ...FOLDER, ...whiteout, xattrs: new Map() });
  }
  yield TAR_END;
}

/*
 * $1: an empty folder to be the root, $2: where to unpack. The programs of this machine are there to be read only, and
 * nothing else of it is: whatever a name in the tar says, there is nowhere to write but $2.
 */
const JAIL = `set -eu
mount -n -t tmpfs -o mode=755,size=1m callboard "$1"
for d in bin sbin lib lib32 lib64 libx32 usr nix gnu; do
  if [ -L "/$d" ]; then ln -s "$(readlink "/$d")" "$1/$d"
  elif [ -d "/$d" ]; then
    mkdir "$1/$d"; mount -n --bind "/$d" "$1/$d"; mount -n -o remount,bind,ro "$1/$d"
  fi
done
mkdir "$1/layer"; mount -n --bind "$2" "$1/layer"
mount -n -o remount,ro "$1"
exec chroot "$1" tar --extract --file=- --directory=/layer --preserve-permissions --same-owner --numeric-owner \\
  --xattrs --xattrs-include='*' --delay-directory-restore --warning=no-timestamp`;

export interface UnpackOptions {
  readonly entries: AsyncIterable<TarEntry>;
  readonly plan: LayerPlan;
  /** An empty folder, for the mounts of this call only. */
  readonly jail: string;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Rejects with `images/build-disk-full`, `images/build-stopped` or `images/build-failed`. */
export async function unpackLayer(options: UnpackOptions): Promise<void> {
  await mustRun({
    argv: ['unshare', '--mount', '--', '/bin/sh', '-c', JAIL, 'unpack', options.jail, options.folder],
    input: overlayTar(options.entries, options.plan),
    signal: options.signal,
  });
}
