/**
 * Reads a layer before anything of it is written, and refuses by name what could reach outside of its folder. What it
 * learns (whiteouts, folders that are only implied) is what unpacking needs. OCI image layer specification 1.1.
 */
import {
  checkAttributes,
  checkDropped,
  checkNames,
  checkSymlink,
  cleanPath,
  hardLinkTarget,
  hiddenBy,
  keptAttributes,
  parentOf,
  roleOf,
  type EntryRole,
} from './layer-entry.ts';
import { refused } from './layer-errors.ts';
import { BLOCK, padding, type TarHeader } from './tar.ts';

/** What may be unpacked, counted over all layers of an image. */
export interface LayerBudget {
  /** Bytes of tar that are left. */
  bytes: number;
  /** Entries that are left. */
  entries: number;
  /** Bytes of names, links and attributes that are left: they are kept in memory while the layers are checked. */
  names: number;
}

const NAME_BYTES = 64 * 1024 * 1024;

/** Of an image, or of a layer that is read alone. */
export function budgetOf(limits: { readonly unpackedBytes: number; readonly entries: number }): LayerBudget {
  return { bytes: limits.unpackedBytes, entries: limits.entries, names: NAME_BYTES };
}

/** Mode, owner, time and attributes of a folder. */
export type FolderLook = Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'>;

/** What the layers up to here show, as far as the next one must know it. */
export interface LayerTree {
  readonly folders: ReadonlyMap<string, FolderLook>;
  /** Symbolic links; a folder of the next layer may not go through them. */
  readonly links: ReadonlySet<string>;
}

export const EMPTY_TREE: LayerTree = { folders: new Map(), links: new Set() };

/** How one layer is to be unpacked into a folder of its own, for an overlay file system. */
export interface LayerPlan {
  /** Folders that hide what is below them. */
  readonly opaque: ReadonlySet<string>;
  /** Names that are taken away, sorted. */
  readonly whiteouts: readonly string[];
  /** Folders without an entry that have one in them: they look as they did below. Parents first. */
  readonly implied: ReadonlyMap<string, FolderLook>;
  /** Of the root, when the layer says. */
  readonly root: FolderLook | null;
  /** The tree with this layer on top. */
  readonly tree: LayerTree;
}

/** Of folders that no layer has: as container runtimes make them. */
export const PLAIN_FOLDER: FolderLook = { mode: 0o755, uid: 0, gid: 0, mtime: 0, xattrs: new Map() };

/** What the check has found an entry to be. */
export interface SeenEntry {
  /** Without slashes around it, one character a byte; the root is the empty text. */
  readonly path: string;
  readonly role: EntryRole;
  /** Of a whiteout the path that it takes away, of an opaque marker the folder; null for others. */
  readonly hides: string | null;
}

/** Every folder above a path but the root, the nearest first. */
function* above(path: string): Generator<string, void, undefined> {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
    yield at;
  }
}

/** Takes every header of a layer in order, then says how to unpack it. Throws `images/layer-…`. */
export class LayerCheck {
  readonly #below: LayerTree;
  readonly #budget: LayerBudget;
  readonly #folders = new Map<string, FolderLook>();
  /** Everything that is no folder, and whether it is a symbolic link. */
  readonly #others = new Map<string, 'file' | 'symlink'>();
  readonly #whiteouts = new Set<string>();
  readonly #opaque = new Set<string>();
  readonly #parents = new Set<string>();
  #root: FolderLook | null = null;

  constructor(below: LayerTree, budget: LayerBudget) {
    this.#below = below;
    this.#budget = budget;
  }

  see(header: TarHeader): SeenEntry {
    this.#spend(header);
    checkNames(header);
    checkAttributes(header);
    const path = cleanPath(header.path);
    if (path === '') {
      if (header.kind !== 'folder') {
        throw refused('images/layer-bad-path', header.path, 'is the root and no folder');
      }
      this.#root = lookOf(header);
      return { path, role: 'keep', hides: null };
    }
    for (const parent of above(path)) {
      if (this.#parents.has(parent)) {
        break;
      }
      this.#parents.add(parent);
    }
    const role = roleOf(header, path);
    const hides = hiddenBy(header, path);
    if (hides !== null) {
      (role === 'opaque' ? this.#opaque : this.#whiteouts).add(hides);
    } else if (role === 'drop') {
      checkDropped(header, path);
    } else {
      this.#keep(header, path);
    }
    return { path, role, hides };
  }

  #spend(header: TarHeader): void {
    const budget = this.#budget;
    budget.entries -= 1;
    if (budget.entries < 0) {
      throw refused('images/layer-too-many-entries', header.path, 'is one entry more than an image may have');
    }
    budget.bytes -= BLOCK + header.size + padding(header.size);
    budget.names -= header.path.length + header.link.length;
    for (const [name, value] of header.xattrs) {
      budget.names -= name.length + value.length;
    }
    if (budget.bytes < 0 || budget.names < 0) {
      throw refused('images/layer-too-large', header.path, 'is more than an image may hold unpacked');
    }
  }

