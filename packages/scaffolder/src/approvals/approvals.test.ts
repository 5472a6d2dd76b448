import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakeAction } from '../tasks/fake-runner.fixture.ts';
import {
  eventually,
  member,
  newTask,
  reached,
  specOf,
  waits,
  withWorld,
  type Portal,
} from '../tasks/world.fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function noting() {
  const runs: string[] = [];
  const action: FakeAction = ({ step }) => void runs.push(step.id);
  return { runs, actions: { run: action } };
}

const asking = (rule: object) =>
  specOf([
    { id: 'build', action: 'run' },
    { id: 'deploy', action: 'run', 'callboard:approval': { by: ['system:default/shop'], ...rule } },
    { id: 'clean', action: 'run', if: 'always()' },
  ]);

const agree = (portal: Portal, id: string, name: string, reason = '') =>
  portal.approvals.decide(id, { by: member(name), verdict: 'approve', reason });

describe('approvals of a step', () => {
  it('hold the task before the step, without a hand, until enough people agreed', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start({ concurrency: 1 });
      const { tasks, approvals } = portal;
      const { id } = await tasks.create(newTask(asking({ count: 2, message: 'Into production?' })));
      const { approvalId } = await waits(tasks, id);
      assert.equal((await tasks.get(id)).status, 'processing');
      const other = await tasks.create(newTask(specOf([{ id: 'other', action: 'run' }])));
      await reached(tasks, other.id, 'completed');
      assert.deepEqual(runs, ['build', 'other']);
      const approval = await approvals.get(approvalId);
      assert.equal(approval.stepId, 'deploy');
      assert.equal(approval.requestedBy, 'user:default/anna');
      assert.deepEqual(approval.approvers, ['group:default/team-a']);
      await eventually(() => world.asked.length === 1);
      assert.equal((await agree(portal, approvalId, 'eva', 'fine')).state, 'waiting');
      await assert.rejects(agree(portal, approvalId, 'eva'), {
        code: 'scaffolder/approval-decided',
        status: 409,
      });
      assert.equal((await agree(portal, approvalId, 'tom')).state, 'approved');
      await reached(tasks, id, 'completed');
      assert.deepEqual(runs, ['build', 'other', 'deploy', 'clean']);
      const messages = (await tasks.events(id)).map(({ body }) => body.message);
      assert.ok(messages.includes('Waits for approval by 2 of group:default/team-a: Into production?'));
      assert.ok(messages.includes('Approved by user:default/eva (fine), user:default/tom'));
      await assert.rejects(agree(portal, approvalId, 'tom'), {
        code: 'scaffolder/approval-ended',
        status: 409,
      });
    });
  });

  it('are not for strangers, nor for who asked unless the rule says so', () => {
    const { actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { tasks, approvals } = portal;
      const { id } = await tasks.create(newTask(asking({})));
      const { approvalId } = await waits(tasks, id);
      const notYours = { code: 'scaffolder/approval-not-yours', status: 403 };
      await assert.rejects(agree(portal, approvalId, 'anna'), notYours);
      const stranger = {
        ref: 'user:default/mallory',
        ownership: ['user:default/mallory', 'group:default/x'],
      };
      await assert.rejects(approvals.decide(approvalId, { by: stranger, verdict: 'approve' }), notYours);
      await assert.rejects(
        approvals.decide(approvalId, { by: member('eva'), verdict: 'reject', reason: ' ' }),
        {
          code: 'scaffolder/approval-reason',
          status: 400,
        },
      );
      await assert.rejects(agree(portal, 'x', 'eva'), { code: 'scaffolder/approval-not-found', status: 404 });
      assert.deepEqual((await approvals.get(approvalId)).decisions, []);
      const own = await tasks.create(newTask(asking({ allowRequester: true })));
      const waiting = await waits(tasks, own.id);
      await agree(portal, waiting.approvalId, 'anna');
      await reached(tasks, own.id, 'completed');
    });
  });

  it('fail the step when somebody refuses, and are asked for again by the next attempt', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { tasks, approvals } = portal;
      const { id } = await tasks.create(newTask(asking({})));
      const first = await waits(tasks, id);
      const said = { by: member('eva'), verdict: 'reject', reason: 'not on a Friday' } as const;
      assert.equal((await approvals.decide(first.approvalId, said)).state, 'rejected');
      const failed = await reached(tasks, id, 'failed');
      assert.equal(failed.error?.stepId, 'deploy');
      assert.equal(failed.error.message, 'Refused by user:default/eva (not on a Friday)');
      assert.equal(failed.state.steps['deploy']?.status, 'failed');
      assert.deepEqual(runs, ['build', 'clean']);
      await tasks.retry(id, { secrets: {} });
      const second = await waits(tasks, id);
      assert.notEqual(second.approvalId, first.approvalId);
      await agree(portal, second.approvalId, 'eva');
      await reached(tasks, id, 'completed');
      assert.deepEqual(runs, ['build', 'clean', 'deploy', 'clean']);
      const all = await approvals.list({ taskId: id });
      assert.deepEqual(all.map(({ state }) => state).toSorted(), ['approved', 'rejected']);
    });
  });

  it('are asked for once: what was agreed to is not asked again when the step itself fails', () => {
    let breaks = true;
    const actions: Record<string, FakeAction> = {
      run: ({ step }) => {
        if (step.id === 'deploy' && breaks) throw new Error('no room left');
      },
    };
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { id } = await portal.tasks.create(newTask(asking({})));
      const { approvalId } = await waits(portal.tasks, id);
      await agree(portal, approvalId, 'eva');
      await reached(portal.tasks, id, 'failed');
      breaks = false;
      await portal.tasks.retry(id, { secrets: {} });
      await reached(portal.tasks, id, 'completed');
      assert.equal((await portal.approvals.list({ taskId: id })).length, 1);
    });
  });

  it('fail the step at once when nobody could agree, or the rule is wrong', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const { tasks } = await world.start();
      for (const [rule, message] of [
        [{ by: ['group:default/team-b'] }, /^Nobody can agree to this/],
        [{ by: ['team-a'], count: 'some' }, /^The approval cannot be asked for/],
      ] as const) {
        const { id } = await tasks.create(newTask(asking(rule)));
        const { error } = await reached(tasks, id, 'failed');
        assert.match(error?.message ?? '', message);
        assert.equal(error?.stepId, 'deploy');
      }
      assert.equal(runs.includes('deploy'), false);
    });
  });

  it('remind, expire, and survive that the portal is away', () => {
    const { actions } = noting();
    return withWorld(actions, async (world) => {
      const first = await world.start();
      const { id } = await first.tasks.create(newTask(asking({ remindEvery: '1h', expiresAfter: '3h' })));
      const { approvalId } = await waits(first.tasks, id);
      await eventually(() => world.asked.length === 1);
      world.pass(HOUR);
      await eventually(() => world.reminded.length === 1);
      await first.stop();
      world.pass(HOUR + MINUTE);
      const { tasks, approvals } = await world.start();
      await eventually(() => world.reminded.length === 2);
      assert.equal((await tasks.get(id)).waiting?.kind, 'approval');
      world.pass(HOUR);
      await assert.rejects(agree({ ...first, approvals }, approvalId, 'eva'), {
        code: 'scaffolder/approval-ended',
      });
      const { error } = await reached(tasks, id, 'failed');
      assert.equal(error?.message, 'The approval expired: not enough people agreed in time.');
      assert.equal((await approvals.get(approvalId)).state, 'expired');
      assert.equal(world.asked.length, 1);
    });
  });

  it('are withdrawn when their task is cancelled', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { id } = await portal.tasks.create(newTask(asking({})));
      const { approvalId } = await waits(portal.tasks, id);
      assert.equal((await portal.tasks.cancel(id)).waiting, null);
      assert.equal((await portal.approvals.get(approvalId)).state, 'withdrawn');
      await assert.rejects(agree(portal, approvalId, 'eva'), { code: 'scaffolder/approval-ended' });
      assert.deepEqual(runs, ['build']);
    });
  });

  it('wait on while their task is paused, and it goes on when both are over', () => {
    const { actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { id } = await portal.tasks.create(newTask(asking({})));
      const { approvalId } = await waits(portal.tasks, id);
      await portal.tasks.pause(id, 'user:default/anna');
      await agree(portal, approvalId, 'eva');
      await eventually(async () => (await portal.jobs.counts()).every(({ state }) => state !== 'running'));
      assert.equal((await portal.tasks.get(id)).waiting?.kind, 'paused');
      await portal.tasks.resume(id);
      await reached(portal.tasks, id, 'completed');
    });
  });

  it('are listed for those whom they wait for', () => {
    const { actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const { tasks, approvals } = portal;
      const { id } = await tasks.create(newTask(asking({ count: 2 })));
      const { approvalId } = await waits(tasks, id);
      const listed = async (filter: Parameters<typeof approvals.list>[0]) =>
        (await approvals.list(filter)).map((approval) => approval.id);
      const of = (name: string) => ({ awaiting: member(name).ownership, for: member(name).ref });
      assert.deepEqual(await listed(of('eva')), [approvalId]);
      assert.deepEqual(await listed(of('anna')), []);
      assert.deepEqual(await listed({ awaiting: ['group:default/team-b'] }), []);
      assert.deepEqual(await listed({ awaiting: [] }), []);
      await agree(portal, approvalId, 'eva');
      assert.deepEqual(await listed(of('eva')), []);
      assert.deepEqual(await listed(of('tom')), [approvalId]);
      assert.deepEqual(await listed({ decidedBy: 'user:default/eva' }), [approvalId]);
      assert.deepEqual(await listed({ taskId: id, state: 'waiting' }), [approvalId]);
      assert.deepEqual(await listed({ state: ['approved', 'rejected'] }), []);
    });
  });
});

