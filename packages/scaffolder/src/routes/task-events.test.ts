import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isObject } from '@callboard/model';
import { readEvents, type SentEvent } from '../../../kernel/src/http/event-reader.fixture.ts';
import { ANNA, openPortal, type ScaffolderPortal } from './portal.fixture.ts';
import { taskEventStream } from './task-events.ts';
import { createFakeTasks, line, type FakeTasks } from './tasks.fixture.ts';

const END = { type: 'completion', body: { message: 'Run completed with status: completed' } } as const;

async function open(portal: ScaffolderPortal, path: string, init: RequestInit = {}): Promise<Response> {
  const { headers, ...rest } = init;
  return fetch(`${portal.url}${path}`, { ...rest, headers: { ...ANNA, ...Object(headers) } });
}

/** Waits until something holds, a turn of the event loop at a time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

async function all(response: Response): Promise<readonly SentEvent[]> {
  const events: SentEvent[] = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

const kinds = (events: readonly SentEvent[]): readonly (readonly [string, string | null])[] =>
  events.map(({ event, id }) => [event, id]);

function endTask(tasks: FakeTasks, id: string): void {
  tasks.say(id, END);
  tasks.change(id, { status: 'completed' });
}

describe('GET /v2/tasks/{taskId}/eventstream', () => {
  it('sends what happened and what happens, and ends with the task', async () => {
    await using portal = await openPortal();
    const { tasks } = portal;
    tasks.say('runs', line('one', { stepId: 'fetch', status: 'processing' }));
    const response = await open(portal, '/v2/tasks/runs/eventstream');
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    const events = readEvents(response);
    const { value: first } = await events.next();
    assert.deepEqual(first, {
      event: 'log',
      id: '1',
      data: {
        id: 1,
        taskId: 'runs',
        type: 'log',
        createdAt: '1970-01-01T00:00:02.000Z',
        body: { message: 'one', stepId: 'fetch', status: 'processing' },
      },
    });
    tasks.say('runs', line('two\n\u2028"'));
    assert.deepEqual((await events.next()).value?.id, '2');
    tasks.say('done', line('of another task'));
    endTask(tasks, 'runs');
    assert.deepEqual(kinds([(await events.next()).value ?? { event: '', id: null, data: null }]), [
      ['completion', '4'],
    ]);
    assert.equal((await events.next()).done, true);
    await until(() => tasks.watching === 0);
  });

  it('goes on after what the reader has, also when a browser connects again', async () => {
    await using portal = await openPortal();
    const { tasks } = portal;
    for (const text of ['one', 'two', 'three']) tasks.say('runs', line(text));
    endTask(tasks, 'runs');
    const asked = await open(portal, '/v2/tasks/runs/eventstream?after=2');
    assert.deepEqual(kinds(await all(asked)), [
      ['log', '3'],
      ['completion', '4'],
    ]);
    const again = await open(portal, '/v2/tasks/runs/eventstream?after=1', {
      headers: { 'last-event-id': '3' },
    });
    assert.deepEqual(kinds(await all(again)), [['completion', '4']]);
  });

  it('tells the end of a task once more to who has it already', async () => {
    await using portal = await openPortal();
    endTask(portal.tasks, 'runs');
    const late = await open(portal, '/v2/tasks/runs/eventstream?after=99');
    assert.deepEqual(kinds(await all(late)), [['completion', '1']]);
    assert.deepEqual(kinds(await all(await open(portal, '/v2/tasks/failed/eventstream'))), []);
  });

  it('stays open for a task that Backstage would start over', async () => {
    await using portal = await openPortal({ heartbeat: 1, poll: 1 });
    endTask(portal.tasks, 'over');
    const stop = new AbortController();
    const events = readEvents(await open(portal, '/v2/tasks/over/eventstream', { signal: stop.signal }));
    const { value } = await events.next();
    assert.equal(isObject(value?.data) && value.data['isTaskRecoverable'], true);
    assert.equal((await events.next()).value?.event, 'comment');
    portal.tasks.change('over', { status: 'processing' });
    portal.tasks.say('over', { type: 'recovered', body: { message: 'Again.' } });
    let next = (await events.next()).value;
    while (next?.event === 'comment') next = (await events.next()).value;
    assert.equal(next?.event, 'recovered');
    stop.abort();
    await until(() => portal.tasks.watching === 0);
  });

  it('says a comment in silence', async () => {
    await using portal = await openPortal({ heartbeat: 1, poll: 1 });
    const stop = new AbortController();
    const events = readEvents(await open(portal, '/v2/tasks/runs/eventstream', { signal: stop.signal }));
    assert.equal((await events.next()).value?.event, 'comment');
    assert.equal((await events.next()).value?.event, 'comment');
    stop.abort();
  });

  it('leaves nothing behind when readers go away', async () => {
    await using portal = await openPortal();
    portal.tasks.say('runs', line('one'));
    const stop = new AbortController();
    const readers = await Promise.all(
      Array.from({ length: 20 }, () => open(portal, '/v2/tasks/runs/eventstream', { signal: stop.signal })),
    );
    await until(() => portal.tasks.watching === 20);
    assert.ok(readers.every(({ ok }) => ok));
    stop.abort();
    await until(() => portal.tasks.watching === 0);
  });

  it('ends when the server closes', async () => {
    const portal = await openPortal();
    portal.tasks.say('runs', line('one'));
    const response = await open(portal, '/v2/tasks/runs/eventstream');
    const poll = open(portal, '/v2/tasks/runs/events?after=1');
    await until(() => portal.tasks.watching === 2);
    await portal[Symbol.asyncDispose]();
    assert.equal((await all(response)).length, 1);
    assert.deepEqual(await (await poll).json(), []);
    assert.equal(portal.tasks.watching, 0);
  });

  it('is an error, and no stream, where there is no task or the number is none', async () => {
    await using portal = await openPortal();
    for (const path of ['eventstream', 'events']) {
      assert.equal((await open(portal, `/v2/tasks/none/${path}`)).status, 404);
      assert.equal((await open(portal, `/v2/tasks/%00/${path}`)).status, 404);
      assert.equal((await open(portal, `/v2/tasks/runs/${path}?after=x`)).status, 400);
      assert.equal((await open(portal, `/v2/tasks/runs/${path}?after=1&after=2`)).status, 400);
    }
    const headers = { 'last-event-id': 'x' };
    assert.equal((await open(portal, '/v2/tasks/runs/eventstream', { headers })).status, 400);
    assert.equal(portal.tasks.watching, 0);
  });
});

describe('GET /v2/tasks/{taskId}/events', () => {
  it('answers at once with what there is, and else as soon as there is something', async () => {
    await using portal = await openPortal();
    const { tasks } = portal;
    tasks.say('runs', line('one'));
    const now: unknown = await (await open(portal, '/v2/tasks/runs/events')).json();
    assert.deepEqual(now, [
      { id: 1, taskId: 'runs', type: 'log', createdAt: '1970-01-01T00:00:02.000Z', body: { message: 'one' } },
    ]);
    const later = open(portal, '/v2/tasks/runs/events?after=1');
    await until(() => tasks.watching === 1);
    tasks.say('runs', line('two'));
    const events: unknown = await (await later).json();
    assert.ok(Array.isArray(events) && events.length === 1);
    assert.equal(tasks.watching, 0);
  });

  it('gives up after a while, with nothing', async () => {
    await using portal = await openPortal({ heartbeat: 1, poll: 1 });
    assert.deepEqual(await (await open(portal, '/v2/tasks/runs/events')).json(), []);
    assert.equal(portal.tasks.watching, 0);
  });

  it('tells the end of a task to who has it already, so that nobody waits for it', async () => {
    await using portal = await openPortal();
    endTask(portal.tasks, 'runs');
    const events: unknown = await (await open(portal, '/v2/tasks/runs/events?after=7')).json();
    assert.ok(Array.isArray(events) && isObject(events[0]) && events[0]['type'] === 'completion');
  });

  it('waits no longer for who went away', async () => {
    await using portal = await openPortal();
    const stop = new AbortController();
    const poll = open(portal, '/v2/tasks/runs/events', { signal: stop.signal });
    await until(() => portal.tasks.watching === 1);
    stop.abort();
    await assert.rejects(poll);
    await until(() => portal.tasks.watching === 0);
  });
});

describe('taskEventStream', () => {
  it('keeps neither a watcher nor a timer, whatever it does when it is destroyed', async () => {
    const tasks = createFakeTasks();
    tasks.put({ id: 'runs' });
    for (let count = 0; count < 1_000; count += 1) tasks.say('runs', line('x'.repeat(200)));
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const before = timers();
    for (let turns = 0; turns < 12; turns += 1) {
      const stop = new AbortController();
      const stream = taskEventStream({ tasks, id: 'runs', after: 0, stop, silence: 3_600_000 });
      stream.resume();
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      stream.destroy();
      await until(() => tasks.watching === 0 && timers() === before);
    }
  });
});
