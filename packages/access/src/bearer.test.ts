import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bearerToken, cookieValue } from './bearer.ts';

describe('bearerToken', () => {
  it('reads the token, whatever the case of the scheme and the number of spaces', () => {
    for (const header of ['Bearer abc', 'bearer abc', 'BEARER   abc']) {
      assert.equal(bearerToken(header), 'abc');
    }
  });

  it('takes other schemes, no token and more than a token for no header', () => {
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Basic abc',
      'Bearer a b',
      'Bearer\tabc',
      'abc',
    ]) {
      assert.equal(bearerToken(header), null);
    }
  });

  it('gives back any token without white space', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => !/\s/.test(text)),
        fc.integer({ min: 1, max: 5 }),
        (token, spaces) => bearerToken(`Bearer${' '.repeat(spaces)}${token}`) === token,
      ),
    );
  });

  it('answers any header with a solid part of it or nothing', () => {
    const headers = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom('Bearer', ' ', '\t', 'x', ',', '\n')).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(headers, (header) => {
        const token = bearerToken(header);
        return token === null || (/^\S+$/.test(token) && header.endsWith(token));
      }),
    );
  });
});

describe('cookieValue', () => {
  it('finds a cookie among others, by its whole name', () => {
    const header = 'xbackstage-auth=1; backstage-auth-2=2;backstage-auth=a.b.c ; other=3';
    assert.equal(cookieValue(header, 'backstage-auth'), 'a.b.c');
    assert.equal(cookieValue(header, 'auth'), null);
  });

  it('takes the first of several and keeps equals signs', () => {
    assert.equal(cookieValue('a=1==; a=2', 'a'), '1==');
  });

  it('takes quotes off and undoes percent-encoding where there is some', () => {
    assert.equal(cookieValue('a="b"', 'a'), 'b');
    assert.equal(cookieValue('a=b%20c', 'a'), 'b c');
    assert.equal(cookieValue('a=100%', 'a'), '100%');
  });

  it('takes an empty cookie for none', () => {
    for (const header of [undefined, '', 'a', 'a=', ';;=', 'b=1'])
      assert.equal(cookieValue(header, 'a'), null);
  });

  it('finds any encoded value between any other cookies', () => {
    const other = fc.string({ unit: fc.constantFrom('x', '=', ' ', '"', '%', '-') });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(other), fc.array(other), (value, before, after) => {
        const header = [...before, `token=${encodeURIComponent(value)}`, ...after].join(';');
        return cookieValue(header, 'token') === value;
      }),
    );
  });
});
