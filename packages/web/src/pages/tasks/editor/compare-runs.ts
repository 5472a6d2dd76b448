/** What files of a dry-run differ from those of the one before it. */
import { createTwoFilesPatch } from 'diff';
import type { DryRunFile, FileChange } from '../../../api/scaffolder-authoring.ts';
import { fromBase64, textOfBytes } from './base64.ts';

/** Longer texts are compared as a whole. */
const LONGEST = 200_000;

/** By path, without the files that are the same. */
export function compareRuns(
  before: readonly DryRunFile[],
  after: readonly DryRunFile[],
): ReadonlyMap<string, FileChange> {
  const old = new Map(before.map((file) => [file.path, file]));
  const changes = new Map<string, FileChange>();
  for (const file of after) {
    const was = old.get(file.path);
    old.delete(file.path);
    if (was?.base64 === file.base64 && was.isExecutable === file.isExecutable) continue;
    const change = was === undefined ? 'added' : 'changed';
    changes.set(file.path, { path: file.path, change, diff: diffOf(was ?? null, file) });
  }
  for (const [path, file] of old) {
    changes.set(path, { path, change: 'deleted', diff: diffOf(file, null) });
  }
  return changes;
}

/** Null for what is no text, or long. */
function diffOf(before: DryRunFile | null, after: DryRunFile | null): string | null {
  const old = textOfFile(before);
  const now = textOfFile(after);
  if (old === null || now === null || old.length + now.length > LONGEST) return null;
  return createTwoFilesPatch('before', 'after', old, now);
}

/** Null when it is no text; empty for a file that is not there. */
export function textOfFile(file: DryRunFile | null): string | null {
  if (file === null) return '';
  const bytes = fromBase64(file.base64);
  return bytes === null ? null : textOfBytes(bytes);
}
