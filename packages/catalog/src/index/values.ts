/**
 * The values of one search key with their entities. Most keys with many different values (titles, descriptions,
 * URLs) are never asked for, so their changes are only noted, and sorted in when somebody asks.
 */
import { withOrdinal, withoutOrdinal, type Ordinals } from './ordinals.ts';

/** A key with fewer different values is sorted in at once: that shares the texts, and costs little. */
const FEW_VALUES = 256;

export class ValueIndex {
  readonly #postings = new Map<string, Ordinals>();
  /** Spellings of values that are not lower-case, by their lower-case form. */
  readonly #spellings = new Map<string, string[]>();
  #sorted: readonly string[] | null = null;
  #added = 0;
  /** Changes that wait to be sorted in; a removal has the complement of the ordinal. Null: sort in at once. */
  #waiting: { readonly ordinals: number[]; readonly values: string[] } | null = null;
  #wasAsked = false;

  add(ordinal: number, value: string): void {
    if (this.#waiting !== null) return this.#note(ordinal, value);
    this.#insert(ordinal, value);
    this.#added++;
    if (this.#wasAsked || this.#postings.size <= FEW_VALUES) return;
    if (this.#postings.size * 2 > this.#added) this.#waiting = { ordinals: [], values: [] };
  }

  remove(ordinal: number, value: string): void {
    if (this.#waiting === null) this.#delete(ordinal, value);
    else this.#note(~ordinal, value);
  }

  /** The entities with exactly this value. */
  get(value: string): Ordinals | undefined {
    this.#sortIn();
    return this.#postings.get(value);
  }

  /** The entities with this lower-case value, in whichever spelling. */
  *find(lowerCase: string): Generator<Ordinals> {
    this.#sortIn();
    for (const value of [lowerCase, ...(this.#spellings.get(lowerCase) ?? [])]) {
      const ordinals = this.#postings.get(value);
      if (ordinals !== undefined) yield ordinals;
    }
  }

  /** Every value with its entities, in no order. */
  entries(): Iterable<readonly [string, Ordinals]> {
    this.#sortIn();
    return this.#postings;
  }

  /** Like `entries`, in lower case; a value that is spelled in several ways comes several times. */
  lowerCaseEntries(): Iterable<readonly [string, Ordinals]> {
    this.#sortIn();
    return this.#spellings.size === 0 ? this.#postings : this.#inLowerCase();
  }

  /** Every value, sorted; kept until a value comes or goes. */
  sorted(): readonly string[] {
    this.#sortIn();
    this.#sorted ??= [...this.#postings.keys()].toSorted();
    return this.#sorted;
  }

  #note(ordinal: number, value: string): void {
    this.#waiting?.ordinals.push(ordinal);
    this.#waiting?.values.push(value);
  }

  #sortIn(): void {
    this.#wasAsked = true;
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    for (const [i, ordinal] of waiting.ordinals.entries()) {
      const value = waiting.values[i] ?? '';
      if (ordinal >= 0) this.#insert(ordinal, value);
      else this.#delete(~ordinal, value);
    }
  }

  #insert(ordinal: number, value: string): void {
    const known = this.#postings.get(value);
    const next = withOrdinal(known, ordinal);
    if (known === undefined) this.#addSpelling(value);
    if (known !== next) this.#postings.set(value, next);
  }

  #delete(ordinal: number, value: string): void {
    const known = this.#postings.get(value);
    const next = withoutOrdinal(known, ordinal);
    if (next === undefined) {
      if (this.#postings.delete(value)) this.#removeSpelling(value);
    } else if (next !== known) {
      this.#postings.set(value, next);
    }
  }

  *#inLowerCase(): Generator<readonly [string, Ordinals]> {
    for (const [lower, spellings] of this.#spellings) {
      for (const spelling of spellings) yield [lower, this.#postings.get(spelling) ?? []];
    }
    for (const entry of this.#postings) {
      // A value is its own lower-case form unless it was filed as a spelling.
      if (entry[0] === entry[0].toLowerCase()) yield entry;
    }
  }

  #addSpelling(value: string): void {
    this.#sorted = null;
    const lower = value.toLowerCase();
    if (lower === value) return;
    const spellings = this.#spellings.get(lower);
    if (spellings === undefined) this.#spellings.set(lower, [value]);
    else spellings.push(value);
  }

  #removeSpelling(value: string): void {
    this.#sorted = null;
    const lower = value.toLowerCase();
    if (lower === value) return;
    const rest = (this.#spellings.get(lower) ?? []).filter((spelling) => spelling !== value);
    if (rest.length === 0) this.#spellings.delete(lower);
    else this.#spellings.set(lower, rest);
  }
}
