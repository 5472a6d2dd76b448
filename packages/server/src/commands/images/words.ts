/** Numbers, digests, times and tables as people read them. */
import { stripVTControlCharacters } from 'node:util';

/** `1 finding`, `2 findings`. */
export function countOf(count: number, what: string, plural = `${what}s`): string {
  return `${count} ${count === 1 ? what : plural}`;
}

/** `4.2 MB`; a megabyte has a million bytes. */
export function bytesText(bytes: number): string {
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Enough of it to tell it from others. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 'sha256:'.length + 12);
}

/** `4 s`, `12 min`, `3.5 h`, `2.1 d`, of milliseconds. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(milliseconds, 0) / 1_000;
  if (seconds < 99.5) return `${seconds < 9.95 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  if (seconds < 5_970) return `${(seconds / 60).toFixed(0)} min`;
  if (seconds < 172_800) return `${(seconds / 3_600).toFixed(1)} h`;
  return `${(seconds / 86_400).toFixed(1)} d`;
}

export interface Column {
  readonly name: string;
  /** Default: left. */
  readonly align?: 'left' | 'right';
}

/** Lines with columns of the width of their widest cell; no lines when there are no rows. Cells may be painted. */
export function tableText(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const all = [columns.map(({ name }) => name), ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => widthOf(row[index] ?? ''))));
  const lines = all.map((row) => {
    const cells = columns.map(({ align }, index) => {
      const cell = row[index] ?? '';
      const space = ' '.repeat((widths[index] ?? 0) - widthOf(cell));
      return align === 'right' ? space + cell : cell + space;
    });
    return `${cells.join('  ').trimEnd()}\n`;
  });
  return lines.join('');
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}

/** Lines of at most `width` characters, broken at blanks, each after the indent. */
export function wrapped(text: string, { indent, width = 100 }: { indent: string; width?: number }): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join('');
}