describe('approvals of a template', () => {
  it('hold the task before its first step', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const portal = await world.start();
      const spec = { ...specOf([{ id: 'build', action: 'run' }]), 'callboard:approval': { by: 'team-a' } };
      const { id } = await portal.tasks.create(newTask(spec));
      const { approvalId } = await waits(portal.tasks, id);
      assert.deepEqual(runs, []);
      const approval = await agree(portal, approvalId, 'eva');
      assert.equal(approval.stepId, null);
      await reached(portal.tasks, id, 'completed');
      assert.deepEqual(runs, ['build']);
    });
  });

  it('fail the task when somebody refuses', () => {
    const { runs, actions } = noting();
    return withWorld(actions, async (world) => {
      const { tasks, approvals } = await world.start();
      const spec = { ...specOf([{ id: 'build', action: 'run' }]), 'callboard:approval': { by: 'team-a' } };
      const { id } = await tasks.create(newTask(spec));
      const { approvalId } = await waits(tasks, id);
      await approvals.decide(approvalId, { by: member('eva'), verdict: 'reject', reason: 'no' });
      const { error } = await reached(tasks, id, 'failed');
      assert.deepEqual(error, {
        name: 'NotAllowedError',
        message: 'Refused by user:default/eva (no)',
        stepId: null,
      });
      assert.deepEqual(runs, []);
    });
  });
});
