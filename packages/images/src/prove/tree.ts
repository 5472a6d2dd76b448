/** The files of an image as its layers make them, lower ones covered by upper ones: path to entry. */
import type { LayerEntry } from './layer.ts';

export type FileTree = ReadonlyMap<string, LayerEntry>;

/** The tree with one more layer on it (OCI image specification, layer: whiteouts). The given one stays as it is. */
export function withLayer(tree: FileTree, layer: readonly LayerEntry[]): FileTree {
  // Whiteouts are about the layers below, wherever they stand in this one.
  const gone = new Set<string>();
  /** What is below these is covered. */
  const covers = new Set<string>();
  for (const { kind, path } of layer) {
    if (kind === 'whiteout') gone.add(path);
    if (kind !== 'directory') covers.add(path);
  }
  const result = new Map<string, LayerEntry>();
  for (const [path, entry] of tree) if (!gone.has(path) && !isBelow(path, covers)) result.set(path, entry);
  for (const entry of layer) {
    if (entry.kind !== 'whiteout' && entry.kind !== 'opaque') result.set(entry.path, entry);
  }
  return result;
}

function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    if (folders.has(path.slice(0, at))) return true;
  }
  return path !== '/' && folders.has('/');
}

const MOST_LINKS = 40;

/**
 * The path with the links of its folders followed, as `/usr/lib/x` for `/lib/x` where `/lib` leads to `usr/lib`:
 * packages name files by the first, layers have them by the second. The last part is not followed.
 */
export function realPath(tree: FileTree, path: string): string {
  let rest = path.split('/').filter((part) => part !== '');
  let at: string[] = [];
  let links = 0;
  while (rest.length > 0) {
    const [part = '', ...others] = rest;
    rest = others;
    if (part === '.') continue;
    if (part === '..') {
      at = at.slice(0, -1);
      continue;
    }
    const target = rest.length === 0 ? null : linkAt(tree, [...at, part]);
    if (target === null || links >= MOST_LINKS) {
      at.push(part);
      continue;
    }
    links++;
    if (target.startsWith('/')) at = [];
    rest = [...target.split('/').filter((piece) => piece !== ''), ...rest];
  }
  return `/${at.join('/')}`;
}

function linkAt(tree: FileTree, parts: readonly string[]): string | null {
  return tree.get(`/${parts.join('/')}`)?.target ?? null;
}
