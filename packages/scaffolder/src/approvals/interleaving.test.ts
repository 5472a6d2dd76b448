import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { FakeAction } from '../tasks/fake-runner.fixture.ts';
import {
  eventually,
  member,
  newTask,
  specOf,
  waits,
  withWorld,
  type Portal,
} from '../tasks/world.fixture.ts';

const COUNT = 2;
const HOUR = 3_600_000;
/** The clock is put on in the middle of runs: their leases outlast it. */
const OPTIONS = { lease: 1_000 * HOUR };

describe('approvals, whatever is done to them at the same time', () => {
  it('end in one state, and the step runs only when enough people agreed', async () => {
    const event = fc.constantFrom(
      'approve eva',
      'approve tom',
      'approve anna',
      'reject eva',
      'reject tom',
      'expire',
      'cancel',
      'restart',
      'pause',
      'settle',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 8 }), (events) => interleave(events)),
      { numRuns: 40 },
    );
  });
});

async function interleave(events: readonly string[]): Promise<void> {
  const runs: string[] = [];
  const run: FakeAction = ({ step }) => void runs.push(step.id);
  await withWorld({ run }, async (world) => {
    let portal = await world.start(OPTIONS);
    const rule = { by: 'team-a', count: COUNT, expiresAfter: '1h' };
    const spec = specOf([{ id: 'deploy', action: 'run', 'callboard:approval': rule }]);
    const { id } = await portal.tasks.create(newTask(spec));
    const { approvalId } = await waits(portal.tasks, id);

    let expires = false;
    const under: Promise<unknown>[] = [];
    for (const event of events) {
      if (event === 'restart') {
        await portal.stop();
        portal = await world.start(OPTIONS);
      } else if (event === 'settle') {
        await Promise.all(under);
      } else {
        expires ||= event === 'expire';
        // Not awaited: it meets what comes next. What is refused is no matter here.
        under.push(act(portal, { event, id, approvalId, pass: (ms) => world.pass(ms) }).catch(() => {}));
      }
    }
    await Promise.all(under);
    if (!expires) world.pass(HOUR);

    await portal.tasks.resume(id).catch(() => {});
    const task = await eventually(async () => {
      const found = await portal.tasks.get(id);
      return found.endedAt !== null && found;
    });
    await eventually(async () => (await portal.jobs.counts()).every(({ state }) => state !== 'running'));
    const approval = await portal.approvals.get(approvalId);
    const agreed = approval.decisions.filter(({ verdict }) => verdict === 'approve').length;
    const refused = approval.decisions.length - agreed;
    assert.ok(approval.decisions.every(({ by }) => by !== 'user:default/anna'));
    assert.equal(new Set(approval.decisions.map(({ by }) => by)).size, approval.decisions.length);
    assert.ok(agreed <= COUNT && refused <= 1 && agreed + refused <= COUNT);
    const expected = { approved: 'completed', rejected: 'failed', expired: 'failed', withdrawn: 'cancelled' };
    assert.notEqual(approval.state, 'waiting');
    if (approval.state === 'waiting') return;
    // A task can be cancelled after its approval ended and before it went on.
    assert.ok(
      [expected[approval.state], 'cancelled'].includes(task.status),
      `${approval.state} ${task.status}`,
    );
    assert.equal(approval.state === 'approved', agreed === COUNT);
    assert.equal(approval.state === 'rejected', refused === 1);
    assert.ok(runs.length <= 1);
    if (runs.length > 0) assert.equal(approval.state, 'approved');
    if (task.status === 'completed') assert.deepEqual(runs, ['deploy']);
    const completions = (await portal.tasks.events(id)).filter(({ type }) => type === 'completion');
    assert.equal(completions.length, 1);
  });
}

async function act(
  portal: Portal,
  {
    event,
    id,
    approvalId,
    pass,
  }: {
    readonly event: string;
    readonly id: string;
    readonly approvalId: string;
    readonly pass: (ms: number) => void;
  },
): Promise<unknown> {
  const [what, name = ''] = event.split(' ');
  switch (what) {
    case 'approve':
      return portal.approvals.decide(approvalId, { by: member(name), verdict: 'approve' });
    case 'reject':
      return portal.approvals.decide(approvalId, { by: member(name), verdict: 'reject', reason: 'no' });
    case 'cancel':
      return portal.tasks.cancel(id);
    case 'pause':
      return portal.tasks.pause(id, 'user:default/anna');
    default:
      pass(HOUR);
      return undefined;
  }
}
