/** Paths as a tree: folders first, then files, each by name. */
import { compareText } from '../../../messages.ts';

export interface TreeFolder<File> {
  /** With the names of folders that have nothing but the next one, as `src/main/java`. */
  readonly name: string;
  readonly path: string;
  readonly folders: readonly TreeFolder<File>[];
  readonly files: readonly TreeFile<File>[];
}

export interface TreeFile<File> {
  readonly name: string;
  readonly file: File;
}

interface Growing<File> {
  readonly folders: Map<string, Growing<File>>;
  readonly files: TreeFile<File>[];
}

export function toTree<File extends { readonly path: string }>(files: readonly File[]): TreeFolder<File> {
  const root: Growing<File> = { folders: new Map(), files: [] };
  for (const file of files) {
    const parts = file.path.split('/').filter((part) => part !== '');
    const name = parts.pop() ?? file.path;
    let at = root;
    for (const part of parts) {
      const next = at.folders.get(part) ?? { folders: new Map(), files: [] };
      at.folders.set(part, next);
      at = next;
    }
    at.files.push({ name, file });
  }
  return grown({ name: '', path: '', of: root });
}

interface Branch<File> {
  readonly name: string;
  readonly path: string;
  readonly of: Growing<File>;
}

function grown<File>({ name, path, of }: Branch<File>): TreeFolder<File> {
  const folders = [...of.folders]
    .map(([part, inner]) => joined({ name: part, path: path === '' ? part : `${path}/${part}`, of: inner }))
    .toSorted((a, b) => compareText(a.name, b.name));
  return { name, path, folders, files: of.files.toSorted((a, b) => compareText(a.name, b.name)) };
}

function joined<File>({ name, path, of }: Branch<File>): TreeFolder<File> {
  const [only, ...others] = of.folders;
  if (only === undefined || others.length > 0 || of.files.length > 0) return grown({ name, path, of });
  const [part, inner] = only;
  return joined({ name: `${name}/${part}`, path: `${path}/${part}`, of: inner });
}
