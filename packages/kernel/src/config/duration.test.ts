import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseDuration } from './duration.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function milliseconds(text: string): number | string {
  const parsed = parseDuration(text);
  return parsed.kind === 'ok' ? parsed.milliseconds : parsed.reason;
}

describe('parseDuration', () => {
  it('reads a number with a unit, short or long', () => {
    assert.equal(milliseconds('100ms'), 100);
    assert.equal(milliseconds('5m'), 5 * MINUTE);
    assert.equal(milliseconds(' 2 seconds '), 2 * SECOND);
    assert.equal(milliseconds('1.5h'), 90 * MINUTE);
    assert.equal(milliseconds('.5 Hrs'), 30 * MINUTE);
    assert.equal(milliseconds('1d'), DAY);
    assert.equal(milliseconds('3w'), 21 * DAY);
    assert.equal(milliseconds('0s'), 0);
  });

  it('counts 365 days a year, and 365.25 of what is beyond whole years', () => {
    assert.equal(milliseconds('1y'), 365 * DAY);
    assert.equal(milliseconds('2 years'), 730 * DAY);
    assert.equal(milliseconds('1.5y'), 365 * DAY + 0.5 * 365.25 * DAY);
  });

  it('reads ISO 8601 durations', () => {
    assert.equal(milliseconds('PT5M'), 5 * MINUTE);
    assert.equal(milliseconds('P2DT6H'), 2 * DAY + 6 * HOUR);
    assert.equal(
      milliseconds('P1Y2M3W4DT5H6M7.089S'),
      (365 + 60 + 21 + 4) * DAY + 5 * HOUR + 6 * MINUTE + 7089,
    );
    assert.equal(milliseconds('P1.5D'), 1.5 * DAY);
    assert.equal(milliseconds('PT1,5S'), 1500);
    assert.equal(milliseconds('PT0S'), 0);
  });

  it('refuses plain numbers, negative lengths and other texts', () => {
    assert.match(String(milliseconds('5')), /plain number/);
    assert.match(String(milliseconds('-5m')), /Negative/);
    assert.match(String(milliseconds('P-5D')), /Negative/);
    assert.match(String(milliseconds('PT')), /no values given/);
    assert.match(String(milliseconds('P5')), /Invalid ISO format/);
    assert.match(String(milliseconds('5 fortnights')), /Not a valid duration/);
    assert.match(String(milliseconds('')), /Not a valid duration/);
    assert.match(String(milliseconds(`${'1'.repeat(100)}s`)), /Not a valid duration/);
  });

  it('gives a length that is never negative and never NaN, or a reason', () => {
    const signs = ['P', '-', 'T', '1', '.', '5', 'Y', 'M', 'D', 'H', 'S', ' ', 's', 'm', 'h', 'd', 'w', 'y'];
    const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...signs) }));
    fc.assert(
      fc.property(text, (input) => {
        const parsed = parseDuration(input);
        assert(parsed.kind === 'wrong' || parsed.milliseconds >= 0, input);
      }),
    );
  });
});
