import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { STRICT_POLICY } from '../gate/verdict.ts';
import { proveError } from '../prove/errors.ts';
import { hashPlan } from '../plan/canonical.ts';
import { createPlanner } from '../plan/planner.ts';
import type { Patch } from './patch.ts';
import { trivyReport } from './reports.fixture.ts';
import { PATCH_QUEUE } from './route-findings.ts';
import { createPatchStore } from './store.ts';
import { INSTALLED, inWorld, OPENSSL, ZLIB, type World } from './world.fixture.ts';

async function lines({ room }: World, { id }: Patch): Promise<string> {
  const all = await room.patches.lines(id, { after: 0, limit: 1_000 });
  return all.map(({ text }) => text).join('\n');
}

describe('createPatchHandler', () => {
  it('goes from a report to the moved golden tag by itself, and keeps what led there', async () => {
    await inWorld({}, async (world) => {
      await world.report('debian');
      const patch = await world.reached('promoted');
      assert.equal(patch.base.digest, world.golden('debian').digest);
      assert.equal(world.pointsTo('debian'), patch.built?.digest);
      assert.equal(world.moves('debian'), 1);
      assert.deepEqual(patch.fixable, { before: 1, after: 0 });
      assert.equal(patch.attestations.length, 4);
      const { received, planned, built, proved, promoted } = patch.times;
      const times = [received, planned, built, proved, promoted].map(Number);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      for (const kind of ['scan', 'plan', 'script', 'verdict', 'seal'] as const) {
        const record = await world.room.patches.record(patch.records[kind] ?? '');
        assert.equal(record?.kind, kind);
      }
      const plan = await world.room.patches.record(patch.records.plan ?? '');
      assert.equal(hashPlan(JSON.parse(plan?.text ?? '')), patch.records.plan);
      assert.match(await lines(world, patch), /scanning with trivy\n.*\n?planning/);
      assert.match(await lines(world, patch), /ended: promoted$/);
      await world.idle();
      assert.equal((await world.patches()).length, 1);
    });
  });

  it('is clean when what was reported is fixed in the image, or not in it', async () => {
    await inWorld({ golden: { debian: { ...INSTALLED, openssl: OPENSSL.fixed } } }, async (world) => {
      const image = world.golden('debian');
      const config = { diffIds: image.diffIds };
      const old = { ...INSTALLED, gone: '1.0-1' };
      const gone = { ...OPENSSL, vulnerability: 'CVE-2026-0003', package: 'gone' };
      await world.send(
        trivyReport({ image: { ...image, config }, installed: old, advisories: [OPENSSL, gone] }),
      );
      const patch = await world.reached('clean');
      assert.deepEqual(
        patch.leftOver.map(({ package: name, reason }) => `${name} ${reason}`),
        ['openssl already-fixed', 'gone not-installed'],
      );
      assert.equal(world.moves('debian'), 0);
    });
  });

  it('asks the mirror again for a fix that it does not have, and is deferred with the reason in the end', async () => {
    await inWorld({ machine: { mirror: {} } }, async (world) => {
      await world.report('debian');
      await world.idle();
      const [waiting] = await world.patches();
      assert.equal(waiting?.state, 'running');
      assert.match(waiting?.reason ?? '', /1 fixes are released, but not in the mirror yet/);
      const patch = await world.passUntil('deferred');
      assert.match(patch.reason ?? '', /the mirror does not have the fix yet/);
      assert.deepEqual(
        patch.leftOver.map(({ reason }) => reason),
        ['not-in-mirror'],
      );
      assert.ok(patch.records.plan !== undefined);
    });
  });

  it('takes the fix as soon as the mirror has it', async () => {
    await inWorld({ machine: { mirror: {} } }, async (world) => {
      await world.report('debian');
      await world.idle();
      world.machine.mirror.set('openssl', OPENSSL.fixed);
      await world.passUntil('promoted');
    });
  });

  it('is refused with the reasons of the gate', async () => {
    await inWorld({ settings: { gate: { ...STRICT_POLICY, maxPackages: 0 } } }, async (world) => {
      await world.report('debian');
      const patch = await world.reached('refused');
      assert.ok(patch.gate.length > 0);
      assert.equal(patch.reason, patch.gate[0]?.text);
      assert.equal(patch.built, null);
    });
  });

  it('is unproved when a check fails twice, and its image is golden never', async () => {
    await inWorld({}, async (world) => {
      world.machine.unproved.set('smoke', 'sh ended with 1');
      await world.report('debian');
      const patch = await world.passUntil('unproved');
      assert.match(patch.reason ?? '', /^smoke: sh ended with 1/);
      assert.equal(world.machine.commits.length, 1);
      assert.equal(world.moves('debian'), 0);
      assert.equal(patch.records.seal, undefined);
      assert.deepEqual(patch.attestations, []);
    });
  });

  it('is proved by a second try what a scanner kept from it in the first', async () => {
    await inWorld({}, async (world) => {
      world.machine.unproved.set('scan.same-scanner', 'it was down');
      await world.report('debian');
      await world.idle();
      world.machine.unproved.clear();
      await world.passUntil('promoted');
      assert.equal(world.machine.commits.length, 1);
    });
  });

  it('is parked with the reason when the scanner stays down', async () => {
    await inWorld({}, async (world) => {
      let scans = 0;
      world.machine.onScan = () => {
        scans += 1;
        throw proveError('images/scanner-failed', 'trivy ended with 1: no space');
      };
      await world.report('debian');
      const patch = await world.passUntil('parked');
      assert.equal(scans, 8);
      assert.match(patch.reason ?? '', /trivy ended with 1.*\(images\/scanner-failed\)/);
    });
  });

  it('is parked when the disk stays full', async () => {
    await inWorld({}, async (world) => {
      world.machine.onCommit = () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      await world.report('debian');
      const patch = await world.passUntil('parked');
      assert.match(patch.reason ?? '', /ENOSPC/);
      assert.equal(patch.stage, 'build');
    });
  });

  it('does not try again what cannot get better', async () => {
    await inWorld({}, async (world) => {
      let opened = 0;
      world.machine.onOpen = () => {
        opened += 1;
        throw new CodedError(400, 'images/layer-unsafe', 'A layer has a path out of the root.');
      };
      await world.report('debian');
      const patch = await world.reached('parked');
      assert.equal(opened, 1);
      assert.match(patch.reason ?? '', /images\/layer-unsafe/);
    });
  });

  it('ends an engine that hangs at the time limit, a few times, and is parked then', async () => {
    await inWorld({}, async (world) => {
      let opened = 0;
      world.machine.onOpen = ({ signal }) => {
        opened += 1;
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('stopped')));
        });
      };
      await world.report('debian');
      await world.reached('running');
      // Two hours a run: two of them are enough to see.
      const { query } = world.database;
      const tables = query.withTables<{ jobs_jobs: { queue: string; max_attempts: number } }>();
      await tables
        .updateTable('jobs_jobs')
        .set({ max_attempts: 2 })
        .where('queue', '=', PATCH_QUEUE)
        .execute();
      await world.clock.pass(123 * 60_000);
      await world.clock.pass(121 * 60_000);
      const patch = await world.reached('parked');
      assert.equal(opened, 2);
      assert.match(patch.reason ?? '', /^Job \S+ ran for more than 7200000 ms.*\(jobs\/timed-out\)$/);
    });
  });

  it('stops where a person has ended the patch, though its job was never told', async () => {
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
      const store = createPatchStore(world.database, world.clock.now);
      // As of a process that died between the two steps of it.
      await world.database.transaction((session) =>
        store.change(session, running?.id ?? '', () => ({ state: 'cancelled', reason: 'enough' })),
      );
      go.resolve();
      await world.idle();
      await world.clock.pass(60_000);
      await world.idle();
      const [after, ...more] = await world.patches();
      assert.deepEqual([after?.state, after?.reason, more], ['cancelled', 'enough', []]);
      assert.equal(world.moves('debian'), 0);
    });
  });

  it('leaves an engine that does not even stop, and another run goes on', async () => {
    await inWorld({}, async (world) => {
      let opened = 0;
      world.machine.onOpen = () => {
        opened += 1;
        return opened === 1 ? new Promise(() => {}) : undefined;
      };
      await world.report('debian');
      await world.clock.pass(123 * 60_000);
      const patch = await world.passUntil('promoted');
      assert.equal(opened, 3);
      assert.equal(world.machine.commits.length, 1);
      assert.equal(world.pointsTo('debian'), patch.built?.digest);
    });
  });

  it('is parked when its golden image is not in the configuration any more', async () => {
    await inWorld({ settings: { debounce: 60_000, maxWait: 60_000 } }, async (world) => {
      await world.report('debian');
      await world.reached('waiting');
      await world.idle();
      await world.close();
      await world.portal({ settings: { golden: [] } });
      await world.clock.pass(61_000);
      const patch = await world.reached('parked');
      assert.match(patch.reason ?? '', /debian is not in the configuration any more/);
    });
  });

  it('is cancelled when somebody moved the golden tag meanwhile, and what is there now is patched instead', async () => {
    await inWorld({}, async (world) => {
      const other = { ...INSTALLED, bash: '5.2-2' };
      let digest: string | null = null;
      world.machine.onProve = async () => {
        digest ??= (await world.moveByHand('debian', other)).digest;
      };
      await world.report('debian');
      const next = await world.reached('promoted');
      const [first, ...more] = await world.patches();
      assert.equal(first?.state, 'cancelled');
      assert.match(first?.reason ?? '', /Somebody else moved/);
      assert.deepEqual(
        more.map(({ id }) => id),
        [next.id],
      );
      assert.equal(next.base.digest, digest);
      assert.equal(world.pointsTo('debian'), next.built?.digest);
    });
  });

  it('is cancelled also when the move was known before it was promoted', async () => {
    await inWorld({ settings: { promote: 'manual' } }, async (world) => {
      await world.report('debian');
      const patch = await world.reached('proved');
      const other = await world.moveByHand('debian', { ...INSTALLED, openssl: OPENSSL.fixed });
      await world.clock.pass(11 * 60_000);
      await world.idle();
      await world.room.patches.promote(patch.id, { by: 'user:default/ann', reason: 'it is good' });
      await world.idle();
      assert.equal((await world.room.patches.get(patch.id)).state, 'cancelled');
      assert.equal(world.pointsTo('debian'), other.digest);
    });
  });

  it('goes on after a promotion that was cut off, and moves the tag once', async () => {
    await inWorld({}, async (world) => {
      let cut = 0;
      world.registry.fault = (request, response) => {
        const isGolden = request.method === 'PUT' && request.url === '/v2/golden/debian/manifests/12';
        if (!isGolden || cut >= 3) return false;
        cut += 1;
        response.statusCode = 503;
        response.end();
        return true;
      };
      await world.report('debian');
      const patch = await world.passUntil('promoted');
      assert.equal(world.machine.commits.length, 1);
      assert.equal(world.machine.proofs.length, 1);
      assert.equal(patch.promotions.length, 1);
      assert.equal(world.pointsTo('debian'), patch.built?.digest);
    });
  });

  it('knows a promotion whose end it did not live to store', async () => {
    await inWorld({}, async (world) => {
      let answers = 0;
      world.registry.fault = async (request) => {
        // The tag is put, and every answer after that is lost for a while.
        const isAfter = world.registry.asked.includes('PUT /v2/golden/debian/manifests/12');
        if (!isAfter || request.method === 'PUT' || (answers += 1) > 6) return false;
        request.socket.destroy();
        return true;
      };
      await world.report('debian');
      const patch = await world.passUntil('promoted');
      assert.equal(world.moves('debian'), 1);
      assert.equal(patch.promotions[0]?.previous, world.golden('debian').digest);
    });
  });

  it('is made once by two workers on one database', async () => {
    await inWorld({}, async (world) => {
      await world.portal();
      await world.report('debian');
      const patch = await world.reached('promoted');
      await world.idle();
      assert.equal(world.machine.commits.length, 1);
      assert.equal(world.moves('debian'), 1);
      assert.deepEqual(await world.patches(), [await world.room.patches.get(patch.id)]);
    });
  });

  it('goes on in another process where the one that closes was', async () => {
    await inWorld({}, async (world) => {
      const reached = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      world.machine.onProve = () => {
        reached.resolve();
        return end.promise;
      };
      await world.report('debian');
      await reached.promise;
      const closed = world.close();
      end.reject(new Error('the process ends'));
      await closed;
      world.machine.onProve = () => {};
      await world.portal();
      await world.passUntil('promoted');
      assert.equal(world.machine.commits.length, 1);
      assert.equal(world.moves('debian'), 1);
    });
  });

  it('looks at findings that came after the plan was made, while nobody worked on it', async () => {
    await inWorld({}, async (world) => {
      let fails = true;
      world.machine.onCommit = () => {
        if (fails) throw new Error('the registry is full');
      };
      await world.report('debian');
      await world.idle();
      world.machine.advisories.push(ZLIB);
      await world.report('debian');
      fails = false;
      await world.passUntil('promoted');
      const next = await world.passUntil('promoted');
      await world.idle();
      const states = (await world.patches()).map(({ state }) => state);
      assert.deepEqual(states, ['promoted', 'promoted']);
      assert.equal(next.base.digest, (await world.patches())[0]?.built?.digest);
    });
  });

  it('keeps every line of its log beside those of a person', async () => {
    await inWorld({}, async (world) => {
      const reached = Promise.withResolvers<void>();
      const go = Promise.withResolvers<void>();
      world.machine.onCommit = async () => {
        reached.resolve();
        await go.promise;
      };
      await world.report('debian');
      await reached.promise;
      await world.room.patches.start({ golden: 'debian', by: 'user:default/ann' });
      go.resolve();
      await world.idle();
      const [patch] = await world.patches();
      assert.ok(patch !== undefined);
      const text = await lines(world, patch);
      for (const part of [
        'scanning with trivy',
        'user:default/ann: started it',
        'building:',
        'promoted: 12 is',
        'ended: promoted',
      ]) {
        assert.ok(text.includes(part), `${part} is not in: ${text}`);
      }
    });
  });
});

