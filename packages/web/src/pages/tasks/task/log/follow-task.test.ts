import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../../../api/error.ts';
import type { RawClient } from '../../../../api/raw-client.ts';
import { followTask } from './follow-task.ts';

function event(id: number, type = 'log'): string {
  const data = {
    id,
    taskId: 't 1',
    type,
    createdAt: '2027-01-01T00:00:00Z',
    body: { message: `text ${id}` },
  };
  return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

function stream(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
}

interface Followed {
  readonly said: readonly string[];
  /** The query of each request. */
  readonly asked: readonly string[];
  readonly pauses: readonly number[];
}

async function follow(
  answers: readonly (Response | Error)[],
  {
    after = null,
    over = [true],
  }: { readonly after?: number | null; readonly over?: readonly boolean[] } = {},
): Promise<Followed> {
  const said: string[] = [];
  const asked: string[] = [];
  const pauses: number[] = [];
  const left = [...answers];
  const isOver = [...over];
  const leave = new AbortController();
  const raw: RawClient = async ({ path }) => {
    assert.match(path, /^\/api\/scaffolder\/v2\/tasks\/t%201\/eventstream/);
    asked.push(path.split('?')[1] ?? '');
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return answer;
    leave.abort();
    throw new DOMException('gone', 'AbortError');
  };
  await followTask(
    {
      raw,
      pause: async (ms) => void pauses.push(ms),
      isOver: async () => isOver.shift() ?? true,
    },
    {
      taskId: 't 1',
      after,
      signal: leave.signal,
      onEvent: ({ message }) => said.push(message),
      onState: (state) => said.push(`(${state})`),
    },
  );
  return { said, asked, pauses };
}

describe('followTask', () => {
  it('tells each event until the stream ends with the task', async () => {
    const { said, asked } = await follow([stream(`${event(1)}${event(2)}${event(3, 'completion')}`)]);
    assert.deepEqual(said, ['(connecting)', '(live)', 'text 1', 'text 2', '(ended)', 'text 3']);
    assert.deepEqual(asked, ['']);
  });

  it('goes on after the last event when the stream ends before the task, and tells none twice', async () => {
    const { said, asked } = await follow(
      [stream(`${event(4)}${event(5)}`), stream(`${event(5)}${event(6)}`)],
      { after: 3, over: [false, true] },
    );
    assert.deepEqual(asked, ['after=3', 'after=5']);
    assert.deepEqual(said, [
      '(connecting)',
      '(live)',
      'text 4',
      'text 5',
      '(broken)',
      '(live)',
      'text 6',
      '(ended)',
    ]);
  });

  it('waits longer each time while the server is away, and shortly again after an event', async () => {
    const away = new ApiError(503, 'ResponseError', 'away');
    const { pauses } = await follow([away, away, stream(event(1)), away, stream('')], {
      over: [false, true],
    });
    assert.deepEqual(pauses, [500, 1_000, 500, 1_000]);
  });

  it('is live again when something comes after an end', async () => {
    const { said } = await follow([stream(`${event(1, 'completion')}${event(2)}${event(3, 'completion')}`)]);
    assert.deepEqual(said, [
      '(connecting)',
      '(live)',
      '(ended)',
      'text 1',
      '(live)',
      'text 2',
      '(ended)',
      'text 3',
    ]);
  });

  it('leaves out what is no event', async () => {
    const { said } = await follow([stream(`: hello\n\ndata: {"id": "x"}\n\ndata: nonsense\n\n${event(1)}`)]);
    assert.deepEqual(said, ['(connecting)', '(live)', 'text 1', '(ended)']);
  });

  it('gives up where asking again would not help', async () => {
    await assert.rejects(follow([new ApiError(404, 'NotFoundError', 'no such task')]), { status: 404 });
    await assert.rejects(follow([new Response('<html>', { headers: { 'Content-Type': 'text/html' } })]), {
      name: 'AnswerError',
    });
  });

  it('ends quietly when it is left', async () => {
    const { said } = await follow([]);
    assert.deepEqual(said, ['(connecting)']);
  });
});
