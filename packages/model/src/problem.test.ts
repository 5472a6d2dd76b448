import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PROBLEM_CODES, quote, toDiagnostic, typeOf } from './problem.ts';

describe('toDiagnostic', () => {
  it('is an error at the given place, with the hint as its detail', () => {
    const problem = { path: 'spec.owner', code: 'model/missing-field', message: 'm', hint: 'h' } as const;
    assert.deepEqual(toDiagnostic(problem, { file: 'a.yaml', line: 3 }), {
      severity: 'error',
      code: 'model/missing-field',
      summary: 'm',
      detail: 'h',
      file: 'a.yaml',
      line: 3,
      path: 'spec.owner',
    });
  });

  it('has no detail when there is no hint', () => {
    const diagnostic = toDiagnostic({ path: '', code: 'model/not-an-object', message: 'm' });
    assert.equal('detail' in diagnostic, false);
  });
});

describe('PROBLEM_CODES', () => {
  it('names this room in every code and explains each in a sentence', () => {
    for (const [code, meaning] of Object.entries(PROBLEM_CODES)) {
      assert.match(code, /^model\/[a-z-]+$/);
      assert.match(meaning, /^[A-Z].+\.$/);
    }
  });
});

describe('quote', () => {
  it('cuts long text and shows characters that cannot be seen', () => {
    assert.equal(quote('a\n"b"'), '"a\\n\\"b\\""');
    assert.equal(quote('x'.repeat(1000)).length, 83);
  });
});

describe('typeOf', () => {
  it('says what a value is in the words of YAML', () => {
    assert.deepEqual([null, [], {}, 'x', 5, true].map(typeOf), [
      'null',
      'a list',
      'a mapping',
      'a string',
      'a number',
      'a boolean',
    ]);
  });
});
