import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { parseTime } from './time.ts';

describe('parseTime', () => {
  it('reads every form that scanners write, in UTC', () => {
    const at = Date.UTC(2024, 8, 4, 16, 55, 38);
    const forms: readonly (readonly [unknown, number])[] = [
      ['Wed Sep 04 16:55:38.411 UTC 2024', at + 411],
      ['Wed Sep 4 16:55:38 UTC 2024', at],
      ['Sep 4, 2024, 4:55:38 PM', at],
      ['Sep 4, 2024, 4:55:38\u202fPM', at],
      ['Mar 1, 2023, 12:00:00 AM', Date.UTC(2023, 2, 1)],
      ['Mar 1, 2023, 12:00:00 PM', Date.UTC(2023, 2, 1, 12)],
      ['2024-09-04T16:55:38Z', at],
      ['2024-09-04T16:55:38.411999999Z', at + 411],
      ['2024-09-04T18:55:38+02:00', at],
      ['2024-09-04T16:55:38', at],
      ['2024-09-04 16:55:38 UTC', at],
      ['2024-09-04', Date.UTC(2024, 8, 4)],
      [at / 1_000, at],
      [at / 1_000 + 0.411, at + 411],
      [at, at],
      [String(at / 1_000), at],
    ];
    for (const [form, time] of forms) assert.equal(parseTime(form), time, String(form));
  });

  it('does not depend on the zone of this machine', () => {
    const before = process.env['TZ'];
    try {
      process.env['TZ'] = 'Pacific/Kiritimati';
      assert.equal(parseTime('Sep 4, 2024, 4:55:38 PM'), Date.UTC(2024, 8, 4, 16, 55, 38));
      assert.equal(parseTime('2024-09-04T16:55:38'), Date.UTC(2024, 8, 4, 16, 55, 38));
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  it('takes nothing for a time that is none', () => {
    const none = [
      '',
      'yesterday',
      '2024-02-30',
      '2024-13-01T00:00:00Z',
      '2024-09-04T25:00:00Z',
      'Sep 31, 2024, 1:00:00 AM',
    ];
    const more = [
      ...none,
      'Xyz 04, 2024, 1:00:00 AM',
      'Sep 4, 2024, 13:00:00 PM',
      '0001-01-01T00:00:00Z',
      '1'.repeat(100),
    ];
    for (const value of [...more, 0, -1, 5e-324, 1e300, Infinity, NaN, null, undefined, {}, true]) {
      assert.equal(parseTime(value), null, JSON.stringify(value));
    }
  });

  it('reads back any time as ISO 8601 and as seconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000_000_000, max: 253_402_300_799_999 }), (time) => {
        assert.equal(parseTime(new Date(time).toISOString()), time);
        assert.equal(parseTime(time), time);
      }),
    );
  });
});
