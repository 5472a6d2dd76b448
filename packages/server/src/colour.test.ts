import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseColour } from './colour.ts';

describe('parseColour', () => {
  it('takes hexadecimal, rgb, hsl and names, in any case, and drops outer blanks', () => {
    for (const colour of [
      '#fff',
      '#FFF8',
      '#0a7ea4',
      '#0a7ea4cc',
      'teal',
      'RebeccaPurple',
      'rgb(10,126,164)',
      'rgb(10, 126, 164)',
      'rgba(10, 126, 164, 0.5)',
      'rgb(10 126 164)',
      'rgb(10% 50% 64% / 50%)',
      'RGB( 10 126 164 / .5 )',
      'hsl(195, 89%, 34%)',
      'hsla(195, 89%, 34%, 1)',
      'hsl(195deg 89% 34% / 80%)',
      'hsl(-0.5turn 89% 34%)',
    ]) {
      assert.equal(parseColour(` ${colour} `), colour);
    }
  });

  it('refuses what is no colour, or more than one', () => {
    for (const text of [
      '',
      '#',
      '#ff',
      '#fffff',
      '#ggg',
      'fff',
      'bleu',
      'inherit',
      'currentcolor',
      'var(--x)',
      'url(https://evil.example)',
      'red; background: url(x)',
      'red}body{display:none',
      'red/**/',
      'red\nblue',
      'rgb(1,2)',
      'rgb(1 2,3)',
      'rgb(1,2,3',
      'rgb(1,2,3))',
      'rgb(calc(1),2,3)',
      'rgb(1,2,3,4,5)',
      'hsl(195deg, 89deg, 34%)',
      `rgb(1,2,${'3'.repeat(80)})`,
      '</style><script>',
    ]) {
      assert.equal(parseColour(text), null, text);
    }
  });

  it('lets nothing through that could end a declaration, whatever is tried', () => {
    const pieces = fc.constantFrom(
      'rgb(',
      'hsl(',
      ')',
      '#',
      '0',
      'a',
      'f',
      '%',
      ',',
      ' ',
      '/',
      ';',
      '}',
      '*',
      'red',
      '\n',
      '<',
      '"',
      'url(',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 16 }), (parts) => {
        const colour = parseColour(parts.join(''));
        return colour === null || /^(?:#[\da-f]+|[a-z]+|(?:rgb|hsl)a?\([-+\d.%, /a-z]+\))$/i.test(colour);
      }),
      { numRuns: 2_000 },
    );
  });
});
