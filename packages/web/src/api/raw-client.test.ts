import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRawClient, type RawClient } from './raw-client.ts';

interface Call {
  readonly token: string | null;
  readonly accept: string | null;
  readonly last: string | null;
}

function clientFor(answers: readonly Response[]): { readonly raw: RawClient; readonly calls: Call[] } {
  const calls: Call[] = [];
  const left = [...answers];
  const raw = createRawClient({
    session: { token: async () => 'old', renew: async (refused) => `${refused} renewed` },
    fetch: async (_path, init) => {
      init?.signal?.throwIfAborted();
      const headers = new Headers(init?.headers);
      calls.push({
        token: headers.get('Authorization'),
        accept: headers.get('Accept'),
        last: headers.get('Last-Event-ID'),
      });
      const answer = left.shift();
      if (answer === undefined) throw new TypeError('connection refused');
      return answer;
    },
  });
  return { raw, calls };
}

const REQUEST = {
  path: '/api/x',
  accept: 'text/plain',
  headers: { 'Last-Event-ID': '7' },
  signal: new AbortController().signal,
};

describe('createRawClient', () => {
  it('answers with the response as it is, asked for with the token', async () => {
    const { raw, calls } = clientFor([new Response('# no JSON')]);
    assert.equal(await (await raw(REQUEST)).text(), '# no JSON');
    assert.deepEqual(calls, [{ token: 'Bearer old', accept: 'text/plain', last: '7' }]);
  });

  it('renews a refused token once', async () => {
    const no = (): Response => Response.json({}, { status: 401 });
    const { raw, calls } = clientFor([no(), new Response('in')]);
    assert.equal(await (await raw(REQUEST)).text(), 'in');
    assert.deepEqual(
      calls.map(({ token }) => token),
      ['Bearer old', 'Bearer old renewed'],
    );
    await assert.rejects(clientFor([no(), no()]).raw(REQUEST), { status: 401 });
  });

  it('fails with the error of the server, and with status 0 when it is not reached', async () => {
    const error = { name: 'NotFoundError', message: 'No record', code: 'images/record-not-found' };
    const { raw } = clientFor([Response.json({ error }, { status: 404 })]);
    await assert.rejects(raw(REQUEST), { status: 404, code: 'images/record-not-found' });
    await assert.rejects(raw(REQUEST), { status: 0, message: 'connection refused' });
  });

  it('fails with the abort itself when the caller takes the request back', async () => {
    await assert.rejects(clientFor([]).raw({ ...REQUEST, signal: AbortSignal.abort() }), {
      name: 'AbortError',
    });
  });
});
