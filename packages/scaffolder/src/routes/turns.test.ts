import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

describe('createTurns', () => {
  it('lets each person do a few things at a time, in the order in which they came', async () => {
    const turns = createTurns({ atOnce: 2, waiting: 10 });
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const begun: string[] = [];
    const take = (whose: string, n: number): Promise<void> =>
      turns.take(whose, {
        signal: never,
        work: async () => {
          begun.push(`${whose}${n}`);
          await gates[n]?.promise;
        },
      });
    const all = [0, 1, 2, 3].map((n) => take('anna', n));
    const other = take('eva', 0);
    await new Promise(setImmediate);
    assert.deepEqual(begun, ['anna0', 'anna1', 'eva0']);
    gates[1]?.resolve();
    await all[1];
    await new Promise(setImmediate);
    assert.deepEqual(begun.slice(3), ['anna2']);
    for (const { resolve } of gates) resolve();
    await Promise.all([...all, other]);
    assert.deepEqual(begun.slice(4), ['anna3']);
  });

  it('goes on after what fails, and forgets who went away', async () => {
    const turns = createTurns({ atOnce: 1, waiting: 10 });
    const stop = new AbortController();
    const gate = Promise.withResolvers<void>();
    const first = turns.take('anna', { signal: never, work: () => gate.promise });
    const second = turns.take('anna', { signal: stop.signal, work: async () => 'second' });
    const third = turns.take('anna', { signal: never, work: async () => 'third' });
    stop.abort();
    await assert.rejects(second, { name: 'AbortError' });
    gate.reject(new Error('no'));
    await assert.rejects(first, /no/);
    assert.equal(await third, 'third');
    assert.equal(await turns.take('anna', { signal: never, work: async () => 'fourth' }), 'fourth');
  });

  it('refuses when too many wait', async () => {
    const turns = createTurns({ atOnce: 1, waiting: 1 });
    const gate = Promise.withResolvers<void>();
    const work = (): Promise<void> => gate.promise;
    const taken = [turns.take('anna', { signal: never, work }), turns.take('anna', { signal: never, work })];
    const refused = turns.take('anna', { signal: never, work });
    await assert.rejects(refused, { code: 'scaffolder/too-many-questions', status: 429 });
    gate.resolve();
    await Promise.all(taken);
  });
});
