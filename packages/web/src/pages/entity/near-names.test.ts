import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { searchTerms } from './near-names.ts';

describe('searchTerms', () => {
  it('starts with the whole name and goes on with its words, the longest first', () => {
    assert.deepEqual(searchTerms('pay-service'), ['pay-service', 'service', 'pay']);
  });

  it('halves a name that is one long word', () => {
    assert.deepEqual(searchTerms('paymets'), ['paymets', 'paym']);
  });

  it('leaves out words that would find everything', () => {
    assert.deepEqual(searchTerms('a-b'), ['a-b']);
  });
});
