import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { digestOf } from './digest.ts';
import type { Descriptor } from './image.ts';
import type { RegistryClient } from './registry-client.ts';
import { endless, first, says, testClient } from './registry-faults.fixture.ts';
import { answer, startTestRegistry, type Fault, type TestRegistry } from './registry.fixture.ts';

let registry: TestRegistry;
before(async () => {
  registry = await startTestRegistry();
});
after(async () => {
  await registry[Symbol.asyncDispose]();
});
afterEach(() => {
  registry.reset();
});

function at(repository = 'golden/debian'): { registry: string; repository: string } {
  return { registry: registry.host, repository };
}

describe('RegistryClient.readBlob', () => {
  const bytes = randomBytes(300_000);
  const read = async (made: RegistryClient, blob: Descriptor): Promise<Buffer> =>
    await buffer(await made.readBlob(at(), blob));

  it('gives the bytes', async () => {
    assert.deepEqual(await read(testClient(), registry.addBlob(bytes)), bytes);
    assert.deepEqual(await read(testClient(), registry.addBlob(Buffer.alloc(0))), Buffer.alloc(0));
  });

  const cutAfter =
    (sent: number): Fault =>
    (request, response) => {
      const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      response.writeHead(start > 0 ? 206 : 200, {
        'content-length': bytes.length - start,
        'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
      });
      response.write(bytes.subarray(start, start + sent), () => setImmediate(() => response.destroy()));
      return true;
    };

  it('goes on where it was cut', async () => {
    registry.fault = first(3, /blobs/, cutAfter(50_000));
    assert.deepEqual(await read(testClient(), registry.addBlob(bytes)), bytes);
  });

  it('goes on with a registry that knows no ranges', async () => {
    let asked = 0;
    registry.fault = (request, response) => {
      asked += 1;
      if (asked === 1) return cutAfter(50_000)(request, response);
      response.end(bytes);
      return true;
    };
    assert.deepEqual(await read(testClient(), registry.addBlob(bytes)), bytes);
  });

  it('gives up when it is cut again and again', async () => {
    registry.fault = cutAfter(10);
    await assert.rejects(read(testClient(), registry.addBlob(bytes)), {
      code: 'images/registry-unreachable',
    });
    assert.equal(registry.asked.length, 5);
  });

  it('refuses a part that does not go on where it was cut', async () => {
    let asked = 0;
    registry.fault = (request, response) => {
      asked += 1;
      if (asked === 1) return cutAfter(50_000)(request, response);
      response.writeHead(206, { 'content-range': 'bytes 7-9/300000' }).end('abc');
      return true;
    };
    await assert.rejects(read(testClient(), registry.addBlob(bytes)), { code: 'images/registry-bad-answer' });
  });

  it('fails at the end of bytes of another digest', async () => {
    const blob = registry.addBlob(bytes);
    registry.fault = says('x'.repeat(bytes.length));
    await assert.rejects(read(testClient(), blob), { code: 'images/registry-wrong-digest' });
  });

  it('refuses at once what says another size, and a body without end once it is too long', async () => {
    const blob = registry.addBlob(bytes);
    const made = testClient();
    await assert.rejects(made.readBlob(at(), { ...blob, size: 299_999 }), {
      code: 'images/registry-wrong-size',
    });
    registry.fault = endless;
    await assert.rejects(read(made, blob), { code: 'images/registry-wrong-size' });
  });

  it('fails when a whole answer has fewer bytes', async () => {
    const blob = registry.addBlob(bytes);
    registry.fault = (request, response) => {
      if (request.headers.range !== undefined) return (answer(response, 416), true);
      response.write('short');
      response.end();
      return true;
    };
    await assert.rejects(read(testClient(), blob), { code: 'images/registry-wrong-size' });
  });

  it('names a blob that is not there', async () => {
    const digest = digestOf('never pushed');
    await assert.rejects(testClient().readBlob(at(), { mediaType: 'x', digest, size: 12 }), {
      code: 'images/registry-not-found',
    });
  });

  it('does not take a slow reader for a registry that says nothing', async () => {
    const blob = registry.addBlob(randomBytes(3_000_000));
    const stream = await testClient({ limits: { idleMs: 1_000, tries: 1 } }).readBlob(at(), blob);
    let size = 0;
    for await (const chunk of stream) {
      if (size === 0) await new Promise((resolve) => setTimeout(resolve, 1_300));
      size += chunk.length;
    }
    assert.equal(size, 3_000_000);
  });

  it('closes the connection when nobody reads on', async () => {
    const blob = { ...registry.addBlob(bytes), size: 1e12 };
    const closed = Promise.withResolvers<void>();
    registry.fault = (request, response) => {
      response.on('close', closed.resolve);
      return endless(request, response);
    };
    const stream = await testClient().readBlob(at(), blob);
    for await (const chunk of stream) {
      assert.ok(chunk.length > 0);
      break;
    }
    await closed.promise;
  });
});
