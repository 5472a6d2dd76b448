/** Values of the configuration, read as leniently as Backstage's config reader does. Null: not such a value. */
import type { Diagnostic } from '@callboard/model';
import type { AccessDiagnosticCode } from './errors.ts';

/** The narrow part of the configuration that this room reads; keys are dotted. */
export interface ConfigReader {
  getOptional(key: string): unknown;
  /** Milliseconds; null when absent. Throws when it is no duration. */
  getOptionalDuration(key: string): number | null;
}

/** Collects what is wrong, as diagnostics of this room. */
export interface Complaints {
  add(problem: Omit<Diagnostic, 'code'> & { readonly code: AccessDiagnosticCode }): void;
}

/** True, false, or the words for them. */
export function toFlag(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' || typeof value === 'number' ? String(value).toLowerCase() : '';
  if (['true', 'yes', 'y', 'on', '1'].includes(word)) return true;
  return ['false', 'no', 'n', 'off', '0'].includes(word) ? false : null;
}

/** A text without white space in it, and not empty. */
export function toSolidText(value: unknown): string | null {
  return typeof value === 'string' && /^\S+$/.test(value) ? value : null;
}

/** A list of texts, none of them empty. */
export function toTexts(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.filter((item): item is string => typeof item === 'string' && item !== '');
  return texts.length === value.length ? texts : null;
}

/**
 * One text or a list of them, each cut at spaces and commas, without repetitions. Undefined when nothing is
 * given; null when what is given names nothing, as an empty restriction must not come to mean none.
 */
export function toWords(value: unknown): readonly string[] | null | undefined {
  if (value === undefined || value === null) return undefined;
  const texts = toTexts(typeof value === 'string' ? [value] : value);
  if (texts === null) return null;
  const words = [...new Set(texts.flatMap((text) => text.split(/[ ,]/)).filter((word) => word !== ''))];
  return words.length === 0 ? null : words;
}
