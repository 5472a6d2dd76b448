/** The files of an image as far as they are kept, made of its layers from the base up: whiteouts, opaque folders, links. */
import { foldersAbove } from './kept-paths.ts';

export type TreeNode =
  | { readonly kind: 'folder' }
  /** `bytes` is null where only the name was kept, or where there are more than may be kept. */
  | { readonly kind: 'file'; readonly size: number; readonly bytes: Buffer | null }
  | { readonly kind: 'link'; readonly target: string };

/** By path without slashes around it; the root is the empty text. */
export type ImageTree = ReadonlyMap<string, TreeNode>;

export interface TreeLayer {
  readonly nodes: ImageTree;
  readonly whiteouts: ReadonlySet<string>;
  readonly opaque: ReadonlySet<string>;
}

/** As many links as Linux follows on the way to one file. */
const MOST_LINKS = 40;
const FOLDER: TreeNode = { kind: 'folder' };

/** Whiteouts and opaque markers hide what is below their layer only, wherever they stand in it (OCI image 1.1). */
export function addLayer(below: ImageTree, { nodes, whiteouts, opaque }: TreeLayer): ImageTree {
  const tree = new Map<string, TreeNode>();
  const covers = (folder: string): boolean => {
    const kind = nodes.get(folder)?.kind;
    return whiteouts.has(folder) || opaque.has(folder) || (kind !== undefined && kind !== 'folder');
  };
  for (const [path, node] of below) {
    const isHidden = whiteouts.has(path) || opaque.has('') || [...foldersAbove(path)].some(covers);
    if (!isHidden) tree.set(path, node);
  }
  const makeFolder = (folder: string): void => {
    if (!nodes.has(folder) && tree.get(folder)?.kind !== 'folder') tree.set(folder, FOLDER);
  };
  // A folder that only something in it tells of is one as well, as it is to every program that unpacks.
  for (const path of [...nodes.keys(), ...whiteouts, ...opaque])
    for (const folder of foldersAbove(path)) makeFolder(folder);
  for (const folder of opaque) if (folder !== '') makeFolder(folder);
  for (const [path, node] of nodes) tree.set(path, node);
  return tree;
}

export type Resolved =
  | { readonly at: string; readonly node: TreeNode }
  /** Nothing is there; `at` is the first path that is not there, with all links before it followed. */
  | { readonly at: string; readonly node: null };

/** Follows links inside the root, where `..` stops. A circle is nothing at all. */
export function resolve(tree: ImageTree, path: string): Resolved {
  let rest = partsOf(path);
  let at: readonly string[] = [];
  let links = 0;
  for (;;) {
    const [next, ...more] = rest;
    if (next === undefined) break;
    rest = more;
    if (next === '..') {
      at = at.slice(0, -1);
      continue;
    }
    const here = [...at, next].join('/');
    const node = tree.get(here);
    if (node?.kind === 'link') {
      links += 1;
      if (links > MOST_LINKS) return { at: '', node: null };
      if (node.target.startsWith('/')) at = [];
      rest = [...partsOf(node.target), ...more];
      continue;
    }
    if (node === undefined || (node.kind === 'file' && more.length > 0)) {
      return { at: [here, ...more].join('/'), node: null };
    }
    at = [...at, next];
  }
  const end = at.join('/');
  return { at: end, node: tree.get(end) ?? FOLDER };
}

function partsOf(path: string): readonly string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** The names in a folder, sorted. */
export function namesIn(tree: ImageTree, folder: string): readonly string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  return [...tree.keys()]
    .filter((path) => path !== '' && path.startsWith(prefix) && !path.includes('/', prefix.length))
    .map((path) => path.slice(prefix.length))
    .toSorted();
}
