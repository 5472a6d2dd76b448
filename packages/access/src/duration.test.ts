import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDuration } from './duration.ts';

describe('parseDuration', () => {
  it('reads objects, ISO 8601 and short texts', () => {
    const cases: readonly (readonly [unknown, number])[] = [
      [{ hours: 1, minutes: 30 }, 5_400_000],
      [{ minutes: '15' }, 900_000],
      ['PT1H30M', 5_400_000],
      ['P1DT1.5S', 86_401_500],
      ['1h', 3_600_000],
      ['90 minutes', 5_400_000],
      ['1.5 hours', 5_400_000],
      ['500ms', 500],
      ['2 days', 172_800_000],
      ['10 secs', 10_000],
    ];
    for (const [given, milliseconds] of cases) assert.equal(parseDuration(given), milliseconds);
  });

  it('refuses what is not a duration', () => {
    const wrong = [
      '',
      'P',
      'PT',
      '10',
      10,
      null,
      undefined,
      {},
      [],
      { hour: 1 },
      { hours: -1 },
      '-1h',
      '1 parsec',
    ];
    for (const given of wrong) assert.equal(parseDuration(given), null, JSON.stringify(given));
  });
});
