import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createConnection, type Connection } from './connection.ts';

interface Place {
  readonly connection: Connection;
  readonly asked: string[];
  readonly seen: boolean[];
  /** What waits for its time, with that time. */
  readonly waiting: { readonly run: () => void; readonly ms: number }[];
  /** Runs what waits, and resolves when its outcome is known. */
  readonly pass: () => Promise<void>;
  answer: () => Response;
}

function place(): Place {
  const asked: string[] = [];
  const seen: boolean[] = [];
  const waiting: { readonly run: () => void; readonly ms: number }[] = [];
  const here: Place = {
    asked,
    seen,
    waiting,
    connection: createConnection({
      fetch: async (path, init) => {
        init?.signal?.throwIfAborted();
        asked.push(path);
        return here.answer();
      },
      later: (run, ms) => {
        const entry = { run, ms };
        waiting.push(entry);
        return () => {
          const at = waiting.indexOf(entry);
          if (at !== -1) waiting.splice(at, 1);
        };
      },
    }),
    async pass() {
      for (const { run } of waiting.splice(0)) run();
      // Asks for the outcome of the check that has begun; there is no second one.
      await here.connection.check();
    },
    answer: () => Response.json(1),
  };
  here.connection.subscribe(() => seen.push(here.connection.isThere()));
  return here;
}

const gone = (): Response => {
  throw new TypeError('connection refused');
};

describe('createConnection', () => {
  it('is lost when the server does not answer twice, and asks until it does', async () => {
    const here = place();
    here.answer = gone;
    await assert.rejects(here.connection.fetch('/api/a'));
    assert.equal(here.connection.isThere(), true);
    await here.pass();
    assert.equal(here.connection.isThere(), false);
    await here.pass();
    here.answer = () => Response.json(1);
    await here.pass();
    assert.equal(here.connection.isThere(), true);
    assert.equal(here.waiting.length, 0);
    assert.deepEqual(here.seen, [false, true]);
  });

  it('takes one failure for none when the server answers after it', async () => {
    const here = place();
    here.answer = gone;
    await assert.rejects(here.connection.fetch('/api/a'));
    here.answer = () => Response.json({}, { status: 500 });
    await here.connection.fetch('/api/b');
    assert.equal(here.waiting.length, 0);
    assert.deepEqual(here.seen, []);
  });

  it('does not believe a proxy that answers for a portal that is away', async () => {
    const here = place();
    here.answer = () => new Response('<h1>', { status: 502 });
    assert.equal((await here.connection.fetch('/api/a')).status, 502);
    await here.pass();
    assert.equal(here.connection.isThere(), false);
  });

  it('is not in doubt when a request is taken back', async () => {
    const here = place();
    await assert.rejects(here.connection.fetch('/api/a', { signal: AbortSignal.abort() }));
    assert.equal(here.waiting.length, 0);
  });

  it('is there again as soon as any request is answered', async () => {
    const here = place();
    here.answer = gone;
    await here.connection.check();
    assert.equal(here.connection.isThere(), false);
    here.answer = () => Response.json(1);
    await here.connection.fetch('/api/a');
    assert.equal(here.connection.isThere(), true);
    assert.equal(here.waiting.length, 0);
  });
});
