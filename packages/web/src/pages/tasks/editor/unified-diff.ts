/** The lines of a unified diff, as `diff -u` writes it: what was added, what was taken away, and what is around that. */

export interface DiffLine {
  /** `place`: where the lines below it are, as `@@ -1,3 +1,4 @@`. */
  readonly kind: 'same' | 'added' | 'removed' | 'place';
  readonly text: string;
}

export interface ReadDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

/** The names of the files, which stand beside it, are left out. */
export function readDiff(diff: string): ReadDiff {
  const lines: DiffLine[] = [];
  let isInside = false;
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('@@')) {
      isInside = true;
      lines.push({ kind: 'place', text: line });
    } else if (isInside && !line.startsWith('\\')) {
      lines.push({ kind: kindOf(line), text: line.slice(1) });
    }
  }
  return {
    lines,
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  };
}

function kindOf(line: string): DiffLine['kind'] {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
