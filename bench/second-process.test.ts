import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { startSecondProcess } from './second-process.ts';

describe('startSecondProcess', () => {
  it('rejects when the process ends without an answer', async () => {
    const file = join(import.meta.dirname, 'loopback.ts');
    await assert.rejects(startSecondProcess({ file, message: {}, within: 30 }), /ended without an answer/);
  });
});