describe('createPatchHandler with another planner', () => {
  it('asks a person where a second opinion disagrees, and says what it is about', async () => {
    const rules = createPlanner();
    const planner = {
      name: 'rules and a model',
      proposePlan: async (...given: Parameters<typeof rules.proposePlan>) => ({
        ...(await rules.proposePlan(...given)),
        exchange: { prompt: 'what?', answer: 'wait' },
        doubts: ['a model has another opinion, strategy: defer in place of in-place.'],
      }),
    };
    await inWorld({ planner: async () => planner }, async (world) => {
      await world.report('debian');
      const patch = await world.reached('awaiting-approval');
      assert.deepEqual(
        patch.gate.map(({ check, text }) => `${check}: ${text}`),
        ['second-opinion: a model has another opinion, strategy: defer in place of in-place.'],
      );
      assert.equal((await world.room.patches.record(patch.records.answer ?? ''))?.text, 'wait');
      assert.equal(world.moves('debian'), 0);
      const { plan: planHash = '' } = patch.records;
      await world.room.patches.approve(patch.id, { by: 'user:default/ann', reason: 'it is wrong', planHash });
      await world.reached('promoted');
    });
  });

  it('goes by the planner that fails: tried again, and parked in the end', async () => {
    const planner = {
      name: 'none',
      proposePlan: () => Promise.reject(new CodedError(503, 'images/planner-down', 'The model is down.')),
    };
    await inWorld({ planner: async () => planner }, async (world) => {
      await world.report('debian');
      const patch = await world.passUntil('parked');
      assert.match(patch.reason ?? '', /The model is down/);
    });
  });
});
