import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRICT_POLICY } from '../gate/verdict.ts';
import type { Patch } from './patch.ts';
import { INSTALLED, inWorld, OPENSSL, ZLIB, type World, type WorldOptions } from './world.fixture.ts';

const ANN = { by: 'user:default/ann', reason: 'because' };
const ASKING: WorldOptions = { settings: { gate: { ...STRICT_POLICY, approval: 'always' } } };
const MANUAL: WorldOptions = { settings: { promote: 'manual' } };

/** A world with a patch that waits for a person. */
async function awaiting(work: (world: World, patch: Patch) => Promise<void>): Promise<void> {
  await inWorld(ASKING, async (world) => {
    await world.report('debian');
    const patch = await world.reached('awaiting-approval');
    await world.idle();
    await work(world, patch);
  });
}

function planOf({ records }: Patch): string {
  return records.plan ?? '';
}

describe('createPatchDesk', () => {
  it('builds what a person has agreed to, and says who it was', async () => {
    await awaiting(async (world, { id, ...patch }) => {
      assert.ok(patch.gate.length > 0);
      assert.equal(world.machine.commits.length, 0);
      const planHash = planOf({ id, ...patch });
      const agreed = await world.room.patches.approve(id, { ...ANN, planHash });
      assert.equal(agreed.state, 'waiting');
      const promoted = await world.reached('promoted');
      assert.equal(promoted.id, id);
      assert.equal(promoted.approval?.by, ANN.by);
      assert.equal(promoted.approval?.planHash, planOf(promoted));
      const [line] = (await world.room.patches.lines(id, { after: 0, limit: 500 })).filter(({ text }) =>
        text.startsWith(ANN.by),
      );
      assert.equal(line?.text, `${ANN.by}: agreed to plan ${planHash.slice(0, 12)}: because`);
    });
  });

  it('takes no word on another plan than the one that waits', async () => {
    await awaiting(async (world, { id }) => {
      await assert.rejects(world.room.patches.approve(id, { ...ANN, planHash: 'a'.repeat(64) }), {
        code: 'images/plan-changed',
        status: 409,
      });
      assert.equal((await world.room.patches.get(id)).state, 'awaiting-approval');
    });
  });

  it('ends a patch that a person refuses', async () => {
    await awaiting(async (world, { id }) => {
      const refused = await world.room.patches.reject(id, ANN);
      assert.equal(refused.state, 'refused');
      assert.match(refused.reason ?? '', /user:default\/ann refused the plan: because/);
      await world.idle();
      assert.equal(world.moves('debian'), 0);
      await assert.rejects(world.room.patches.reject(id, ANN), { code: 'images/patch-state' });
      await assert.rejects(world.room.patches.approve(id, { ...ANN, planHash: 'x' }), {
        code: 'images/patch-state',
      });
    });
  });

  it('asks anew when findings come while a plan waits, as the plan is another one then', async () => {
    await awaiting(async (world, first) => {
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      await world.idle();
      const second = await world.reached('awaiting-approval');
      assert.equal(second.id, first.id);
      assert.notEqual(planOf(second), planOf(first));
      await assert.rejects(world.room.patches.approve(first.id, { ...ANN, planHash: planOf(first) }), {
        code: 'images/plan-changed',
      });
      await world.room.patches.approve(first.id, { ...ANN, planHash: planOf(second) });
      await world.reached('promoted');
      await world.idle();
      assert.equal((await world.patches()).length, 1);
    });
  });

  it('asks anew when findings come after a person has agreed and before it is built', async () => {
    await inWorld(ASKING, async (world) => {
      await world.report('debian');
      const first = await world.reached('awaiting-approval');
      let fails = true;
      world.machine.onScan = () => {
        if (fails) throw new Error('not now');
      };
      await world.idle();
      await world.room.patches.approve(first.id, { ...ANN, planHash: planOf(first) });
      await world.idle();
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      fails = false;
      const second = await world.passUntil('awaiting-approval');
      assert.equal(second.approval, null);
      assert.match(second.reason ?? '', /another one than the one that was agreed to/);
      const plan = await world.room.patches.record(planOf(second));
      assert.match(plan?.text ?? '', /zlib1g/);
    });
  });

  it('is done with a patch that is stopped after it was agreed to, before its turn', async () => {
    await inWorld({ ...ASKING, golden: { debian: INSTALLED, other: INSTALLED } }, async (world) => {
      await world.close();
      const { room } = await world.portal({ settings: { concurrency: 1 } });
      await world.report('debian');
      const patch = await world.reached('awaiting-approval');
      await world.idle();
      const go = Promise.withResolvers<void>();
      world.machine.onScan = () => go.promise;
      await room.patches.start({ golden: 'other', by: 'user:default/ann' });
      await world.reached('running');
      await room.patches.approve(patch.id, { ...ANN, planHash: planOf(patch) });
      await room.patches.cancel(patch.id, ANN);
      go.resolve();
      await world.idle();
      const ofDebian = (await world.patches()).filter(({ golden }) => golden === 'debian');
      assert.deepEqual(
        ofDebian.map(({ state }) => state),
        ['cancelled'],
      );
    });
  });

  it('runs a parked patch again, from where it stopped', async () => {
    await inWorld({}, async (world) => {
      let fails = true;
      world.machine.onProve = () => {
        if (fails) throw new Error('the machine is broken');
      };
      await world.report('debian');
      const parked = await world.passUntil('parked');
      await world.idle();
      fails = false;
      await world.room.patches.retry(parked.id, ANN);
      const promoted = await world.reached('promoted');
      assert.equal(promoted.id, parked.id);
      assert.equal(promoted.job === parked.job, false);
      assert.equal(world.machine.commits.length, 1);
      const { jobs } = await world.jobs.list({ queue: 'images.patch', states: ['parked'] });
      assert.deepEqual(jobs, []);
    });
  });

  it('leaves a parked patch where it is when findings come, and starts anew with them when it is tried again', async () => {
    await inWorld({}, async (world) => {
      let fails = true;
      world.machine.onCommit = () => {
        if (fails) throw new Error('the machine is broken');
      };
      await world.report('debian');
      const parked = await world.passUntil('parked');
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      await world.idle();
      const still = await world.room.patches.get(parked.id);
      assert.equal(still.state, 'parked');
      assert.equal(still.reason, parked.reason);
      fails = false;
      await world.room.patches.retry(parked.id, ANN);
      const promoted = await world.reached('promoted');
      const plan = await world.room.patches.record(planOf(promoted));
      assert.match(plan?.text ?? '', /zlib1g/);
    });
  });

  it('tries a patch again from the start that had ended without an image', async () => {
    await inWorld({ machine: { mirror: {} } }, async (world) => {
      await world.report('debian');
      const deferred = await world.passUntil('deferred');
      world.machine.mirror.set('openssl', OPENSSL.fixed);
      const waiting = await world.room.patches.retry(deferred.id, ANN);
      assert.deepEqual([waiting.state, waiting.records, waiting.leftOver], ['waiting', {}, []]);
      const promoted = await world.reached('promoted');
      assert.equal(promoted.id, deferred.id);
    });
  });

  it('stops a patch that runs: nothing of what it does afterwards counts', async () => {
    await inWorld({}, async (world) => {
      const reached = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      world.machine.onProve = async () => {
        reached.resolve();
        await go.promise;
      };
      await world.report('debian');
      await reached.promise;
      const [running] = await world.patches();
      assert.ok(running !== undefined);
      const cancelled = await world.room.patches.cancel(running.id, ANN);
      assert.equal(cancelled.state, 'cancelled');
      go.resolve();
      await world.idle();
      const after = await world.room.patches.get(running.id);
      assert.equal(after.state, 'cancelled');
      assert.equal(after.reason, 'user:default/ann stopped it: because');
      assert.equal(world.moves('debian'), 0);
      assert.equal((await world.patches()).length, 1);
    });
  });

  it('stops it also where the run hears of it late', async () => {
    await inWorld({}, async (world) => {
      const reached = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      world.machine.onProve = async () => {
        reached.resolve();
        await go.promise;
      };
      await world.report('debian');
      await reached.promise;
      // The portal that is asked to stop it is not the one that works on it.
      const { room } = await world.portal();
      const [running] = await world.patches();
      assert.ok(running !== undefined);
      const cancelling = room.patches.cancel(running.id, ANN);
      go.resolve();
      assert.equal((await cancelling).state, 'cancelled');
      await world.clock.pass(120_000);
      await world.idle();
      assert.deepEqual(
        (await world.patches()).map(({ state }) => state),
        ['cancelled'],
      );
      assert.equal(world.moves('debian'), 0);
    });
  });

  it('leaves a proved image to a person who promotes it', async () => {
    await inWorld(MANUAL, async (world) => {
      await world.report('debian');
      const proved = await world.reached('proved');
      assert.equal(proved.attestations.length, 4);
      await world.idle();
      assert.equal(world.moves('debian'), 0);
      await world.room.patches.promote(proved.id, ANN);
      const promoted = await world.reached('promoted');
      assert.equal(promoted.id, proved.id);
      assert.equal(world.pointsTo('debian'), proved.built?.digest);
      assert.equal(world.machine.proofs.length, 1);
      await assert.rejects(world.room.patches.promote(proved.id, ANN), { code: 'images/patch-state' });
    });
  });

  it('starts no other patch when a promotion is stopped before its turn', async () => {
    await inWorld(MANUAL, async (world) => {
      await world.report('debian');
      const proved = await world.reached('proved');
      await world.idle();
      const go = Promise.withResolvers<void>();
      const tags = Promise.withResolvers<void>();
      world.registry.fault = async ({ method, url }) => {
        if (method === 'GET' && url === '/v2/golden/debian/manifests/12') {
          tags.resolve();
          await go.promise;
        }
        return false;
      };
      await world.room.patches.promote(proved.id, ANN);
      await tags.promise;
      await world.room.patches.cancel(proved.id, ANN);
      go.resolve();
      await world.idle();
      assert.deepEqual(
        (await world.patches()).map(({ state }) => state),
        ['cancelled'],
      );
      assert.equal(world.moves('debian'), 0);
    });
  });

  it('goes back to what was golden, and promotes nothing of that image by itself any more', async () => {
    await inWorld({}, async (world) => {
      await world.report('debian');
      const promoted = await world.reached('promoted');
      await world.idle();
      const back = await world.room.patches.rollback(promoted.id, ANN);
      assert.equal(back.state, 'rolled-back');
      assert.equal(world.pointsTo('debian'), world.golden('debian').digest);
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      const second = await world.reached('proved');
      assert.match(second.reason ?? '', /went back/);
      await world.idle();
      assert.equal(world.pointsTo('debian'), world.golden('debian').digest);
      await world.room.patches.promote(second.id, ANN);
      await world.reached('promoted');
      assert.equal(world.pointsTo('debian'), second.built?.digest);
      await assert.rejects(world.room.patches.rollback(promoted.id, ANN), { code: 'images/patch-state' });
    });
  });

  it('promotes nothing by itself either when somebody went back by hand', async () => {
    await inWorld({}, async (world) => {
      await world.report('debian');
      await world.reached('promoted');
      await world.moveByHand('debian', INSTALLED);
      await world.clock.pass(11 * 60_000);
      await world.idle();
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      await world.reached('proved');
      assert.equal(world.pointsTo('debian'), world.golden('debian').digest);
    });
  });

  it('patches a golden image when it is asked to, and joins the patch that is open', async () => {
    await inWorld(ASKING, async (world) => {
      const [started, ...more] = await world.room.patches.start({ golden: 'debian', by: 'user:default/ann' });
      assert.deepEqual(more, []);
      const patch = await world.reached('awaiting-approval');
      assert.equal(patch.id, started?.id);
      const [again] = await world.room.patches.start({ golden: 'debian', platform: 'linux/amd64', by: 'x' });
      assert.equal(again?.id, patch.id);
      await world.reached('awaiting-approval');
      await assert.rejects(world.room.patches.start({ golden: 'none', by: 'x' }), {
        code: 'images/golden-not-found',
        status: 404,
      });
      await assert.rejects(world.room.patches.start({ golden: 'debian', platform: 'linux/s390x', by: 'x' }), {
        code: 'images/golden-not-found',
      });
    });
  });

  it('knows no patch that there is not', async () => {
    await inWorld({}, async ({ room }) => {
      const none = { code: 'images/patch-not-found', status: 404 };
      await assert.rejects(room.patches.get('none'), none);
      await assert.rejects(room.patches.cancel('none', ANN), none);
      await assert.rejects(room.patches.rollback('none', ANN), none);
      assert.equal(await room.patches.record('none'), null);
    });
  });

  it('lists patches page by page, the newest first', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    await inWorld(
      { golden: Object.fromEntries(names.map((name) => [name, { ...INSTALLED, [name.repeat(2)]: '1' }])) },
      async ({ room, idle }) => {
        for (const golden of names) await room.patches.start({ golden, by: 'x' });
        await idle();
        const found: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await room.patches.list({
            limit: 2,
            states: ['promoted'],
            ...(cursor !== null && { cursor }),
          });
          found.push(...page.items.map(({ golden }) => golden));
          cursor = page.next;
        } while (cursor !== null);
        assert.deepEqual(found, names.toReversed());
        assert.deepEqual(
          (await room.patches.list({ golden: 'b' })).items.map(({ golden }) => golden),
          ['b'],
        );
      },
    );
  });
});
