import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createProgress } from './progress.ts';

/** What is drawn when each step takes `milliseconds`. */
function drawn({
  milliseconds,
  isTerminal = true,
}: {
  milliseconds: number;
  isTerminal?: boolean;
}): string[] {
  const texts: string[] = [];
  let now = 0;
  const on = {
    isTerminal,
    closed: false,
    write: async (text: string) => void texts.push(text),
    paint: (_: unknown, text: string) => text,
  };
  const progress = createProgress(on, { label: 'Checking', total: 4, now: () => now });
  for (let step = 0; step < 4; step++) {
    now += milliseconds;
    progress.step();
  }
  progress.end();
  return texts;
}

describe('createProgress', () => {
  it('draws nothing for work of a second or less, or without a terminal', () => {
    assert.deepEqual(drawn({ milliseconds: 250 }), []);
    assert.deepEqual(drawn({ milliseconds: 10_000, isTerminal: false }), []);
  });

  it('draws a bar for longer work, and takes it away', () => {
    const texts = drawn({ milliseconds: 600 });
    assert.deepEqual(
      texts.map((text) => /\d\/\d/.exec(text)?.[0]),
      ['2/4', '3/4', '4/4', undefined],
    );
    assert.match(texts[0] ?? '', /^\rChecking █{15}░{15} 2\/4$/);
    assert.match(texts.at(-1) ?? '', /^\r +\r$/);
  });
});
