import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { needs } from './rpm-needs.ts';

describe('needs', () => {
  it('takes a plain requirement for one name, parentheses inside and all', () => {
    assert.deepEqual(needs('libc.so.6(GLIBC_2.34)(64bit)'), [['libc.so.6(GLIBC_2.34)(64bit)']]);
    assert.deepEqual(needs('/bin/sh'), [['/bin/sh']]);
  });

  it('reads expressions', () => {
    const cases: readonly (readonly [string, readonly (readonly string[])[]])[] = [
      ['(a or b or c)', [['a', 'b', 'c']]],
      ['(a >= 1.2 or b)', [['a', 'b']]],
      ['(a and b)', [['a'], ['b']]],
      ['(python3dist(x) >= 1 with python3dist(x) < 2)', [['python3dist(x)']]],
      ['(a without b)', [['a']]],
      ['(a if b)', []],
      ['(a if b else c)', []],
      ['(a unless b)', []],
      ['((a or b) and c)', [['a', 'b'], ['c']]],
      ['((a and b) or c)', [['a', 'c']]],
      ['(a)', [['a']]],
    ];
    for (const [text, expected] of cases) assert.deepEqual(needs(text), expected, text);
  });

  it('takes for a name what is no expression, however deep', () => {
    for (const text of ['()', '(a or )', '('.repeat(5000), '('.repeat(100) + 'a' + ')'.repeat(100)]) {
      assert.deepEqual(needs(text), [[text]]);
    }
  });

  it('never finds an empty name', () => {
    const words = fc.constantFrom('(', ')', ' ', 'or', 'and', 'with', 'if', 'a', 'b(c)', '>= 1');
    fc.assert(
      fc.property(fc.array(words, { minLength: 1 }), (parts) => {
        for (const group of needs(`(${parts.join(' ')}`)) {
          assert.ok(group.length > 0);
          for (const name of group) assert.notEqual(name.trim(), '');
        }
      }),
    );
  });
});
