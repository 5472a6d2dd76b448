/**
 * What jobs do on every database; a driver's test is this suite, on its own database, plus its oddities. `open` gives an
 * empty database each time.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../db/database.ts';
import { ParkJob, PermanentFailure } from './failures.ts';
import { failureContract } from './failures.contract.ts';
import { ledHandler, withRoom } from './jobs.fixture.ts';
import { leaseContract } from './lease.contract.ts';
import { ownersContract } from './owners.contract.ts';
import { scheduleContract } from './schedule.contract.ts';

export function jobsContract(name: string, open: () => Promise<Database>): void {
  describe(`jobs on ${name}`, () => {
    requestContract(open);
    deskContract(open);
    failureContract(open);
    leaseContract(open);
    scheduleContract(open);
    ownersContract(open);
  });
}

function requestContract(open: () => Promise<Database>): void {
  describe('enqueue', () => {
    it('stores what is to be done until somebody does it, once', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a');
        const { id, isNew } = await jobs.enqueue({ queue: 'q', payload: { text: 'ü', list: [1, null] } });
        assert.equal(isNew, true);
        const led = ledHandler();
        jobs.handle('q', led);
        const { job, finish } = await led.begun(0);
        assert.deepEqual(job.payload, { text: 'ü', list: [1, null] });
        assert.equal(job.state, 'running');
        assert.equal(job.token, 1);
        finish();
        const done = await reached(id, 'done');
        assert.equal(done.reason, null);
        assert.deepEqual(
          done.history.map(({ attempt, owner, outcome }) => ({ attempt, owner, outcome })),
          [{ attempt: 1, owner: 'a', outcome: 'done' }],
        );
        assert.equal(led.runs.length, 1);
      }));

    it('is part of the transaction that it is given', () =>
      withRoom(open, async ({ database, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const refused = database.transaction(async (session) => {
          await jobs.enqueue({ queue: 'q', payload: 'never' }, session);
          throw new Error('the request is refused');
        });
        await assert.rejects(refused, /refused/);
        const { id } = await database.transaction((session) =>
          jobs.enqueue({ queue: 'q', payload: 'accepted' }, session),
        );
        (await led.begun(0)).finish();
        await reached(id, 'done');
        assert.deepEqual(
          led.runs.map(({ job }) => job.payload),
          ['accepted'],
        );
      }));

    it('waits for its time', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', { ...led, concurrency: 2 });
        const late = await jobs.enqueue({ queue: 'q', payload: 'late', runAt: clock.now() + 5_000 });
        await jobs.enqueue({ queue: 'q', payload: 'soon' });
        await led.begun(0);
        await clock.advance(4_999);
        assert.deepEqual(
          led.runs.map(({ job }) => job.payload),
          ['soon'],
        );
        await clock.advance(1);
        assert.equal((await led.begun(1)).job.id, late.id);
        for (const run of led.runs) run.finish();
        await reached(late.id, 'done');
      }));

    it('joins the job that waits or runs with the same key, and makes a new one after it', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a');
        const request = { queue: 'q', key: 'k', payload: 1 };
        const first = await jobs.enqueue(request);
        assert.deepEqual(await jobs.enqueue({ ...request, payload: 2 }), { id: first.id, isNew: false });
        assert.equal((await jobs.enqueue({ ...request, queue: 'other' })).isNew, true);
        const led = ledHandler();
        jobs.handle('q', led);
        const run = await led.begun(0);
        assert.deepEqual(await jobs.enqueue({ ...request, payload: 3 }), { id: first.id, isNew: false });
        run.finish();
        const done = await reached(first.id, 'done');
        assert.equal(done.payload, 1);
        assert.equal((await jobs.enqueue(request)).isNew, true);
      }));

    it('makes one job of many requests at the same time', () =>
      withRoom(open, async ({ start }) => {
        const askers = Array.from({ length: 20 }, (_, index) => start(`asker ${index}`));
        const asked = await Promise.all(
          askers.map(({ jobs }, payload) => jobs.enqueue({ queue: 'q', key: 'k', payload })),
        );
        assert.equal(asked.filter(({ isNew }) => isNew).length, 1);
        assert.equal(new Set(asked.map(({ id }) => id)).size, 1);
      }));

    it('puts a waiting job off with each request, but not for longer than maxWait', () =>
      withRoom(open, async ({ clock, start }) => {
        const { jobs } = start('a');
        const asked = clock.now();
        const ask = (payload: string) =>
          jobs.enqueue({
            queue: 'q',
            key: 'k',
            payload,
            onDuplicate: 'replace',
            runAt: clock.now() + 10_000,
            maxWait: 25_000,
          });
        const { id } = await ask('first');
        assert.equal((await jobs.get(id)).dueAt, asked + 10_000);
        await clock.advance(8_000);
        await ask('second');
        assert.equal((await jobs.get(id)).dueAt, asked + 18_000);
        await clock.advance(9_000);
        await ask('third');
        const job = await jobs.get(id);
        assert.equal(job.dueAt, asked + 25_000);
        assert.equal(job.payload, 'third');
      }));

    it('runs again with the latest payload when it was replaced during a run', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', led);
        const ask = (payload: string) =>
          jobs.enqueue({
            queue: 'q',
            key: 'k',
            payload,
            onDuplicate: 'replace',
            runAt: clock.now() + 500,
            maxWait: 700,
          });
        const { id } = await ask('first');
        await clock.advance(500);
        const first = await led.begun(0);
        await first.context.checkpoint('half of the first');
        await ask('second');
        await clock.advance(400);
        await ask('third');
        assert.equal((await jobs.get(id)).runsAgain, true);
        first.finish();
        const waiting = await reached(id, 'waiting');
        assert.equal(waiting.dueAt, clock.now() - 400 + 700);
        await clock.advance(300);
        const second = await led.begun(1);
        const { payload, checkpoint, attempts, token } = second.job;
        assert.deepEqual(
          { payload, checkpoint, attempts, token },
          { payload: 'third', checkpoint: null, attempts: 1, token: 2 },
        );
        second.finish();
        assert.equal((await reached(id, 'done')).runsAgain, false);
      }));

    it('refuses what cannot be a job', () =>
      withRoom(open, async ({ start }) => {
        const { jobs } = start('a');
        const circle: unknown[] = [];
        circle.push(circle);
        const wrong = [
          { queue: '', payload: 1 },
          { queue: 'q', payload: 1, key: '' },
          { queue: 'q', payload: undefined },
          { queue: 'q', payload: circle },
          { queue: 'q', payload: 1, runAt: Number.NaN },
          { queue: 'q', payload: 1, maxAttempts: 0 },
          { queue: 'q', payload: 1, maxWait: -1 },
        ];
        for (const request of wrong) await assert.rejects(jobs.enqueue(request), { code: 'jobs/invalid' });
        const large = { queue: 'q', payload: 'x'.repeat(1_000_000) };
        await assert.rejects(jobs.enqueue(large), { code: 'jobs/too-large', status: 413 });
        assert.deepEqual(await jobs.counts(), []);
      }));
  });

  describe('handle', () => {
    it('runs no more jobs at the same time than it may', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', { ...led, concurrency: 3 });
        const ids: string[] = [];
        for (let i = 0; i < 10; i++) ids.push((await jobs.enqueue({ queue: 'q', payload: i })).id);
        await led.begun(2);
        await clock.advance(5_000);
        assert.equal(led.runs.length, 3);
        for (let i = 0; i < 10; i++) (await led.begun(i)).finish();
        for (const id of ids) await reached(id, 'done');
        assert.equal(led.runs.length, 10);
      }));

    it('finds what another process asked for', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const asking = start('asking');
        const working = start('working');
        const led = ledHandler();
        working.jobs.handle('q', led);
        await clock.advance(0);
        const { id } = await asking.jobs.enqueue({ queue: 'q', payload: 1 });
        await clock.advance(1_000);
        (await led.begun(0)).finish();
        assert.equal((await reached(id, 'done')).owner, 'working');
      }));

    it('refuses a second handler for a queue, and one that cannot be', () =>
      withRoom(open, async ({ start }) => {
        const { jobs } = start('a');
        const { run } = ledHandler();
        jobs.handle('q', { run });
        assert.throws(() => jobs.handle('q', { run }), { code: 'jobs/handled-twice' });
        assert.throws(() => jobs.handle('', { run }), { code: 'jobs/invalid' });
        assert.throws(() => jobs.handle('r', { run, concurrency: 0 }), { code: 'jobs/invalid' });
        assert.throws(() => jobs.handle('r', { run, lease: -1 }), { code: 'jobs/invalid' });
        assert.throws(() => jobs.handle('r', { run, backoff: { first: 0 } }), { code: 'jobs/invalid' });
      }));
  });
}

function deskContract(open: () => Promise<Database>): void {
  describe('the desk', () => {
    it('lists the newest first, page by page, by queue and state', () =>
      withRoom(open, async ({ clock, start }) => {
        const { jobs } = start('a');
        for (let i = 0; i < 5; i++) {
          await jobs.enqueue({ queue: i % 2 === 0 ? 'even' : 'odd', payload: i });
          await clock.advance(1);
        }
        const last = await jobs.list({ limit: 1 });
        await jobs.cancel(last.jobs[0]?.id ?? '');
        const payloads: unknown[] = [];
        let cursor: string | null = null;
        do {
          const page = await jobs.list({ limit: 2, ...(cursor !== null && { cursor }) });
          payloads.push(page.jobs.map(({ payload }) => payload));
          cursor = page.next;
        } while (cursor !== null);
        assert.deepEqual(payloads, [[4, 3], [2, 1], [0]]);
        const even = await jobs.list({ queue: 'even', states: ['waiting', 'dead'] });
        assert.deepEqual(
          even.jobs.map(({ payload }) => payload),
          [2, 0],
        );
        assert.deepEqual(await jobs.list({ states: [] }), { jobs: [], next: null });
        await assert.rejects(jobs.list({ limit: 0 }), { code: 'jobs/invalid' });
        assert.deepEqual(
          (await jobs.counts()).map((entry) => ({ ...entry })),
          [
            { queue: 'even', state: 'cancelled', count: 1, oldestDueAt: clock.now() },
            { queue: 'even', state: 'waiting', count: 2, oldestDueAt: clock.now() - 5 },
            { queue: 'odd', state: 'waiting', count: 2, oldestDueAt: clock.now() - 4 },
          ],
        );
      }));

    it('cancels what waits, so that it never runs, and replays it', () =>
      withRoom(open, async ({ start, reached }) => {
        const { jobs } = start('a');
        const gone = await jobs.enqueue({ queue: 'q', payload: 'gone' });
        assert.equal((await jobs.cancel(gone.id, 'not needed')).reason, 'not needed');
        assert.equal((await jobs.cancel(gone.id)).reason, 'not needed');
        const led = ledHandler();
        jobs.handle('q', led);
        const other = await jobs.enqueue({ queue: 'q', payload: 'other' });
        (await led.begun(0)).finish();
        await reached(other.id, 'done');
        assert.equal(led.runs[0]?.job.payload, 'other');
        assert.equal((await jobs.replay(gone.id)).state, 'waiting');
        (await led.begun(1)).finish();
        await reached(gone.id, 'done');
        await assert.rejects(jobs.cancel(gone.id), { code: 'jobs/wrong-state' });
        await assert.rejects(jobs.replay(gone.id), { code: 'jobs/wrong-state' });
      }));

    it('tells a run that its job was cancelled, and keeps nothing of it', () =>
      withRoom(open, async ({ clock, start }) => {
        const here = start('here');
        const there = start('there');
        const led = ledHandler();
        here.jobs.handle('q', { ...led, concurrency: 2, lease: 3_000 });
        const near = await here.jobs.enqueue({ queue: 'q', payload: 'near' });
        const far = await here.jobs.enqueue({ queue: 'q', payload: 'far' });
        await led.begun(1);
        const runOf = (id: string) => led.runs.find(({ job }) => job.id === id);
        await here.jobs.cancel(near.id);
        assert.equal(runOf(near.id)?.context.signal.reason.code, 'jobs/cancelled');
        await there.jobs.cancel(far.id);
        await assert.rejects(async () => runOf(far.id)?.context.checkpoint('late'), {
          code: 'jobs/lease-lost',
        });
        await clock.advance(1_000);
        assert.equal(runOf(far.id)?.context.signal.aborted, true);
        for (const { id } of [near, far]) {
          const { state, checkpoint } = await here.jobs.get(id);
          assert.deepEqual({ state, checkpoint }, { state: 'cancelled', checkpoint: null });
        }
      }));

    it('knows no job that is not there', () =>
      withRoom(open, async ({ start }) => {
        const { jobs } = start('a');
        for (const ask of [jobs.get('none'), jobs.replay('none'), jobs.cancel('none')]) {
          await assert.rejects(ask, { code: 'jobs/not-found', status: 404 });
        }
      }));

    it('sweeps what has ended by number and by age, dead ones later, and neither what waits nor what is parked', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const keep = { ended: 2, endedFor: 60_000, dead: 1, deadFor: 600_000 };
        const { jobs } = start('a', { keep, sweepInterval: 10_000 });
        const led = ledHandler();
        const ids: string[] = [];
        for (let i = 0; i < 4; i++) ids.push((await jobs.enqueue({ queue: 'q', payload: i })).id);
        await jobs.enqueue({ queue: 'q', payload: 'waits', runAt: clock.now() + 1e9 });
        jobs.handle('q', led);
        for (let i = 0; i < 4; i++) {
          (await led.begun(i)).finish();
          await reached(led.runs[i]?.job.id ?? '', 'done');
          await clock.advance(1);
        }
        await clock.advance(10_000);
        const kept = await jobs.list({ states: ['done'] });
        assert.deepEqual(
          new Set(kept.jobs.map(({ id }) => id)),
          new Set(led.runs.slice(2).map(({ job }) => job.id)),
        );
        const endings = [new PermanentFailure('one'), new PermanentFailure('two'), new ParkJob('look at it')];
        for (const [index, error] of endings.entries()) {
          const { id } = await jobs.enqueue({ queue: 'q', payload: error.message });
          (await led.begun(4 + index)).fail(error);
          await reached(id, error instanceof ParkJob ? 'parked' : 'dead');
          await clock.advance(1);
        }
        await clock.advance(70_000);
        const left = async (): Promise<unknown[]> => (await jobs.list()).jobs.map(({ payload }) => payload);
        assert.deepEqual(await left(), ['look at it', 'two', 'waits']);
        await clock.advance(600_000);
        assert.deepEqual(await left(), ['look at it', 'waits']);
      }));
  });
}
