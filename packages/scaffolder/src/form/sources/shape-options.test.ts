import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Expression, OptionShape } from '@callboard/form';
import type { JsonValue } from '@callboard/model';
import { toOptions } from './shape-options.ts';

function of(text: string): Expression {
  return { text, at: 'spec.parameters', reads: [], readsOptions: false, readsUser: false };
}

const NONE: OptionShape = { items: null, value: null, label: null, description: null, group: null };

function shaped(answer: JsonValue, shape: Partial<OptionShape> = {}) {
  return toOptions(answer, { shape: { ...NONE, ...shape }, name: 'The endpoint "inventory"' });
}

describe('toOptions', () => {
  it('leaves out empty texts', async () => {
    assert.deepEqual(await shaped(['a', '', { id: '' }, 3]), [
      { value: 'a', label: 'a' },
      { value: 3, label: '3' },
    ]);
  });

  it('says whose answers have changed their shape', async () => {
    const changed = { code: 'scaffolder/source-failed', message: /"inventory" has changed its answers/ };
    await assert.rejects(shaped({ error: 'no' }), changed);
    await assert.rejects(shaped('text'), changed);
    await assert.rejects(shaped({ result: 'x' }, { items: of('accounts') }), changed);
    await assert.rejects(shaped([{ arn: 'x' }, { arn: 'y' }], { value: of('id') }), changed);
    await assert.rejects(shaped([{ arn: 'x' }]), changed);
  });

  it('says whose rules fail', async () => {
    const failed = { code: 'scaffolder/source-failed', message: /"inventory": 'items' failed: / };
    await assert.rejects(shaped([1], { items: of("$error('stop')") }), failed);
    const ofLabel = shaped([{ id: 1, name: {} }], { label: of('$uppercase(name)') });
    await assert.rejects(ofLabel, { message: /"inventory": 'label' of an item failed: / });
  });
});
