import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { whileVisible } from './while-visible.ts';

describe('whileVisible', () => {
  it('begins when the page is seen, ends while it is not, and says that it was hidden', () => {
    const events = new EventTarget();
    let visibilityState: DocumentVisibilityState = 'hidden';
    const become = (state: DocumentVisibilityState): void => {
      visibilityState = state;
      events.dispatchEvent(new Event('visibilitychange'));
    };
    const page = {
      get visibilityState() {
        return visibilityState;
      },
      addEventListener: events.addEventListener.bind(events),
      removeEventListener: events.removeEventListener.bind(events),
    };
    const said: string[] = [];
    const end = whileVisible(page, (wasHidden) => {
      said.push(wasHidden ? 'again' : 'first');
      return () => said.push('ended');
    });
    assert.deepEqual(said, []);
    become('visible');
    become('visible');
    become('hidden');
    become('visible');
    assert.deepEqual(said, ['again', 'ended', 'again']);
    end();
    become('hidden');
    become('visible');
    assert.deepEqual(said, ['again', 'ended', 'again', 'ended']);
  });
});
