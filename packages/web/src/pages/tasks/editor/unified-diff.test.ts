import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTwoFilesPatch } from 'diff';
import { readDiff } from './unified-diff.ts';

describe('readDiff', () => {
  it('reads what a program for differences writes', () => {
    const read = readDiff(createTwoFilesPatch('a', 'b', 'one\ntwo\n--three\n', 'one\n2\n--three\n++four'));
    assert.deepEqual(read.lines.slice(1), [
      { kind: 'same', text: 'one' },
      { kind: 'removed', text: 'two' },
      { kind: 'added', text: '2' },
      { kind: 'same', text: '--three' },
      { kind: 'added', text: '++four' },
    ]);
    assert.equal(read.lines[0]?.kind, 'place');
    assert.deepEqual([read.added, read.removed], [2, 1]);
  });

  it('has no lines for no difference', () => {
    assert.deepEqual(readDiff(''), { lines: [], added: 0, removed: 0 });
  });
});
