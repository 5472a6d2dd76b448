import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSelected, NOTHING, selectAll, selectedCount, withRefs } from './selection.ts';

const REQUEST = { sorted: { query: { kind: 'component' } }, rest: null };

describe('withRefs', () => {
  it('adds and removes references, each once', () => {
    const two = withRefs(NOTHING, ['a', 'b', 'a'], 'add');
    assert.equal(selectedCount(two), 2);
    assert.equal(isSelected(two, 'a'), true);
    const one = withRefs(two, ['a', 'c'], 'remove');
    assert.deepEqual([selectedCount(one), isSelected(one, 'a'), isSelected(one, 'b')], [1, false, true]);
  });

  it('takes entities out of a selected list and puts them back', () => {
    const all = selectAll(REQUEST, 100);
    const most = withRefs(all, ['a', 'b'], 'remove');
    assert.deepEqual([selectedCount(most), isSelected(most, 'a'), isSelected(most, 'c')], [98, false, true]);
    assert.deepEqual(withRefs(most, ['a', 'b'], 'add'), all);
  });

  it('selects nothing when everything was taken out of a list', () => {
    assert.equal(withRefs(selectAll(REQUEST, 2), ['a', 'b'], 'remove'), NOTHING);
  });
});
