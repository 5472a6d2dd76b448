import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAnswerCache } from './answer-cache.ts';

/** A cache of numbers that counts what it loads, and a clock. */
function counting() {
  let time = 0;
  const cache = createAnswerCache<number>({ now: () => time });
  const signals: AbortSignal[] = [];
  const gates: PromiseWithResolvers<number>[] = [];
  const get = (key: string, { signal = new AbortController().signal, keep = 10 } = {}): Promise<number> =>
    cache.get(key, {
      keep,
      signal,
      load: async (stop) => {
        const gate = Promise.withResolvers<number>();
        stop.addEventListener('abort', () => gate.reject(new Error('stopped')));
        signals.push(stop);
        gates.push(gate);
        return { value: await gate.promise, size: 1 };
      },
    });
  const pass = (ms: number): void => {
    time += ms;
  };
  return { get, gates, signals, pass };
}

describe('createAnswerCache', () => {
  it('asks once for who asks the same meanwhile, and until the time is over', async () => {
    const { get, gates, pass } = counting();
    const both = Promise.all([get('a'), get('a')]);
    gates[0]?.resolve(1);
    assert.deepEqual(await both, [1, 1]);
    pass(9);
    assert.equal(await get('a'), 1);
    pass(1);
    const again = get('a');
    gates[1]?.resolve(2);
    assert.equal(await again, 2);
    assert.equal(gates.length, 2);
  });

  it('keeps nothing that failed, and nothing that is not to be kept', async () => {
    const { get, gates } = counting();
    const failed = get('a');
    gates[0]?.reject(new Error('no'));
    await assert.rejects(failed, /no/);
    const once = get('a', { keep: 0 });
    gates[1]?.resolve(1);
    assert.equal(await once, 1);
    const again = get('a');
    gates[2]?.resolve(2);
    assert.equal(await again, 2);
  });

  it('breaks off what nobody waits for any more, not what somebody does', async () => {
    const { get, gates, signals } = counting();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = get('a', { signal: first.signal });
    const two = get('a', { signal: second.signal });
    first.abort();
    await assert.rejects(one, { name: 'AbortError' });
    assert.equal(signals[0]?.aborted, false);
    second.abort();
    await assert.rejects(two, { name: 'AbortError' });
    assert.equal(signals[0]?.aborted, true);
    const three = get('a');
    gates[1]?.resolve(3);
    assert.equal(await three, 3);
  });

  it('forgets what was used longest ago', async () => {
    const { get, gates } = counting();
    for (let n = 0; n < 600; n += 1) {
      const got = get(`k${n}`);
      gates[n]?.resolve(n);
      await got;
      await get('k0').catch(() => null);
    }
    assert.equal(gates.length, 600, 'k0 was always used, so it is there still');
    const early = get('k1');
    assert.equal(gates.length, 601);
    gates[600]?.resolve(1);
    assert.equal(await early, 1);
  });
});
