import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { Expression, OptionShape } from '../graph.ts';
import { shapeOptions } from './shape-options.ts';

const language = await loadExpressions();

function shape(texts: Partial<Record<keyof OptionShape, string>>): OptionShape {
  const one = (text: string | undefined): Expression | null =>
    text === undefined ? null : language.parse(text, { at: 'x', input: 'answer' }).expression;
  const { items, value, label, description, group } = texts;
  return {
    items: one(items),
    value: one(value),
    label: one(label),
    description: one(description),
    group: one(group),
  };
}

function shaped(answer: JsonValue, texts: Partial<Record<keyof OptionShape, string>> = {}) {
  return shapeOptions(answer, shape(texts), language);
}

describe('shapeOptions', () => {
  it('takes plain values, and objects with the usual names', async () => {
    assert.deepEqual(await shaped(['a', 1, 'a']), {
      options: [
        { value: 'a', label: 'a' },
        { value: 1, label: '1' },
      ],
      skipped: 0,
    });
    assert.deepEqual(await shaped({ count: 1, list: [{ id: '7', title: 'Seven', group: 'odd' }] }), {
      options: [{ value: '7', label: 'Seven', group: 'odd' }],
      skipped: 0,
    });
  });

  it('follows the expressions of the author', async () => {
    const texts = {
      items: 'data.accounts',
      value: 'key',
      label: "name & ' (' & key & ')'",
      description: 'about',
      group: 'env',
    };
    const answer = { data: { accounts: { key: 'k', name: 'Orders', about: 'x', env: 'prod' } } };
    assert.deepEqual(await shaped(answer, texts), {
      options: [{ value: 'k', label: 'Orders (k)', description: 'x', group: 'prod' }],
      skipped: 0,
    });
  });

  it('says when the answer is another than was expected', async () => {
    assert.deepEqual(await shaped('<html>'), { failure: 'there is no list in the answer' });
    assert.deepEqual(await shaped([{ key: 1 }, { key: 2 }]), {
      failure: 'none of the 2 items in the answer has a value; it may have changed its shape',
    });
    assert.ok('failure' in (await shaped([{ id: 1, name: {} }], { label: '$uppercase(name)' })));
  });
});
