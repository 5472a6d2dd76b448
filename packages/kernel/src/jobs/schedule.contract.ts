/** The part of the jobs contract about schedules. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../db/database.ts';
import { withRoom } from './jobs.fixture.ts';

const MINUTE = 60_000;
const nightly = { name: 'nightly', every: 10 * MINUTE, jitter: 0, queue: 'q', payload: { of: 'nightly' } };

export function scheduleContract(open: () => Promise<Database>): void {
  describe('schedule', () => {
    /** A handler that notes when each payload came. */
    const noting = () => {
      const ran: { payload: unknown; at: number }[] = [];
      return { ran, note: (payload: unknown, at: number) => ran.push({ payload, at }) };
    };

    it('enqueues one job a tick over all processes, on an even grid', () =>
      withRoom(open, async ({ clock, start }) => {
        const began = clock.now();
        const { ran, note } = noting();
        for (const name of ['a', 'b', 'c']) {
          const { jobs } = start(name);
          jobs.handle('q', { run: async ({ payload }) => void note(payload, clock.now()) });
          await jobs.schedule(nightly);
        }
        await clock.advance(35 * MINUTE);
        assert.deepEqual(
          ran.map(({ payload }) => payload),
          Array.from({ length: 4 }, () => nightly.payload),
        );
        for (const [index, { at }] of ran.entries()) {
          const late = at - (began + index * nightly.every);
          assert.ok(late >= 0 && late <= 1_000, `tick ${index} came ${late} ms late`);
        }
      }));

    it('is ticked by one process only, also when another saw it due and comes late', () =>
      withRoom(open, async ({ database, clock, start }) => {
        const gate = Promise.withResolvers<void>();
        const slow: Database = {
          query: database.query,
          description: database.description,
          writeRows: (rows) => database.writeRows(rows),
          transaction: async (work) => {
            await gate.promise;
            return database.transaction(work);
          },
          [Symbol.asyncDispose]: async () => {},
        };
        const { ran, note } = noting();
        const late = start('late', {}, { database: slow });
        await late.jobs.schedule(nightly);
        await clock.advance(0);
        const { jobs } = start('quick');
        jobs.handle('q', { run: async ({ payload }) => void note(payload, clock.now()) });
        await jobs.schedule(nightly);
        await clock.advance(1_000);
        assert.equal(ran.length, 1);
        gate.resolve();
        await clock.advance(MINUTE);
        assert.equal(ran.length, 1);
      }));

    it('counts the ticks that were missed as one, and goes on where it was after a restart', () =>
      withRoom(open, async ({ clock, start }) => {
        const before = start('before');
        await before.jobs.schedule(nightly);
        await clock.advance(1);
        await before.jobs.close();
        assert.equal((await before.jobs.list()).jobs.length, 1);
        await clock.advance(2 * MINUTE);
        const { ran, note } = noting();
        const after = start('after');
        after.jobs.handle('q', { run: async ({ payload }) => void note(payload, clock.now()) });
        await after.jobs.schedule(nightly);
        await clock.advance(MINUTE);
        assert.equal(ran.length, 1);
        after.freeze();
        await clock.advance(60 * MINUTE);
        after.thaw();
        await clock.advance(MINUTE);
        assert.equal(ran.length, 2);
      }));

    it('adds nothing while the job of the tick before runs', () =>
      withRoom(open, async ({ clock, start }) => {
        const { jobs } = start('a');
        const released = Promise.withResolvers<void>();
        let runs = 0;
        jobs.handle('q', {
          concurrency: 5,
          run: async () => {
            runs++;
            await released.promise;
          },
        });
        await jobs.schedule(nightly);
        await clock.advance(45 * MINUTE);
        assert.equal(runs, 1);
        released.resolve();
        await clock.advance(10 * MINUTE);
        assert.equal(runs, 2);
      }));

    it('comes late by its jitter, takes a new definition, and ends when it is removed', () =>
      withRoom(open, async ({ clock, start }) => {
        const began = clock.now();
        const { ran, note } = noting();
        const { jobs } = start('a');
        jobs.handle('q', { run: async ({ payload }) => void note(payload, clock.now() - began) });
        await jobs.schedule({ ...nightly, jitter: MINUTE });
        await clock.advance(9 * MINUTE);
        assert.deepEqual(
          ran.map(({ at }) => at),
          [0],
        );
        await clock.advance(2 * MINUTE);
        assert.deepEqual(
          ran.map(({ at }) => at),
          [0, 10.5 * MINUTE],
        );
        await jobs.schedule({ ...nightly, every: 2 * MINUTE, payload: 'often' });
        await clock.advance(4 * MINUTE);
        assert.deepEqual(
          ran.slice(2).map(({ payload, at }) => [payload, at]),
          [
            ['often', 13 * MINUTE],
            ['often', 15 * MINUTE],
          ],
        );
        await jobs.unschedule(nightly.name);
        await jobs.unschedule(nightly.name);
        await clock.advance(60 * MINUTE);
        assert.equal(ran.length, 4);
      }));

    it('refuses what cannot be a schedule', () =>
      withRoom(open, async ({ start }) => {
        const { jobs } = start('a');
        const wrong = [
          { name: '' },
          { queue: '' },
          { every: 999 },
          { every: Infinity },
          { jitter: -1 },
          { jitter: 1e9 },
        ];
        for (const change of wrong) {
          await assert.rejects(jobs.schedule({ ...nightly, ...change }), { code: 'jobs/invalid' });
        }
      }));
  });
}
