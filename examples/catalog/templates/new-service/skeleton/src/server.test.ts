import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { createService } from './server.ts';

describe('the service', () => {
  it('says that it is well', async () => {
    const service = createService().listen(0);
    await once(service, 'listening');
    try {
      const address = service.address();
      assert.ok(typeof address === 'object' && address !== null);
      const response = await fetch(`http://127.0.0.1:${address.port}/healthz`);
      assert.equal(await response.text(), 'ok\n');
    } finally {
      service.close();
    }
  });
});
