import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_COLUMNS, parseColumns, sameColumns, shownColumns } from './columns.ts';

describe('parseColumns', () => {
  it('keeps the order of the columns, each once, and drops what is none', () => {
    assert.deepEqual(parseColumns(['tags', 'type', 'tags', 'colour', 7, null]), ['type', 'tags']);
  });
});

describe('sameColumns', () => {
  it('does not mind the order', () => {
    assert.equal(sameColumns(['tags', 'type'], ['type', 'tags']), true);
    assert.equal(sameColumns(['tags'], ['type']), false);
    assert.equal(sameColumns(['tags'], ['tags', 'type']), false);
  });
});

describe('shownColumns', () => {
  it('leaves out the kind where all rows have the same', () => {
    const ids = shownColumns(DEFAULT_COLUMNS, true).map(({ id }) => id);
    assert.deepEqual(ids, ['type', 'lifecycle', 'owner', 'system', 'tags']);
    assert.equal(shownColumns(DEFAULT_COLUMNS, false)[0]?.id, 'kind');
  });
});
