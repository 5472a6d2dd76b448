import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import fastify from 'fastify';
import { createBell, holdStreams, toEventStream } from './event-stream.ts';

async function* untilStopped(signal: AbortSignal): AsyncGenerator<string, void> {
  const bell = createBell(signal);
  yield ': listening\n\n';
  while (!signal.aborted) await bell.wait(60_000);
}

describe('holdStreams', () => {
  it('ends streams that are open when the server closes', async () => {
    const app = fastify();
    const streams = holdStreams(app);
    app.get('/events', async (_request, reply) => {
      const stop = streams.open();
      return streams.send(reply, toEventStream(untilStopped(stop.signal), stop));
    });
    const response = await fetch(`${await app.listen({ port: 0, host: '127.0.0.1' })}/events`);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    assert.equal(response.headers.get('connection'), 'close');
    assert.equal(streams.isClosing(), false);
    await app.close();
    assert.equal(await response.text(), ': listening\n\n');
    assert.equal(streams.isClosing(), true);
    assert.equal(streams.open().signal.aborted, true, 'what comes too late');
  });

  it('leaves what a route says of caches', async () => {
    const app = fastify();
    const streams = holdStreams(app);
    app.get('/events', async (_request, reply) =>
      streams.send(reply.header('cache-control', 'no-store'), Readable.from([': nothing\n\n'])),
    );
    const { headers, body } = await app.inject('/events');
    assert.deepEqual([headers['cache-control'], body], ['no-store', ': nothing\n\n']);
    await app.close();
  });
});
