/**
 * A view of the files of an image in a registry that inventories are read from. It streams the layers and keeps only
 * the paths of package databases; where links lead elsewhere, it reads again and keeps that too.
 */
import { CodedError } from '@callboard/kernel';
import { budgetOf, EMPTY_TREE, type LayerTree } from './check-layer.ts';
import { parentOf } from './layer-entry.ts';
import { buildError } from '../build/errors.ts';
import type { FileView } from '../inventory/inventory.ts';
import type { Descriptor, Image } from './image.ts';
import { addLayer, namesIn, resolve, type ImageTree, type TreeLayer, type TreeNode } from './image-tree.ts';
import {
  createPathFilter,
  foldersAbove,
  PACKAGE_PATHS,
  type KeptPaths,
  type PathFilter,
} from './kept-paths.ts';
import { readLayer, type LayerEntry } from './layers.ts';
import type { RegistryClient } from './registry-client.ts';

export interface ImageViewOptions {
  readonly signal?: AbortSignal;
  /** Default: where package databases are. */
  readonly keep?: KeptPaths;
  readonly limits?: Partial<ImageViewLimits>;
}

export interface ImageViewLimits {
  /** Bytes of all layers, unpacked. Default 16 GiB. */
  readonly unpackedBytes: number;
  /** Entries of all layers. Default 2,000,000. */
  readonly entries: number;
  /** Bytes of one file that is kept; of a larger one only the size is. Default 160 MiB. */
  readonly fileBytes: number;
  /** Bytes of all files that are kept. Default 256 MiB. */
  readonly keptBytes: number;
}

const LIMITS: ImageViewLimits = {
  unpackedBytes: 16 * 1024 ** 3,
  entries: 2_000_000,
  fileBytes: 160 * 1024 ** 2,
  keptBytes: 256 * 1024 ** 2,
};

/** Times that the layers are read; each follows all links that were found before. */
const MOST_ROUNDS = 4;

/**
 * Rejects with `images/registry-…` and `images/layer-…`. The view throws `images/file-too-large` (413), and
 * `images/view-not-kept` (500) for paths that it was not told to keep, as it cannot know what is there.
 */
export async function createImageView(
  registry: Pick<RegistryClient, 'readBlob'>,
  image: Image,
  options: ImageViewOptions = {},
): Promise<FileView> {
  const limits = { ...LIMITS, ...options.limits };
  let keep = options.keep ?? PACKAGE_PATHS;
  for (let round = 1; ; round += 1) {
    const filter = createPathFilter(keep);
    const { tree, wanted } = await readLayers(registry, { image, filter, limits, signal: options.signal });
    const more = missing({ tree, filter, keep, wanted });
    if (more === null) return viewOf(tree, filter);
    if (round === MOST_ROUNDS) {
      const message = `The package databases of ${image.digest} are behind more than ${MOST_ROUNDS} links to links.`;
      throw buildError('images/layer-through-link', message);
    }
    keep = more;
  }
}

interface Reading {
  readonly image: Image;
  readonly filter: PathFilter;
  readonly limits: ImageViewLimits;
  readonly signal: AbortSignal | undefined;
}

async function readLayers(
  registry: Pick<RegistryClient, 'readBlob'>,
  { image, filter, limits, signal }: Reading,
): Promise<{ tree: ImageTree; wanted: ReadonlySet<string> }> {
  const budget = budgetOf(limits);
  const room = { left: limits.keptBytes, file: limits.fileBytes };
  const wanted = new Set<string>();
  let below: LayerTree = EMPTY_TREE;
  let tree: ImageTree = new Map();
  for (const [index, blob] of image.manifest.layers.entries()) {
    const diffId = image.config.diffIds[index];
    if (diffId === undefined)
      throw buildError('images/layer-wrong-content', `Layer ${index} has no diff id.`);
    refuseForeign(blob);
    const layer = createLayer({ filter, room, wanted });
    const source = await registry.readBlob(image, blob, signal === undefined ? {} : { signal });
    try {
      below = await readLayer(source, { budget, below, diffId, see: (entry) => layer.see(entry) });
    } finally {
      source.destroy();
    }
    tree = addLayer(tree, layer);
  }
  return { tree, wanted };
}

interface Keeper {
  readonly filter: PathFilter;
  readonly room: { left: number; readonly file: number };
  /** Files that kept ones are hard links to, and that are not kept themselves. */
  readonly wanted: Set<string>;
}

