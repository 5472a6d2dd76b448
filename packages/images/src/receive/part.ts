/**
 * Reads the fields of an object of a report. What is absent is null; what has a wrong type or form is noted with its
 * path and null as well. Only own fields count, so no key reaches into the prototype.
 */
import { childPath, isObject, itemPath } from '@callboard/model';
import type { Notes } from './notes.ts';
import { oneLine } from './one-line.ts';
import { parseTime } from './time.ts';

/** An object of the report, and where it is. */
export interface Part {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly notes: Notes;
}

/** Units of a text that is a name, a version, a path. */
const MAX_TEXT = 512;
/** Items of a list of texts. */
const MAX_TEXTS = 500;

/** Undefined when the field is absent or null. */
export function valueOf({ fields }: Part, key: string): unknown {
  return Object.hasOwn(fields, key) ? (fields[key] ?? undefined) : undefined;
}

/** Notes that a field is taken as absent. */
export function wrongField(part: Part, key: string, problem: string): null {
  part.notes.warning('images/report-field', `${key} ${problem}.`, childPath(part.path, key));
  return null;
}

/**
 * A name, a version, a word: a text that is not empty and exactly what it looks like. One with characters that cannot
 * be seen, or too long, is none: without them it would be another name.
 */
export function textOf(part: Part, key: string): string | null {
  const value = valueOf(part, key);
  if (value === undefined || value === '') return null;
  if (typeof value !== 'string') return wrongField(part, key, 'is no text');
  return exact(value) ?? wrongField(part, key, 'is no plain text of one line');
}

/** Somebody's prose, to be shown: made one clean line of at most 512 characters. Empty when there is none. */
export function proseOf(part: Part, key: string): string {
  const value = valueOf(part, key);
  if (value === undefined) return '';
  if (typeof value === 'string') return oneLine(value, MAX_TEXT);
  wrongField(part, key, 'is no text');
  return '';
}

/** Texts as `textOf` gives them, each once, in their order. */
export function textsOf(part: Part, key: string): readonly string[] {
  const value = listOf(part, key);
  if (value.length > MAX_TEXTS) wrongField(part, key, `has more than ${MAX_TEXTS} items`);
  const looked = value.slice(0, MAX_TEXTS);
  const texts = looked
    .map((item) => (typeof item === 'string' ? exact(item) : null))
    .filter((item) => item !== null);
  if (texts.length < looked.length) wrongField(part, key, 'has items that are no plain texts of one line');
  return [...new Set(texts)];
}

function exact(text: string): string | null {
  const trimmed = text.length > MAX_TEXT ? '' : text.trim();
  return trimmed !== '' && oneLine(trimmed, MAX_TEXT) === trimmed ? trimmed : null;
}

/** A finite number; digits in a text are one too. */
export function numberOf(part: Part, key: string): number | null {
  const value = valueOf(part, key);
  if (value === undefined || value === '') return null;
  const number = typeof value === 'string' && value.length < 40 ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  return wrongField(part, key, 'is no number');
}

/** Between 0 and 1. */
export function probabilityOf(part: Part, key: string): number | null {
  const number = numberOf(part, key);
  if (number === null || (number >= 0 && number <= 1)) return number;
  return wrongField(part, key, 'is no probability between 0 and 1');
}

/** Milliseconds since 1970. */
export function timeOf(part: Part, key: string): number | null {
  const value = valueOf(part, key);
  // The zero time of Go stands for none.
  if (value === undefined || value === '' || isZeroTime(value)) return null;
  return parseTime(value) ?? wrongField(part, key, 'is no time of a known form');
}

const isZeroTime = (value: unknown): boolean => typeof value === 'string' && value.startsWith('0001-01-01');

/** An object. */
export function partOf(part: Part, key: string): Part | null {
  const value = valueOf(part, key);
  if (value === undefined) return null;
  if (!isObject(value)) return wrongField(part, key, 'is no object');
  return { fields: value, path: childPath(part.path, key), notes: part.notes };
}

/** Whether a field is a list: one that is absent or anything else says nothing of what is not in it. */
export function hasList({ fields }: Part, key: string): boolean {
  return Object.hasOwn(fields, key) && Array.isArray(fields[key]);
}

/** The objects of a list; what is none is noted as a finding, or part of one, that was left out. */
export function partsOf(part: Part, key: string, limit: number): readonly Part[] {
  return partsIn({ list: listOf(part, key), path: childPath(part.path, key), notes: part.notes, limit });
}

/** As `partsOf`, of a list of findings or of what holds them: with something else in its place they are left out. */
export function findingPartsOf(part: Part, key: string, limit: number): readonly Part[] {
  const value = valueOf(part, key);
  if (value === undefined || Array.isArray(value)) return partsOf(part, key, limit);
  part.notes.error('images/report-finding', `${key} is no list and was left out.`, childPath(part.path, key));
  return [];
}

/** The objects among the values of a list. */
export function partsIn({
  list,
  path,
  notes,
  limit,
}: {
  list: readonly unknown[];
  path: string;
  notes: Notes;
  limit: number;
}): readonly Part[] {
  if (list.length > limit) {
    notes.error(
      'images/report-too-large',
      `The list has ${list.length} items; the first ${limit} are taken.`,
      path,
    );
  }
  return list.slice(0, limit).flatMap((value, index): Part[] => {
    const at = itemPath(path, index);
    if (isObject(value)) return [{ fields: value, path: at, notes }];
    notes.error('images/report-finding', 'The item is no object and was left out.', at);
    return [];
  });
}

function listOf(part: Part, key: string): readonly unknown[] {
  const value = valueOf(part, key);
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  wrongField(part, key, 'is no list');
  return [];
}
