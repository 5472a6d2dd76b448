import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { oneLine } from './one-line.ts';

describe('oneLine', () => {
  it('takes out what hides, reorders or breaks', () => {
    assert.equal(
      oneLine('a\u202eb\u200bc\ufeffd\u0000e\u001b[31mf\u00adg\u{e0041}h\ufe0fi', 99),
      'abcde[31mfghi',
    );
    assert.equal(oneLine('  one\r\ntwo\u2028three\t four\u0085five ', 99), 'one two three four five');
  });

  it('leaves letters of every script as they are', () => {
    for (const text of ['Überlauf in größeren Puffern', '漏洞', 'ثغرة', 'एक', '🙂'])
      assert.equal(oneLine(text, 99), text);
  });

  it('cuts without tearing a character apart', () => {
    assert.equal(oneLine('abcdef', 4), 'abc…');
    assert.equal(oneLine('ab🙂cd', 4), 'ab…');
    assert.equal(oneLine('abcd', 4), 'abcd');
  });

  it('gives one clean line that is no longer than it may be, and the same of itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 150 }), (text) => {
        const line = oneLine(text, 100);
        assert.ok(line.length <= 100 && line.isWellFormed());
        assert.doesNotMatch(line, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        assert.equal(oneLine(line, 100), line);
      }),
    );
  });
});
