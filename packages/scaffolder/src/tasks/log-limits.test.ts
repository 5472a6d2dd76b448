import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogLimits, LONGEST_LINE, MOST_CHARS, MOST_LINES } from './log-limits.ts';

describe('createLogLimits', () => {
  it('shortens a line that is too long, and says by how much', () => {
    const [line] = createLogLimits({ lines: 0, chars: 0 }).take({ message: 'x'.repeat(LONGEST_LINE + 7) });
    assert.equal(line?.message, `${'x'.repeat(LONGEST_LINE)}… (7 more characters left out)`);
  });

  it('says once that the log is full, and keeps how steps go', () => {
    const limits = createLogLimits({ lines: MOST_LINES - 2, chars: 0 });
    const taken = ['a', 'b', 'c'].flatMap((message) => limits.take({ message }));
    assert.deepEqual(
      taken.map(({ message }) => message.slice(0, 15)),
      ['a', 'b', 'The log is full'],
    );
    const line = { message: 'Finished', stepId: 's', status: 'completed' } as const;
    assert.deepEqual(limits.take(line), [line]);
    assert.deepEqual(createLogLimits(limits.used()).take({ message: 'd' }), []);
  });

  it('counts characters too', () => {
    const limits = createLogLimits({ lines: 0, chars: MOST_CHARS - 1 });
    assert.equal(limits.take({ message: 'xx' }).length, 2);
    assert.deepEqual(limits.take({ message: 'x' }), []);
  });
});
