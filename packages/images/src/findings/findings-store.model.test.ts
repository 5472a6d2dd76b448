/**
 * The findings store against a model: any order of puts with duplicates and stale records, consumers that die at any
 * point and come back, and in the end the store is the model and the consumer has seen each state in order.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { migrate, openDatabase } from '@callboard/kernel';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import type { Checkpoints } from './checkpoints.ts';
import { consumeChanges } from './consume.ts';
import type { ChangeRecord } from './findings-store.ts';
import { findingsMigrationSteps } from './migrations.ts';
import { createSqlCheckpoints } from './sql-checkpoints.ts';
import { createSqlFindingsStore } from './sql-findings-store.ts';

const record = fc
  .record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    updatedAt: fc.integer({ min: 1, max: 6 }),
    status: fc.constantFrom('active', 'closed', 'suppressed'),
    severity: fc.constantFrom('critical', 'low'),
  })
  .map((fields): Finding => sampleFinding(fields));

type Step =
  | { readonly put: readonly Finding[] }
  /** Consumes; dies at the given write to the checkpoints, before or after it. */
  | { readonly dies: number; readonly before: boolean; readonly fails: string | null };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ put: fc.array(record, { maxLength: 6 }) }),
  fc.record({
    dies: fc.integer({ min: 1, max: 8 }),
    before: fc.boolean(),
    fails: fc.option(fc.constantFrom('a', 'b')),
  }),
);

/** The greater of two records, as the store's order has it: later, then closed over suppressed over active. */
function isGreater(a: Finding, b: Finding): boolean | null {
  const ranks = ['active', 'suppressed', 'closed'];
  if (a.updatedAt !== b.updatedAt) return a.updatedAt > b.updatedAt;
  if (a.status !== b.status) return ranks.indexOf(a.status) > ranks.indexOf(b.status);
  // A tie that only the hash decides, the same way each time.
  return a.severity === b.severity ? false : null;
}

const DIED = new Error('the process died');

/** Checkpoints of a process that dies at the n-th write. */
function mortal(checkpoints: Checkpoints, { dies, before }: { dies: number; before: boolean }): Checkpoints {
  let writes = 0;
  const killed = async <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    if (writes > dies || (writes === dies && before)) throw DIED;
    const result = await write();
    if (writes === dies) throw DIED;
    return result;
  };
  return {
    ...checkpoints,
    save: (lease, done) => killed(() => checkpoints.save(lease, done)),
    fail: (lease, failed) => killed(() => checkpoints.fail(lease, failed)),
    setAside: (lease, failed) => killed(() => checkpoints.setAside(lease, failed)),
    // The dead give nothing back.
    release: (lease) => (writes >= dies ? Promise.resolve() : checkpoints.release(lease)),
  };
}

describe('the findings store and its consumers', () => {
  it('end as the model does, with each state seen in order, wherever a consumer dies', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, batch) => {
          await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
          await migrate(database, [{ room: 'images', steps: findingsMigrationSteps }], () => 0);
          const store = createSqlFindingsStore(database);
          const checkpoints = createSqlCheckpoints(database);
          const everPut: Finding[] = [];
          const seen: ChangeRecord[] = [];
          let clock = 0;
          const consume = (with_: Checkpoints, fails: string | null): ReturnType<typeof consumeChanges> =>
            consumeChanges({
              store,
              checkpoints: with_,
              consumer: 'planner',
              owner: 'me',
              now: () => clock,
              ttl: 10,
              tries: 2,
              batch,
              handle: async (records) => {
                if (records.some(({ after }) => after.id === fails)) throw new Error('poison');
                seen.push(...records);
                return Promise.resolve();
              },
            });
          for (const one of steps) {
            clock += 10;
            if ('put' in one) {
              everPut.push(...one.put);
              await store.put(one.put, { at: clock });
              continue;
            }
            await consume(mortal(checkpoints, one), one.fails).catch((error: unknown) => {
              assert.equal(error, DIED);
            });
          }
          clock += 10;
          // Whatever was tried once has one more try.
          const end = await consume(checkpoints, null);
          assert.equal(end.state, 'drained');

          const all = await store.changes({ after: null, limit: 1_000 });
          const aside = (await checkpoints.listSetAside('planner')).map((one) => one.record.seq);
          const firsts = [...new Set(seen.map(({ seq }) => seq))];
          // At least once, first sights in the order of the stream, nothing lost but what is set aside to be seen.
          assert.deepEqual(
            firsts.toSorted((a, b) => Number(a) - Number(b)),
            firsts,
          );
          assert.deepEqual(new Set([...firsts, ...aside]), new Set(all.map(({ seq }) => seq)));

          for (const id of ['a', 'b', 'c', 'd']) {
            const records = everPut.filter((finding) => finding.id === id);
            const stored = (await store.get(id))?.finding ?? null;
            assert.equal(stored === null, records.length === 0);
            if (stored === null) continue;
            assert.ok(records.every((other) => isGreater(other, stored) !== true));
            assert.ok(records.some((other) => JSON.stringify(other) === JSON.stringify(stored)));
            const states = all.filter(({ after }) => after.id === id);
            // Each change begins where the one before ended, but for the time, which is no change by itself.
            for (const [i, { before, kind }] of states.entries()) {
              assert.deepEqual(
                before === null ? null : { ...before, updatedAt: 0 },
                withoutTime(states[i - 1]),
              );
              assert.equal(kind === 'added', i === 0);
            }
            assert.deepEqual(withoutTime(states.at(-1)), { ...stored, updatedAt: 0 });
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('end the same whatever the order of the records is', async () => {
    const shuffled = fc
      .array(record, { minLength: 1, maxLength: 12 })
      .chain((records) =>
        fc.tuple(
          fc.constant(records),
          fc.shuffledSubarray(records, { minLength: records.length }),
          fc.nat(12),
        ),
      );
    await fc.assert(
      fc.asyncProperty(shuffled, async ([records, reordered, cut]) => {
        const left = await stateAfter([records]);
        assert.deepEqual(await stateAfter([reordered.slice(0, cut), reordered.slice(cut), records]), left);
      }),
      { numRuns: 100 },
    );
  });
});

async function stateAfter(puts: readonly (readonly Finding[])[]): Promise<readonly Finding[]> {
  await using database = openDatabase({ client: 'sqlite', file: ':memory:' });
  await migrate(database, [{ room: 'images', steps: findingsMigrationSteps }], () => 0);
  const store = createSqlFindingsStore(database);
  for (const put of puts) await store.put(put, { at: 1 });
  return (await store.list({})).items.map(({ finding }) => finding);
}

function withoutTime(change: ChangeRecord | undefined): Finding | null {
  return change === undefined ? null : { ...change.after, updatedAt: 0 };
}
