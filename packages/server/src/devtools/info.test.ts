import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createTraffic } from '@callboard/kernel';
import { readInfo } from './info.ts';

describe('readInfo', () => {
  it('measures the database with what is not yet in its file, and the time since the start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'callboard-devtools-'));
    try {
      const file = join(folder, 'portal.sqlite');
      const deps = {
        database: { client: 'sqlite' as const, file },
        traffic: createTraffic({ now: () => 0 }),
        startedAt: 1_000,
        now: () => 91_400,
      };
      await writeFile(file, 'x'.repeat(100));
      await writeFile(`${file}-wal`, 'x'.repeat(20));
      const { callboard } = await readInfo(deps);
      assert.equal(callboard.database.sizeBytes, 120);
      assert.deepEqual([callboard.startedAt, callboard.uptimeSeconds], ['1970-01-01T00:00:01.000Z', 90]);
      assert.ok(callboard.memory.rssBytes > callboard.memory.heapUsedBytes);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
