/** What a step did to the files of a workspace, as unified diffs. */
import { createTwoFilesPatch } from 'diff';
import type { FolderFile, FolderFiles } from './folder-files.ts';

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'changed' | 'deleted';
  /** Unified diff; null for what is no text, or over 64 KiB. */
  readonly diff: string | null;
}

/** Bytes of a file on either side. */
const MAX_BYTES = 64 * 1024;
/** Milliseconds of one comparison. */
const MAX_TIME = 500;

/** The differences between two looks at a folder, by path. */
export function changesBetween(before: FolderFiles, after: FolderFiles): readonly FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return paths.flatMap((path): FileChange[] => {
    const old = before.get(path);
    const now = after.get(path);
    if (old !== undefined && now !== undefined && isSame(old, now)) return [];
    return [{ path, change: kindOf(old, now), diff: diffOf(path, old, now) }];
  });
}

function isSame(a: FolderFile, b: FolderFile): boolean {
  return a === b || (a.executable === b.executable && a.content.equals(b.content));
}

function kindOf(old: FolderFile | undefined, now: FolderFile | undefined): FileChange['change'] {
  if (old === undefined) return 'added';
  return now === undefined ? 'deleted' : 'changed';
}

function diffOf(path: string, old: FolderFile | undefined, now: FolderFile | undefined): string | null {
  const [oldText, newText] = [textOf(old), textOf(now)];
  if (oldText === null || newText === null) return null;
  const names = [
    old === undefined ? '/dev/null' : `a/${path}`,
    now === undefined ? '/dev/null' : `b/${path}`,
  ] as const;
  const options = { context: 3, timeout: MAX_TIME };
  const patch: string | undefined = createTwoFilesPatch(
    ...names,
    oldText,
    newText,
    undefined,
    undefined,
    options,
  );
  return patch ?? null;
}

/** A file as text, an absent one as an empty one; null when it is none. */
function textOf(file: FolderFile | undefined): string | null {
  if (file === undefined) return '';
  const { content } = file;
  if (content.length > MAX_BYTES || content.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
