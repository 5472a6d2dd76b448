import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { substitute } from './substitute.ts';

const VARIABLES: Readonly<Record<string, string>> = { A: 'a', EMPTY: '' };
const read = (name: string): string | undefined => VARIABLES[name];

describe('substitute', () => {
  it('puts in the values of variables, and defaults for unset and empty ones', () => {
    assert.equal(substitute('x${A}y${ A }', read).text, 'xaya');
    assert.equal(substitute('${NO:-d}${EMPTY:-e}${A:-f}', read).text, 'dea');
    assert.equal(substitute('[${EMPTY}]', read).text, '[]');
  });

  it('names every variable that takes the text away', () => {
    assert.deepEqual(substitute('${A}${NO}${NO:-}${ALSO}', read), {
      text: null,
      unset: ['NO', 'NO', 'ALSO'],
      problems: [],
    });
  });

  it('turns $${ into ${', () => {
    assert.equal(substitute('$${A} $${NO:-x}', read).text, '${A} ${NO:-x}');
  });

  it('does not nest: the inner braces are replaced, the outer ones stay', () => {
    const { text, problems } = substitute('${A${A}}', read);
    assert.equal(text, '${Aa}');
    assert.equal(problems.length, 1);
  });

  it('leaves every text without ${ as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) => assert.deepEqual(substitute(text, read), { text, unset: [], problems: [] }),
      ),
    );
  });

  it('gives back any text whose references were all escaped', () => {
    const piece = fc.constantFrom('${A}', '${NO}', '${NO:-x}', 'a', ' ', '}', ':-');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const escaped = pieces.map((part) => (part.startsWith('${') ? `$${part}` : part)).join('');
        assert.equal(substitute(escaped, read).text, text);
      }),
    );
  });
});