  #keep(header: TarHeader, path: string): void {
    const before = this.#folders.has(path) ? 'folder' : this.#others.get(path);
    if (before !== undefined && (before === 'folder') !== (header.kind === 'folder')) {
      throw refused('images/layer-through-link', header.path, 'is a folder and something else in one layer');
    }
    if (header.kind === 'folder') {
      this.#folders.set(path, lookOf(header));
      return;
    }
    if (header.kind === 'symlink') {
      checkSymlink(header, path);
    }
    const target = header.kind === 'hardlink' ? this.#hardLinkTarget(header) : header.kind;
    this.#others.set(path, target === 'symlink' ? 'symlink' : 'file');
  }

  #hardLinkTarget(header: TarHeader): 'file' | 'symlink' {
    const target = this.#others.get(hardLinkTarget(header));
    if (target === undefined) {
      throw refused(
        'images/layer-link-out',
        header.path,
        `is a hard link to ${JSON.stringify(header.link)}, no file of its layer`,
      );
    }
    return target;
  }

  finish(): LayerPlan {
    const hidden = this.#hiddenBelow();
    const implied = new Map<string, FolderLook>();
    for (const path of [...this.#parents].toSorted()) {
      if (this.#others.has(path)) {
        throw refused('images/layer-through-link', path, 'is no folder and has entries behind it');
      }
      if (this.#folders.has(path)) {
        continue;
      }
      const isHidden = hidden(path);
      if (!isHidden && this.#below.links.has(path)) {
        throw refused(
          'images/layer-through-link',
          path,
          'is a link of a layer below and has entries behind it',
        );
      }
      implied.set(path, (isHidden ? undefined : this.#below.folders.get(path)) ?? PLAIN_FOLDER);
    }
    const opaque = new Set(this.#opaque);
    const whiteouts: string[] = [];
    for (const path of this.#whiteouts) {
      if (this.#folders.has(path) || implied.has(path)) {
        opaque.add(path);
        continue;
      }
      if (!this.#others.has(path)) {
        whiteouts.push(path);
      }
    }
    return {
      opaque,
      whiteouts: whiteouts.toSorted(),
      implied,
      root: this.#root,
      tree: this.#merged(hidden, implied),
    };
  }

  /** Whether this layer hides what is at a path below it. */
  #hiddenBelow(): (path: string) => boolean {
    return (path) => {
      if (this.#whiteouts.has(path) || this.#opaque.has('')) {
        return true;
      }
      for (const parent of above(path)) {
        if (this.#whiteouts.has(parent) || this.#opaque.has(parent) || this.#others.has(parent)) {
          return true;
        }
      }
      return false;
    };
  }

  #merged(hidden: (path: string) => boolean, implied: ReadonlyMap<string, FolderLook>): LayerTree {
    const folders = new Map<string, FolderLook>();
    const links = new Set<string>();
    for (const [path, look] of this.#below.folders) {
      if (!hidden(path) && !this.#others.has(path)) {
        folders.set(path, look);
      }
    }
    for (const path of this.#below.links) {
      if (!hidden(path) && !this.#others.has(path) && !this.#folders.has(path)) {
        links.add(path);
      }
    }
    for (const [path, look] of [...implied, ...this.#folders]) {
      folders.set(path, look);
    }
    for (const [path, kind] of this.#others) {
      if (kind === 'symlink') {
        links.add(path);
      }
    }
    return { folders, links };
  }
}

function lookOf(header: TarHeader): FolderLook {
  const { mode, uid, gid, mtime } = header;
  return { mode, uid, gid, mtime, xattrs: keptAttributes(header.xattrs) };
}
