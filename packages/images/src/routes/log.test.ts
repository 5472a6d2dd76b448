import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject } from '@callboard/model';
import { readEvents, type SentEvent } from '../../../kernel/src/http/event-reader.fixture.ts';
import { openPortal, PREFIX, type ImagesPortal } from './portal.fixture.ts';
import { DONE, RUNNING } from './samples.fixture.ts';

const EVENTS = { accept: 'text/event-stream' };
const LOG = `/patches/${RUNNING}/log`;

interface Followed extends AsyncDisposable {
  readonly response: Response;
  next(): Promise<SentEvent | null>;
  /** As a browser tab that is closed. */
  leave(): void;
}

async function follow(
  { url }: ImagesPortal,
  path = LOG,
  headers: Readonly<Record<string, string>> = {},
): Promise<Followed> {
  const gone = new AbortController();
  const response = await fetch(url + path, { headers: { ...EVENTS, ...headers }, signal: gone.signal });
  const events = readEvents(response);
  return {
    response,
    next: async () => (await events.next()).value ?? null,
    leave: () => gone.abort(),
    [Symbol.asyncDispose]: async () => gone.abort(),
  };
}

/** As `patch running build` or `3 text`. */
function brief(event: SentEvent | null): string {
  if (event === null) return 'closed';
  const { data } = event;
  if (!isObject(data)) return event.event;
  if (event.event === 'line') return `${event.id ?? ''} ${String(data['text'])}`;
  if (event.event !== 'patch') return event.event;
  return `patch ${String(data['state'])} ${String(data['stage'])}`;
}

async function take(followed: Followed, count: number): Promise<readonly string[]> {
  const events: string[] = [];
  while (events.length < count) events.push(brief(await followed.next()));
  return events;
}

