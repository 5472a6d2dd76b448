/**
 * An entity in a size that can be looked at. A value of megabytes, such as the definition of an API, is cut, and named,
 * so that nobody takes the part for the whole. Nothing of a huge value is copied but its beginning.
 */

export interface CutLimits {
  /** Texts longer than this are cut, in UTF-16 code units. Default: 64 Ki. */
  readonly longest?: number;
  /** What stays of a text that is cut. Default: 4,000. */
  readonly kept?: number;
  /** Entries of a list or keys of an object beyond this are left out. Default: 2,000. */
  readonly entries?: number;
  /** All texts together; beyond it each is cut. Default: 1 Mi UTF-16 code units. */
  readonly texts?: number;
  /** All values together; beyond it lists and objects are empty. Default: 20,000. */
  readonly values?: number;
}

export interface CutValue {
  /** As `spec.definition`. */
  readonly path: string;
  /** UTF-16 code units of a text; entries of a list or an object. */
  readonly size: number;
  readonly of: 'text' | 'entries';
}

export interface Cut {
  readonly value: unknown;
  /** Empty when `value` is the whole. */
  readonly cuts: readonly CutValue[];
}

const DEFAULTS = { longest: 65_536, kept: 4_000, entries: 2_000, texts: 1_048_576, values: 20_000 } as const;
const DEEPEST = 40;

export function cutValue(value: unknown, limits: CutLimits = {}): Cut {
  const { longest, kept, entries, texts, values } = { ...DEFAULTS, ...limits };
  const cuts: CutValue[] = [];
  let textsLeft = texts;
  let valuesLeft = values;

  function cut(whole: unknown, path: readonly string[]): unknown {
    valuesLeft -= 1;
    if (typeof whole === 'string') {
      textsLeft -= Math.min(whole.length, longest);
      if (whole.length <= kept || (whole.length <= longest && textsLeft > 0)) return whole;
      cuts.push({ path: path.join('.'), size: whole.length, of: 'text' });
      return `${firstPart(whole, kept)}…`;
    }
    if (typeof whole !== 'object' || whole === null) return whole;
    const all: readonly (readonly [string, unknown])[] = Object.entries(whole);
    const shown = path.length > DEEPEST || valuesLeft < 0 ? [] : all.slice(0, entries);
    if (shown.length < all.length) cuts.push({ path: path.join('.'), size: all.length, of: 'entries' });
    if (Array.isArray(whole)) return shown.map(([key, item]) => cut(item, [...path, key]));
    return Object.fromEntries(shown.map(([key, item]) => [key, cut(item, [...path, key])]));
  }

  return { value: cut(value, []), cuts };
}

/** The beginning of a text, never with half of a character at its end. */
export function firstPart(text: string, length: number): string {
  const part = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(part) ? part.slice(0, -1) : part;
}
