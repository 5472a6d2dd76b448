import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesText, countOf, durationText, tableText, wrapped } from './words.ts';

describe('durationText', () => {
  it('keeps two or three figures', () => {
    const seconds = [0, 4.21, 42.4, 100, 3_599, 7_200, 86_400, 200_000];
    assert.deepEqual(
      seconds.map((one) => durationText(one * 1_000)),
      ['0.0 s', '4.2 s', '42 s', '2 min', '60 min', '2.0 h', '24.0 h', '2.3 d'],
    );
  });

  it('takes a clock that went back as no time', () => {
    assert.equal(durationText(-5), '0.0 s');
  });
});

describe('tableText', () => {
  it('aligns cells by what is seen of them, and leaves no blanks at the ends of lines', () => {
    const columns = [{ name: 'NAME' }, { name: 'COUNT', align: 'right' as const }, { name: 'WHY' }];
    const rows = [
      ['\u001B[31mcritical\u001B[39m', '7', ''],
      ['low', '1000000', 'because'],
    ];
    assert.equal(
      tableText(columns, rows),
      'NAME        COUNT  WHY\n\u001B[31mcritical\u001B[39m        7\nlow       1000000  because\n',
    );
  });

  it('is nothing without rows', () => {
    assert.equal(tableText([{ name: 'NAME' }], []), '');
  });
});

describe('wrapped', () => {
  it('breaks lines at blanks and keeps words that are too long', () => {
    assert.equal(
      wrapped('a bb ccc dddddddddd e', { indent: '  ', width: 8 }),
      '  a bb\n  ccc\n  dddddddddd\n  e\n',
    );
  });
});

describe('countOf and bytesText', () => {
  it('speak of one and of many', () => {
    assert.deepEqual([countOf(1, 'check'), countOf(0, 'check')], ['1 check', '0 checks']);
    assert.deepEqual([countOf(2, 'patch', 'patches')], ['2 patches']);
    assert.deepEqual([bytesText(950), bytesText(24_140_000)], ['0.9 kB', '24.1 MB']);
  });
});
