import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import * as fc from 'fast-check';
import { createMask } from './mask.ts';

const mask = createMask({
  token: 'ghp_Sea/Weed+77',
  pem: 'BEGIN KEY\nabcdefgh\nEND\n',
  short: 'ab',
  pin: '4711',
});

describe('createMask: text', () => {
  it('hides secrets in every form in which they appear', () => {
    const token = 'ghp_Sea/Weed+77';
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    const shown = [
      `git clone https://x:${token}@h.example`,
      `url ${encodeURIComponent(token)} ${encodeURIComponent(token).toLowerCase()}`,
      `base64 ${Buffer.from(token).toString('base64')} ${Buffer.from(token).toString('base64url')}`,
      `Authorization: Basic ${basic}`,
      JSON.stringify({ token, pem: 'BEGIN KEY\nabcdefgh\nEND\n' }),
      'the line abcdefgh of the key',
    ];
    for (const text of shown) assert.match(mask.text(text), /\*\*\*/);
    const all = mask.text(shown.join('\n'));
    for (const piece of ['Weed', 'abcdefgh', 'BEGIN KEY', basic.slice(24)]) {
      assert.equal(all.includes(piece), false, piece);
    }
    assert.equal(mask.text('token: ghp_Sea/Weed+77!'), 'token: ***!');
  });

  it('hides a short secret only where it is everything', () => {
    assert.equal(mask.text('ab'), '***');
    assert.equal(mask.text(' ab\n'), '***');
    assert.equal(mask.text('about'), 'about');
  });

  it('hides what overlaps as one', () => {
    const two = createMask({ one: 'abcd', two: 'cdef' });
    assert.equal(two.text('-abcdef-'), '-***-');
    assert.equal(two.text('abcdabcd'), '***');
  });

  it('hides what it learnt', () => {
    const learning = createMask({});
    learning.learn('MADE-OF-A-SECRET');
    learning.learn('yes');
    assert.equal(learning.text('yes, MADE-OF-A-SECRET'), 'yes, ***');
    assert.equal(learning.reveal(learning.seal('MADE-OF-A-SECRET')), null);
  });
});

describe('createMask: json', () => {
  it('hides texts, keys and numbers, and keeps two keys two', () => {
    const value = { 'a-4711': [4711, 14_711, 1], 'b-4711': 'pin 4711', '4711': null, x: { '*': true } };
    assert.deepEqual(mask.json(value), {
      'a-***': ['***', '***', 1],
      'b-***': 'pin ***',
      '***': null,
      x: { '*': true },
    });
    const twice = createMask({ a: 'one', b: 'two' });
    assert.deepEqual(twice.json({ one: 1, two: 2 }), { '***': 1, '*** (2)': 2 });
  });
});

/** Texts that hold pieces of the secrets, so that properties meet them often. */
function textWith(secrets: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      ...secrets,
      ...secrets.map(encodeURIComponent),
      ...secrets.map((one) => JSON.stringify(one)),
    ),
    fc.constantFrom('\uE0F0', '\uE0F1', '', ' '),
    fc.string({ maxLength: 4 }),
  );
  return fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''));
}

const secretValue = fc
  .string({ minLength: 3, maxLength: 12 })
  .filter((text) => text.trim().length >= 3 && !text.includes('*'));
const cases = fc.array(secretValue, { minLength: 1, maxLength: 3 }).chain((values) =>
  fc.record({
    values: fc.constant(values),
    text: textWith(values),
    json: fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        textWith(values),
        fc.integer(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(textWith(values), tie('value'), { maxKeys: 3 }),
      ),
    })).value,
  }),
);

function named(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`s${index}`, value]));
}

describe('createMask: properties', () => {
  it('lets no secret through, as text or as JSON, shown or sealed', () => {
    fc.assert(
      fc.property(cases, ({ values, text, json }) => {
        const own = createMask(named(values));
        const seen: string[] = [
          own.text(text),
          JSON.stringify(own.json(json)),
          JSON.stringify(own.seal([json, text])),
        ];
        for (const secret of values) {
          // In JSON text, the quotes and commas around values can spell a secret that no value holds.
          if (/^[\s\w]*$/.test(secret) && !/^\d|null|^s\d/.test(secret.trim())) {
            for (const shown of seen) assert.equal(shown.includes(secret.trim()), false);
          }
          assert.equal(own.text(text).includes(secret.trim()), false);
        }
      }),
    );
  });

  it('reveals what it sealed, also with another mask of the same secrets', () => {
    fc.assert(
      fc.property(cases, ({ values, text, json }) => {
        const sealed: JsonValue = JSON.parse(JSON.stringify(createMask(named(values)).seal([text, json])));
        const { __proto__: _, ...same } = named(values);
        assert.deepEqual(createMask(same).reveal(sealed), { value: withoutProto([text, json]) });
      }),
    );
  });

  it('reveals a sealed secret with its new value, and nothing when it is gone', () => {
    const sealed = mask.seal({ url: 'https://x:ghp_Sea/Weed+77@h', n: 4711, short: 'ab' });
    assert.doesNotMatch(JSON.stringify(sealed), /Weed|4711|ab/);
    const encoded = Buffer.from('ghp_Sea/Weed+77').toString('base64');
    assert.deepEqual(createMask({ token: 'a b', pin: '1' }).reveal(mask.seal(encoded)), {
      value: Buffer.from('a b').toString('base64'),
    });
    const renewed = createMask({ token: 'new-token', pin: '5512', short: 'q' });
    assert.deepEqual(renewed.reveal(sealed), {
      value: { url: 'https://x:new-token@h', n: 5512, short: 'q' },
    });
    assert.equal(createMask({ token: 'new-token', short: 'q' }).reveal(sealed), null);
    assert.equal(createMask({}).reveal(sealed), null);
  });
});

function withoutProto(value: JsonValue): JsonValue {
  return JSON.parse(JSON.stringify(value), (key, member: unknown) =>
    key === '__proto__' ? undefined : member,
  );
}
