import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bestScore, matchScore } from './match.ts';

describe('matchScore', () => {
  it('is higher the earlier and the more of the text is matched', () => {
    const texts = ['Pay', 'Payments', 'Late pay', 'repay', 'x'];
    assert.deepEqual(
      texts.map((text) => matchScore(text, 'pay')),
      [4, 3, 2, 1, 0],
    );
  });

  it('finds the beginning of a later word', () => {
    assert.equal(matchScore('repay-pay', 'pay'), 2);
  });
});

describe('bestScore', () => {
  it('is that of the text that matches best', () => {
    assert.equal(bestScore(['booking-api', 'Booking API'], ['booking', 'api']), 4);
    assert.equal(bestScore(['x', 'api'], ['a']), 3);
  });

  it('finds words that are spread over the texts', () => {
    assert.equal(bestScore(['booking', 'Component'], ['component', 'book']), 1);
    assert.equal(bestScore(['booking', 'Component'], ['component', 'pay']), 0);
    assert.equal(bestScore(['anything'], []), 1);
  });
});
