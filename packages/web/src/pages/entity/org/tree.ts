/**
 * The organization as the lines of a tree: which lines are to be seen, and what a key does on one of them. A group may
 * have several parents, so a line is named by its whole path. Groups above each other in a circle end where one repeats.
 */
import type { Person } from './people.ts';

/** What is known of the entries below a group. */
export interface Branch {
  readonly people: readonly TreeEntry[];
  /** Entries that were not asked for yet. */
  readonly more: number;
}

export interface TreeEntry {
  readonly person: Person;
  /** Groups and users right below; none below a user. */
  readonly groups: number;
  readonly members: number;
}

interface Line {
  /** References from the root to here. */
  readonly key: string;
  readonly parentKey: string | null;
  /** 1 for a root. */
  readonly level: number;
}

export type TreeLine =
  | (Line & {
      readonly kind: 'entry';
      readonly entry: TreeEntry;
      /** From 1, among `size` siblings. */
      readonly position: number;
      readonly size: number;
      /** Null when there is nothing below. */
      readonly isExpanded: boolean | null;
    })
  | (Line & { readonly kind: 'more'; readonly more: number; readonly reference: string })
  | (Line & { readonly kind: 'loading' | 'failed'; readonly reference: string });

export interface TreeState {
  readonly roots: readonly TreeEntry[];
  /** Keys of lines. */
  readonly expanded: ReadonlySet<string>;
  /** By reference: what is below, `failed`, or absent while it is on the way. */
  readonly branches: ReadonlyMap<string, Branch | 'failed'>;
}

const STEP = '>';

/** The key of the line at the end of a path of references. */
export function lineKey(references: readonly string[]): string {
  return references.join(STEP);
}

/** The lines that are to be seen, from top to bottom. */
export function treeLines({ roots, expanded, branches }: TreeState): readonly TreeLine[] {
  const lines: TreeLine[] = [];

  function addBranch(path: readonly string[]): void {
    const reference = path.at(-1) ?? '';
    const key = lineKey(path);
    const below = { parentKey: key, level: path.length + 1, reference };
    const branch = branches.get(reference);
    if (branch === undefined || branch === 'failed') {
      const kind = branch ?? 'loading';
      lines.push({ kind, key: `${key}${STEP}${kind}`, ...below });
      return;
    }
    addEntries(branch.people, path);
    if (branch.more > 0) lines.push({ kind: 'more', key: `${key}${STEP}more`, more: branch.more, ...below });
  }

  function addEntries(entries: readonly TreeEntry[], above: readonly string[]): void {
    for (const [index, entry] of entries.entries()) {
      const path = [...above, entry.person.reference];
      const key = lineKey(path);
      const hasBelow = entry.groups + entry.members > 0 && !above.includes(entry.person.reference);
      const isExpanded = hasBelow ? expanded.has(key) : null;
      lines.push({
        kind: 'entry',
        key,
        parentKey: above.length === 0 ? null : lineKey(above),
        level: path.length,
        entry,
        position: index + 1,
        size: entries.length,
        isExpanded,
      });
      if (isExpanded === true) addBranch(path);
    }
  }

  addEntries(roots, []);
  return lines;
}

export type TreeAction =
  | { readonly kind: 'focus' | 'expand' | 'collapse' | 'open' | 'more'; readonly key: string }
  | { readonly kind: 'none' };

const NONE: TreeAction = { kind: 'none' };

/** What a key of the keyboard does on the line that has the focus, as trees of the ARIA practices do. */
export function treeAction(
  lines: readonly TreeLine[],
  { at, pressed }: { readonly at: string; readonly pressed: string },
): TreeAction {
  const index = lines.findIndex(({ key }) => key === at);
  const line = lines[index];
  if (line === undefined) return NONE;
  switch (pressed) {
    case 'ArrowDown':
      return focusOn(lines[index + 1]);
    case 'ArrowUp':
      return focusOn(lines[index - 1]);
    case 'Home':
      return focusOn(lines[0]);
    case 'End':
      return focusOn(lines.at(-1));
    case 'ArrowRight':
      if (line.kind !== 'entry' || line.isExpanded === null) return NONE;
      return line.isExpanded ? focusOn(lines[index + 1]) : { kind: 'expand', key: at };
    case 'ArrowLeft':
      if (line.kind === 'entry' && line.isExpanded === true) return { kind: 'collapse', key: at };
      return focusOn(lines.find(({ key }) => key === line.parentKey));
    case ' ':
      if (line.kind !== 'entry' || line.isExpanded === null) return enter(line);
      return { kind: line.isExpanded ? 'collapse' : 'expand', key: at };
    case 'Enter':
      return enter(line);
    default:
      return pressed.length === 1 ? focusOn(startingWith(lines, { index, letter: pressed })) : NONE;
  }
}

function enter(line: TreeLine): TreeAction {
  switch (line.kind) {
    case 'entry':
      return { kind: 'open', key: line.key };
    case 'more':
    case 'failed':
      return { kind: 'more', key: line.key };
    case 'loading':
      return NONE;
    default:
      return line satisfies never;
  }
}

function focusOn(line: TreeLine | undefined): TreeAction {
  return line === undefined ? NONE : { kind: 'focus', key: line.key };
}

/** The next line whose name begins with the letter, from the top again after the last one. */
function startingWith(
  lines: readonly TreeLine[],
  { index, letter }: { readonly index: number; readonly letter: string },
): TreeLine | undefined {
  const from = [...lines.slice(index + 1), ...lines.slice(0, index)];
  const wanted = letter.toLowerCase();
  return from.find(
    (line) => line.kind === 'entry' && line.entry.person.name.toLowerCase().startsWith(wanted),
  );
}
