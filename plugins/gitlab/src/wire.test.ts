import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import { describe, it } from 'node:test';
import { createWire, type Send } from './wire.ts';

interface Wired extends AsyncDisposable {
  readonly send: Send;
  readonly seen: string[];
}

async function wired(listener: RequestListener, signal = new AbortController().signal): Promise<Wired> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const send = createWire({
    apiBaseUrl: `http://127.0.0.1:${port}/api/v4`,
    host: 'git.harbourline.example',
    login: ['private-token', 'hunter22'],
    secrets: ['hunter22'],
    fetch,
    signal,
  });
  return {
    send,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('createWire', () => {
  it('asks again when the forge is busy, and then takes its answer', async () => {
    const statuses = [429, 502, 200];
    await using wire = await wired((_, response) =>
      response.writeHead(statuses.shift() ?? 200, { 'retry-after': '0' }).end('{"id":1}'),
    );
    const { body } = await wire.send({ method: 'GET', path: 'user' });
    assert.deepEqual(body, { id: 1 });
    assert.equal(wire.seen.length, 3);
  });

  it('does not repeat what may have been done', async () => {
    await using wire = await wired((_, response) => response.writeHead(502).end());
    await assert.rejects(wire.send({ method: 'POST', path: 'projects' }), {
      code: 'scaffolder/forge-refused',
    });
    assert.equal(wire.seen.length, 1);
  });

  it('stops with the signal, also while it waits', async () => {
    const stop = new AbortController();
    await using wire = await wired((_, response) => {
      response.writeHead(429, { 'retry-after': '60' }).end();
      setImmediate(() => stop.abort(new Error('cancelled')));
    }, stop.signal);
    await assert.rejects(wire.send({ method: 'GET', path: 'user' }), /cancelled/);
    assert.equal(wire.seen.length, 1);
  });

  it('does not follow a redirect: the token would go with it', async () => {
    await using wire = await wired((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    );
    await assert.rejects(wire.send({ method: 'GET', path: 'user' }), /a token is not sent on/);
    assert.deepEqual(wire.seen, ['GET /api/v4/user']);
  });

  it('refuses what is no JSON, and what is too long', async () => {
    await using page = await wired((_, response) => response.end('<html>Sign in</html>'));
    await assert.rejects(page.send({ method: 'GET', path: 'user' }), { code: 'scaffolder/forge-answer' });
    await using long = await wired((_, response) => response.end(Buffer.alloc(17 * 1024 * 1024, 32)));
    await assert.rejects(long.send({ method: 'GET', path: 'user' }), { code: 'scaffolder/forge-answer' });
  });

  it('says what GitLab said, by field, without the token', async () => {
    const message = { name: ['is taken', 'is hunter22'], base: ['no'] };
    await using wire = await wired((_, response) => response.writeHead(400).end(JSON.stringify({ message })));
    await assert.rejects(wire.send({ method: 'POST', path: 'projects/a%2Fb/issues' }), {
      message:
        'GitLab at git.harbourline.example refused POST projects/a/b/issues with 400: name is taken, is ***; base no. Correct the step and retry it.',
    });
  });

  it('sends fields and queries under the names of GitLab', async () => {
    let text = '';
    await using wire = await wired((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => response.end('{}'));
    });
    const body = { mergeMethod: 'ff', actions: [{ filePath: 'a' }], variables: { someName: 'x' } };
    await wire.send({
      method: 'POST',
      path: 'x',
      query: { perPage: 2, ids: [1, 2], filter: { a: 'b' } },
      body,
    });
    assert.equal(wire.seen[0], 'POST /api/v4/x?per_page=2&ids%5B%5D=1&ids%5B%5D=2&filter%5Ba%5D=b');
    assert.deepEqual(JSON.parse(text), {
      merge_method: 'ff',
      actions: [{ file_path: 'a' }],
      variables: { someName: 'x' },
    });
  });

  it('ends when a step asks without end', async () => {
    const send = createWire({
      apiBaseUrl: 'http://127.0.0.1:1',
      host: 'git.harbourline.example',
      login: ['private-token', 'x'],
      secrets: [],
      fetch: async () => new Response('{}'),
      signal: new AbortController().signal,
    });
    const endless = async (): Promise<never> => {
      for (;;) await send({ method: 'GET', path: 'user' });
    };
    await assert.rejects(endless(), { code: 'scaffolder/too-large' });
  });
});
