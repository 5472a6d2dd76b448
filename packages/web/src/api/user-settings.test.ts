import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from './client.ts';
import { createUserSettings } from './user-settings.ts';

describe('createUserSettings', () => {
  it('asks once for what is read at the same time, and tells the answers apart by their order', async () => {
    const asked: Request[] = [];
    const settings = createUserSettings(async (request) => {
      asked.push(request);
      return { items: [{ value: ['a'] }, null, { value: null }] };
    });
    const answers = await Promise.all([
      settings.read({ bucket: 'x', key: '1' }),
      settings.read({ bucket: 'x', key: '2' }),
      settings.read({ bucket: 'y', key: '1' }),
    ]);
    assert.deepEqual(answers, [['a'], undefined, null]);
    assert.deepEqual(asked, [
      {
        path: '/api/user-settings/multiget',
        body: {
          items: [
            { bucket: 'x', key: '1' },
            { bucket: 'x', key: '2' },
            { bucket: 'y', key: '1' },
          ],
        },
      },
    ]);
  });

  it('asks again for what is read later', async () => {
    let asked = 0;
    const settings = createUserSettings(async () => {
      asked += 1;
      return { items: [{ value: asked }] };
    });
    assert.equal(await settings.read({ bucket: 'x', key: '1' }), 1);
    assert.equal(await settings.read({ bucket: 'x', key: '1' }), 2);
  });

  it('writes to the place of a key, whatever its name is', async () => {
    const asked: Request[] = [];
    const settings = createUserSettings(async (request) => {
      asked.push(request);
      return null;
    });
    await settings.write({ bucket: 'a/b', key: 'c d' }, { x: 1 });
    assert.deepEqual(asked, [
      { path: '/api/user-settings/buckets/a%2Fb/keys/c%20d', method: 'PUT', body: { value: { x: 1 } } },
    ]);
  });

  it('does not take another answer for a setting that was never set, which would be overwritten', async () => {
    for (const answer of [null, [], {}, { items: 'none' }]) {
      const settings = createUserSettings(async () => answer);
      await assert.rejects(settings.read({ bucket: 'x', key: '1' }), { status: 502 });
    }
  });
});
