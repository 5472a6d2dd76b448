/**
 * A problem: one thing that is wrong with an entity, and where in the entity it is.
 * It becomes a `Diagnostic` when it is known which file and line the entity came from.
 */
import type { Diagnostic } from './diagnostic.ts';

/** Every code of this room with what it means. */
export const PROBLEM_CODES = {
  'model/not-an-object': 'The document is not a mapping, so it cannot be an entity.',
  'model/unreadable': 'The document threw an error while it was read.',
  'model/missing-field': 'A field that the format or the kind requires is absent.',
  'model/wrong-type': 'A value has another type than its field allows.',
  'model/empty-value': 'A text or a list that must hold something is empty.',
  'model/too-long': 'A text is longer than its field allows.',
  'model/not-allowed': 'A value is not one of those that its field allows.',
  'model/unknown-field': 'The entity has a field beside apiVersion, kind, metadata and spec.',
  'model/invalid-format': 'A text does not have the form that its field requires.',
  'model/unknown-kind': 'No kind of this portal has this kind and apiVersion.',
  'model/invalid-ref': 'A text that should refer to another entity cannot be read as a reference.',
} as const satisfies Readonly<Record<string, string>>;

export type ProblemCode = keyof typeof PROBLEM_CODES;

export interface Problem {
  /** Where: `metadata.name`, `spec.dependsOn[1]`; empty for the document itself. See `pathSegments`. */
  readonly path: string;
  readonly code: ProblemCode;
  /** One sentence: what is wrong, with the value that was found. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** The problem as an error diagnostic of the given place. */
export function toDiagnostic(
  problem: Problem,
  place: Pick<Diagnostic, 'file' | 'line' | 'column'> = {},
): Diagnostic {
  const { code, message, hint, path } = problem;
  return {
    severity: 'error',
    code,
    summary: message,
    ...(hint === undefined ? {} : { detail: hint }),
    ...place,
    path,
  };
}

const MAX_QUOTED = 80;

/** A value as it is shown in a message: JSON text, cut at 80 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`);
}

/** What a value is, in the words of YAML: `a list`, `a mapping`, `null`. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `a ${typeof value}`;
}
