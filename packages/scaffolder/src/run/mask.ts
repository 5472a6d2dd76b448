/**
 * Secrets are taken out of everything that is seen or stored. `text` and `json` put `***` in their place. `seal` is for
 * what has to be whole again later, as the output of a step: it puts references there, from which `reveal` makes the
 * values again as long as the secrets are given. What a step puts out is then stored without a secret, and a run that
 * goes on later has what it had.
 *
 * Secrets of one or two characters are hidden only where they are the whole text.
 */
import { createHash } from 'node:crypto';
import type { JsonObject, JsonValue } from '@callboard/model';
import { formsOf, MIN_PART } from './mask-forms.ts';

export interface Mask {
  /** The text with `***` for each secret. */
  text(text: string): string;
  /** The value with `***` in its texts and keys, and for numbers that show a secret. */
  json(value: JsonValue): JsonValue;
  /** Also hides this from now on: the value of a secret that a step made, or a text that was made of a secret. */
  learn(text: string): void;
  /** The value with references for secrets: it can be stored. */
  seal(value: JsonValue): JsonValue;
  /**
   * The value that was sealed.
   * @returns null when a secret of it is not given any more, or was learnt in an earlier run
   */
  reveal(sealed: JsonValue): { readonly value: JsonValue } | null;
}

const HIDDEN = '***';

/**
 * A reference is `OPEN` and ten digits: eight of the secret's name, two of the form. All are characters of a private
 * area of Unicode, so no secret that people write is in a reference. `OPEN` and `NUMBER` in a text are written after
 * another `OPEN`.
 */
const OPEN = '\uE0F0';
/** Before a sealed number. */
const NUMBER = '\uE0F1';
const MARKS = /[\uE0F0\uE0F1]/g;
const FIRST_DIGIT = 0xe0e0;
const DIGITS = 10;
/** The form of a reference that cannot be revealed. */
const LOST = 0xff;

/**
 * Makes the mask of a run.
 * @param secrets by name; a reference holds a hash of the name, so a secret may have another value when it is revealed
 */
