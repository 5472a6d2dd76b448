import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { createNotes } from './notes.ts';
import { MAX_REPORT_DEPTH, readJson } from './read-json.ts';

interface Read {
  readonly value: unknown;
  readonly codes: readonly string[];
  readonly paths: readonly (string | undefined)[];
}

function read(text: string): Read {
  const notes = createNotes('x');
  const value = readJson(Buffer.from(text), notes);
  const diagnostics = notes.diagnostics();
  return { value, codes: diagnostics.map(({ code }) => code), paths: diagnostics.map(({ path }) => path) };
}

describe('readJson', () => {
  it('reads what is JSON as it is, and notes nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        assert.deepEqual(read(text), { value: JSON.parse(text), codes: [], paths: [] });
      }),
    );
  });

  it('names keys that stand twice in one object, however they are written', () => {
    const text = String.raw`{"a":{"x":1,"y":[{"k":"\"k\":","k":2}],"\u0078":3},"b":{"x":1},"a":"{\\"}`;
    assert.deepEqual(read(text).paths, ['a.y[0].k', 'a.x', 'a']);
    assert.deepEqual(read(`{${'"a":1,'.repeat(99)}"a":1}`).codes.length, 20);
  });

  it('takes as many levels as there may be, and no more', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    assert.deepEqual(read(nested(MAX_REPORT_DEPTH)).codes, []);
    assert.deepEqual(read(nested(MAX_REPORT_DEPTH + 1)).codes, ['images/report-unreadable']);
    assert.deepEqual(read('['.repeat(10_000_000)).codes, ['images/report-unreadable']);
  });

  it('takes as many values as there may be, and no more', () => {
    assert.deepEqual(read(`[${'0,'.repeat(5_000_001)}0]`).codes, ['images/report-unreadable']);
  });

  it('comes to an end with strings without one, and with long ones', () => {
    assert.deepEqual(read(String.raw`"\"`.repeat(500_000)).codes, ['images/report-unreadable']);
    assert.deepEqual(read(`"${'\\'.repeat(3_000_001)}"`).codes, ['images/report-unreadable']);
    assert.deepEqual(read(`{"a":"${String.raw`\"`.repeat(3_000_000)}"}`).codes, []);
  });

  it('reads past a byte order mark', () => {
    assert.deepEqual(read('\ufeff{"a":1}').value, { a: 1 });
  });
});
