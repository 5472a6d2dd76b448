import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonValue } from '@callboard/model';
import { loadExpressions } from '../expression/language.ts';
import type { Expression, OptionShape } from '../graph.ts';
import { shapeOptions, type Shaping } from './shape-options.ts';

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

function shaped(
  answer: JsonValue,
  texts: Partial<Record<keyof OptionShape, string>> = {},
  more: Pick<Shaping, 'defaults'> = {},
) {
  return shapeOptions(answer, { shape: shape(texts), language, ...more });
}

const ACCOUNTS = {
  page: 1,
  accounts: [
    { id: '1', name: 'shop', team: { name: 'web' }, tags: ['a'] },
    { id: '1', name: 'twice' },
    { name: 'none' },
    { id: 2, name: 'yard', description: 'Of the yard', group: 'prod' },
  ],
};

describe('shapeOptions', () => {
  it('takes plain values, and objects with the usual names', async () => {
    assert.deepEqual(await shaped(['a', 1, 'a']), {
      options: [
        { value: 'a', label: 'a' },
        { value: 1, label: '1' },
      ],
    });
    assert.deepEqual(await shaped({ count: 1, list: [{ id: '7', title: 'Seven', group: 'odd' }] }), {
      options: [{ value: '7', label: 'Seven', group: 'odd' }],
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
    });
  });

  it('finds what is usual in the items of the first list, one value once', async () => {
    assert.deepEqual(await shaped(ACCOUNTS), {
      options: [
        { value: '1', label: 'shop' },
        { value: 'none', label: 'none' },
        { value: 2, label: 'yard', description: 'Of the yard', group: 'prod' },
      ],
    });
    assert.deepEqual(await shaped([{ value: false, label: 'No' }, { value: '', label: 'None' }, null]), {
      options: [
        { value: false, label: 'No' },
        { value: '', label: 'None' },
      ],
    });
    assert.deepEqual(await shaped([]), { options: [] });
  });

  it('leaves out what an expression finds no value in', async () => {
    const texts = {
      items: 'accounts[$exists(id)]',
      value: 'id',
      label: "name & ' (' & $string(id) & ')'",
      group: 'team.name',
    };
    assert.deepEqual(await shaped(ACCOUNTS, texts), {
      options: [
        { value: '1', label: 'shop (1)', group: 'web' },
        { value: 2, label: 'yard (2)', description: 'Of the yard' },
      ],
    });
  });

  it('takes a list of one, and one of none, which JSONata gives as an item and as nothing', async () => {
    const one = { items: "accounts[name = 'shop']", value: 'name' };
    assert.deepEqual(await shaped(ACCOUNTS, one), { options: [{ value: 'shop', label: 'shop' }] });
    const none = { items: "accounts[name = 'nobody']" };
    assert.deepEqual(await shaped(ACCOUNTS, none), { options: [] });
    assert.deepEqual(await shaped([{ id: 1 }], { items: '$[id = 2]' }), { options: [] });
  });

  it('reads the name of a member as JSONata does', async () => {
    const items = [{ id: ['a'], name: 'x', tags: ['t'] }, { name: 'y' }, { id: null }, { id: false }];
    const same = [
      { value: 'id', label: 'tags' },
      { value: '$.id', label: '$.tags' },
    ];
    const [quick, slow] = await Promise.all(same.map((texts) => shaped(items, texts)));
    assert.deepEqual(quick, slow);
    assert.deepEqual(await shaped([{ id: 1, name: 'x' }], { label: 'toString' }), {
      options: [{ value: 1, label: '1' }],
    });
  });

  it('takes from the caller what the shape leaves open', async () => {
    const defaults = { value: () => 'v', label: () => 'l' };
    assert.deepEqual(await shaped([{ id: 1 }], {}, { defaults }), {
      options: [{ value: 'v', label: 'l' }],
    });
    assert.deepEqual(await shaped([{ id: 1 }], { value: 'id' }, { defaults }), {
      options: [{ value: 1, label: 'l' }],
    });
  });

  it('says when the answer is another than was expected', async () => {
    const noList = { failure: 'there is no list in it', by: 'answer' };
    assert.deepEqual(await shaped('<html>'), noList);
    assert.deepEqual(await shaped({ error: 'no' }), noList);
    assert.deepEqual(await shaped([{ key: 1 }, { key: 2 }]), {
      failure: 'none of 2 items has value, id or name',
      by: 'answer',
    });
    assert.deepEqual(await shaped([{ arn: 'x' }], { value: 'id' }), {
      failure: 'none of 1 items has "id"',
      by: 'answer',
    });
    assert.deepEqual(await shaped({ result: 'x' }, { items: 'accounts' }), {
      failure: '"accounts" gives no list',
      by: 'answer',
    });
  });

  it('does not keep silent about a rule that fails', async () => {
    const ofLabel = await shaped([{ id: 1, name: {} }], { label: '$uppercase(name)' });
    assert.ok('failure' in ofLabel && ofLabel.by === 'rule');
    assert.match(ofLabel.failure, /^'label' of an item failed: /);
    const ofItems = await shaped([1], { items: "$error('stop')" });
    assert.ok('failure' in ofItems && ofItems.by === 'rule');
    assert.match(ofItems.failure, /^'items' failed: .*stop/);
  });
});
