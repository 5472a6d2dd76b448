import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cutValue, firstPart } from './cut.ts';

describe('cutValue', () => {
  it('leaves what is small as it is', () => {
    const entity = { kind: 'API', spec: { definition: 'openapi: 3.1.0', flags: [true, null, 1] } };
    assert.deepEqual(cutValue(entity), { value: entity, cuts: [] });
  });

  it('cuts long texts, and names them with their size', () => {
    const { value, cuts } = cutValue({ spec: { definition: 'x'.repeat(100) } }, { longest: 10, kept: 3 });
    assert.deepEqual(value, { spec: { definition: 'xxx…' } });
    assert.deepEqual(cuts, [{ path: 'spec.definition', size: 100, of: 'text' }]);
  });

  it('leaves out what is beyond so many entries', () => {
    const { value, cuts } = cutValue({ relations: [1, 2, 3, 4], spec: { a: 1, b: 2, c: 3 } }, { entries: 2 });
    assert.deepEqual(value, { relations: [1, 2], spec: { a: 1, b: 2 } });
    assert.deepEqual(cuts, [
      { path: 'relations', size: 4, of: 'entries' },
      { path: 'spec', size: 3, of: 'entries' },
    ]);
  });

  it('cuts what is long when there is much of it, and leaves out what is too many', () => {
    const texts = cutValue(['x'.repeat(8), 'y'.repeat(8), 'z'], { kept: 2, texts: 10 });
    assert.deepEqual(texts.value, ['x'.repeat(8), 'yy…', 'z']);
    const lists = cutValue([[1, 2], [3], [4]], { values: 4 });
    assert.deepEqual(lists.value, [[1, 2], [], []]);
    assert.deepEqual(
      lists.cuts.map(({ path }) => path),
      ['1', '2'],
    );
  });

  it('ends however deep a value is', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 500; level += 1) deep = [deep];
    assert.equal(cutValue(deep).cuts.length, 1);
  });

  it('keeps keys that have a meaning in JavaScript', () => {
    const odd: unknown = JSON.parse('{"__proto__": {"x": 1}, "constructor": "y"}');
    assert.equal(JSON.stringify(cutValue(odd).value), '{"__proto__":{"x":1},"constructor":"y"}');
  });
});

describe('firstPart', () => {
  it('does not cut a character in half', () => {
    assert.equal(firstPart('ab🙂c', 3), 'ab');
    assert.equal(firstPart('ab🙂c', 4), 'ab🙂');
  });
});
