import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withoutJq } from './plain-words.ts';

const RULE = { jqQuery: '.form.a' };

describe('withoutJq', () => {
  it("takes Port's rules away, wherever a schema stands", () => {
    const page = {
      visible: RULE,
      required: RULE,
      properties: {
        a: { type: 'string', enum: RULE, default: RULE, title: 'A' },
        b: { type: 'array', items: { enum: RULE, type: 'string' } },
        enum: { type: 'string', disabled: RULE },
      },
      allOf: [{ oneOf: [{ properties: { c: { required: RULE } } }] }],
    };
    assert.deepEqual(withoutJq(page), {
      properties: {
        a: { type: 'string', title: 'A' },
        b: { type: 'array', items: { type: 'string' } },
        enum: { type: 'string' },
      },
      allOf: [{ oneOf: [{ properties: { c: {} } }] }],
    });
  });

  it('gives the same object where there are none', () => {
    const page = {
      required: ['a'],
      properties: { a: { enum: ['x'], default: 'x', examples: [{ enum: RULE }] } },
    };
    assert.equal(withoutJq(page), page);
  });
});
