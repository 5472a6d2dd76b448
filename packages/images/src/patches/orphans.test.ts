import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inWorld, type World } from './world.fixture.ts';

const ANN = { by: 'user:default/ann', reason: 'because' };
const LATER = { settings: { debounce: 60_000, maxWait: 60_000 } };

async function waiting(world: World) {
  await world.report('debian');
  const patch = await world.reached('waiting');
  await world.idle();
  return patch;
}

/** The golden tags are read again, and it is tidied up. */
async function tidied(world: World): Promise<void> {
  await world.close();
  await world.portal();
}

describe('parkOrphans', () => {
  it('parks a patch whose job was ended by hand, with the reason, and it can be tried again', async () => {
    await inWorld(LATER, async (world) => {
      const patch = await waiting(world);
      await world.jobs.cancel(patch.job ?? '', 'It was in the way.');
      await world.close();
      const { room } = await world.portal();
      const parked = await world.reached('parked');
      assert.equal(parked.id, patch.id);
      assert.equal(parked.reason, 'Its job is cancelled: It was in the way.');
      await room.patches.retry(patch.id, ANN);
      assert.equal((await world.reached('promoted')).id, patch.id);
    });
  });

  it('parks a patch whose job died, as each run of it was killed', async () => {
    await inWorld(LATER, async (world) => {
      const patch = await waiting(world);
      await world.close();
      const { query } = world.database;
      await query
        .withTables<{ jobs_jobs: { id: string; state: string; attempts: number; due_at: number } }>()
        .updateTable('jobs_jobs')
        .set({ state: 'running', attempts: 8, due_at: 0 })
        .where('id', '=', patch.job ?? '')
        .execute();
      const { jobs } = await world.portal();
      while ((await jobs.get(patch.job ?? '')).state !== 'dead') await world.clock.pass(1_000);
      await world.clock.pass(10 * 60_000);
      const parked = await world.reached('parked');
      assert.match(parked.reason ?? '', /^Its job is dead: Each run lost its lease/);
    });
  });

  it('leaves those alone that wait for their time, or for a person', async () => {
    await inWorld(LATER, async (world) => {
      const patch = await waiting(world);
      await tidied(world);
      await world.idle();
      assert.deepEqual(await world.room.patches.get(patch.id), patch);
    });
  });
});
