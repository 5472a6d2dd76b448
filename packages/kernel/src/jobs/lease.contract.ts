/** The part of the jobs contract about leases: who may write, what happens to those who cannot go on, and closing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database, DatabaseSession } from '../db/database.ts';
import { ParkJob } from './failures.ts';
import { eventually, ledHandler, withRoom, type LedRun, type Room } from './jobs.fixture.ts';

type EffectTables = { effects: { job: string; what: string } };

async function makeEffects({ query }: DatabaseSession): Promise<void> {
  await query.schema.createTable('effects').addColumn('job', 'text').addColumn('what', 'text').execute();
}

const write = ({ query }: DatabaseSession, job: string, what: string) =>
  query.withTables<EffectTables>().insertInto('effects').values({ job, what }).execute();

const effects = async ({ query }: DatabaseSession): Promise<readonly string[]> => {
  const rows = await query.withTables<EffectTables>().selectFrom('effects').select('what').execute();
  return rows.map(({ what }) => what);
};

/** A run whose process stands still, and the one that has followed it. */
async function takeOver({ clock, start }: Room) {
  const first = ledHandler();
  const second = ledHandler();
  const a = start('a');
  a.jobs.handle('q', { ...first, lease: 3_000 });
  const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
  const old = await first.begun(0);
  await old.context.checkpoint(['step one']);
  a.freeze();
  start('b').jobs.handle('q', { ...second, lease: 3_000 });
  await clock.advance(2_000);
  assert.equal(second.runs.length, 0);
  await clock.advance(2_000);
  return { id, old, current: await second.begun(0) };
}

