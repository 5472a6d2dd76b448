/** Diagnostics for people: paths as they would type them, colour on a terminal, and a count in words. */
import { sep } from 'node:path';
import { formatDiagnostic, type Diagnostic } from '@callboard/model';
import type { Output } from './output.ts';

const STYLES = { error: 'red', warning: 'yellow', info: 'cyan' } as const;

export interface ProblemCount {
  readonly errors: number;
  readonly warnings: number;
}

/** One diagnostic as text that ends its last line. Paths below `here` are shown relative to it. */
export function problemText(diagnostic: Diagnostic, { here, on }: { here: string; on: Output }): string {
  const { severity, code } = diagnostic;
  const mark = `${severity} ${code}:`;
  const painted = `${on.paint(STYLES[severity], severity)} ${on.paint('dim', code)}:`;
  return `${relativeText(formatDiagnostic(diagnostic), here).replace(mark, () => painted)}\n`;
}

/** Cuts the folder off every path in a text. */
export function relativeText(text: string, here: string): string {
  const folder = here.endsWith(sep) ? here : `${here}${sep}`;
  return folder === sep ? text : text.replaceAll(folder, '');
}

export function countProblems(diagnostics: readonly Diagnostic[]): ProblemCount {
  const count = (wanted: string): number => diagnostics.filter(({ severity }) => severity === wanted).length;
  return { errors: count('error'), warnings: count('warning') };
}

/** `2 errors, 1 warning`, or `no problems`; red, yellow or green. */
export function countText({ errors, warnings }: ProblemCount, on: Output): string {
  const parts = [
    ...(errors > 0 ? [on.paint('red', amount(errors, 'error'))] : []),
    ...(warnings > 0 ? [on.paint('yellow', amount(warnings, 'warning'))] : []),
  ];
  return parts.length === 0 ? on.paint('green', 'no problems') : parts.join(', ');
}

/** `1 file`, `2 files`, `3 entities`. */
export function amount(count: number, what: 'file' | 'entity' | 'error' | 'warning'): string {
  const plural = what === 'entity' ? 'entities' : `${what}s`;
  return `${count} ${count === 1 ? what : plural}`;
}
