/** The part of the jobs contract about runs that fail: tried again, put off, parked, dead, replayed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../db/database.ts';
import { ParkJob, PermanentFailure, RetryLater } from './failures.ts';
import { HISTORY_LENGTH } from './job.ts';
import { eventually, ledHandler, withRoom } from './jobs.fixture.ts';

export function failureContract(open: () => Promise<Database>): void {
  describe('a run that fails', () => {
    it('is repeated after growing pauses until the job is dead, with the last error', () =>
      withRoom(open, async ({ clock, start, reached, log }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', { ...led, backoff: { first: 1_000, max: 3_000 } });
        const { id } = await jobs.enqueue({ queue: 'q', payload: 1, maxAttempts: 4 });
        // With chance in the middle a pause is three quarters of its full length.
        for (const [index, pause] of [750, 1_500, 2_250].entries()) {
          (await led.begun(index)).fail(new Error(`no ${index}`));
          const waiting = await reached(id, 'waiting');
          assert.equal(waiting.reason, `no ${index}`);
          assert.equal(waiting.dueAt - clock.now(), pause);
          await clock.advance(pause);
        }
        (await led.begun(3)).fail(new Error('no more', { cause: new Error('broken') }));
        const dead = await reached(id, 'dead');
        assert.equal(dead.reason, 'no more ← broken');
        assert.deepEqual(
          dead.history.map(({ attempt, outcome }) => [attempt, outcome]),
          [1, 2, 3, 4].map((attempt) => [attempt, 'failed']),
        );
        assert.ok(log.some((line) => line.includes('no attempt is left')));
      }));

    it('leaves the job dead at once when it says that it is permanent', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a', {}, { redact: (text) => text.replaceAll('hunter2', '***') });
        const led = ledHandler();
        jobs.handle('q', led);
        const thrown = [
          new PermanentFailure('hunter2 is wrong'),
          Object.assign(new Error('hunter2 is wrong'), { permanent: true }),
        ];
        for (const [index, error] of thrown.entries()) {
          const { id } = await jobs.enqueue({ queue: 'q', payload: 1 });
          (await led.begun(index)).fail(error);
          assert.equal((await reached(id, 'dead')).reason, '*** is wrong');
        }
      }));

    it('comes back at the time it names, and is held against the job unless it says otherwise', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const { id } = await jobs.enqueue({ queue: 'q', payload: 1, maxAttempts: 2 });
        for (const index of [0, 1, 2]) {
          const run = await led.begun(index);
          assert.equal(run.job.attempts, 1);
          run.fail(new RetryLater('busy', { at: clock.now() + 7_000, counted: false }));
          assert.equal((await reached(id, 'waiting')).dueAt, clock.now() + 7_000);
          await clock.advance(7_000);
        }
        (await led.begun(3)).fail(new RetryLater('busy', { at: clock.now() + 7_000 }));
        await reached(id, 'waiting');
        await clock.advance(7_000);
        (await led.begun(4)).fail(new RetryLater('still busy', { at: clock.now() + 7_000 }));
        const dead = await reached(id, 'dead');
        assert.equal(dead.reason, 'still busy');
        assert.equal(dead.history.at(-2)?.outcome, 'later');
      }));

    it('can park its job for a person, who replays it: it goes on from its checkpoint', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const { id } = await jobs.enqueue({ queue: 'q', payload: 1, maxAttempts: 1 });
        const first = await led.begun(0);
        await first.context.checkpoint({ step: 2 });
        first.fail(new ParkJob('somebody has to say yes'));
        assert.equal((await reached(id, 'parked')).reason, 'somebody has to say yes');
        await clock.advance(100_000);
        assert.equal((await jobs.replay(id)).reason, null);
        const second = await led.begun(1);
        const { checkpoint, attempts, token } = second.job;
        assert.deepEqual({ checkpoint, attempts, token }, { checkpoint: { step: 2 }, attempts: 1, token: 2 });
        second.finish();
        const done = await reached(id, 'done');
        assert.deepEqual(
          done.history.map(({ outcome }) => outcome),
          ['parked', 'done'],
        );
      }));

    it('frees its key when the job is dead; the job cannot come back while another has it', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const request = { queue: 'q', key: 'k', payload: 1 };
        const first = await jobs.enqueue(request);
        (await led.begun(0)).fail(new PermanentFailure('no'));
        await reached(first.id, 'dead');
        const second = await jobs.enqueue(request);
        assert.notEqual(second.id, first.id);
        await assert.rejects(jobs.replay(first.id), { code: 'jobs/key-in-use', status: 409 });
        (await led.begun(1)).finish();
        await reached(second.id, 'done');
        assert.equal((await jobs.replay(first.id)).state, 'waiting');
        (await led.begun(2)).finish();
        await reached(first.id, 'done');
      }));

    it('does not keep a newer payload of its key from being tried', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const request = { queue: 'q', key: 'k', onDuplicate: 'replace' } as const;
        const { id } = await jobs.enqueue({ ...request, payload: 'poison' });
        const run = await led.begun(0);
        await jobs.enqueue({ ...request, payload: 'good' });
        run.fail(new PermanentFailure('cannot be read'));
        const second = await led.begun(1);
        assert.equal(second.job.payload, 'good');
        assert.equal(second.job.history[0]?.reason, 'cannot be read');
        second.finish();
        await reached(id, 'done');
      }));

    it('keeps its pause when its payload is replaced in the meantime, and starts anew after it', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', { ...led, backoff: { first: 4_000 } });
        const ask = (payload: string) =>
          jobs.enqueue({ queue: 'q', key: 'k', payload, onDuplicate: 'replace', maxWait: 60_000 });
        const { id } = await ask('first');
        const run = await led.begun(0);
        await run.context.checkpoint('of the first');
        run.fail(new Error('no'));
        await reached(id, 'waiting');
        await ask('second');
        const { dueAt, attempts } = await jobs.get(id);
        assert.deepEqual({ pause: dueAt - clock.now(), attempts }, { pause: 3_000, attempts: 0 });
        await clock.advance(3_000);
        const { job, finish } = await led.begun(1);
        assert.deepEqual([job.payload, job.checkpoint, job.attempts], ['second', null, 1]);
        finish();
        await reached(id, 'done');
      }));

    it('keeps a bounded history', () =>
      withRoom(open, async ({ clock, start }) => {
        const { jobs } = start('a');
        let runs = 0;
        jobs.handle('q', {
          run: () => Promise.reject(new RetryLater(`run ${++runs}`, { at: clock.now() + 1, counted: false })),
        });
        const { id } = await jobs.enqueue({ queue: 'q', payload: 1 });
        const job = await eventually(async () => {
          await clock.advance(10);
          return runs > 15 && jobs.get(id);
        });
        assert.equal(job.history.length, HISTORY_LENGTH);
        assert.ok((job.history[0]?.token ?? 0) > 1);
      }));
  });
}