describe('GET /patches/{id}/log', () => {
  it('answers with a page of lines to who asks for no events', async () => {
    await using portal = await openPortal();
    for (const text of ['one', 'two', 'three']) portal.images.say(RUNNING, text);
    for (const accept of ['application/json', '*/*', 'text/event-stream;q=0, application/json']) {
      const response = await fetch(`${portal.url}${LOG}?after=1&limit=1`, { headers: { accept } });
      assert.deepEqual(await response.json(), { items: [{ number: 2, at: 10, text: 'two' }] });
    }
    const whole = await fetch(portal.url + LOG);
    const answer: unknown = await whole.json();
    assert.ok(isObject(answer) && Array.isArray(answer['items']) && answer['items'].length === 3);
  });

  it('follows a patch to its end, and closes then', async () => {
    await using portal = await openPortal();
    portal.images.say(RUNNING, 'one');
    await using followed = await follow(portal);
    const { status, headers } = followed.response;
    assert.equal(status, 200);
    assert.equal(headers.get('content-type'), 'text/event-stream');
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.deepEqual(await take(followed, 2), ['patch running build', '1 one']);
    portal.images.say(RUNNING, 'two');
    assert.deepEqual(await take(followed, 1), ['2 two']);
    portal.images.change(RUNNING, { stage: 'prove' });
    assert.deepEqual(await take(followed, 1), ['patch running prove']);
    portal.images.say(RUNNING, 'three');
    portal.images.change(RUNNING, { state: 'unproved' });
    assert.deepEqual(await take(followed, 4), ['patch unproved prove', '3 three', 'end', 'closed']);
    assert.equal(portal.images.watching, 0);
  });

  it('gives every line once, in order, though many come while it is read', async () => {
    await using portal = await openPortal();
    await using followed = await follow(portal);
    const most = 3_000;
    const saying = (async () => {
      for (let number = 1; number <= most; number += 1) {
        portal.images.say(RUNNING, `line ${number}`);
        if (number % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      portal.images.change(RUNNING, { state: 'promoted' });
    })();
    const seen: string[] = [];
    for (let event = await followed.next(); event !== null; event = await followed.next()) {
      if (event.event === 'line') seen.push(brief(event));
    }
    await saying;
    assert.deepEqual(
      seen,
      Array.from({ length: most }, (_, index) => `${index + 1} line ${index + 1}`),
    );
  });

  it('goes on after Last-Event-ID, which counts more than the URL that is asked again', async () => {
    await using portal = await openPortal();
    for (const text of ['one', 'two', 'three']) portal.images.say(DONE, text);
    const path = `/patches/${DONE}/log?after=0`;
    await using again = await follow(portal, path, { 'last-event-id': '2' });
    assert.deepEqual(await take(again, 4), ['patch promoted promote', '3 three', 'end', 'closed']);
    await using first = await follow(portal, `/patches/${DONE}/log?after=1`, { 'last-event-id': '' });
    assert.deepEqual(await take(first, 3), ['patch promoted promote', '2 two', '3 three']);
    const bad = await fetch(portal.url + path, { headers: { ...EVENTS, 'last-event-id': '2; DROP' } });
    assert.equal(bad.status, 400);
    assert.match(await bad.text(), /Last-Event-ID must be a whole number/);
  });

  it('answers 404 to a patch that there is not, events or none', async () => {
    await using portal = await openPortal();
    for (const headers of [EVENTS, { accept: 'application/json' }]) {
      const response = await fetch(`${portal.url}/patches/p-9/log`, { headers });
      assert.equal(response.status, 404);
      assert.match(await response.text(), /images\/patch-not-found/);
    }
    assert.equal(portal.images.watching, 0);
  });

  it('says comments in silence', async () => {
    await using portal = await openPortal({ heartbeat: 1, grace: 1 });
    await using followed = await follow(portal);
    assert.deepEqual(await take(followed, 3), ['patch running build', 'comment', 'comment']);
    portal.images.say(RUNNING, 'one');
    let event = await followed.next();
    while (event?.event === 'comment') event = await followed.next();
    assert.equal(brief(event), '1 one');
  });

  it('watches no longer when the client goes', async () => {
    await using portal = await openPortal();
    const readers = [await follow(portal), await follow(portal), await follow(portal)];
    for (const reader of readers) await reader.next();
    await portal.images.watchedBy(3);
    for (const reader of readers) reader.leave();
    await portal.images.watchedBy(0);
  });

  it('ends when the server closes, without saying that the patch did', async () => {
    const portal = await openPortal();
    await using followed = await follow(portal);
    assert.deepEqual(await take(followed, 1), ['patch running build']);
    await portal.app.close();
    assert.deepEqual(await take(followed, 1), ['closed']);
    assert.equal(portal.images.watching, 0);
  });

  it('cuts the connection when the patch goes away, so that the client asks again', async () => {
    await using portal = await openPortal();
    await using followed = await follow(portal);
    await followed.next();
    portal.images.forget(RUNNING);
    await assert.rejects(followed.next());
    assert.equal(portal.images.watching, 0);
  });

  it('has no answer to HEAD, for which it would read events to no one', async () => {
    await using portal = await openPortal();
    const { status } = await fetch(portal.url + LOG, { method: 'HEAD', headers: EVENTS });
    assert.equal(status, 404);
    assert.equal(portal.images.watching, 0);
  });

  it('reads no more of a log than a slow reader takes', async () => {
    await using portal = await openPortal();
    // 100 MB, of which the reader takes the first bytes.
    const text = 'x'.repeat(10_000);
    for (let count = 0; count < 10_000; count += 1) portal.images.say(RUNNING, text);
    const { hostname, port } = new URL(portal.url);
    const socket = connect(Number(port), hostname);
    socket.write(`GET ${PREFIX}${LOG} HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const reads = (): number => portal.images.calls.filter(([name]) => name === 'patches.lines').length;
    // Until the buffers of the connection are full; a server that piles up would read all 50 pages.
    for (let before = -1; before !== reads();) {
      before = reads();
      await sleep(100);
    }
    assert.ok(reads() < 25, `${reads()} pages of 2 MB were read`);
    socket.destroy();
    await portal.images.watchedBy(0);
  });
});
