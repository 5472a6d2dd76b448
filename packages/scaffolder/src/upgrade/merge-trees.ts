/**
 * Brings what changed in a template into a repository that was made by it: `base` is what the template wrote then,
 * `theirs` what it would write now with the same values, `ours` what the team made of it.
 */
import type { Buffer } from 'node:buffer';
import type { FileTree, TreeFile } from './file-tree.ts';
import { mergeText, type MergeLabels } from './merge-text.ts';
import { findRenames } from './renames.ts';

export interface TreeChange {
  /** Where it is now; for `deleted`, where it was. */
  readonly path: string;
  readonly kind: 'added' | 'changed' | 'deleted' | 'renamed';
  /** Of `renamed`: where it was. */
  readonly from?: string;
}

export interface TreeConflict {
  readonly path: string;
  readonly kind: 'text' | 'binary' | 'deleted-here' | 'deleted-in-template' | 'both-renamed' | 'path-taken';
  /** One sentence: what was done, and what is left to decide. */
  readonly summary: string;
}

export interface MergedTree {
  /** All files as they are now to be. */
  readonly files: FileTree;
  /** Against `ours`, by path. */
  readonly changes: readonly TreeChange[];
  readonly conflicts: readonly TreeConflict[];
}

export interface Trees {
  readonly base: FileTree;
  readonly ours: FileTree;
  readonly theirs: FileTree;
}

const LABELS: MergeLabels = { ours: 'repository', theirs: 'template' };

interface Merging extends Trees {
  readonly labels: MergeLabels;
  readonly result: Map<string, TreeFile>;
  /** Folders that the result has. */
  readonly folders: Set<string>;
  readonly conflicts: TreeConflict[];
  /** Where what was in `base` was in `ours`, by its path in the result. */
  readonly movedFrom: Map<string, string>;
}

/**
 * Nothing that the team did is lost: where both sides changed the same thing, text has conflict marks and is listed, and
 * anything else is kept as the team has it and listed. Files that the template never had are left alone.
 */
