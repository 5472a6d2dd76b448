/** Trees written down as texts. */
import { Buffer } from 'node:buffer';
import type { FileMode, FileTree } from './file-tree.ts';

export function treeOf(
  texts: Readonly<Record<string, string | Buffer>>,
  mode: FileMode = '100644',
): FileTree {
  const files = Object.entries(texts).map(
    ([path, text]) => [path, { content: Buffer.from(text), mode }] as const,
  );
  return new Map(files.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

export function textsOf(tree: FileTree): Record<string, string> {
  return Object.fromEntries([...tree].map(([path, { content }]) => [path, content.toString('utf8')]));
}