export function createMask(secrets: Readonly<Record<string, string>>): Mask {
  /** Form → its reference. */
  const forms = new Map<string, string>();
  /** Of secrets that are too short to be looked for inside a text. */
  const whole = new Map<string, string>();
  const byReference = new Map<string, string>();
  let longestFirst: readonly string[] = [];
  let pattern = MARKS;

  for (const [name, secret] of Object.entries(secrets)) add(name, secret);
  order();

  function add(name: string, secret: string): void {
    const found = formsOf(secret);
    for (const [index, form] of found.entries()) hide(forms, form, { name, index });
    if (found.length === 0 && secret.trim() !== '') hide(whole, secret.trim(), { name, index: 0 });
  }

  function hide(where: Map<string, string>, form: string, place: { name: string; index: number }): void {
    if (form === '') return;
    const index = Math.min(place.index, LOST);
    const reference = OPEN + hashDigits(place.name) + digits(index, 2);
    if (index !== LOST) byReference.set(reference, form);
    if (!where.has(form)) where.set(form, reference);
  }

  function order(): void {
    longestFirst = [...forms.keys()].toSorted((a, b) => b.length - a.length);
    // The first alternative that fits is taken, so the longest stands first.
    const alternatives = [...longestFirst.map(escapeRegExp), MARKS.source];
    pattern = new RegExp(alternatives.join('|'), 'g');
  }

  function text(value: string): string {
    if (whole.size > 0 && whole.has(value.trim())) return HIDDEN;
    const spans = spansOf(value, longestFirst);
    if (spans.length === 0) return value;
    let shown = '';
    let end = 0;
    for (const span of spans) {
      shown += value.slice(end, span.start) + HIDDEN;
      ({ end } = span);
    }
    return shown + value.slice(end);
  }

  function sealText(value: string): string {
    const bare = value.trim();
    const reference = whole.get(bare);
    if (reference !== undefined) return value.replace(bare, () => reference);
    return value.replace(pattern, (found) => forms.get(found) ?? OPEN + found);
  }

  function revealText(sealed: string): string | null {
    let value = '';
    let index = 0;
    while (index < sealed.length) {
      const open = sealed.indexOf(OPEN, index);
      if (open === -1) return value + sealed.slice(index);
      value += sealed.slice(index, open);
      const next = sealed[open + 1];
      if (next === OPEN || next === NUMBER) {
        value += next;
        index = open + 2;
      } else {
        const reference = sealed.slice(open, open + 1 + DIGITS);
        const form = byReference.get(reference);
        if (form === undefined) return null;
        value += form;
        index = open + reference.length;
      }
    }
    return value;
  }

  function sealNumber(value: number): JsonValue {
    const written = String(value);
    const sealed = sealText(written);
    return sealed === written ? value : NUMBER + sealed;
  }

  function revealLeaf(sealed: string): string | number | null {
    if (!sealed.startsWith(NUMBER)) return revealText(sealed);
    const written = revealText(sealed.slice(1));
    return written === null ? null : Number(written);
  }

  return {
    text,
    json: (value) =>
      mapLeaves(value, {
        key: text,
        text,
        number: (leaf) => (text(String(leaf)) === String(leaf) ? leaf : HIDDEN),
      }),
    learn(secret) {
      if (secret.trim().length < MIN_PART || forms.has(secret)) return;
      for (const form of formsOf(secret)) hide(forms, form, { name: '', index: LOST });
      order();
    },
    seal: (value) => mapLeaves(value, { key: sealText, text: sealText, number: sealNumber }),
    reveal(sealed) {
      let isWhole = true;
      function known<Leaf>(leaf: Leaf | null): Leaf | '' {
        if (leaf === null) isWhole = false;
        return leaf ?? '';
      }
      const value = mapLeaves(sealed, {
        key: (key) => known(revealText(key)),
        text: (leaf) => known(revealLeaf(leaf)),
        number: (number) => number,
      });
      return isWhole ? { value } : null;
    },
  };
}

/** The places of forms in a text, those that overlap or touch made one, in order. */
function spansOf(
  text: string,
  forms: readonly string[],
): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const form of forms) {
    // Occurrences of one form may overlap each other.
    for (let start = text.indexOf(form); start !== -1; start = text.indexOf(form, start + 1)) {
      found.push({ start, end: start + form.length });
    }
  }
  if (found.length < 2) return found;
  const joined: { start: number; end: number }[] = [];
  for (const span of found.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last === undefined || span.start > last.end) joined.push({ ...span });
    else last.end = Math.max(last.end, span.end);
  }
  return joined;
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}

function hashDigits(name: string): string {
  return digits(createHash('sha256').update(name).digest().readUInt32BE(0), 8);
}

function digits(value: number, count: number): string {
  const hex = value.toString(16).padStart(count, '0');
  return Array.from(hex, (digit) => String.fromCharCode(FIRST_DIGIT + Number.parseInt(digit, 16))).join('');
}

interface LeafMap {
  key(key: string): string;
  text(text: string): JsonValue;
  number(value: number): JsonValue;
}

function mapLeaves(value: JsonValue, map: LeafMap): JsonValue {
  if (typeof value === 'string') return map.text(value);
  if (typeof value === 'number') return map.number(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map((item) => mapLeaves(item, map));
  return mapMembers(value, map);
}

function mapMembers(value: JsonObject, map: LeafMap): JsonObject {
  const members: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined || key === '__proto__') continue;
    members[freeKey(map.key(key), members)] = mapLeaves(member, map);
  }
  return members;
}

/** Two keys that look the same when they are masked stay two. */
function freeKey(key: string, members: Readonly<Record<string, JsonValue>>): string {
  let free = key;
  for (let count = 2; Object.hasOwn(members, free); count += 1) free = `${key} (${count})`;
  return free;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
