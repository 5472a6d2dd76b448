/** The files of an image from an object, and a package from the little that a test is about. */

import { CodedError } from '@callboard/kernel';
import type { FileView, InstalledPackage } from './inventory.ts';
import { createNotes } from './notes.ts';
import type { Source } from './image-file.ts';

/** Path → content; there are no links. */
export function viewOf(files: Readonly<Record<string, string | Buffer>>): FileView {
  return {
    async read(path, limit = Infinity) {
      const content = files[path];
      if (content === undefined) return null;
      const bytes = Buffer.from(content);
      if (bytes.length > limit) throw new CodedError(413, 'images/file-too-large', path);
      return bytes;
    },
    async list(path) {
      const names = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      const within = names.map((file) => file.slice(path.length + 1).replace(/\/.*$/, ''));
      return within.length === 0 ? null : [...new Set(within)].toSorted();
    },
  };
}

export function sourceFrom(files: Readonly<Record<string, string | Buffer>>): Source {
  return { files: viewOf(files), notes: createNotes() };
}

export function packageOf(
  given: Partial<InstalledPackage> & { name: string; version: string },
): InstalledPackage {
  return {
    architecture: 'amd64',
    source: { name: given.name, version: given.version },
    manual: null,
    held: false,
    depends: [],
    provides: [],
    ...given,
  };
}

/** `code line`, to compare with. */
export function told({ notes }: Source): readonly string[] {
  return notes.all.map(
    ({ code, line }) => `${code.replace('images/inventory-', '')}${line === undefined ? '' : ` ${line}`}`,
  );
}
