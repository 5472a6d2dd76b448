import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { firstWords, parseProse, type Inline } from './prose-text.ts';

const text = (words: string): Inline => ({ kind: 'text', text: words });

describe('parseProse', () => {
  it('joins the lines of a paragraph and keeps paragraphs apart', () => {
    assert.deepEqual(parseProse('one\ntwo  \n three\n\n \nfour\n'), [
      { kind: 'paragraph', content: [text('one two three')] },
      { kind: 'paragraph', content: [text('four')] },
    ]);
  });

  it('reads emphasis, code and links', () => {
    assert.deepEqual(parseProse('a **b** *c* `d*e*` [f](https://x.org/g) h'), [
      {
        kind: 'paragraph',
        content: [
          text('a '),
          { kind: 'strong', text: 'b' },
          text(' '),
          { kind: 'em', text: 'c' },
          text(' '),
          { kind: 'code', text: 'd*e*' },
          text(' '),
          { kind: 'link', text: 'f', href: 'https://x.org/g' },
          text(' h'),
        ],
      },
    ]);
  });

  it('reads a list, also right after a sentence, with items over several lines', () => {
    assert.deepEqual(parseProse('Does:\n- one\n  and more\n* two'), [
      { kind: 'paragraph', content: [text('Does:')] },
      { kind: 'list', items: [[text('one and more')], [text('two')]] },
    ]);
  });

  it('leaves what it does not know as it is, and an address that is not safe', () => {
    for (const words of ['2 * 3 * 4', '<b>x</b>', 'snake_case_name', '[x](javascript:alert)', '**', '`']) {
      assert.deepEqual(parseProse(words), [{ kind: 'paragraph', content: [text(words)] }]);
    }
  });

  it('loses no letter of any text', () => {
    fc.assert(
      fc.property(fc.string(), (words) => {
        const letters = (from: string): string => from.replaceAll(/[^a-z]/g, '');
        const blocks = parseProse(words);
        const content = blocks.flatMap((block) =>
          block.kind === 'paragraph' ? block.content : block.items.flat(),
        );
        const shown = content.map((inline) => inline.text + (inline.kind === 'link' ? inline.href : ''));
        assert.equal(letters(shown.join('')), letters(words));
      }),
    );
  });
});

describe('firstWords', () => {
  it('is the first paragraph or item without its marks', () => {
    assert.equal(firstWords('Holds **space**\non a `vessel`.\n\nMore.'), 'Holds space on a vessel.');
    assert.equal(firstWords('- one\n- two'), 'one');
    assert.equal(firstWords(''), '');
  });
});
