import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, it } from 'node:test';
import { askHttp, type HttpAnswer } from './ask-http.ts';
import { createRequester } from './requester.ts';
import { SOURCE_DEFAULTS, type SourceEndpoint, type SourceSettings } from './source-settings.ts';
import { targetOf } from './target-url.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const SECRET = 'Bearer hunter22-of-the-portal';

interface World extends AsyncDisposable {
  readonly origin: string;
  readonly asked: readonly IncomingMessage[];
  ask(
    path: string,
    options?: Partial<SourceEndpoint> & { readonly signal?: AbortSignal },
  ): Promise<HttpAnswer>;
  /** As a host that a template names. */
  askAllowed(host: string): Promise<HttpAnswer>;
}

/** A server on loopback that answers like this. */
async function serve(handler: Handler): Promise<World> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    handler(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const origin = `http://127.0.0.1:${port}`;
  const send = createRequester();
  const settingsOf = (endpoint: SourceEndpoint, host: string): SourceSettings => ({
    endpoints: new Map([['inventory', endpoint]]),
    allow: [{ host, paths: null }],
  });
  const endpoint: SourceEndpoint = {
    target: `${origin}/base`,
    headers: { Authorization: SECRET },
    methods: ['GET', 'POST'],
    paths: null,
    allowedHeaders: null,
    rewrites: [],
    ...SOURCE_DEFAULTS,
  };
  const question = { method: 'GET', headers: {}, body: null } as const;
  return {
    origin,
    asked,
    ask: (url, { signal = new AbortController().signal, ...options } = {}) => {
      const settings = settingsOf({ ...endpoint, ...options }, 'none');
      const target = targetOf(settings, { endpoint: 'inventory', url, method: 'GET' });
      return askHttp(send, { ...question, target, signal });
    },
    askAllowed: (host) => {
      const url = `http://${host}:${port}/base`;
      const target = targetOf(settingsOf(endpoint, `${host}:${port}`), {
        endpoint: null,
        url,
        method: 'GET',
      });
      return askHttp(send, { ...question, target, signal: new AbortController().signal });
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

/** The message, which never holds a secret. */
async function failureOf(asked: Promise<unknown>): Promise<string> {
  let message = '';
  await assert.rejects(asked, (error: Error & { code?: string }) => {
    assert.equal(error.code, 'scaffolder/source-failed', error.message);
    ({ message } = error);
    return true;
  });
  assert.ok(!message.includes('hunter22'), message);
  assert.ok(message.length < 400, message);
  return message;
}

describe('askHttp', () => {
  it('sends the headers of the endpoint, and takes JSON', async () => {
    await using world = await serve((_request, response) => json(response, { accounts: [1] }));
    const { body } = await world.ask('/accounts?team=a');
    assert.deepEqual(body, { accounts: [1] });
    const [request] = world.asked;
    assert.deepEqual([request?.url, request?.headers.authorization], ['/base/accounts?team=a', SECRET]);
  });

  it('takes other types of JSON, and nothing as null', async () => {
    await using world = await serve((request, response) => {
      if (request.url === '/base/none') response.writeHead(204).end();
      else response.writeHead(200, { 'content-type': 'application/hal+json' }).end('\uFEFF{"a":1}');
    });
    assert.deepEqual((await world.ask('/hal')).body, { a: 1 });
    assert.deepEqual((await world.ask('/none')).body, null);
  });

  it('says of each bad answer what it is and what was expected', async () => {
    await using world = await serve((request, response) => {
      const path = request.url?.slice('/base/'.length) ?? '';
      if (path === 'html') response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
      else if (path === 'untyped') response.writeHead(200).end('{}');
      else if (path === 'broken')
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":');
      else if (path === 'deep') {
        const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
        response.writeHead(200, { 'content-type': 'application/json' }).end(deep);
      } else json(response, { message: `Not with ${SECRET}. ${'x'.repeat(1_000)}` }, Number(path));
    });
    assert.match(await failureOf(world.ask('/html')), /answered 200 with text\/html; JSON was expected/);
    assert.match(await failureOf(world.ask('/untyped')), /200 with no content type; JSON was expected/);
    assert.match(await failureOf(world.ask('/broken')), /cannot be read as JSON/);
    assert.match(await failureOf(world.ask('/deep')), /cannot be read as JSON/);
    assert.match(await failureOf(world.ask('/401')), /"inventory".*\(401\).*credentials/);
    assert.match(await failureOf(world.ask('/403')), /\(403\)/);
    assert.match(await failureOf(world.ask('/404')), /\(404\)/);
    assert.match(await failureOf(world.ask('/429')), /\(429\)/);
    assert.match(await failureOf(world.ask('/500')), /answered 500: Not with \*\*\*.*JSON with 200/);
  });

  it('stops at the limit, whether the size is declared or not', async () => {
    await using world = await serve((request, response) => {
      const chunk = Buffer.alloc(64 * 1_024, 'x');
      const length = request.url?.endsWith('declared') === true ? { 'content-length': 10_000_000 } : {};
      response.writeHead(200, { 'content-type': 'application/json', ...length });
      let left = 10_000_000;
      const more = (): void => {
        while (left > 0 && !response.destroyed) {
          const part = chunk.subarray(0, Math.min(left, chunk.length));
          left -= part.length;
          if (!response.write(part)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    assert.match(await failureOf(world.ask('/declared')), /more than 2000000 bytes/);
    assert.match(await failureOf(world.ask('/streamed', { maxSize: 100_000 })), /more than 100000 bytes/);
  });

  it('ends in time what hangs, and what drips', async () => {
    const timers = new Set<NodeJS.Timeout>();
    await using world = await serve((request, response) => {
      if (request.url === '/base/hang') return;
      response.writeHead(200, { 'content-type': 'application/json' }).write('[');
      timers.add(setInterval(() => response.write(' '), 5));
    });
    assert.match(await failureOf(world.ask('/hang', { timeout: 60 })), /within 60 ms/);
    assert.match(await failureOf(world.ask('/drip', { timeout: 60 })), /within 60 ms/);
    for (const timer of timers) clearInterval(timer);
  });

  it('breaks off when nobody waits', async () => {
    const stop = new AbortController();
    await using world = await serve(() => stop.abort());
    await assert.rejects(world.ask('/hang', { signal: stop.signal }), { name: 'AbortError' });
  });

  it('follows redirects that stay inside, and no others', async () => {
    await using other = await serve((_request, response) => json(response, { stolen: true }));
    await using world = await serve((request, response) => {
      const to = new Map([
        ['/base/inside', '/base/accounts'],
        ['/base/elsewhere', `${other.origin}/base/accounts`],
        ['/base/above', '/admin'],
        ['/base/loop', '/base/loop'],
      ]).get(request.url ?? '');
      if (to === undefined) json(response, [1]);
      else response.writeHead(302, { location: to }).end();
    });
    assert.deepEqual((await world.ask('/inside')).body, [1]);
    assert.match(await failureOf(world.ask('/elsewhere')), /redirects to another place/);
    assert.match(await failureOf(world.ask('/above')), /redirects to another place/);
    assert.match(await failureOf(world.ask('/loop')), /redirects more than 3 times/);
    assert.deepEqual(other.asked, [], 'nothing was sent there');
  });

  it('reaches hosts that templates name only at public addresses', async () => {
    await using world = await serve((_request, response) => json(response, [1]));
    // As URLs write them: loopback, metadata of clouds, and IPv4 addresses inside of IPv6 ones.
    const hosts = [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '169.254.169.254',
      '[::ffff:7f00:1]',
      '[64:ff9b::a00:1]',
    ];
    for (const host of hosts) {
      assert.match(await failureOf(world.askAllowed(host)), /not public/, host);
    }
    assert.deepEqual(world.asked, []);
  });

  it('says when nothing is there', async () => {
    const gone = await serve(() => undefined);
    await gone[Symbol.asyncDispose]();
    assert.match(await failureOf(gone.ask('/accounts')), /cannot be reached: nothing listens there/);
  });
});
