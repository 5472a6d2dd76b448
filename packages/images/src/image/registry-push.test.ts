import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { digestOf } from './digest.ts';
import type { NewBlob } from './registry-client.ts';
import { first, newBlob, status, testClient } from './registry-faults.fixture.ts';
import { startTestRegistry, type Fault, type TestRegistry } from './registry.fixture.ts';

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

describe('RegistryClient.pushBlob', () => {
  it('pushes once, and sends nothing the second time', async () => {
    const blob = newBlob(randomBytes(200_000));
    const made = testClient();
    await made.pushBlob(at(), blob);
    assert.equal(digestOf(registry.blobs.get(blob.digest) ?? ''), blob.digest);
    registry.asked.length = 0;
    await made.pushBlob(at(), blob);
    assert.deepEqual(registry.asked, [`HEAD /v2/golden/debian/blobs/${blob.digest}`]);
  });

  it('keeps the query of the address of an upload, and takes an absolute one', async () => {
    const blob = newBlob(Buffer.from('with a query'));
    await testClient().pushBlob(at(), blob);
    assert.match(registry.asked.at(-1) ?? '', /\?_state=a%2Fb&digest=sha256%3A/);
    const absolute = newBlob(Buffer.from('absolute'));
    registry.fault = first(1, /^POST/, (request, response) => {
      const location = `http://${registry.host}/v2/golden/debian/blobs/uploads/u0?_state=x`;
      return status(202, { location })(request, response);
    });
    await testClient().pushBlob(at(), absolute);
    assert.ok(registry.blobs.has(absolute.digest));
  });

  it('mounts from another repository, and pushes where that does not work', async () => {
    const bytes = Buffer.from('to be mounted');
    const { digest } = registry.addBlob(bytes);
    registry.fault = first(1, /^HEAD/, status(404));
    const unread: NewBlob = { ...newBlob(bytes), open: () => assert.fail('must not be read') };
    await testClient().pushBlob(at('apps/web'), unread, { from: 'golden/debian' });
    assert.match(
      registry.asked.at(-1) ?? '',
      new RegExp(`mount=${digest.replace(':', '%3A')}&from=golden%2Fdebian`),
    );
    const other = newBlob(Buffer.from('not there to be mounted'));
    await testClient().pushBlob(at('apps/web'), other, { from: 'golden/debian' });
    assert.ok(registry.blobs.has(other.digest));
  });

  it('goes on with what is left when the connection is cut', async () => {
    const bytes = randomBytes(1_000_000);
    let opened = 0;
    const blob: NewBlob = {
      ...newBlob(bytes),
      open: () => {
        opened += 1;
        return newBlob(bytes).open();
      },
    };
    registry.cutUploadAt = 300_000;
    await testClient().pushBlob(at(), blob);
    assert.equal(digestOf(registry.blobs.get(blob.digest) ?? ''), blob.digest);
    assert.equal(opened, 2);
    assert.ok(registry.asked.some((line) => line.startsWith('PATCH')));
  });

  it('begins again when the registry has forgotten the upload', async () => {
    const blob = newBlob(randomBytes(100_000));
    registry.fault = first(1, /^PUT/, status(404));
    await testClient().pushBlob(at(), blob);
    assert.ok(registry.blobs.has(blob.digest));
  });

  it('is content when the answer was lost and the blob is there', async () => {
    const blob = newBlob(Buffer.from('lost answer'));
    registry.fault = first(1, /^PUT/, async (request, response) => {
      registry.addBlob(await buffer(request));
      return status(500)(request, response);
    });
    await testClient().pushBlob(at(), blob);
    assert.equal(registry.asked.filter((line) => line.startsWith('PUT')).length, 1);
  });

  const refusals: readonly (readonly [string, RegExp, Fault, string])[] = [
    ['500 for ever', /^PUT/, status(500), 'images/registry-unreachable'],
    ['403', /^POST/, status(403), 'images/registry-refused'],
    ['413', /^PUT/, status(413), 'images/registry-too-large'],
    ['no address', /^POST/, status(202), 'images/registry-bad-answer'],
    [
      'a forbidden address',
      /^POST/,
      status(202, { location: 'http://169.254.0.1/' }),
      'images/registry-forbidden-address',
    ],
    [
      'another digest',
      /^PUT/,
      status(201, { 'docker-content-digest': digestOf('no') }),
      'images/registry-wrong-digest',
    ],
    ['302 to a PUT', /^PUT/, status(302, { location: '/' }), 'images/registry-bad-answer'],
  ];
  for (const [what, matches, fault, code] of refusals) {
    it(`names what is wrong when a push is answered with ${what}`, async () => {
      registry.fault = first(Infinity, matches, fault);
      await assert.rejects(testClient().pushBlob(at(), newBlob(Buffer.from(`push ${what}`))), { code });
    });
  }

  it('says so when the bytes are not those that were announced, without another try', async () => {
    const bytes = Buffer.from('what is really there');
    await assert.rejects(testClient().pushBlob(at(), newBlob(bytes, digestOf('what is said'))), {
      code: 'images/registry-wrong-digest',
    });
    for (const size of [bytes.length - 1, bytes.length + 1]) {
      await assert.rejects(testClient().pushBlob(at(), { ...newBlob(bytes), size }), {
        code: 'images/registry-wrong-size',
      });
    }
    assert.equal(registry.asked.filter((line) => line.startsWith('PUT')).length <= 3, true);
  });

  it('rejects with the error of a source that cannot be read', async () => {
    const gone = new Error('the file is gone');
    const open = (): Readable =>
      new Readable({
        read() {
          this.destroy(gone);
        },
      });
    await assert.rejects(testClient().pushBlob(at(), { digest: digestOf('gone'), size: 9, open }), gone);
  });
});
