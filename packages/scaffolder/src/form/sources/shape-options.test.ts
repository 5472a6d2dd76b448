import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadExpressions, type Expression, type OptionShape } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { toOptions } from './shape-options.ts';

const { evaluate } = await loadExpressions();

function of(text: string): Expression {
  return { text, at: 'spec.parameters', reads: [], readsOptions: false, readsUser: false };
}

const NONE: OptionShape = { items: null, value: null, label: null, description: null, group: null };

function shaped(answer: JsonValue, shape: Partial<OptionShape> = {}) {
  return toOptions(answer, { shape: { ...NONE, ...shape }, evaluate, name: 'The endpoint "inventory"' });
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

describe('toOptions', () => {
  it('finds the list, and what is usual in its items', async () => {
    assert.deepEqual(await shaped(ACCOUNTS), [
      { value: '1', label: 'shop' },
      { value: 'none', label: 'none' },
      { value: 2, label: 'yard', description: 'Of the yard', group: 'prod' },
    ]);
    assert.deepEqual(await shaped(['a', 'b', 'a', 3, null, '']), [
      { value: 'a', label: 'a' },
      { value: 'b', label: 'b' },
      { value: 3, label: '3' },
    ]);
    assert.deepEqual(await shaped([]), []);
  });

  it('does what expressions say, one value once', async () => {
    const shape = {
      items: of('accounts[$exists(id)]'),
      value: of('id'),
      label: of("name & ' (' & $string(id) & ')'"),
      group: of('team.name'),
    };
    assert.deepEqual(await shaped(ACCOUNTS, shape), [
      { value: '1', label: 'shop (1)', group: 'web' },
      { value: 2, label: 'yard (2)', description: 'Of the yard' },
    ]);
  });

  it('takes a list of one, and one of none, which JSONata gives as an item and as nothing', async () => {
    const items = of("accounts[name = 'shop']");
    assert.deepEqual(await shaped(ACCOUNTS, { items, value: of('name') }), [
      { value: 'shop', label: 'shop' },
    ]);
    assert.deepEqual(await shaped(ACCOUNTS, { items: of("accounts[name = 'nobody']") }), []);
  });

  it('says when answers have changed their shape', async () => {
    const changed = { code: 'scaffolder/source-failed', message: /"inventory" has changed its answers/ };
    await assert.rejects(shaped({ error: 'no' }), changed);
    await assert.rejects(shaped('text'), changed);
    await assert.rejects(shaped({ result: 'x' }, { items: of('accounts') }), changed);
    await assert.rejects(shaped([{ arn: 'x' }, { arn: 'y' }], { value: of('id') }), changed);
    await assert.rejects(shaped([{ arn: 'x' }]), changed);
    await assert.rejects(shaped([1], { items: of("$error('stop')") }), { message: /'items' failed/ });
  });
});
