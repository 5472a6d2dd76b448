/**
 * The part of the jobs contract that is a property: several owners on one database, stalled, killed and closed at random,
 * zombies that go on writing, and still every job is done exactly once.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Database } from '../db/database.ts';
import { eventually, settle, withRoom, type Owner, type Room } from './jobs.fixture.ts';
import type { Job } from './job.ts';
import type { JobContext } from './run.ts';
import { jobTables } from './tables.ts';

const LEASE = 3_000;
const OWNERS = 3;

type Deed = 'effect' | 'complete' | 'return' | 'fail';

type Command =
  | { readonly do: 'enqueue'; readonly key: string | null }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'freeze' | 'thaw' | 'kill' | 'close'; readonly owner: number }
  | { readonly do: 'act'; readonly run: number; readonly deed: Deed };

const owner = fc.nat({ max: OWNERS - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('enqueue' as const), key: fc.constantFrom(null, 'k', 'l') }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 2 * LEASE }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('freeze' as const, 'thaw' as const, 'kill' as const, 'close' as const),
      owner,
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('act' as const),
      run: fc.nat({ max: 20 }),
      deed: fc.constantFrom<Deed>('effect', 'effect', 'effect', 'complete', 'complete', 'return', 'fail'),
    }),
  },
);

type EffectTables = { effects: { job: string; token: number; what: string } };

interface Acting {
  readonly job: Job;
  readonly context: JobContext;
  readonly end: PromiseWithResolvers<void>;
}

/** The world of one trial. */
function createStage(room: Room) {
  const acting: Acting[] = [];
  /** Every claim that was ever handed to a handler. */
  const handed: string[] = [];
  const asked = new Set<string>();
  let started = 0;

  const run = (job: Job, context: JobContext): Promise<void> => {
    handed.push(`${job.id} ${context.token}`);
    const end = Promise.withResolvers<void>();
    acting.push({ job, context, end });
    return end.promise;
  };
  const startOwner = (): Owner => {
    const made = room.start(`owner ${++started}`, { closeWait: 10 });
    made.jobs.handle('q', { concurrency: 2, lease: LEASE, run, backoff: { first: 100, max: 1_000 } });
    return made;
  };
  const owners = Array.from({ length: OWNERS }, startOwner);

  /** Writes an effect of a run, in a transaction that the fence guards; false when the fence refused it. */
  const write = async ({ job, context }: Acting, deed: 'effect' | 'complete'): Promise<boolean> => {
    try {
      await room.database.transaction(async (session) => {
        if (deed === 'complete') await context.complete(session);
        else await context.fenced(session);
        const stored = await jobTables(session)
          .selectFrom('jobs_jobs')
          .select('token')
          .where('id', '=', job.id)
          .executeTakeFirst();
        assert.equal(stored?.token, context.token, 'a claim could write that was not the current one');
        const row = { job: job.id, token: context.token, what: deed };
        await session.query.withTables<EffectTables>().insertInto('effects').values(row).execute();
      });
      return true;
    } catch (error) {
      assert.ok(error instanceof Error && 'code' in error && error.code === 'jobs/lease-lost', String(error));
      return false;
    }
  };
  const leave = (actor: Acting): void => void acting.splice(acting.indexOf(actor), 1);
  const act = async (actor: Acting, deed: Deed): Promise<void> => {
    switch (deed) {
      case 'effect':
        await write(actor, 'effect');
        break;
      case 'complete':
        leave(actor);
        if (await write(actor, 'complete')) actor.end.resolve();
        else actor.end.reject(new Error('refused'));
        break;
      case 'return':
        leave(actor);
        actor.end.resolve();
        break;
      case 'fail':
        leave(actor);
        actor.end.reject(new Error('it did not work'));
        break;
      default:
        deed satisfies never;
    }
  };

  const obey = async (order: Command): Promise<void> => {
    switch (order.do) {
      case 'enqueue': {
        const key = order.key === null ? {} : { key: order.key };
        const jobs = owners[0]?.jobs;
        const made = await jobs?.enqueue({ queue: 'q', payload: null, maxAttempts: 1_000, ...key });
        asked.add(made?.id ?? '');
        break;
      }
      case 'pass':
        await room.clock.advance(order.ms);
        break;
      case 'freeze':
        owners[order.owner]?.freeze();
        break;
      case 'thaw':
        owners[order.owner]?.thaw();
        break;
      case 'kill':
        // Nothing of it ever moves again but its runs, which act on as zombies.
        owners[order.owner]?.freeze();
        owners[order.owner] = startOwner();
        break;
      case 'close': {
        const closed = owners[order.owner]?.jobs.close();
        owners[order.owner]?.thaw();
        await room.clock.advance(10);
        await closed;
        owners[order.owner] = startOwner();
        break;
      }
      case 'act': {
        const actor = acting[order.run % Math.max(1, acting.length)];
        if (actor !== undefined) await act(actor, order.deed);
        break;
      }
      default:
        order satisfies never;
    }
    await settle();
  };

  const finish = async (): Promise<void> => {
    for (const each of owners) each.thaw();
    await eventually(async () => {
      await room.clock.advance(LEASE);
      for (const actor of acting.slice()) await act(actor, 'complete');
      await settle();
      const counts = (await owners[0]?.jobs.counts()) ?? [];
      return counts.every(({ state }) => state === 'done');
    });
  };
  return { obey, finish, handed, asked, jobs: () => owners[0]?.jobs };
}

export function ownersContract(open: () => Promise<Database>): void {
  describe('several owners', () => {
    it('never hold one claim twice, lose nothing and finish nothing twice, whatever happens to them', () =>
      fc.assert(
        fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 60 }), (orders) =>
          withRoom(open, async (room) => {
            await room.database.query.schema
              .createTable('effects')
              .addColumn('job', 'text')
              .addColumn('token', 'bigint')
              .addColumn('what', 'text')
              .execute();
            const stage = createStage(room);
            for (const order of orders) await stage.obey(order);
            await stage.finish();

            assert.equal(new Set(stage.handed).size, stage.handed.length, 'a claim was handed out twice');
            const tokens = new Map<string, number>();
            const completed = new Set<string>();
            const rows = await room.database.query
              .withTables<EffectTables>()
              .selectFrom('effects')
              .selectAll()
              .execute();
            // In the order in which they were committed.
            for (const { job, token, what } of rows) {
              assert.ok(token >= (tokens.get(job) ?? 0), 'an older claim wrote after a newer one');
              tokens.set(job, token);
              assert.equal(completed.has(job), false, 'something was written after the end');
              if (what === 'complete') completed.add(job);
            }
            for (const id of stage.asked) assert.equal((await stage.jobs()?.get(id))?.state, 'done');
            const counts = await stage.jobs()?.counts();
            const stored = (counts ?? []).reduce((sum, { count }) => sum + count, 0);
            assert.equal(stored, stage.asked.size, 'a job was lost or made up');
          }),
        ),
        { numRuns: 60 },
      ));
  });
}
