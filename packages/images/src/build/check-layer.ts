/**
 * Reads a layer before anything of it is written, and refuses by name what could reach outside of its folder. What it
 * learns (whiteouts, folders that are only implied) is what unpacking needs. OCI image layer specification 1.1.
 */
import type { CodedError } from '@callboard/kernel';
import type { BuildLimits } from './engine.ts';
import { buildError, type BuildErrorCode } from './errors.ts';
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

export function budgetOf(limits: Pick<BuildLimits, 'unpackedBytes' | 'entries'>): LayerBudget {
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

export const OPAQUE_MARKER = '.wh..wh..opq';
export const WHITEOUT_PREFIX = '.wh.';

/** Of folders that no layer has: as container runtimes make them. */
const PLAIN_FOLDER: FolderLook = { mode: 0o755, uid: 0, gid: 0, mtime: 0, xattrs: new Map() };

// null, zero, full, random, urandom, tty, console, ptmx: in old base images; `/dev` is mounted over in a build.
const HARMLESS_DEVICES = new Set(['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:1', '5:2']);

function refused(code: BuildErrorCode, path: string, what: string): CodedError {
  return buildError(code, `The layer is refused: ${JSON.stringify(path.slice(0, 200))} ${what}.`);
}

/** `./a//b/` → `a/b`; the root is the empty text. Throws for names that could lead elsewhere. */
export function cleanPath(path: string): string {
  if (path.startsWith('/')) {
    throw refused('images/layer-absolute-path', path, 'begins with a slash');
  }
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path === '' || parts.includes('..')) {
    throw refused('images/layer-bad-path', path, path === '' ? 'is no name' : 'has a ".." in it');
  }
  if (parts.some((part) => part.length > 255)) {
    throw refused('images/layer-bad-path', path, 'has a part of more than 255 bytes');
  }
  return parts.join('/');
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every folder above a path but the root, the nearest first. */
function* above(path: string): Generator<string, void, undefined> {
  for (let at = parentOf(path); at !== ''; at = parentOf(at)) {
    yield at;
  }
}

/** What an entry is for the unpacking: `drop` for devices that are not made. */
export type EntryRole = 'keep' | 'drop' | 'opaque' | 'whiteout';

/** `path` is clean. */
export function roleOf(header: TarHeader, path: string): EntryRole {
  const name = nameOf(path);
  if (name === OPAQUE_MARKER) {
    return 'opaque';
  }
  if (name.startsWith(WHITEOUT_PREFIX) && name !== WHITEOUT_PREFIX) {
    // Names of the old aufs bookkeeping, as `.wh..wh.plnk`, mean nothing to anybody today.
    return name.startsWith('.wh..wh.') ? 'drop' : 'whiteout';
  }
  if (header.kind === 'character' && header.major === 0 && header.minor === 0) {
    return 'whiteout';
  }
  return header.kind === 'character' || header.kind === 'block' || header.kind === 'fifo' ? 'drop' : 'keep';
}

/** The name that a whiteout takes away. */
function hiddenBy(header: TarHeader, path: string): string {
  const name = nameOf(path);
  const hidden = name.startsWith(WHITEOUT_PREFIX) ? name.slice(WHITEOUT_PREFIX.length) : name;
  if (hidden === '' || hidden === '.' || hidden === '..') {
    throw refused('images/layer-bad-path', header.path, 'takes away what is no name');
  }
  const parent = parentOf(path);
  return parent === '' ? hidden : `${parent}/${hidden}`;
}

/** Attributes that an image may carry; others are of one machine only and are passed over. */
export function keptAttributes(xattrs: ReadonlyMap<string, Buffer>): ReadonlyMap<string, Buffer> {
  const kept = [...xattrs].filter(
    ([name]) =>
      name === 'security.capability' || (name.startsWith('user.') && !name.startsWith('user.overlay.')),
  );
  return kept.length === xattrs.size ? xattrs : new Map(kept);
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

  see(header: TarHeader): void {
    this.#budget.entries -= 1;
    if (this.#budget.entries < 0) {
      throw refused('images/layer-too-many-entries', header.path, 'is one entry more than an image may have');
    }
    this.#budget.bytes -= BLOCK + header.size + padding(header.size);
    this.#budget.names -= weightOf(header);
    if (this.#budget.bytes < 0 || this.#budget.names < 0) {
      throw refused('images/layer-too-large', header.path, 'is more than an image may hold unpacked');
    }
    const path = cleanPath(header.path);
    for (const name of header.xattrs.keys()) {
      if (name.startsWith('trusted.') || name.startsWith('user.overlay.')) {
        throw refused('images/layer-attribute', header.path, `has the attribute ${JSON.stringify(name)}`);
      }
    }
    if (path === '') {
      this.#seeRoot(header);
      return;
    }
    for (const parent of above(path)) {
      if (this.#parents.has(parent)) {
        break;
      }
      this.#parents.add(parent);
    }
    this.#seeEntry(header, path);
  }

  #seeRoot(header: TarHeader): void {
    if (header.kind !== 'folder') {
      throw refused('images/layer-bad-path', header.path, 'is the root and no folder');
    }
    this.#root = lookOf(header);
  }

  #seeEntry(header: TarHeader, path: string): void {
    const role = roleOf(header, path);
    if (role === 'opaque') {
      this.#opaque.add(parentOf(path));
      return;
    }
    if (role === 'whiteout') {
      this.#whiteouts.add(hiddenBy(header, path));
      return;
    }
    if (role === 'drop') {
      checkDropped(header, path);
      return;
    }
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
    // Some writers give the target as an absolute path of the image.
    const target = this.#others.get(cleanPath(header.link.replace(/^\/+/, '')));
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

function weightOf(header: TarHeader): number {
  let weight = header.path.length + header.link.length;
  for (const [name, value] of header.xattrs) {
    weight += name.length + value.length;
  }
  return weight;
}

function lookOf(header: TarHeader): FolderLook {
  const { mode, uid, gid, mtime } = header;
  return { mode, uid, gid, mtime, xattrs: keptAttributes(header.xattrs) };
}

function checkDropped(header: TarHeader, path: string): void {
  const isDevice = header.kind === 'character' || header.kind === 'block';
  if (!isDevice) {
    return;
  }
  const number = `${header.major}:${header.minor}`;
  if (header.kind === 'block' || !path.startsWith('dev/') || !HARMLESS_DEVICES.has(number)) {
    throw refused('images/layer-device', header.path, `is the ${header.kind} device ${number}`);
  }
}

function checkSymlink(header: TarHeader, path: string): void {
  // Absolute targets are of the image: commands see them from inside. A relative one has a depth to stay in.
  let depth = path.split('/').length - 1;
  if (header.link === '') {
    throw refused('images/layer-link-out', header.path, 'is a link to nowhere');
  }
  if (header.link.startsWith('/')) {
    depth = 0;
  }
  for (const part of header.link.split('/')) {
    if (part === '' || part === '.') {
      continue;
    }
    depth += part === '..' ? -1 : 1;
    if (depth < 0) {
      throw refused(
        'images/layer-link-out',
        header.path,
        `is a link to ${JSON.stringify(header.link)}, above the root`,
      );
    }
  }
}
