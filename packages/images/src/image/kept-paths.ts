/** Which paths of an image a view keeps: those that package databases, and what says how to change them, live at. */

/** Paths without slashes around them. */
export interface KeptPaths {
  /** Single files, with their content. */
  readonly files: readonly string[];
  /** Folders with all files in them, at any depth. */
  readonly folders: readonly string[];
  /** Folders whose names are kept, and nothing else of what is in them. */
  readonly names: readonly string[];
}

export const PACKAGE_PATHS: KeptPaths = {
  files: [
    'etc/os-release',
    'usr/lib/os-release',
    'etc/apk/world',
    'lib/apk/db/installed',
    'usr/lib/apk/db/installed',
    'var/lib/dpkg/status',
    // Often the same file as `status`, by a hard link.
    'var/lib/dpkg/status-old',
    'var/lib/apt/extended_states',
    'var/lib/chisel/manifest.wall',
    ...['var/lib/rpm', 'usr/lib/sysimage/rpm'].flatMap((folder) =>
      ['Packages', 'Packages.db', 'rpmdb.sqlite', 'rpmdb.sqlite-wal'].map((name) => `${folder}/${name}`),
    ),
    'etc/dnf/plugins/versionlock.list',
    'etc/yum/pluginconf.d/versionlock.list',
    'etc/zypp/locks',
  ],
  folders: ['var/lib/dpkg/status.d', 'var/lib/rpmmanifest'],
  names: ['bin', 'sbin', 'usr/bin', 'usr/sbin'],
};

/** How a path counts: with its content, by its name alone, as a folder on the way to one that counts, or not. */
export type Keeping = 'content' | 'name' | 'way' | 'none';

export interface PathFilter {
  keeping(path: string): Keeping;
  /** Whether it is a kept path but for upper and lower case. */
  isLookalike(path: string): boolean;
}

export function createPathFilter({ files, folders, names }: KeptPaths): PathFilter {
  const content = new Set(files);
  const ways = new Set(['', ...[...files, ...folders, ...names].flatMap((path) => [...foldersAbove(path)])]);
  for (const path of [...folders, ...names]) ways.add(path);
  const named = new Set(names);
  const below = new Set(folders);
  const small = new Map([...files, ...folders].map((path) => [path.toLowerCase(), path]));
  return {
    keeping(path) {
      if (content.has(path) || [...foldersAbove(path)].some((folder) => below.has(folder))) return 'content';
      if (ways.has(path)) return 'way';
      return named.has(folderOf(path)) && path !== '' ? 'name' : 'none';
    },
    isLookalike(path) {
      const known = small.get(path.toLowerCase());
      return known !== undefined && known !== path && !content.has(path) && !below.has(path);
    },
  };
}

/** From the nearest up to the one below the root. */
export function* foldersAbove(path: string): Generator<string, void, undefined> {
  for (let at = folderOf(path); at !== ''; at = folderOf(at)) yield at;
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