function createLayer({
  filter,
  room,
  wanted,
}: Keeper): TreeLayer & { see(entry: LayerEntry): Promise<void> } {
  const nodes = new Map<string, TreeNode>();
  const whiteouts = new Set<string>();
  const opaque = new Set<string>();
  return {
    nodes,
    whiteouts,
    opaque,
    async see({ header, path, role, content }) {
      if (role === 'opaque') {
        const folder = parentOf(path);
        if (folder === '' || filter.keeping(folder) !== 'none') opaque.add(folder);
        return;
      }
      if (role === 'whiteout') {
        const hidden = header.kind === 'character' ? path : path.replace(/(^|\/)\.wh\.([^/]+)$/, '$1$2');
        if (filter.keeping(hidden) !== 'none') whiteouts.add(hidden);
        return;
      }
      if (role === 'drop' || path === '') return;
      if (filter.isLookalike(path)) throw twice(path, 'is a package database but for upper and lower case');
      const keeping = filter.keeping(path);
      if (keeping === 'none') return;
      if (keeping === 'content' && nodes.has(path) && header.kind !== 'folder') {
        throw twice(path, 'is in one layer twice');
      }
      if (header.kind === 'folder' || header.kind === 'symlink') {
        const isFolder = header.kind === 'folder';
        nodes.set(path, isFolder ? { kind: 'folder' } : { kind: 'link', target: header.link });
        return;
      }
      if (header.kind === 'hardlink') {
        const target = header.link
          .split('/')
          .filter((part) => part !== '' && part !== '.')
          .join('/');
        const node = nodes.get(target);
        const isWithout = node?.kind === 'file' && node.bytes === null && node.size <= room.file;
        if (keeping === 'content' && (node === undefined || isWithout)) wanted.add(target);
        nodes.set(path, node ?? { kind: 'file', size: 0, bytes: null });
        return;
      }
      const isKept = keeping === 'content' && header.size <= room.file;
      nodes.set(path, { kind: 'file', size: header.size, bytes: isKept ? await collect(content) : null });
      if (isKept) room.left -= header.size;
      if (room.left < 0)
        throw buildError('images/layer-too-large', 'The package databases are too large to be kept.');
    },
  };
}

async function collect(content: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of content) parts.push(part);
  // A copy, or a small file would keep the whole chunk that it came in.
  return Buffer.concat(parts);
}

interface Found {
  readonly tree: ImageTree;
  readonly filter: PathFilter;
  readonly keep: KeptPaths;
  readonly wanted: ReadonlySet<string>;
}

/** What has to be kept as well, as links lead to it; null when there is nothing more. */
function missing({ tree, filter, keep, wanted }: Found): KeptPaths | null {
  const behind = (paths: readonly string[], has: (path: string) => boolean): readonly string[] =>
    paths.map((path) => resolve(tree, path).at).filter((at) => at !== '' && !has(at));
  const isKept = (path: string): boolean => filter.keeping(path) === 'content';
  const files = [...behind(keep.files, isKept), ...wanted].filter((path) => !isKept(path));
  const isFolder = (path: string): boolean =>
    keep.folders.includes(path) || [...foldersAbove(path)].some((folder) => keep.folders.includes(folder));
  const folders = behind(keep.folders, isFolder);
  const linked = keep.folders.flatMap((folder) =>
    [...tree].flatMap(([path, { kind }]) => (kind === 'link' && path.startsWith(`${folder}/`) ? [path] : [])),
  );
  const inside = behind(linked, isKept).filter((path) => !isKept(path));
  const names = behind(keep.names, (path) => keep.names.includes(path));
  if (files.length + folders.length + inside.length + names.length === 0) return null;
  return {
    files: [...new Set([...keep.files, ...files, ...inside])],
    folders: [...new Set([...keep.folders, ...folders])],
    names: [...new Set([...keep.names, ...names])],
  };
}

function viewOf(tree: ImageTree, filter: PathFilter): FileView {
  const isBelowKept = (path: string): boolean =>
    [...foldersAbove(path)].some((folder) => filter.keeping(folder) === 'content');
  const find = (path: string): ReturnType<typeof resolve> =>
    resolve(tree, Buffer.from(path).toString('latin1'));
  return {
    async read(path, limit = LIMITS.fileBytes) {
      const { at, node } = find(path);
      const isKnown = at === '' || filter.keeping(at) !== 'none' || isBelowKept(at);
      if (!isKnown || (node?.kind === 'file' && filter.keeping(at) !== 'content')) throw notKept(path);
      if (node?.kind !== 'file') return null;
      if (node.bytes === null || node.size > limit) {
        throw new CodedError(
          413,
          'images/file-too-large',
          `${path} has ${node.size} bytes, more than may be read.`,
        );
      }
      return node.bytes;
    },
    async list(path) {
      const { at, node } = find(path);
      // A circle of links has no end that could have been kept.
      const isCircle = at === '' && node === null;
      if (!isCircle && filter.keeping(`${at}/x`) === 'none' && !isBelowKept(at)) throw notKept(path);
      if (node?.kind !== 'folder') return null;
      return namesIn(tree, at)
        .map((name) => Buffer.from(name, 'latin1').toString())
        .toSorted();
    },
  };
}

function refuseForeign({ mediaType, digest }: Descriptor): void {
  if (!/foreign|nondistributable/.test(mediaType)) return;
  throw buildError('images/layer-media-type', `The layer ${digest} is one that registries do not keep.`);
}

function twice(path: string, what: string): Error {
  return buildError('images/layer-bad-path', `The layer is refused: ${JSON.stringify(path)} ${what}.`);
}

function notKept(path: string): CodedError {
  const message = `The view of the image did not keep ${JSON.stringify(path)}; add it to the paths to keep.`;
  return new CodedError(500, 'images/view-not-kept', message);
}
