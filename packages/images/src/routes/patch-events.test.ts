import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createFakeImages } from './images.fixture.ts';
import { patchEvents, patchEventStream, type PatchEventsOptions } from './patch-events.ts';
import { DONE, RUNNING } from './samples.fixture.ts';

const NEVER = 3_600_000;

type Options = Omit<PatchEventsOptions, 'signal'>;

function optionsOf(fields: Pick<Options, 'patches'> & Partial<Options>): Options {
  return { id: RUNNING, after: 0, heartbeat: NEVER, grace: 1, ...fields };
}

/** Those timers that keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

/** Waits until something holds, a turn of the event loop at a time. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await nextTurn();
}

describe('patchEvents', () => {
  it('tells the state first, then the lines, and what is new of either', async () => {
    const images = createFakeImages();
    images.say(RUNNING, 'one');
    images.say(RUNNING, 'two\n\u2028"\u{1f642}');
    const stop = new AbortController();
    const events = patchEvents({ ...optionsOf({ patches: images.patches }), signal: stop.signal });
    const next = async (): Promise<unknown> => (await events.next()).value;
    assert.equal(await next(), 'event: patch\ndata: {"state":"running","stage":"build","reason":null}\n\n');
    assert.equal(
      await next(),
      'id: 1\nevent: line\ndata: {"number":1,"at":10,"text":"one"}\n\n' +
        'id: 2\nevent: line\ndata: {"number":2,"at":10,"text":"two\\n\u2028\\"\u{1f642}"}\n\n',
    );
    const third = next();
    images.say(RUNNING, 'three');
    assert.match(String(await third), /^id: 3\n/);
    const fourth = next();
    images.change(RUNNING, { findings: 5 });
    images.change(RUNNING, { stage: 'prove' });
    assert.match(String(await fourth), /^event: patch\ndata: {"state":"running","stage":"prove"/);
    stop.abort();
    assert.deepEqual(await events.next(), { value: undefined, done: true });
    assert.equal(images.watching, 0);
  });

  it('waits for the lines that a patch writes after its end', async () => {
    const images = createFakeImages();
    const stop = new AbortController();
    const options = optionsOf({ patches: images.patches, id: DONE, grace: NEVER });
    const events = patchEvents({ ...options, signal: stop.signal });
    await events.next();
    const line = events.next();
    await until(() => images.calls.length > 0);
    images.say(DONE, 'ended: promoted');
    assert.match(String((await line).value), /ended: promoted/);
    stop.abort();
    assert.equal((await events.next()).done, true);
  });

  it('ends after a patch that has ended, once it is silent', async () => {
    const images = createFakeImages();
    images.say(DONE, 'ended: promoted');
    const { signal } = new AbortController();
    const events = patchEvents({ ...optionsOf({ patches: images.patches, id: DONE }), signal });
    await events.next();
    await events.next();
    assert.equal((await events.next()).value, 'event: end\ndata: {}\n\n');
    assert.equal((await events.next()).done, true);
    assert.equal(images.watching, 0);
  });

  it('says a comment in silence, and looks whether another process changed something', async () => {
    const images = createFakeImages();
    const stop = new AbortController();
    const options = optionsOf({ patches: images.patches, heartbeat: 1 });
    const events = patchEvents({ ...options, signal: stop.signal });
    await events.next();
    for (let count = 0; count < 3; count += 1) {
      const { value } = await events.next();
      assert.equal(value, ': still here\n\n');
    }
    const looks = images.calls.filter(([name]) => name === 'patches.lines').length;
    assert.ok(looks >= 3, `${looks}`);
    stop.abort();
    await events.next();
  });

  it('leaves neither a timer nor a watcher when it is stopped while it waits', async () => {
    const images = createFakeImages();
    const before = timers();
    const stop = new AbortController();
    const events = patchEvents({ ...optionsOf({ patches: images.patches }), signal: stop.signal });
    await events.next();
    const waiting = events.next();
    await until(() => timers() === before + 1);
    assert.equal(images.watching, 1);
    stop.abort();
    assert.equal((await waiting).done, true);
    assert.equal(timers(), before);
    assert.equal(images.watching, 0);
  });

  it('rejects when the patch goes away, and watches no longer', async () => {
    const images = createFakeImages();
    const { signal } = new AbortController();
    const events = patchEvents({ ...optionsOf({ patches: images.patches }), signal });
    await events.next();
    const next = events.next();
    images.forget(RUNNING);
    await assert.rejects(next, { code: 'images/patch-not-found' });
    assert.equal(images.watching, 0);
  });

  it('reads no page before the one before it was taken', async () => {
    const images = createFakeImages();
    for (let count = 0; count < 5_000; count += 1) images.say(RUNNING, 'x'.repeat(1_000));
    const stop = new AbortController();
    const stream = patchEventStream(optionsOf({ patches: images.patches }), stop);
    const reads = (): number => images.calls.filter(([name]) => name === 'patches.lines').length;
    stream.read(0);
    for (let turn = 0; turn < 1_000; turn += 1) await nextTurn();
    assert.equal(reads(), 1);
    assert.ok(stream.readableLength < 300_000, `${stream.readableLength} bytes of 5 MB are kept`);
    let bytes = 0;
    for await (const chunk of stream) {
      bytes += Buffer.from(chunk).length;
      if (bytes > 1_000_000) break;
    }
    assert.ok(reads() < 10, `${reads()}`);
    assert.equal(stop.signal.aborted, true);
    await until(() => images.watching === 0);
  });

  it('stops as a stream that is destroyed, whatever it does at that moment', async () => {
    const images = createFakeImages();
    const before = timers();
    for (let turns = 0; turns < 12; turns += 1) {
      const stream = patchEventStream(optionsOf({ patches: images.patches }), new AbortController());
      stream.resume();
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      stream.destroy();
      await until(() => images.watching === 0 && timers() === before);
    }
  });
});
