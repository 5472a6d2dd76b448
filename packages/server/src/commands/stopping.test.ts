import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { untilStopped } from './stopping.ts';

describe('untilStopped', () => {
  it('takes the same Ctrl-C from the terminal and from npm as one', async () => {
    const before = process.listeners('SIGINT');
    const stopped = untilStopped();
    process.emit('SIGINT', 'SIGINT');
    // A second wish would end this process.
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGTERM', 'SIGTERM');
    await stopped;
    assert.equal(process.listeners('SIGINT').length, before.length + 1);
  });
});
