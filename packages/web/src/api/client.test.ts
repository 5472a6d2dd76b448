import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createClient, type Client } from './client.ts';
import type { Session } from './session.ts';

interface Call {
  readonly method: string;
  readonly token: string | null;
  readonly body: string;
}

function clientFor(answers: readonly Response[]): { readonly client: Client; readonly calls: Call[] } {
  const calls: Call[] = [];
  const left = [...answers];
  const session: Pick<Session, 'token' | 'renew'> = {
    token: async () => 'old',
    renew: async (refused) => `${refused} renewed`,
  };
  const client = createClient({
    session,
    fetch: async (path, init) => {
      const request = new Request(new URL(path, 'http://portal.test'), init);
      request.signal.throwIfAborted();
      const token = request.headers.get('Authorization');
      calls.push({ method: request.method, token, body: await request.text() });
      const answer = left.shift();
      if (answer === undefined) throw new TypeError('connection refused');
      return answer;
    },
  });
  return { client, calls };
}

describe('createClient', () => {
  it('sends the token, and a body as JSON', async () => {
    const { client, calls } = clientFor([Response.json({ ok: true }), new Response(null)]);
    assert.deepEqual(await client({ path: '/api/a' }), { ok: true });
    assert.equal(await client({ path: '/api/b', body: { x: 1 } }), null);
    assert.deepEqual(calls, [
      { method: 'GET', token: 'Bearer old', body: '' },
      { method: 'POST', token: 'Bearer old', body: '{"x":1}' },
    ]);
  });

  it('renews a refused token once', async () => {
    const no = (): Response => Response.json({ error: { name: 'AuthenticationError' } }, { status: 401 });
    const second = clientFor([no(), Response.json(1)]);
    assert.equal(await second.client({ path: '/api/a' }), 1);
    assert.deepEqual(
      second.calls.map((call) => call.token),
      ['Bearer old', 'Bearer old renewed'],
    );
    const never = clientFor([no(), no(), no()]);
    await assert.rejects(never.client({ path: '/api/a' }), { status: 401 });
    assert.equal(never.calls.length, 2);
  });

  it('fails with the error of the server', async () => {
    const body = { error: { name: 'InputError', message: 'Invalid query' } };
    const { client } = clientFor([Response.json(body, { status: 400 })]);
    await assert.rejects(client({ path: '/api/a' }), {
      status: 400,
      name: 'InputError',
      message: 'Invalid query',
    });
  });

  it('fails with the status when the answer is no JSON', async () => {
    const { client } = clientFor([new Response('<h1>', { status: 502, statusText: 'Bad Gateway' })]);
    await assert.rejects(client({ path: '/api/a' }), { status: 502, message: '502 Bad Gateway' });
  });

  it('fails with status 0 when the server is not reached', async () => {
    const { client } = clientFor([]);
    await assert.rejects(client({ path: '/api/a' }), { status: 0, message: 'connection refused' });
  });

  it('fails with the code of the server', async () => {
    const body = {
      error: { name: 'NotFoundError', message: 'Nothing there', code: 'catalog/entity-not-found' },
    };
    const { client } = clientFor([Response.json(body, { status: 404 }), Response.json({}, { status: 500 })]);
    await assert.rejects(client({ path: '/api/a' }), { code: 'catalog/entity-not-found' });
    await assert.rejects(client({ path: '/api/a' }), { status: 500, code: null });
  });

  it('fails in words for a web page and for JSON that is cut off', async () => {
    const { client } = clientFor([new Response('<html><body>Log in'), new Response('{"items":[{"a"')]);
    await assert.rejects(client({ path: '/api/a' }), { status: 502, message: /web page instead of data/ });
    await assert.rejects(client({ path: '/api/a' }), { status: 502, message: /not JSON: it was cut off/ });
  });

  it('fails with status 0 when the connection breaks within the answer', async () => {
    const broken = new ReadableStream({
      start(controller) {
        controller.error(new TypeError('terminated'));
      },
    });
    const { client } = clientFor([new Response(broken)]);
    await assert.rejects(client({ path: '/api/a' }), { status: 0, message: 'terminated' });
  });

  it('fails with the abort itself when the caller takes the request back', async () => {
    const { client } = clientFor([]);
    const signal = AbortSignal.abort();
    await assert.rejects(client({ path: '/api/a', signal }), { name: 'AbortError' });
  });
});
