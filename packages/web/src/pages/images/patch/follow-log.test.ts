import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '../../../api/error.ts';
import type { RawClient } from '../../../api/raw-client.ts';
import { followLog } from './follow-log.ts';

function line(number: number): string {
  return `id: ${number}\nevent: line\ndata: ${JSON.stringify({ number, at: 5, text: `text ${number}` })}\n\n`;
}

const END = 'event: end\ndata: {}\n\n';

function stream(text: string): Response {
  return new Response(text, { headers: { 'Content-Type': 'text/event-stream; charset=utf-8' } });
}

interface Followed {
  readonly said: readonly string[];
  /** `Last-Event-ID` of each request. */
  readonly asked: readonly (string | null)[];
  readonly pauses: readonly number[];
}

async function follow(answers: readonly (Response | Error)[], after = 0): Promise<Followed> {
  const said: string[] = [];
  const asked: (string | null)[] = [];
  const pauses: number[] = [];
  const left = [...answers];
  const leave = new AbortController();
  const raw: RawClient = async ({ path, headers }) => {
    assert.equal(path, '/api/images/patches/p%201/log');
    asked.push(headers?.['Last-Event-ID'] ?? null);
    const answer = left.shift();
    if (answer instanceof Error) throw answer;
    if (answer !== undefined) return answer;
    leave.abort();
    throw new DOMException('gone', 'AbortError');
  };
  await followLog(
    { raw, pause: async (ms) => void pauses.push(ms) },
    {
      patchId: 'p 1',
      after,
      signal: leave.signal,
      onLine: ({ text }) => said.push(text),
      onChange: () => said.push('change'),
      onState: (state) => said.push(`(${state})`),
    },
  );
  return { said, asked, pauses };
}

describe('followLog', () => {
  it('tells lines and changes until the end', async () => {
    const { said } = await follow([stream(`${line(1)}event: patch\ndata: {}\n\n${line(2)}${END}`)]);
    assert.deepEqual(said, ['(connecting)', '(live)', 'text 1', 'change', 'text 2', '(ended)']);
  });

  it('goes on after the last line when the stream breaks, and tells no line twice', async () => {
    const { said, asked } = await follow([
      stream(line(1) + line(2)),
      new ApiError(0, 'NetworkError', 'refused'),
      stream(line(2) + line(3) + END),
    ]);
    assert.deepEqual(asked, [null, '2', '2']);
    assert.deepEqual(
      said.filter((text) => text.startsWith('text')),
      ['text 1', 'text 2', 'text 3'],
    );
    assert.equal(said.at(-1), '(ended)');
  });

  it('begins after a line that is known', async () => {
    const { said, asked } = await follow([stream(line(3) + line(4) + END)], 3);
    assert.deepEqual(asked, ['3']);
    assert.ok(!said.includes('text 3') && said.includes('text 4'));
  });

  it('asks ever more slowly, and soon again once something came', async () => {
    const down = (): Error => new ApiError(503, 'Error', 'starting');
    const { pauses } = await follow([
      down(),
      down(),
      down(),
      down(),
      down(),
      down(),
      stream(line(1)),
      stream(END),
    ]);
    assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 1_000]);
  });

  it('leaves out what it cannot read', async () => {
    const broken =
      'event: line\ndata: {half\n\nevent: line\ndata: {"number":"x"}\n\nevent: news\ndata: 1\n\n';
    const { said } = await follow([stream(broken + line(1) + END)]);
    assert.deepEqual(said, ['(connecting)', '(live)', 'text 1', '(ended)']);
  });

  it('gives up when asking again would not help', async () => {
    const missing = new ApiError(404, 'NotFoundError', 'There is no patch', {
      code: 'images/patch-not-found',
    });
    await assert.rejects(follow([missing]), { status: 404 });
    await assert.rejects(follow([Response.json({ items: [] })]), { name: 'AnswerError' });
  });

  it('ends without a word when it is told to', async () => {
    const { said } = await follow([]);
    assert.deepEqual(said, ['(connecting)']);
  });
});
