import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createMetrics } from '@callboard/kernel';
import type { FakeAction } from './fake-runner.fixture.ts';
import { taskTables } from './migrations.ts';
import { createSeal } from './seal.ts';
import { eventually, newTask, reached, specOf, withWorld, type World } from './world.fixture.ts';

const write: FakeAction = async ({ workspacePath, step }) => {
  await writeFile(join(workspacePath, `${step.id}.txt`), step.id);
  return { wrote: step.id };
};
const fail: FakeAction = () => {
  throw new Error('the forge said no');
};
/** Runs until the test lets it go, or it is told to stop. */
function held() {
  const begun: { readonly go: () => void; readonly aborted: () => unknown }[] = [];
  const action: FakeAction = ({ signal }) => {
    const end = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => end.reject(signal.reason));
    begun.push({ go: () => end.resolve(), aborted: () => signal.reason });
    return end.promise;
  };
  return { action, begun, first: () => eventually(() => begun[0] ?? null) };
}

describe('createTasks', () => {
  it('runs the steps of a task, and keeps its log, its output and when each step ran', () =>
    withWorld({ write }, async (world) => {
      const { tasks } = await world.start();
      const { id, status } = await tasks.create(newTask(specOf([{ action: 'write' }, { action: 'write' }])));
      assert.equal(status, 'open');
      const task = await reached(tasks, id, 'completed');
      assert.deepEqual(task.output, { text: [{ title: 'done' }] });
      assert.deepEqual(
        Object.entries(task.state.steps).map(([step, state]) => [step, state.status]),
        [
          ['step-1', 'completed'],
          ['step-2', 'completed'],
        ],
      );
      const events = await tasks.events(id);
      assert.deepEqual(
        events.map(({ type, body }) => [type, body.message]),
        [
          ['log', 'Beginning step step-1'],
          ['log', 'Finished step step-1'],
          ['log', 'Beginning step step-2'],
          ['log', 'Finished step step-2'],
          ['completion', 'Run completed with status: completed'],
        ],
      );
      assert.deepEqual(await tasks.events(id, { after: events[3]?.id ?? 0 }), events.slice(4));
      const times = await tasks.stepTimes(id);
      assert.deepEqual([...times.keys()], ['step-1', 'step-2']);
      assert.ok(
        [...times.values()].every(({ startedAt, endedAt }) => startedAt !== null && endedAt !== null),
      );
      await eventually(async () => (await readdir(join(world.folder, 'workspaces'))).length === 0);
    }));

  it('ends at a failed step, runs what cleans up, and goes on from the failed one when it is tried again', () => {
    let refuses = true;
    const runs: string[] = [];
    const note: FakeAction = ({ step }) => void runs.push(step.id);
    const push: FakeAction = async ({ workspacePath, request }) => {
      runs.push(`push with ${request.secrets['token']} in ${(await readdir(workspacePath)).join(' ')}`);
      await writeFile(join(workspacePath, 'half.txt'), 'half');
      if (refuses) throw new Error('the forge said no');
    };
    return withWorld({ write, note, push }, async (world) => {
      const { tasks } = await world.start();
      const spec = specOf([
        { action: 'write' },
        { id: 'push', action: 'push' },
        { id: 'after', action: 'note' },
        { id: 'clean', action: 'note', if: 'always()' },
      ]);
      const { id } = await tasks.create(newTask(spec, { secrets: { token: 'one' } }));
      const failed = await reached(tasks, id, 'failed');
      assert.deepEqual(failed.error, { name: 'Error', message: 'the forge said no', stepId: 'push' });
      assert.equal(failed.attempts, 1);
      refuses = false;
      await tasks.retry(id, { secrets: { token: 'two' } });
      const done = await reached(tasks, id, 'completed');
      assert.equal(done.attempts, 2);
      assert.equal(done.error, null);
      assert.deepEqual(runs, [
        'push with one in step-1.txt',
        'clean',
        'push with two in step-1.txt',
        'after',
        'clean',
      ]);
      const types = (await tasks.events(id)).map(({ type }) => type).filter((type) => type !== 'log');
      assert.deepEqual(types, ['recovered', 'completion']);
      await assert.rejects(tasks.retry(id, { secrets: {} }), { code: 'scaffolder/task-not-retryable' });
    });
  });

  it('keeps secrets and outputs of steps encrypted, and secrets only until the task ends', () => {
    const hold = held();
    const token: FakeAction = () => ({ token: 'output-s3cret' });
    const use: FakeAction = ({ state, request }) => {
      assert.equal(state.steps['token']?.output['token'], 'output-s3cret');
      assert.equal(request.secrets['password'], 'given-s3cret');
    };
    return withWorld({ hold: hold.action, token, use }, async (world) => {
      const { tasks } = await world.start();
      const spec = specOf([{ id: 'token', action: 'token' }, { action: 'hold' }, { action: 'use' }]);
      const given = { secrets: { password: 'given-s3cret' }, credentials: { key: 'creds-s3cret' } };
      const { id } = await tasks.create(newTask(spec, given));
      const first = await hold.first();
      const tables = taskTables(world.database);
      const dump = async (): Promise<string> => {
        const rows = [
          ...(await tables.selectFrom('scaffolder_tasks').selectAll().execute()),
          ...(await tables.selectFrom('scaffolder_secrets').selectAll().execute()),
          ...(await tables.selectFrom('scaffolder_events').selectAll().execute()),
        ];
        return rows
          .flatMap((row) => Object.values(row))
          .map((value) =>
            value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
          )
          .join('\n');
      };
      assert.equal((await tables.selectFrom('scaffolder_secrets').selectAll().execute()).length, 1);
      assert.equal((await dump()).includes('s3cret'), false);
      first.go();
      const done = await reached(tasks, id, 'completed');
      assert.equal((await tables.selectFrom('scaffolder_secrets').selectAll().execute()).length, 0);
      assert.deepEqual(done.state.steps['token'], { status: 'completed', output: {} });
      assert.equal((await dump()).includes('s3cret'), false);
      assert.equal(world.lines.join('').includes('s3cret'), false);
    });
  });

  it('stops the running step of a cancelled task, and tries it again from that step', () => {
    const hold = held();
    return withWorld({ write, hold: hold.action }, async (world) => {
      const { tasks } = await world.start();
      const spec = specOf([{ action: 'write' }, { action: 'hold' }, { action: 'write' }]);
      const { id } = await tasks.create(newTask(spec));
      const first = await hold.first();
      const cancelled = await tasks.cancel(id);
      assert.equal(cancelled.status, 'cancelled');
      assert.deepEqual(
        Object.values(cancelled.state.steps).map(({ status }) => status),
        ['completed', 'cancelled', 'cancelled'],
      );
      const reason = first.aborted();
      assert.ok(reason instanceof Error && 'code' in reason && reason.code === 'scaffolder/cancelled');
      const types = (await tasks.events(id)).map(({ type }) => type).slice(-2);
      assert.deepEqual(types, ['cancelled', 'completion']);
      await assert.rejects(tasks.cancel(id), { code: 'scaffolder/task-ended', status: 409 });
      await assert.rejects(tasks.pause(id, 'user:default/anna'), { code: 'scaffolder/task-ended' });
      await tasks.retry(id, { secrets: {} });
      (await eventually(() => hold.begun[1] ?? null)).go();
      await reached(tasks, id, 'completed');
    });
  });

  it('stores nothing of a step that ends after its task was cancelled', () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const deaf: FakeAction = async () => {
      begun.resolve();
      await end.promise;
    };
    return withWorld({ write, deaf }, async (world) => {
      const { tasks, jobs } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'deaf' }, { action: 'write' }])));
      await begun.promise;
      const cancelled = await tasks.cancel(id);
      const events = await tasks.events(id);
      end.resolve();
      await eventually(async () => (await jobs.counts()).every(({ state }) => state === 'done'));
      assert.deepEqual(await tasks.get(id), cancelled);
      assert.deepEqual(await tasks.events(id), events);
    });
  });

  it('cancels a task that has not begun, at once', () =>
    withWorld({ write }, async (world) => {
      const { tasks } = await world.start({ concurrency: 0 });
      const { id } = await tasks.create(newTask(specOf([{ action: 'write' }])));
      assert.equal((await tasks.cancel(id)).status, 'cancelled');
      const other = await world.start();
      await eventually(async () => (await other.jobs.counts()).every(({ state }) => state === 'done'));
      assert.equal((await tasks.get(id)).startedAt, null);
    }));

  it('pauses before the next step, and holds no hand meanwhile', () => {
    const hold = held();
    return withWorld({ write, hold: hold.action }, async (world) => {
      const { tasks, jobs } = await world.start({ concurrency: 1 });
      const { id } = await tasks.create(newTask(specOf([{ action: 'hold' }, { action: 'write' }])));
      const first = await hold.first();
      const paused = await tasks.pause(id, 'user:default/eva');
      assert.equal(paused.status, 'processing');
      assert.equal(paused.waiting?.kind, 'paused');
      first.go();
      const other = await tasks.create(newTask(specOf([{ action: 'write' }])));
      await reached(tasks, other.id, 'completed');
      const { state, waiting } = await tasks.get(id);
      assert.deepEqual(Object.keys(state.steps), ['step-1']);
      assert.equal(waiting?.kind === 'paused' && waiting.by, 'user:default/eva');
      assert.equal(
        (await jobs.counts()).every(({ state: job }) => job === 'done'),
        true,
      );
      await tasks.resume(id);
      await reached(tasks, id, 'completed');
      await assert.rejects(tasks.resume(id), { code: 'scaffolder/task-not-paused' });
    });
  });

  it('goes on when it is resumed before its run has let go', () => {
    const hold = held();
    const suspended = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const onSuspend = async (): Promise<void> => {
      suspended.resolve();
      await letGo.promise;
    };
    const work = async (world: World): Promise<void> => {
      const { tasks } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'hold' }, { action: 'write' }])));
      const first = await hold.first();
      await tasks.pause(id, 'user:default/eva');
      first.go();
      await suspended.promise;
      await tasks.resume(id);
      letGo.resolve();
      await reached(tasks, id, 'completed');
      assert.equal(hold.begun.length, 1);
    };
    return withWorld({ write, hold: hold.action }, work, { onSuspend });
  });

  it('gives a step of a task back when the process closes, and repeats it on the workspace of before', () => {
    const hold = held();
    const seen: string[][] = [];
    const half: FakeAction = async (context) => {
      seen.push((await readdir(context.workspacePath)).toSorted());
      await writeFile(join(context.workspacePath, 'half.txt'), 'half');
      await context.checkpoint('repository', () => `made in run ${seen.length}`);
      await hold.action(context);
      return { repository: await context.checkpoint('repository', () => 'made twice') };
    };
    const show: FakeAction = (context) => context.log(JSON.stringify(context.state.steps['half']?.output));
    return withWorld({ write, half, show }, async (world) => {
      const first = await world.start();
      const spec = specOf([{ action: 'write' }, { id: 'half', action: 'half' }, { action: 'show' }]);
      const { id } = await first.tasks.create(newTask(spec));
      await eventually(async () => hold.begun.length === 1);
      await first.stop();
      const second = await world.start();
      (await eventually(() => hold.begun[1] ?? null)).go();
      await reached(second.tasks, id, 'completed');
      assert.deepEqual(seen, [['step-1.txt'], ['step-1.txt']]);
      const events = await second.tasks.events(id);
      assert.ok(events.some(({ body }) => body.message === '{"repository":"made in run 1"}'));
      assert.equal(events.filter(({ type }) => type === 'recovered').length, 1);
      assert.equal(events.filter(({ body }) => body.message === 'Beginning step step-1').length, 1);
    });
  });

  it('begins again with the first step when the template asks for that', () => {
    const hold = held();
    return withWorld({ write, hold: hold.action }, async (world) => {
      const first = await world.start();
      const spec = {
        ...specOf([{ action: 'write' }, { action: 'hold' }]),
        EXPERIMENTAL_recovery: { EXPERIMENTAL_strategy: 'startOver' },
      };
      const { id } = await first.tasks.create(newTask(spec));
      await hold.first();
      await first.stop();
      const { tasks } = await world.start();
      (await eventually(() => hold.begun[1] ?? null)).go();
      await reached(tasks, id, 'completed');
      const events = await tasks.events(id);
      assert.equal(events.filter(({ body }) => body.message === 'Beginning step step-1').length, 2);
      assert.equal(events.find(({ type }) => type === 'recovered')?.body['recoverStrategy'], 'startOver');
    });
  });

  it('fails a task that takes longer than its limit', () => {
    const hold = held();
    return withWorld({ hold: hold.action }, async (world) => {
      const { tasks } = await world.start({ timeout: 30 });
      const { id } = await tasks.create(newTask(specOf([{ action: 'hold' }])));
      const { error, state } = await reached(tasks, id, 'failed');
      assert.match(error?.message ?? '', /longer than its limit/);
      assert.equal(error?.stepId, 'step-1');
      assert.equal(state.steps['step-1']?.status, 'failed');
    });
  });

  it('fails a task whose workspace is gone', () =>
    withWorld({ write, fail }, async (world) => {
      const { tasks } = await world.start({ keepFailed: 1_000 });
      const { id } = await tasks.create(newTask(specOf([{ action: 'write' }, { action: 'fail' }])));
      await reached(tasks, id, 'failed');
      assert.equal(await tasks.sweep(), 0);
      const { mode } = await stat(join(world.folder, 'workspaces', id, 'work'));
      assert.equal(mode & 0o777, 0o700);
      world.pass(2_000);
      assert.equal(await tasks.sweep(), 1);
      await tasks.retry(id, { secrets: {} });
      const { error } = await reached(tasks, id, 'failed');
      assert.match(error?.message ?? '', /workspace of task .* is not on this machine/);
    }));

  it('fails a task whose secrets were encrypted with another key, and still shows it', () =>
    withWorld({ write }, async (world) => {
      const first = await world.start({ concurrency: 0 });
      const { id } = await first.tasks.create(newTask(specOf([{ action: 'write' }])));
      const { tasks } = await world.start({ seal: createSeal(new Uint8Array(32)) });
      const { error } = await reached(tasks, id, 'failed');
      assert.match(error?.message ?? '', /key of the portal was changed/);
    }));

  it('lists tasks by who asked, status and template, in the order that is asked for', () =>
    withWorld({ write, fail }, async (world) => {
      const { tasks } = await world.start();
      const ids: string[] = [];
      for (const [index, action] of ['write', 'fail', 'write'].entries()) {
        const createdBy = index === 2 ? 'user:default/eva' : 'user:default/anna';
        const { id } = await tasks.create(newTask(specOf([{ action }]), { createdBy }));
        await eventually(async () => (await tasks.get(id)).endedAt !== null);
        world.pass(10);
        ids.push(id);
      }
      const idsOf = async (filter: Parameters<typeof tasks.list>[0]) => {
        const { tasks: found, total } = await tasks.list(filter);
        return { ids: found.map(({ id }) => ids.indexOf(id)), total };
      };
      assert.deepEqual(await idsOf({}), { ids: [2, 1, 0], total: 3 });
      assert.deepEqual(await idsOf({ createdBy: ['user:default/anna'] }), { ids: [1, 0], total: 2 });
      assert.deepEqual(await idsOf({ status: ['failed'] }), { ids: [1], total: 1 });
      assert.deepEqual(await idsOf({ limit: 1, offset: 1 }), { ids: [1], total: 3 });
      assert.deepEqual(await idsOf({ offset: 2 }), { ids: [0], total: 3 });
      const template = ['Template:default/Service'];
      const order = [{ field: 'created_at', direction: 'asc' }] as const;
      assert.deepEqual(await idsOf({ template, order }), { ids: [0, 1, 2], total: 3 });
      assert.deepEqual(await idsOf({ template: ['template:default/other'] }), { ids: [], total: 0 });
    }));

  it('tells those who watch of every event, until they stop', () => {
    const hold = held();
    return withWorld({ hold: hold.action }, async (world) => {
      const { tasks } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'hold' }, { action: 'hold' }])));
      const stop = new AbortController();
      let after = 0;
      const seen: string[] = [];
      let calls = 0;
      let reading: Promise<void> = Promise.resolve();
      const read = async (): Promise<void> => {
        for (const event of await tasks.events(id, { after })) {
          after = event.id;
          seen.push(event.body.message);
        }
      };
      tasks.watch(id, {
        signal: stop.signal,
        onEvents: () => {
          calls++;
          reading = reading.then(read);
        },
      });
      (await hold.first()).go();
      await eventually(() => seen.includes('Beginning step step-2'));
      stop.abort();
      const before = calls;
      (await eventually(() => hold.begun[1] ?? null)).go();
      await reached(tasks, id, 'completed');
      assert.equal(calls, before);
      assert.deepEqual(seen, ['Beginning step step-1', 'Finished step step-1', 'Beginning step step-2']);
    });
  });

  it('tells those who watch of events of other processes', () => {
    const hold = held();
    return withWorld({ hold: hold.action }, async (world) => {
      const watching = await world.start({ concurrency: 0 });
      const { id } = await watching.tasks.create(newTask(specOf([{ action: 'hold' }])));
      const ended = Promise.withResolvers<void>();
      const stop = new AbortController();
      watching.tasks.watch(id, {
        signal: stop.signal,
        onEvents: () => {
          void watching.tasks.events(id).then((events) => {
            if (events.at(-1)?.type === 'completion') ended.resolve();
            return null;
          });
        },
      });
      await world.start();
      (await hold.first()).go();
      await ended.promise;
      stop.abort();
    });
  });

  it('keeps what the template wrote, and what a task made', () => {
    const files: FakeAction = async ({ workspacePath }) => {
      await mkdir(join(workspacePath, '.git'));
      await writeFile(join(workspacePath, '.git/config'), 'not kept');
      await writeFile(join(workspacePath, 'README.md'), 'kept');
    };
    return withWorld({ files }, async (world) => {
      const { tasks, memory } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'files' }])));
      await memory.recordCreated({ taskId: id, entityRef: 'Component:default/Shop' });
      await memory.recordCreated({ taskId: id, entityRef: 'Component:default/Shop' });
      await reached(tasks, id, 'completed');
      const archive = await memory.base(id);
      assert.ok(archive !== null && archive[0] === 0x1f && archive[1] === 0x8b);
      const [created, ...others] = await memory.createdFrom('component:default/shop');
      assert.deepEqual(others, []);
      assert.deepEqual(created?.values, { name: 'shop' });
      assert.equal(created.templateRef, 'template:default/service');
      assert.equal(created.templateVersion, '1');
      assert.equal((await memory.createdBy(id)).length, 1);
      assert.deepEqual(await memory.createdFrom('component:default/other'), []);
      assert.equal(await memory.base('other'), null);
    });
  });

  it('counts tasks and steps', () =>
    withWorld({ write, fail }, async (world) => {
      const metrics = createMetrics();
      const { tasks } = await world.start({ metrics });
      const { id } = await tasks.create(newTask(specOf([{ action: 'write' }, { action: 'fail' }])));
      await reached(tasks, id, 'failed');
      await eventually(async () =>
        (await metrics.text()).includes('callboard_scaffolder_tasks_count{status="failed"} 1'),
      );
      const text = await metrics.text();
      assert.match(text, /callboard_scaffolder_task_seconds_count\{status="failed"\} 1/);
      assert.match(text, /callboard_scaffolder_step_seconds_count\{action="write",status="completed"\} 1/);
      assert.match(text, /callboard_scaffolder_step_seconds_count\{action="fail",status="failed"\} 1/);
    }));

  it('says that there is no such task', () =>
    withWorld({}, async (world) => {
      const { tasks } = await world.start();
      const missing = { code: 'scaffolder/task-not-found', status: 404 };
      await assert.rejects(tasks.get('x'), missing);
      await assert.rejects(tasks.events('x'), missing);
      await assert.rejects(tasks.cancel('x'), missing);
      await assert.rejects(tasks.retry('x', { secrets: {} }), missing);
      await assert.rejects(tasks.resume('x'), missing);
    }));

  it('bounds what a task may log', () => {
    const noise: FakeAction = (context) => {
      for (let line = 0; line < 20_010; line++) context.log(`line ${line}`);
    };
    return withWorld({ noise }, async (world) => {
      const { tasks } = await world.start();
      const { id } = await tasks.create(newTask(specOf([{ action: 'noise' }])));
      await reached(tasks, id, 'completed');
      const events = await tasks.events(id);
      const messages = events.map(({ body }) => body.message);
      assert.equal(events.length, 20_003);
      assert.match(messages[20_000] ?? '', /^The log is full/);
      assert.equal(messages[20_001], 'Finished step step-1');
    });
  });

  it('keeps the workspace folder of nobody but those who need it', () =>
    withWorld({ write }, async (world) => {
      const { tasks } = await world.start();
      const stray = join(world.folder, 'workspaces', 'stray');
      await mkdir(stray, { recursive: true });
      await writeFile(join(stray, 'x'), 'x');
      assert.equal(await tasks.sweep(), 0);
      assert.equal(await readFile(join(stray, 'x'), 'utf8'), 'x');
      world.pass(8 * 86_400_000);
      assert.equal(await tasks.sweep(), 1);
    }));
});
