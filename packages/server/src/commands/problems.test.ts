import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Diagnostic } from '@callboard/model';
import type { Output } from './output.ts';
import { amount, countProblems, countText, problemText, relativeText } from './problems.ts';

const plain: Output = {
  isTerminal: false,
  closed: false,
  write: () => Promise.resolve(),
  paint: (_, text) => text,
};
const marked: Output = { ...plain, paint: (style, text) => `<${style}>${text}</>` };

const diagnostic: Diagnostic = {
  severity: 'warning',
  code: 'room/what',
  summary: '/shop/b.yaml is odd',
  detail: 'Look at it.',
  file: '/shop/sub/a.yaml',
  line: 3,
  column: 7,
};

describe('problemText', () => {
  it('is file:line:column, severity, code, summary and advice, relative to where one stands', () => {
    assert.equal(
      problemText(diagnostic, { here: '/shop', on: plain }),
      'sub/a.yaml:3:7 warning room/what: b.yaml is odd\n    Look at it.\n',
    );
    assert.match(problemText(diagnostic, { here: '/', on: plain }), /^\/shop\/sub\/a\.yaml:3:7 /);
  });

  it('paints the severity', () => {
    assert.match(
      problemText(diagnostic, { here: '/shop', on: marked }),
      / <yellow>warning<\/> <dim>room\/what<\/>: /,
    );
  });
});

describe('relativeText', () => {
  it('cuts the folder off, but not off a folder that only begins alike', () => {
    assert.equal(relativeText('/a/b/c and /a/bb/c', '/a/b'), 'c and /a/bb/c');
  });
});

describe('countText', () => {
  it('counts in words', () => {
    const error: Diagnostic = { ...diagnostic, severity: 'error' };
    assert.equal(countText(countProblems([]), plain), 'no problems');
    assert.equal(countText(countProblems([diagnostic]), plain), '1 warning');
    assert.equal(countText(countProblems([error, diagnostic, error]), plain), '2 errors, 1 warning');
  });
});

describe('amount', () => {
  it('knows one from many', () => {
    assert.deepEqual(
      [amount(1, 'entity'), amount(0, 'entity'), amount(2, 'file')],
      ['1 entity', '0 entities', '2 files'],
    );
  });
});
