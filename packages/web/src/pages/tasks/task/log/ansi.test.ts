import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAnsi, stripAnsi } from './ansi.ts';

const ESC = '\u001B';

describe('parseAnsi', () => {
  it('leaves a line without escapes as one piece', () => {
    assert.deepEqual(parseAnsi('plain [31m text'), [
      { text: 'plain [31m text', colour: null, isBold: false },
    ]);
    assert.deepEqual(parseAnsi(''), []);
  });

  it('reads colours and bold until they are taken back', () => {
    assert.deepEqual(parseAnsi(`a${ESC}[1;31mb${ESC}[39mc${ESC}[0md`), [
      { text: 'a', colour: null, isBold: false },
      { text: 'b', colour: 'red', isBold: true },
      { text: 'c', colour: null, isBold: true },
      { text: 'd', colour: null, isBold: false },
    ]);
  });

  it('reads bright colours as their plain ones, and reads over colours of a palette', () => {
    assert.deepEqual(parseAnsi(`${ESC}[92mok${ESC}[38;5;31mpalette${ESC}[38;2;1;2;31mrgb`), [
      { text: 'ok', colour: 'green', isBold: false },
      { text: 'palette', colour: 'green', isBold: false },
      { text: 'rgb', colour: 'green', isBold: false },
    ]);
  });
});

describe('stripAnsi', () => {
  it('leaves out everything a terminal would not print', () => {
    const title = `${ESC}]0;title\u0007`;
    const link = `${ESC}]8;;https://example.org${ESC}\\here${ESC}]8;;${ESC}\\`;
    assert.equal(stripAnsi(`${title}${ESC}[2K${ESC}[1Gline\u0008\r ${link}\tend${ESC}`), 'line here\tend');
  });

  it('gives the same text as the pieces', () => {
    const line = `a${ESC}[31mb${ESC}[?25lc${ESC}(Bd\u0000e`;
    assert.equal(
      parseAnsi(line)
        .map(({ text }) => text)
        .join(''),
      stripAnsi(line),
    );
  });
});
