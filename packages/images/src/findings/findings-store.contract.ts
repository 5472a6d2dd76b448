/** The contract that every driver of the findings store keeps; a driver's test is this suite plus its oddities. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import type { Checkpoints, Lease } from './checkpoints.ts';
import { consumeChanges, type Consumed } from './consume.ts';
import type { ChangeRecord, FindingsStore } from './findings-store.ts';

export interface OpenStore extends AsyncDisposable {
  readonly store: FindingsStore;
  readonly checkpoints: Checkpoints;
}

const A = sampleFinding({ id: 'a' });

const changesOf = async (store: FindingsStore): Promise<readonly string[]> =>
  (await store.changes({ after: null, limit: 1_000 })).map(
    ({ kind, before, after }) => `${after.id} ${kind} ${before?.updatedAt ?? '-'}>${after.updatedAt}`,
  );

export function findingsStoreContract(name: string, open: () => Promise<OpenStore>): void {
  const withStore = async (work: (opened: OpenStore) => Promise<void>): Promise<void> => {
    await using opened = await open();
    await work(opened);
  };

  describe(`${name} keeps the contract of the findings store`, () => {
    it('gives back what was put', () =>
      withStore(async ({ store }) => {
        assert.deepEqual(await store.put([A], { at: 50 }), { added: 1, changed: 0, same: 0, stale: 0 });
        const stored = { finding: A, firstSeenAt: 50, changedAt: 50, closedAt: null, reopened: 0 };
        assert.deepEqual(await store.get('a'), stored);
        assert.equal(await store.get('b'), null);
      }));

    it('lets duplicates and older records change nothing', () =>
      withStore(async ({ store }) => {
        const newer = { ...A, updatedAt: 2_000, severity: 'low' } as const;
        await store.put([newer], { at: 50 });
        assert.deepEqual(await store.put([newer, A, newer], { at: 60 }), {
          added: 0,
          changed: 0,
          same: 0,
          stale: 3,
        });
        assert.deepEqual((await store.get('a'))?.finding, newer);
        assert.deepEqual(await changesOf(store), ['a added ->2000']);
      }));

    it('takes a later record that says the same for no change', () =>
      withStore(async ({ store }) => {
        await store.put([A], { at: 50 });
        const again = { ...A, updatedAt: 3_000 };
        assert.equal((await store.put([again], { at: 60 })).same, 1);
        const stored = await store.get('a');
        assert.deepEqual([stored?.finding.updatedAt, stored?.changedAt], [3_000, 50]);
        // It is later than this one all the same.
        assert.equal((await store.put([{ ...A, updatedAt: 2_000, title: 'x' }], { at: 70 })).stale, 1);
        assert.deepEqual(await changesOf(store), ['a added ->1000']);
      }));

    it('does not depend on who made a record, nor in which order its fields are', () =>
      withStore(async ({ store }) => {
        await store.put([A], { at: 50 });
        const reversed = Object.fromEntries(Object.entries(A).toReversed());
        assert.equal((await store.put([{ ...A, ...reversed }], { at: 60 })).stale, 1);
      }));

    it('keeps what was closed as evidence, and counts how often it came back', () =>
      withStore(async ({ store }) => {
        const record = (updatedAt: number, status: Finding['status']): Finding => ({
          ...A,
          updatedAt,
          status,
        });
        await store.put([record(1, 'active'), record(2, 'closed'), record(3, 'closed')], { at: 50 });
        const closed = await store.get('a');
        assert.deepEqual([closed?.finding.status, closed?.closedAt], ['closed', 2]);
        await store.put([record(4, 'active'), record(5, 'suppressed'), record(6, 'closed')], { at: 60 });
        const again = await store.get('a');
        assert.deepEqual([again?.closedAt, again?.reopened, again?.firstSeenAt], [6, 1, 50]);
        assert.deepEqual(await changesOf(store), [
          'a added ->1',
          'a closed 1>2',
          'a reopened 3>4',
          'a changed 4>5',
          'a closed 5>6',
        ]);
      }));

    it('lets closed win over active in one instant, whichever comes first', () =>
      withStore(async ({ store }) => {
        const closed: Finding = { ...A, status: 'closed' };
        await store.put([A, closed], { at: 50 });
        await store.put(
          [
            { ...closed, id: 'b' },
            { ...A, id: 'b' },
          ],
          { at: 50 },
        );
        assert.equal((await store.get('a'))?.finding.status, 'closed');
        assert.equal((await store.get('b'))?.finding.status, 'closed');
      }));

    it('numbers changes so that they can be read in pieces', () =>
      withStore(async ({ store }) => {
        const ids = Array.from({ length: 25 }, (_, i) => `f${i}`);
        await store.put(
          ids.map((id) => ({ ...A, id })),
          { at: 50 },
        );
        const seen: ChangeRecord[] = [];
        for (;;) {
          const part = await store.changes({ after: seen.at(-1)?.seq ?? null, limit: 10 });
          if (part.length === 0) break;
          seen.push(...part);
        }
        assert.deepEqual(
          seen.map(({ after }) => after.id),
          ids,
        );
        const numbers = seen.map(({ seq }) => BigInt(seq));
        assert.ok(numbers.every((seq, i) => i === 0 || seq > (numbers[i - 1] ?? 0n)));
      }));

    it('keeps findings of several transactions apart when they are put at the same time', () =>
      withStore(async ({ store }) => {
        const puts = Array.from({ length: 8 }, (_, i) =>
          store.put(
            [
              { ...A, updatedAt: i + 1, title: `${i}` },
              { ...A, id: `own${i}` },
            ],
            { at: 50 },
          ),
        );
        await Promise.all(puts);
        assert.equal((await store.get('a'))?.finding.title, '7');
        const records = await store.changes({ after: null, limit: 100 });
        const ofA = records.filter(({ after }) => after.id === 'a');
        assert.deepEqual(ofA.at(-1)?.after.title, '7');
        assert.ok(
          ofA.every(({ before }, i) => (before?.updatedAt ?? null) === (ofA[i - 1]?.after.updatedAt ?? null)),
        );
      }));

    it('lists by every filter, page by page', () =>
      withStore(async ({ store }) => {
        const digest = (letter: string): `sha256:${string}` => `sha256:${letter.repeat(64)}`;
        const at = (letter: string): Finding['image'] => ({
          ...A.image,
          digest: digest(letter),
          repository: `golden/${letter}`,
        });
        await store.put(
          [
            { ...A, id: '1', image: at('a'), severity: 'low' },
            { ...A, id: '2', image: at('a'), vulnerability: 'CVE-2024-2' },
            { ...A, id: '3', image: at('b'), status: 'closed' },
            { ...A, id: '4', image: { ...A.image, digest: null }, scanner: 'grype' },
            { ...A, id: 'ü5', image: at('b') },
          ],
          { at: 50 },
        );
        const ids = async (query: Parameters<FindingsStore['list']>[0]): Promise<string> => {
          const found: string[] = [];
          for (let cursor: string | null | undefined; cursor !== null;) {
            const page = await store.list({ ...query, limit: 2, ...(cursor !== undefined && { cursor }) });
            found.push(...page.items.map(({ finding }) => finding.id));
            cursor = page.next;
          }
          return found.join();
        };
        assert.equal(await ids({}), '1,2,3,4,ü5');
        assert.equal(await ids({ imageDigest: digest('a') }), '1,2');
        assert.equal(await ids({ repository: 'golden/b' }), '3,ü5');
        assert.equal(await ids({ vulnerability: 'CVE-2024-2' }), '2');
        assert.equal(await ids({ scanner: 'grype' }), '4');
        assert.equal(await ids({ statuses: ['closed', 'suppressed'] }), '3');
        assert.equal(await ids({ statuses: [] }), '');
        assert.equal(await ids({ severities: ['low', 'high'], statuses: ['active'] }), '1,2,4,ü5');
        assert.deepEqual(await store.counts({ imageDigest: digest('a') }), [
          { status: 'active', severity: 'high', count: 1 },
          { status: 'active', severity: 'low', count: 1 },
        ]);
        assert.equal(
          (await store.counts()).reduce((sum, { count }) => sum + count, 0),
          5,
        );
      }));

    it('refuses cursors and numbers that are none', () =>
      withStore(async ({ store }) => {
        await assert.rejects(store.list({ cursor: '?' }), { code: 'images/bad-cursor' });
        await assert.rejects(store.list({ cursor: '' }), { code: 'images/bad-cursor' });
        await assert.rejects(store.changes({ after: 'x', limit: 1 }), { code: 'images/bad-cursor' });
      }));

    it('says when what follows a checkpoint is not there', () =>
      withStore(async ({ store }) => {
        await assert.rejects(store.changes({ after: '7', limit: 1 }), { code: 'images/changes-forgotten' });
      }));
  });

  checkpointsContract(name, withStore);
}

function checkpointsContract(
  name: string,
  withStore: (work: (opened: OpenStore) => Promise<void>) => Promise<void>,
): void {
  const acquire = (checkpoints: Checkpoints, now: number, owner = 'me'): Promise<Lease | null> =>
    checkpoints.acquire({ consumer: 'planner', owner, now, ttl: 100 });
  const taken = async (checkpoints: Checkpoints, now: number): Promise<Lease> => {
    const lease = await acquire(checkpoints, now);
    assert.ok(lease !== null);
    return lease;
  };
  const three = ['a', 'b', 'c'].map((id) => ({ ...A, id }));

  /** Consumes with a handler that fails on some findings; `seen` gets every batch that it was handed. */
  const consume = (
    { store, checkpoints }: OpenStore,
    given: { bad?: readonly string[]; seen?: string[]; tries?: number; now?: number },
  ): Promise<Consumed> =>
    consumeChanges({
      store,
      checkpoints,
      consumer: 'planner',
      owner: 'me',
      now: () => given.now ?? 1,
      ...(given.tries !== undefined && { tries: given.tries }),
      handle: async (records) => {
        const ids = records.map(({ after }) => after.id);
        given.seen?.push(ids.join('+'));
        const bad = ids.find((id) => given.bad?.includes(id) === true);
        if (bad !== undefined) throw new Error(`no ${bad}\nplease`);
        return Promise.resolve();
      },
    });

  describe(`${name} keeps the contract of checkpoints`, () => {
    it('has one lease for each consumer at a time, each with a greater token', () =>
      withStore(async ({ checkpoints }) => {
        const first = await taken(checkpoints, 0);
        assert.equal(await acquire(checkpoints, 99, 'other'), null);
        assert.ok((await checkpoints.acquire({ consumer: 'other', owner: 'o', now: 0, ttl: 100 })) !== null);
        const second = await taken(checkpoints, 100);
        assert.ok(second.token > first.token);
        await checkpoints.release(first);
        assert.equal(await acquire(checkpoints, 101), null);
        await checkpoints.release(second);
        assert.ok((await taken(checkpoints, 101)).token > second.token);
      }));

    it('lets nobody write who has lost the lease', () =>
      withStore(async ({ store, checkpoints }) => {
        await store.put(three, { at: 1 });
        const [record] = await store.changes({ after: null, limit: 1 });
        assert.ok(record !== undefined);
        const slow = await taken(checkpoints, 0);
        const fast = await taken(checkpoints, 100);
        await checkpoints.save(fast, { after: record.seq, now: 100 });
        const lost = { code: 'images/lease-lost' };
        await assert.rejects(checkpoints.save(slow, { after: record.seq, now: 100 }), lost);
        await assert.rejects(checkpoints.fail(slow, { seq: record.seq, now: 100 }), lost);
        await assert.rejects(checkpoints.setAside(slow, { record, error: 'x', tries: 1, now: 100 }), lost);
        assert.deepEqual(await checkpoints.listSetAside('planner'), []);
        await checkpoints.release(fast);
        await assert.rejects(checkpoints.save(fast, { after: record.seq, now: 100 }), lost);
      }));

    it('renews the lease with every checkpoint, and remembers it', () =>
      withStore(async ({ store, checkpoints }) => {
        await store.put(three, { at: 1 });
        const [record] = await store.changes({ after: null, limit: 1 });
        const lease = await taken(checkpoints, 0);
        await checkpoints.save(lease, { after: record?.seq ?? '', now: 90 });
        assert.equal(await acquire(checkpoints, 150), null);
        const state = await checkpoints.state('planner');
        assert.deepEqual(state, { after: record?.seq, owner: 'me', until: 190, failing: null });
        assert.equal((await taken(checkpoints, 190)).after, record?.seq);
        assert.equal(await checkpoints.state('nobody'), null);
      }));

    it('hands all changes to a consumer, in order, and then none', () =>
      withStore(async (opened) => {
        await opened.store.put(three, { at: 1 });
        const seen: string[] = [];
        assert.deepEqual(await consume(opened, { seen }), {
          state: 'drained',
          handled: 3,
          setAside: 0,
          error: null,
        });
        assert.deepEqual(await consume(opened, { seen }), {
          state: 'drained',
          handled: 0,
          setAside: 0,
          error: null,
        });
        assert.deepEqual(seen, ['a+b+c']);
      }));

    it('sets a record aside that fails again and again, and goes on with the others', () =>
      withStore(async (opened) => {
        await opened.store.put(three, { at: 1 });
        const seen: string[] = [];
        const given = { bad: ['b'], seen, tries: 2, now: 9 };
        assert.deepEqual(await consume(opened, given), {
          state: 'failing',
          handled: 1,
          setAside: 0,
          error: 'no b please',
        });
        assert.equal((await opened.checkpoints.state('planner'))?.failing?.tries, 1);
        assert.deepEqual(await consume(opened, given), {
          state: 'drained',
          handled: 1,
          setAside: 1,
          error: null,
        });
        assert.deepEqual(seen, ['a+b+c', 'a', 'b', 'b', 'c']);
        const [aside, ...more] = await opened.checkpoints.listSetAside('planner');
        assert.deepEqual(
          [aside?.record.after.id, aside?.error, aside?.tries, aside?.at],
          ['b', 'no b please', 2, 9],
        );
        assert.deepEqual(more, []);
        assert.equal(await opened.checkpoints.letGo('planner', aside?.record.seq ?? ''), true);
        assert.equal(await opened.checkpoints.letGo('planner', aside?.record.seq ?? ''), false);
        assert.deepEqual(await opened.checkpoints.listSetAside('planner'), []);
      }));

    it('sets nothing aside while something else is down', () =>
      withStore(async (opened) => {
        await opened.store.put(three, { at: 1 });
        const down = consumeChanges.bind(null, {
          ...opened,
          consumer: 'planner',
          owner: 'me',
          now: () => 1,
          tries: 1,
          handle: () => Promise.reject(new CodedError(503, 'test/down', 'the registry is down')),
        });
        const expected = { state: 'failing', handled: 0, setAside: 0, error: 'the registry is down' };
        assert.deepEqual([await down(), await down()], [expected, expected]);
        assert.deepEqual(await consume(opened, {}), {
          state: 'drained',
          handled: 3,
          setAside: 0,
          error: null,
        });
      }));

    it('forgets earlier failures of a record that is handled after all', () =>
      withStore(async (opened) => {
        await opened.store.put(three, { at: 1 });
        await consume(opened, { bad: ['a'], tries: 9 });
        assert.equal((await consume(opened, {})).handled, 3);
        await opened.store.put([{ ...A, id: 'd' }], { at: 2 });
        await consume(opened, { bad: ['d'], tries: 9 });
        assert.equal((await opened.checkpoints.state('planner'))?.failing?.tries, 1);
      }));

    it('does not begin while another consumes', () =>
      withStore(async (opened) => {
        await opened.store.put(three, { at: 1 });
        await taken(opened.checkpoints, 0);
        assert.equal((await consume(opened, {})).state, 'busy');
      }));

    it('stops after the batch at hand when it is told to', () =>
      withStore(async ({ store, checkpoints }) => {
        await store.put(three, { at: 1 });
        const stop = new AbortController();
        const consumed = await consumeChanges({
          store,
          checkpoints,
          consumer: 'planner',
          owner: 'me',
          now: () => 1,
          batch: 2,
          signal: stop.signal,
          handle: async () => Promise.resolve(stop.abort()),
        });
        assert.deepEqual(consumed, { state: 'stopped', handled: 2, setAside: 0, error: null });
      }));
  });
}
