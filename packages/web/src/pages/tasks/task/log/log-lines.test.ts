import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TaskEvent } from '../../../../api/scaffolder-tasks.ts';
import { findLines, toLines, toPlainText, toShownLine, type LogLine } from './log-lines.ts';

const AT = new Date('2027-01-01T10:00:00.000Z');

function event(message: string, stepId: string | null = 'fetch'): TaskEvent {
  return { id: 1, type: 'log', at: AT, message, stepId, status: null };
}

function line(raw: string): LogLine {
  const [found] = toLines(event(raw), 0);
  assert.ok(found !== undefined);
  return found;
}

describe('toLines', () => {
  it('makes a line of each line of an event, numbered on', () => {
    const lines = toLines(event('one\r\ntwo\n\nfour\n'), 7);
    assert.deepEqual(
      lines.map(({ number, text }) => [number, text]),
      [
        [8, 'one'],
        [9, 'two'],
        [10, ''],
        [11, 'four'],
      ],
    );
  });

  it('keeps an empty event as an empty line, and parts what is written over itself', () => {
    assert.deepEqual(
      toLines(event(''), 0).map(({ text }) => text),
      [''],
    );
    assert.deepEqual(
      toLines(event('10 %\r20 %\r'), 0).map(({ text }) => text),
      ['10 %', '20 %'],
    );
  });
});

describe('findLines', () => {
  it('finds text in any case, also where colours are in the middle of it', () => {
    const lines = toLines(event('Cloning\nnothing\n\u001B[31mclo\u001B[0mne done'), 0);
    assert.deepEqual(findLines(lines, 'CLON'), [0, 2]);
    assert.deepEqual(findLines(lines, ''), []);
  });
});

describe('toShownLine', () => {
  it('marks what is found across colours', () => {
    const { pieces } = toShownLine(line('a\u001B[31mbc\u001B[0md b'), 'cd');
    assert.deepEqual(
      pieces.map(({ text, colour, isFound }) => [text, colour, isFound]),
      [
        ['a', null, false],
        ['b', 'red', false],
        ['c', 'red', true],
        ['d', null, true],
        [' b', null, false],
      ],
    );
  });

  it('loses no text, and cuts what is very long', () => {
    const text = 'abab'.repeat(2_000);
    const { pieces, hidden } = toShownLine(line(text), 'ba');
    assert.equal(hidden, 4_000);
    assert.equal(pieces.map((piece) => piece.text).join(''), text.slice(0, 4_000));
  });
});

describe('toPlainText', () => {
  it('has the time, the step and the text without colours', () => {
    const lines = [...toLines(event('\u001B[1mhi'), 0), ...toLines(event('end', null), 1)];
    assert.equal(toPlainText(lines), '2027-01-01T10:00:00.000Z [fetch] hi\n2027-01-01T10:00:00.000Z end');
  });
});
