import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distance, searchTerms } from './near-names.ts';

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

describe('distance', () => {
  it('is least for the name that was meant', () => {
    const names = ['booking', 'booking-db', 'invoice-service', 'booking-service', 'booking-events'];
    const nearest = names.toSorted((a, b) => distance('booking-servce', a) - distance('booking-servce', b));
    assert.equal(nearest[0], 'booking-service');
  });

  it('is 0 for the same name in any case, and 1 for names that share nothing', () => {
    assert.equal(distance('Yard', 'yard'), 0);
    assert.equal(distance('abc', 'xyz'), 1);
  });
});
