import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { directionOf, fitText } from './fit-text.ts';

const measure = (text: string): number => text.length * 10;

describe('fitText', () => {
  it('leaves a text that fits as it is, on one line', () => {
    assert.equal(fitText('booking', 100, measure), 'booking');
    assert.equal(fitText(' two\n  lines ', 100, measure), 'two lines');
  });

  it('cuts a text that does not, and says so', () => {
    assert.equal(fitText('booking-service', 100, measure), 'booking-s…');
    assert.equal(fitText('a long title', 30, measure), 'a…');
    assert.equal(fitText('x'.repeat(100_000), 50, measure), 'xxxx…');
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 10, max: 400 }), (text, width) => {
        assert.ok(measure(fitText(text, width, measure)) <= width);
      }),
    );
  });

  it('never cuts through a letter', () => {
    assert.equal(fitText('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 130, measure), '👩‍👩‍👧‍👦…');
  });
});

describe('directionOf', () => {
  it('goes by the first letter', () => {
    assert.equal(directionOf('خدمة التسعير (pricing) 2.0'), 'rtl');
    assert.equal(directionOf('2.0 – שירות'), 'rtl');
    assert.equal(directionOf('pricing خدمة'), 'ltr');
    assert.equal(directionOf(''), 'ltr');
  });
});
