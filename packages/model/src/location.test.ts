import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  parseLocationRef as parseLikeBackstage,
  stringifyLocationRef as stringifyLikeBackstage,
} from '@backstage/catalog-model';
import * as fc from 'fast-check';
import { isScriptUrl, locationEntityName, parseLocationRef, stringifyLocationRef } from './location.ts';

const script = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(' ', '\n', '\u0000', '\u001f', '\u00a0'), maxLength: 3 }),
    fc.constantFrom(
      'javascript:',
      'JavaScript:',
      'java\nscript:',
      'j\ta\rvascript\n:',
      'java script:',
      'javascrip:',
    ),
  )
  .map(([before, word]) => `${before}${word}alert(1)`);
const target = fc.oneof(script, fc.string(), fc.webUrl());
const type = fc.oneof(fc.constantFrom('url', 'file', '', ' ', 'http', 'https', ' url '), fc.string());

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

describe('parseLocationRef', () => {
  it('splits at the first colon and drops blanks', () => {
    assert.deepEqual(parseLocationRef(' url : https://a/b '), { type: 'url', target: 'https://a/b' });
  });

  it('is null for half a reference, a bare URL and a script', () => {
    for (const text of ['', 'url', 'url:', ':x', 'https://a', 'http://a', 'url:javascript:alert(1)']) {
      assert.equal(parseLocationRef(text), null, text);
    }
  });

  it('reads every text as Backstage does, and is null where Backstage throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(type, target).map((parts) => parts.join(':')),
        ),
        (text) => {
          assert.deepEqual(
            parseLocationRef(text),
            orNull(() => parseLikeBackstage(text)),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe('stringifyLocationRef', () => {
  it('writes every reference as Backstage does, and throws where Backstage throws', () => {
    fc.assert(
      fc.property(fc.record({ type, target }), (ref) => {
        assert.equal(
          orNull(() => stringifyLocationRef(ref)),
          orNull(() => stringifyLikeBackstage(ref)),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it('throws an error with a code', () => {
    assert.throws(() => stringifyLocationRef({ type: 'url', target: '' }), { code: 'model/bad-location' });
    assert.throws(() => stringifyLocationRef({ type: 'url', target: ' javascript:x' }), {
      code: 'model/bad-location',
    });
  });
});

describe('isScriptUrl', () => {
  it('sees through blanks, line breaks and case', () => {
    assert.equal(isScriptUrl('\u0001 Java\nScript\t:x'), true);
    assert.equal(isScriptUrl('https://a/javascript:'), false);
    assert.equal(isScriptUrl(''), false);
  });
});

describe('locationEntityName', () => {
  it('is the SHA-1 of the reference', () => {
    const sha1Hex = (text: string) => createHash('sha1').update(text).digest('hex');
    assert.equal(
      locationEntityName({ type: 'url', target: 'https://example.com/a.yaml' }, sha1Hex),
      `generated-${sha1Hex('url:https://example.com/a.yaml')}`,
    );
  });
});
