import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { runLoad } from './load.ts';

interface Listening {
  readonly url: string;
  [Symbol.asyncDispose](): Promise<void>;
}

async function serve(listener: RequestListener): Promise<Listening> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  assert.ok(address !== null && typeof address !== 'string');
  return address.port;
}

const SHORT = { seconds: 0.2, warmupSeconds: 0.05, connections: 2 };

describe('runLoad', () => {
  it('counts answers and body bytes, sized and chunked, over all paths in turn', async () => {
    const asked = new Map<string, number>();
    await using server = await serve((request, response) => {
      asked.set(request.url ?? '', (asked.get(request.url ?? '') ?? 0) + 1);
      if (request.url === '/sized') response.setHeader('content-length', 10);
      response.write('12345');
      response.end('67890');
    });
    const report = await runLoad({ url: server.url, paths: ['/sized', '/chunked'], ...SHORT });
    assert.equal(report.errors, 0, report.firstError ?? '');
    assert.ok(report.requests > 0);
    assert.equal(report.bytes, report.requests * 10);
    assert.ok(report.requestsPerSecond > 0);
    assert.ok(report.p50 > 0 && report.p50 <= report.p99 && report.p99 <= report.max * 1.01);
    assert.deepEqual([...asked.keys()].toSorted(), ['/chunked', '/sized']);
    assert.ok(Math.abs((asked.get('/sized') ?? 0) - (asked.get('/chunked') ?? 0)) <= 1);
  });

  it('keeps its connections, and sends the method, the headers and the body', async () => {
    const sockets = new Set<unknown>();
    const seen = new Set<string>();
    await using server = await serve((request, response) => {
      sockets.add(request.socket);
      request.setEncoding('utf8').once('data', (body) => {
        seen.add(`${request.method} ${request.url} ${String(request.headers['x-token'])} ${body}`);
        response.end('ok');
      });
    });
    const options = {
      url: server.url,
      path: '/q?a=1',
      method: 'POST',
      headers: { 'X-Token': 'k' },
      body: '{"é":1}',
    };
    const report = await runLoad({ ...options, ...SHORT });
    assert.equal(report.errors, 0, report.firstError ?? '');
    assert.deepEqual([...seen], ['POST /q?a=1 k {"é":1}']);
    assert.equal(sockets.size, 2);
  });

  it('connects again when the server closes after an answer, which is no error', async () => {
    await using server = await serve((_request, response) => {
      response.setHeader('connection', 'close').end('bye');
    });
    const report = await runLoad({ url: server.url, ...SHORT });
    assert.equal(report.errors, 0, report.firstError ?? '');
    assert.ok(report.requests > 2);
  });

  it('counts answers that are not good as errors and gives up on a server that has no others', async () => {
    await using server = await serve((_request, response) => {
      response.writeHead(503).end();
    });
    const report = await runLoad({ url: server.url, ...SHORT, seconds: 60 });
    assert.equal(report.requests, 0);
    assert.equal(report.requestsPerSecond, 0);
    assert.ok(report.errors >= 200);
    assert.equal(report.firstError, 'status 503');
  });

  it('counts a request that is never answered', async () => {
    const server = createSocketServer((socket) => socket.on('error', () => undefined).resume()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const report = await runLoad({ url: `http://127.0.0.1:${portOf(server.address())}`, ...SHORT });
    server.close();
    assert.equal(report.errors, 2);
    assert.equal(report.firstError, 'no answer');
  });

  it('refuses a host that is not loopback, and options out of bounds', async () => {
    await assert.rejects(runLoad({ url: 'http://192.0.2.1/' }), /loopback addresses only/);
    const url = 'http://127.0.0.1:9';
    await assert.rejects(runLoad({ url, connections: 257 }), /connections/);
    await assert.rejects(runLoad({ url, seconds: 121 }), /seconds/);
    await assert.rejects(runLoad({ url, paths: [] }), /paths/);
    await assert.rejects(runLoad({ url, path: '/a\r\nX: y' }), /path/);
    await assert.rejects(runLoad({ url, headers: { a: 'b\r\nc: d' } }), /headers/);
  });
});