export function mergeTrees(trees: Trees, labels: MergeLabels = LABELS): MergedTree {
  const { base, ours, theirs } = trees;
  const moved = { ours: findRenames(base, ours), theirs: findRenames(base, theirs) };
  const merging: Merging = {
    ...trees,
    labels,
    result: new Map(),
    folders: new Set(),
    conflicts: [],
    movedFrom: new Map(),
  };
  const ofBase = new Set([...base.keys()].flatMap((path) => [path, moved.ours.get(path) ?? path]));
  // Added by both: looked at when what the template adds is.
  const ownFiles = [...ours].filter(([path]) => !ofBase.has(path));
  for (const [path, file] of ownFiles) put(merging, path, file);
  for (const [path, was] of base) {
    const here = placeOf(ours, { path, moved: moved.ours });
    const there = placeOf(theirs, { path, moved: moved.theirs });
    mergeOne(merging, { path, was, here, there });
  }
  const knownToTemplate = new Set([...base.keys(), ...moved.theirs.values()]);
  for (const [path, file] of theirs) if (!knownToTemplate.has(path)) addOne(merging, path, file);
  const files: FileTree = new Map([...merging.result].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return { files, changes: changesOf(merging, files), conflicts: merging.conflicts };
}

interface Placed {
  readonly path: string;
  readonly file: TreeFile;
}

function placeOf(
  tree: FileTree,
  { path, moved }: { readonly path: string; readonly moved: ReadonlyMap<string, string> },
): Placed | null {
  const at = tree.has(path) ? path : moved.get(path);
  const file = at === undefined ? undefined : tree.get(at);
  return at === undefined || file === undefined ? null : { path: at, file };
}

interface One {
  readonly path: string;
  readonly was: TreeFile;
  readonly here: Placed | null;
  readonly there: Placed | null;
}

function mergeOne(merging: Merging, { path, was, here, there }: One): void {
  if (here === null) {
    if (there !== null && !isSame(there.file, was)) {
      const summary = 'The template changed it, and it was deleted here: it stays deleted';
      merging.conflicts.push({ path, kind: 'deleted-here', summary });
    }
    return;
  }
  if (there === null) {
    if (isSame(here.file, was)) return;
    const summary = 'The template does not have it any more, but it was changed here: it stays';
    merging.conflicts.push({ path: here.path, kind: 'deleted-in-template', summary });
    keep(merging, here);
    return;
  }
  const target = targetOf(merging, { path, here, there });
  const file = mergeFiles(merging, { path: target, was, here: here.file, there: there.file });
  if (target !== here.path) merging.movedFrom.set(target, here.path);
  put(merging, target, file);
}

function keep(merging: Merging, { path, file }: Placed): void {
  put(merging, path, file);
}

function isSame(one: TreeFile, other: TreeFile): boolean {
  return one.mode === other.mode && one.content.equals(other.content);
}

/** Where a file that both sides have goes. */
function targetOf(
  merging: Merging,
  { path, here, there }: { readonly path: string; readonly here: Placed; readonly there: Placed },
): string {
  if (there.path === path || there.path === here.path) return here.path;
  if (here.path !== path) {
    const summary = `The template has it at ${there.path} now; it stays where it was moved to here`;
    merging.conflicts.push({ path: here.path, kind: 'both-renamed', summary });
    return here.path;
  }
  if (isTaken(merging, there.path)) {
    const summary = `The template moved it to ${there.path}, where something else is: it stays`;
    merging.conflicts.push({ path: here.path, kind: 'path-taken', summary });
    return here.path;
  }
  return there.path;
}

function mergeFiles(
  merging: Merging,
  {
    path,
    was,
    here,
    there,
  }: {
    readonly path: string;
    readonly was: TreeFile | null;
    readonly here: TreeFile;
    readonly there: TreeFile;
  },
): TreeFile {
  const mode = was === null || there.mode === was.mode ? here.mode : there.mode;
  const versions = { base: was?.content ?? null, ours: here.content, theirs: there.content };
  // Two targets of a symbolic link have no lines to merge, and a link is no file.
  const links = [was, here, there].filter((one) => one?.mode === '120000').length;
  const isMixed = links > 0 && !isEasy(versions);
  const merged = isMixed ? ({ kind: 'binary' } as const) : mergeText(versions, merging.labels);
  if (merged.kind === 'binary') {
    const summary = 'Both changed it, and it has no lines that could be merged: it stays as it is here';
    merging.conflicts.push({ path, kind: 'binary', summary });
    return here;
  }
  if (merged.kind === 'marked') {
    const places = merged.conflicts === 1 ? 'one place' : `${merged.conflicts} places`;
    merging.conflicts.push({ path, kind: 'text', summary: `Both changed ${places}, which are marked` });
  }
  return { content: merged.content, mode };
}

/** One side left it as it was, or both did the same. */
function isEasy({ base, ours, theirs }: { base: Buffer | null; ours: Buffer; theirs: Buffer }): boolean {
  return ours.equals(theirs) || base?.equals(ours) === true || base?.equals(theirs) === true;
}

/** The template has a new file. */
function addOne(merging: Merging, path: string, file: TreeFile): void {
  const here = merging.result.get(path);
  if (here !== undefined) {
    merging.result.set(path, mergeFiles(merging, { path, was: null, here, there: file }));
    return;
  }
  if (isTaken(merging, path)) {
    const summary = 'The template adds it, but something else is where it would be: it is left out';
    merging.conflicts.push({ path, kind: 'path-taken', summary });
    return;
  }
  put(merging, path, file);
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function isTaken({ result, folders }: Merging, path: string): boolean {
  return result.has(path) || folders.has(path) || parentsOf(path).some((parent) => result.has(parent));
}

function put({ result, folders }: Merging, path: string, file: TreeFile): void {
  result.set(path, file);
  for (const parent of parentsOf(path)) folders.add(parent);
}

function changesOf({ ours, movedFrom }: Merging, files: FileTree): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  const movedAway = new Set(movedFrom.values());
  for (const [path, file] of files) {
    const before = ours.get(path);
    const from = movedFrom.get(path);
    if (from !== undefined) changes.push({ path, kind: 'renamed', from });
    else if (before === undefined) changes.push({ path, kind: 'added' });
    else if (!isSame(before, file)) changes.push({ path, kind: 'changed' });
  }
  for (const path of ours.keys()) {
    if (!files.has(path) && !movedAway.has(path)) changes.push({ path, kind: 'deleted' });
  }
  return changes.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
