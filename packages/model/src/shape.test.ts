import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anyObject, anyText, compileShape, text, texts, type Shape } from './shape.ts';

/** `path code` of each problem. */
function problemsOf(shape: Shape, value: unknown): string[] {
  return compileShape(shape)(value, 'x').map(({ path, code }) => `${path} ${code}`);
}

describe('compileShape', () => {
  it('takes text that is not empty, and empty text where it may be', () => {
    assert.deepEqual(problemsOf(text, 'a'), []);
    assert.deepEqual(problemsOf(text, ''), ['x model/empty-value']);
    assert.deepEqual(problemsOf(anyText, ''), []);
    assert.deepEqual(problemsOf(anyText, 5), ['x model/wrong-type']);
  });

  it('counts the length of a text in characters', () => {
    const short: Shape = { is: 'text', maxLength: 2 };
    assert.deepEqual(problemsOf(short, '🐈🐈'), []);
    assert.deepEqual(problemsOf(short, 'abc'), ['x model/too-long']);
  });

  it('names the values that are allowed', () => {
    const [problem] = compileShape({ is: 'text', oneOf: ['a', 'b'] })('c', 'x');
    assert.deepEqual(problem, {
      path: 'x',
      code: 'model/not-allowed',
      message: 'x must not be "c".',
      hint: 'Use one of: a, b.',
    });
  });

  it('finds the bad items of a list, and a list that is too short', () => {
    assert.deepEqual(problemsOf(texts, ['a', '', 5, 'b', null]), [
      'x[1] model/empty-value',
      'x[2] model/wrong-type',
      'x[4] model/wrong-type',
    ]);
    assert.deepEqual(problemsOf(texts, 'a'), ['x model/wrong-type']);
    assert.deepEqual(problemsOf({ is: 'list', of: text, minItems: 1 }, []), ['x model/empty-value']);
  });

  it('finds the bad and the missing members of an object, and lets others be', () => {
    const shape: Shape = { is: 'object', required: { a: text, 'b/c': text }, optional: { d: texts } };
    assert.deepEqual(problemsOf(shape, { a: 'x', 'b/c': 'x', other: 5 }), []);
    assert.deepEqual(problemsOf(shape, { a: null, d: [1] }), [
      'x.a model/wrong-type',
      'x["b/c"] model/missing-field',
      'x.d[0] model/wrong-type',
    ]);
    assert.deepEqual(problemsOf(anyObject, []), ['x model/wrong-type']);
  });

  it('checks the members that are not named when their shape is given', () => {
    const shape: Shape = { is: 'object', optional: { a: texts }, others: anyText };
    assert.deepEqual(problemsOf(shape, { a: ['x'], b: '', 'c d': 5 }), ['x["c d"] model/wrong-type']);
  });

  it('takes either of two shapes and reports by the one whose type the value has', () => {
    const shape: Shape = { is: 'either', of: [{ is: 'boolean' }, texts] };
    assert.deepEqual(problemsOf(shape, false), []);
    assert.deepEqual(problemsOf(shape, ['a', 5]), ['x[1] model/wrong-type']);
    assert.deepEqual(
      compileShape(shape)(5, 'x')[0]?.message,
      'x must be true or false or a list, but is a number.',
    );
  });

  it('says how to mend the usual slips of YAML', () => {
    const hintOf = (shape: Shape, value: unknown) => compileShape(shape)(value, 'x')[0]?.hint;
    assert.equal(hintOf(text, 1.5), 'Put the value in quotes: "1.5".');
    assert.equal(hintOf(text, null), 'Give it a value, or remove the line.');
    assert.equal(hintOf(texts, 'a'), 'Write it as a list, also when it has one item.');
    assert.equal(hintOf(text, {}), undefined);
  });

  it('reports a problem for each of very many bad items', () => {
    const shape: Shape = { is: 'object', optional: { list: texts } };
    assert.equal(compileShape(shape)({ list: Array.from({ length: 200_000 }, () => 5) }, '').length, 200_000);
  });
});
