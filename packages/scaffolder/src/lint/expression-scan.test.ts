import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { scanExpression } from './expression-scan.ts';

function names(text: string): readonly string[] {
  return scanExpression(text).references.map(({ root, keys }) =>
    [root, ...keys.map((key) => key ?? '*')].join('.'),
  );
}

describe('scanExpression', () => {
  it('finds variables with their keys, however they are written', () => {
    assert.deepEqual(names('${{ parameters.a.b }} ${{ steps[\'my-step\'].output["x"] }} ${{ a[b.c].d }}'), [
      'parameters.a.b',
      'steps.my-step.output.x',
      'a.*',
      'b.c',
    ]);
    assert.deepEqual(names('${{ {key: value, "k": other} | f(named=inner) }}'), ['value', 'other', 'inner']);
    assert.deepEqual(names('${{ a if b and not c else [d, "e.f"] }}'), ['a', 'b', 'c', 'd']);
    assert.deepEqual(names('{% if parameters.x in y %}${{ z }}{% endif %}'), ['parameters.x', 'y', 'z']);
  });

  it('takes what stands behind a dot for a member, of literals too', () => {
    assert.deepEqual(
      names('${{ r/^https?:/.test(steps.a.output.url) }} ${{ "a-b".split(c) }} ${{ [d].length }}'),
      ['steps.a.output.url', 'c', 'd'],
    );
  });

  it('leaves out texts, comments, raw parts and names that the text brings in', () => {
    assert.deepEqual(
      names("${{ 'parameters.a }}' }} {# ${{ b }} #} {% raw %}${{ c }}{% endraw %} ${{ r/d/g }}"),
      [],
    );
    assert.deepEqual(
      names('{% for k, v in parameters.all %}${{ k }}${{ v.x }}${{ loop.index }}{% endfor %}'),
      ['parameters.all'],
    );
    assert.deepEqual(names('{% set a = b %}${{ a }}{% macro m(c) %}${{ c }}{% endmacro %}${{ m(d) }}'), [
      'b',
      'd',
    ]);
    assert.deepEqual(names('{{ x }} ${ y }'), []);
    assert.deepEqual(
      scanExpression('{{ x }}', '{{').references.map(({ root }) => root),
      ['x'],
    );
  });

  it('finds filters, tests, calls, guards and minus signs between names', () => {
    const { filters, tests, references } = scanExpression(
      '${{ a | upper | my.own("x") }} ${{ b is not defined }} ${{ f() }}',
    );
    assert.deepEqual(
      filters.map(({ name }) => name),
      ['upper', 'my.own'],
    );
    assert.deepEqual(
      tests.map(({ name }) => name),
      ['defined'],
    );
    assert.deepEqual(
      references.map(({ root, isCalled, isGuarded }) => [root, isCalled, isGuarded]),
      [
        ['a', false, false],
        ['b', false, true],
        ['f', true, false],
      ],
    );
    const joined = (text: string) => scanExpression(text).references.map((one) => [one.joined, one.isJoined]);
    assert.deepEqual(joined('${{ steps.my-own-step.output }}'), [
      ['my-own-step', false],
      ['own-step', true],
      [null, true],
    ]);
    assert.deepEqual(joined('${{ a - b }}'), [
      [null, false],
      [null, false],
    ]);
  });

  it('tells a sole expression from a text with expressions', () => {
    const kind = (text: string) => {
      const { isSole, isDynamic } = scanExpression(text);
      return isSole ? 'sole' : isDynamic;
    };
    assert.deepEqual(
      ['${{ a }}', '${{ "}}" }}', ' ${{ a }}', '${{ a }}${{ b }}', '{% if a %}{% endif %}', 'a'].map(kind),
      ['sole', 'sole', true, true, true, false],
    );
  });

  it('ends for every text, and finds nothing outside it', () => {
    const piece = fc.constantFrom(
      '${{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      'raw',
      'a',
      '.',
      '[',
      ']',
      '"',
      "'",
      '-',
      '{',
      '}',
      '|',
      ' ',
    );
    const text = fc.array(piece, { maxLength: 30 }).map((all) => all.join(''));
    fc.assert(
      fc.property(text, (one) => {
        for (const { root, index } of scanExpression(one).references)
          assert.equal(one.startsWith(root, index), true);
      }),
    );
  });
});
