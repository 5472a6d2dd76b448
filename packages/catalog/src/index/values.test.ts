import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { toArray } from './ordinals.ts';
import { ValueIndex } from './values.ts';

type Step =
  | { readonly does: 'add' | 'remove'; readonly ordinal: number; readonly value: string }
  | { readonly does: 'ask'; readonly value: string };

const spellings = fc.constantFrom('a', 'A', 'b', 'Ab', 'aB', 'AB', 'İ', 'constructor', '__proto__', '');
const steps = (values: fc.Arbitrary<string>): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.oneof(
      fc.record({
        does: fc.constantFrom('add', 'remove'),
        ordinal: fc.integer({ min: 0, max: 30 }),
        value: values,
      }),
      fc.record({ does: fc.constant('ask' as const), value: values }),
    ),
    { maxLength: 100 },
  );

class Naive {
  readonly #pairs = new Map<string, Set<number>>();

  add(ordinal: number, value: string): void {
    this.#pairs.set(value, (this.#pairs.get(value) ?? new Set()).add(ordinal));
  }

  remove(ordinal: number, value: string): void {
    const ordinals = this.#pairs.get(value);
    ordinals?.delete(ordinal);
    if (ordinals?.size === 0) this.#pairs.delete(value);
  }

  entries(): [string, number[]][] {
    return [...this.#pairs].map(([value, ordinals]) => [value, [...ordinals].toSorted((a, b) => a - b)]);
  }
}

const byValue = (a: readonly [string, unknown], b: readonly [string, unknown]): number =>
  a[0] < b[0] ? -1 : 1;

function check(index: ValueIndex, naive: Naive): void {
  const entries = naive.entries().toSorted(byValue);
  const found = [...index.entries()].map(([value, ordinals]): [string, number[]] => [
    value,
    [...toArray(ordinals)],
  ]);
  assert.deepEqual(found.toSorted(byValue), entries);
  assert.deepEqual(
    index.sorted(),
    entries.map(([value]) => value),
  );
  const lower = (value: string): number[] =>
    entries.flatMap(([written, ordinals]) => (written.toLowerCase() === value ? ordinals : []));
  const asked = new Set(entries.map(([value]) => value.toLowerCase()));
  for (const value of asked) {
    const expected = lower(value).toSorted((a, b) => a - b);
    assert.deepEqual(
      [...index.find(value)].flatMap(toArray).toSorted((a, b) => a - b),
      expected,
    );
    const listed = [...index.lowerCaseEntries()].filter(([known]) => known === value);
    assert.deepEqual(
      listed.flatMap(([, ordinals]) => toArray(ordinals)).toSorted((a, b) => a - b),
      expected,
    );
  }
  for (const [value, ordinals] of entries) assert.deepEqual(toArray(index.get(value)), ordinals);
  assert.equal(index.get('never'), undefined);
}

describe('ValueIndex', () => {
  for (const [what, many] of [
    ['few values', 0],
    ['so many that changes wait to be sorted in', 400],
  ] as const) {
    it(`holds what was added and not removed, with ${what}`, () => {
      fc.assert(
        fc.property(steps(spellings), (list) => {
          const index = new ValueIndex();
          const naive = new Naive();
          for (let i = 0; i < many; i += 1) {
            index.add(i, `value-${i}`);
            naive.add(i, `value-${i}`);
          }
          for (const step of list) {
            if (step.does === 'ask') {
              const expected = naive.entries().find(([value]) => value === step.value)?.[1] ?? [];
              assert.deepEqual(toArray(index.get(step.value)), expected);
            } else {
              index[step.does](step.ordinal, step.value);
              naive[step.does](step.ordinal, step.value);
            }
          }
          check(index, naive);
        }),
        { numRuns: 60 },
      );
    });
  }
});