export function leaseContract(open: () => Promise<Database>): void {
  describe('a lease', () => {
    it('holds as long as its owner lives, however long the run takes', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const first = ledHandler();
        const second = ledHandler();
        const a = start('a');
        a.jobs.handle('q', { ...first, lease: 3_000 });
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        const run = await first.begun(0);
        start('b').jobs.handle('q', { ...second, lease: 3_000 });
        await clock.advance(60_000);
        assert.equal(run.context.signal.aborted, false);
        run.finish();
        await reached(id, 'done');
        assert.equal(second.runs.length, 0);
      }));

    it('of a silent owner goes to another, with a greater token and the checkpoint', () =>
      withRoom(open, async (room) => {
        const { old, current, id } = await takeOver(room);
        assert.deepEqual(current.job.checkpoint, ['step one']);
        assert.equal(current.job.attempts, 2);
        assert.ok(current.context.token > old.context.token);
        current.finish();
        const done = await room.reached(id, 'done');
        assert.deepEqual(
          done.history.map(({ owner, outcome }) => [owner, outcome]),
          [
            ['a', 'lost'],
            ['b', 'done'],
          ],
        );
      }));

    for (const way of ['checkpoint', 'fenced', 'complete'] as const) {
      it(`that was taken over refuses the old owner a ${way}, and rolls back what is in the same transaction`, () =>
        withRoom(open, async (room) => {
          await makeEffects(room.database);
          const { old, current, id } = await takeOver(room);
          const guard = async ({ context }: LedRun, session: DatabaseSession): Promise<void> => {
            if (way === 'checkpoint') await context.checkpoint(context.token, session);
            else await context[way](session);
          };
          const stale = room.database.transaction(async (session) => {
            await write(session, id, 'stale');
            await guard(old, session);
          });
          await assert.rejects(stale, { code: 'jobs/lease-lost', status: 409 });
          assert.equal(old.context.signal.reason.code, 'jobs/lease-lost');
          assert.equal((await room.reached(id, 'running')).token, current.context.token);
          await room.database.transaction(async (session) => {
            await guard(current, session);
            await write(session, id, 'current');
          });
          assert.deepEqual(await effects(room.database), ['current']);
          current.finish();
          await room.reached(id, 'done');
        }));
    }

    it('that was lost is noticed by the heartbeat, and what the run returns is not stored', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const first = ledHandler();
        const second = ledHandler();
        const a = start('a');
        a.jobs.handle('q', { ...first, lease: 3_000 });
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        const old = await first.begun(0);
        a.freeze();
        const b = start('b');
        b.jobs.handle('q', { ...second, lease: 3_000 });
        await clock.advance(4_000);
        const current = await second.begun(0);
        a.thaw();
        await clock.advance(1_000);
        await eventually(() => old.context.signal.aborted);
        assert.equal((await b.jobs.get(id)).state, 'running');
        current.finish();
        assert.equal((await reached(id, 'done')).owner, 'b');
      }));

    it('that every run loses leaves the job dead', () =>
      withRoom(open, async ({ clock, start, reached, log }) => {
        const asking = start('asking');
        const { id } = await asking.jobs.enqueue({ queue: 'q', payload: 'poison', maxAttempts: 2 });
        for (const name of ['a', 'b']) {
          const led = ledHandler();
          const owner = start(name);
          owner.jobs.handle('q', { ...led, lease: 1_000 });
          await led.begun(0);
          owner.freeze();
          await clock.advance(1_000);
        }
        const led = ledHandler();
        start('c').jobs.handle('q', { ...led, lease: 1_000 });
        const dead = await reached(id, 'dead');
        assert.match(dead.reason ?? '', /lost its lease/);
        assert.deepEqual(
          dead.history.map(({ owner, outcome }) => [owner, outcome]),
          [
            ['a', 'lost'],
            ['b', 'lost'],
          ],
        );
        assert.equal(led.runs.length, 0);
        assert.ok(log.some((line) => line.includes('jobs are dead')));
      }));

    it('that was lost while a newer payload waited goes on with that one', () =>
      withRoom(open, async ({ clock, start }) => {
        const first = ledHandler();
        const second = ledHandler();
        const a = start('a');
        a.jobs.handle('q', { ...first, lease: 1_000 });
        const request = { queue: 'q', key: 'k', onDuplicate: 'replace', maxAttempts: 1 } as const;
        await a.jobs.enqueue({ ...request, payload: 'old' });
        await (await first.begun(0)).context.checkpoint('of the old one');
        await a.jobs.enqueue({ ...request, payload: 'new' });
        a.freeze();
        await clock.advance(1_000);
        start('b').jobs.handle('q', { ...second, lease: 1_000 });
        const { payload, checkpoint, attempts, runsAgain } = (await second.begun(0)).job;
        assert.deepEqual(
          { payload, checkpoint, attempts, runsAgain },
          { payload: 'new', checkpoint: null, attempts: 1, runsAgain: false },
        );
      }));

    it('ends with the transaction that completes the job, or goes on when that one is rolled back', () =>
      withRoom(open, async ({ database, clock, start, reached, log }) => {
        await makeEffects(database);
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('q', { ...led, lease: 3_000 });
        const { id } = await jobs.enqueue({ queue: 'q', payload: 1 });
        const { context, finish } = await led.begun(0);
        const half = database.transaction(async (session) => {
          await context.complete(session);
          await write(session, id, 'half');
          throw new Error('the disk is full');
        });
        await assert.rejects(half, /full/);
        assert.equal((await jobs.get(id)).state, 'running');
        await database.transaction(async (session) => {
          await context.complete(session);
          await write(session, id, 'whole');
        });
        assert.equal((await jobs.get(id)).state, 'done');
        // Heartbeats find no lease, but nothing was lost.
        await clock.advance(5_000);
        assert.equal(context.signal.aborted, false);
        finish();
        assert.equal((await reached(id, 'done')).history.length, 1);
        assert.deepEqual(await effects(database), ['whole']);
        await eventually(() => log.some((line) => line.includes('a job is done')));
        assert.equal(
          log.some((line) => line.includes('lost')),
          false,
        );
      }));

    it('ends when the run takes longer than its limit, whether the handler stops or not', () =>
      withRoom(open, async ({ clock, start, reached }) => {
        const { jobs } = start('a');
        const led = ledHandler();
        jobs.handle('stops', { ...led, lease: 3_000, timeLimit: 10_000 });
        const { id } = await jobs.enqueue({ queue: 'stops', payload: 1 });
        await led.begun(0);
        await clock.advance(10_000);
        assert.match((await reached(id, 'waiting')).reason ?? '', /^jobs\/timed-out: /);

        const tokens: number[] = [];
        jobs.handle('hangs', {
          lease: 3_000,
          timeLimit: 10_000,
          concurrency: 2,
          run: async (_job, { token }) => {
            tokens.push(token);
            if (token === 1) await new Promise(() => {});
          },
        });
        const hanging = await jobs.enqueue({ queue: 'hangs', payload: 1 });
        await eventually(() => tokens.length === 1);
        await clock.advance(14_000);
        await reached(hanging.id, 'done');
        assert.deepEqual(tokens, [1, 2]);
      }));
  });

  describe('close', () => {
    it('gives the jobs back, so that another owner goes on at once and nothing is held against them', () =>
      withRoom(open, async ({ start, reached }) => {
        const first = ledHandler();
        const second = ledHandler();
        const a = start('a');
        a.jobs.handle('q', first);
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        const run = await first.begun(0);
        await run.context.checkpoint('so far');
        await a.jobs.close();
        assert.equal(run.context.signal.reason.code, 'jobs/closing');
        start('b').jobs.handle('q', second);
        const next = await second.begun(0);
        const { checkpoint, attempts, token } = next.job;
        assert.deepEqual({ checkpoint, attempts, token }, { checkpoint: 'so far', attempts: 1, token: 2 });
        next.finish();
        const { history } = await reached(id, 'done');
        assert.deepEqual(
          history.map(({ outcome }) => outcome),
          ['released', 'done'],
        );
        assert.throws(() => a.jobs.handle('other', first), { code: 'jobs/closing' });
        const schedule = a.jobs.schedule({ name: 's', queue: 'q', every: 1_000, payload: 1 });
        await assert.rejects(schedule, { code: 'jobs/closing' });
      }));

    it('keeps what a run finished although it was told to stop', () =>
      withRoom(open, async ({ start, reached }) => {
        const a = start('a');
        const begun = Promise.withResolvers<void>();
        a.jobs.handle('q', {
          run: async (_job, { signal }) => {
            begun.resolve();
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
          },
        });
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        await begun.promise;
        await a.jobs.close();
        await reached(id, 'done');
      }));

    it('keeps what a run decided about its job when it was told to stop', () =>
      withRoom(open, async ({ start, reached }) => {
        const a = start('a');
        const begun = Promise.withResolvers<void>();
        a.jobs.handle('q', {
          run: async (_job, { signal }) => {
            begun.resolve();
            await new Promise((resolve) => signal.addEventListener('abort', resolve));
            throw new ParkJob('half of it is done');
          },
        });
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        await begun.promise;
        await a.jobs.close();
        await reached(id, 'parked');
      }));

    it('gives back what is just being claimed', () =>
      withRoom(open, async ({ start }) => {
        const a = start('a');
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        const led = ledHandler();
        a.jobs.handle('q', led);
        await a.jobs.close();
        const { state, attempts } = await a.jobs.get(id);
        assert.deepEqual(
          { state, attempts, runs: led.runs.length },
          { state: 'waiting', attempts: 0, runs: 0 },
        );
      }));

    it('does not wait for ever for a handler that does not stop', () =>
      withRoom(open, async ({ clock, start }) => {
        const a = start('a', { closeWait: 5_000 });
        const begun = Promise.withResolvers<() => Promise<void>>();
        a.jobs.handle('q', {
          run: async (_job, { checkpoint }) => {
            begun.resolve(() => checkpoint('late'));
            await new Promise(() => {});
          },
        });
        const { id } = await a.jobs.enqueue({ queue: 'q', payload: 1 });
        const writeLate = await begun.promise;
        const closed = a.jobs.close();
        await clock.advance(5_000);
        await closed;
        await assert.rejects(writeLate, { code: 'jobs/lease-lost' });
        const led = ledHandler();
        start('b').jobs.handle('q', led);
        const next = await led.begun(0);
        assert.deepEqual([next.job.id, next.job.checkpoint], [id, null]);
      }));
  });
}
