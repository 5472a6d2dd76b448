import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { FakeAction } from './fake-runner.fixture.ts';
import { newTask, reached, specOf, withWorld } from './world.fixture.ts';

const write: FakeAction = async () => ({});

describe('note', () => {
  it('takes notes into the log of a task that goes on, and none of one that is over', () =>
    withWorld({ write }, async (world) => {
      const { tasks } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'write' }])));
      await tasks.pause(id, 'user:default/anna').catch(() => null);
      const isOver = (await tasks.get(id)).endedAt !== null;
      await tasks.note(id, 'A word');
      const said = async () =>
        (await tasks.events(id)).filter(({ body }) => body.message === 'A word').length;
      assert.equal(await said(), isOver ? 0 : 1);
      if (!isOver) await tasks.resume(id);
      await reached(tasks, id, 'completed');
      const before = await said();
      await tasks.note(id, 'A word');
      assert.equal(await said(), before);
      await assert.rejects(tasks.note('none', 'A word'), { code: 'scaffolder/task-not-found' });
    }));
});
