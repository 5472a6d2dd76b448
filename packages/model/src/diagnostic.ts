/**
 * A diagnostic: what is wrong with somebody's data, where, and what to do about it.
 * Diagnostics are values; they are collected and shown, never thrown.
 */

export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable code, `<room>/<what>`, explained in docs/errors.md. */
  readonly code: string;
  /** One sentence: what happened, to which thing. */
  readonly summary: string;
  /** What to do next, or more of the story. */
  readonly detail?: string;
  /** Path or URL of the source. */
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** Path inside the document, as `spec.owner` or `spec.steps[2].id`. */
  readonly path?: string;
}

/** `file:line:column severity code summary`, as compilers print it. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { file, line, column, severity, code, summary, detail } = diagnostic;
  const place = [file, line, column].filter((part) => part !== undefined).join(':');
  const head = `${place === '' ? '' : `${place} `}${severity} ${code}: ${summary}`;
  return detail === undefined ? head : `${head}\n    ${detail}`;
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
