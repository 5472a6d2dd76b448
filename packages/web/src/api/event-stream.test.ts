import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readEvents, type ServerEvent } from './event-stream.ts';

/** The bytes in pieces of `size`. */
function streamOf(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += size)));
    },
  });
}

async function eventsOf(text: string, size = 1_000): Promise<readonly ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(streamOf(text, size))) events.push(event);
  return events;
}

describe('readEvents', () => {
  const TEXT =
    ': hello\n\nid: 1\nevent: line\ndata: {"a":\ndata: "ü"}\n\nevent: patch\r\ndata:x\r\n\r\ndata: plain\r\r';

  it('reads fields, comments and every kind of line end', async () => {
    assert.deepEqual(await eventsOf(`${TEXT}\n`), [
      { event: 'line', data: '{"a":\n"ü"}', id: '1' },
      { event: 'patch', data: 'x', id: '1' },
      { event: 'message', data: 'plain', id: '1' },
    ]);
  });

  it('reads the same however the bytes are cut', async () => {
    const whole = await eventsOf(`${TEXT}\n`);
    for (const size of [1, 2, 3, 7]) assert.deepEqual(await eventsOf(`${TEXT}\n`, size), whole);
  });

  it('drops an event that was cut off, and one without data', async () => {
    assert.deepEqual(await eventsOf('event: end\n\ndata: half'), []);
  });

  it('fails when the connection does', async () => {
    const broken = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.error(new TypeError('terminated'));
      },
    });
    await assert.rejects(readEvents(broken).next(), { message: 'terminated' });
  });

  it('lets go of the stream when nobody reads on', async () => {
    let isCancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: x\n\n')),
      cancel: () => {
        isCancelled = true;
      },
    });
    for await (const event of readEvents(endless)) {
      assert.equal(event.data, 'x');
      break;
    }
    assert.equal(isCancelled, true);
  });
});
