import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRenderCount } from './render-count.ts';

function drawings(count: number, everyMs: number): void {
  const { add } = createRenderCount();
  for (let index = 0; index < count; index += 1) add(1_000 + index * everyMs);
}

describe('createRenderCount', () => {
  it('lets an animation on a fast screen go on', () => {
    assert.doesNotThrow(() => drawings(5_000, 1_000 / 144));
  });

  it('ends what is drawn again and again', () => {
    assert.throws(() => drawings(1_000, 2), /without end/);
  });
});
