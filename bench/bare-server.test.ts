import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startBareServer } from './bare-server.ts';

describe('startBareServer', () => {
  it('answers each path with its bytes and headers, from another process', async () => {
    const bytes = new Uint8Array([0, 255, 10]);
    await using server = await startBareServer({
      '/list?limit=1': { body: '["é"]', headers: { etag: '"1"' } },
      '/raw': { body: bytes, contentType: 'application/octet-stream' },
    });
    assert.notEqual(server.pid, process.pid);

    const list = await fetch(`${server.url}/list?limit=1`);
    assert.equal(list.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(list.headers.get('content-length'), '6');
    assert.equal(list.headers.get('etag'), '"1"');
    assert.deepEqual(await list.json(), ['é']);

    const raw = await fetch(`${server.url}/raw`, { method: 'POST', body: 'x' });
    assert.equal(raw.headers.get('content-type'), 'application/octet-stream');
    assert.deepEqual(await raw.bytes(), bytes);
  });

  it('answers 404 for any other path', async () => {
    await using server = await startBareServer({ '/a': { body: 'a' } });
    assert.equal((await fetch(`${server.url}/a?b`)).status, 404);
  });

  it('is gone after close', async () => {
    const server = await startBareServer({ '/a': { body: 'a' } });
    await server.close();
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
    await server.close();
  });
});
