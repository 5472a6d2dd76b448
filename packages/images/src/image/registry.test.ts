import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { digestOf } from './digest.ts';
import type { Digest } from './image.ts';
import { addImage, AMD64, endless, first, OCI, says, status, testClient } from './registry-faults.fixture.ts';
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

describe('RegistryClient.image', () => {
  it('reads manifest and configuration of a tag', async () => {
    const made = addImage(registry, 'golden/debian:11');
    const image = await testClient().image({ ...at(), reference: '11' }, AMD64);
    assert.equal(image.digest, made.digest);
    assert.deepEqual(image.config.diffIds, [made.layer.digest]);
    assert.deepEqual(image.config.run, { Env: ['A=b'], Labels: { x: 'y' } });
    assert.deepEqual(image.manifest.annotations, { note: 'made by a test' });
    assert.deepEqual(image.platform, AMD64);
  });

  it('chooses the platform in an index and passes attestations by', async () => {
    const arm = addImage(registry, 'multi:arm', { config: { architecture: 'arm64', variant: 'v8' } });
    const amd = addImage(registry, 'multi:amd');
    const entry = (digest: Digest, platform: object, extra: object = {}): object => ({
      mediaType: `${OCI}.manifest.v1+json`,
      digest,
      size: 1,
      platform,
      ...extra,
    });
    registry.addManifest(
      'multi:1',
      {
        schemaVersion: 2,
        manifests: [
          entry(amd.digest, { os: 'unknown', architecture: 'unknown' }),
          entry(arm.digest, AMD64, {
            annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
          }),
          entry(arm.digest, { os: 'linux', architecture: 'arm64', variant: 'v8' }),
          entry(amd.digest, { os: 'linux', architecture: 'amd64' }),
        ],
      },
      `${OCI}.index.v1+json`,
    );
    const made = testClient();
    const reference = { ...at('multi'), reference: '1' };
    assert.equal((await made.image(reference, AMD64)).digest, amd.digest);
    const arm64 = { os: 'linux', architecture: 'arm64', variant: null };
    assert.equal((await made.image(reference, arm64)).digest, arm.digest);
    await assert.rejects(made.image(reference, { ...AMD64, architecture: 's390x' }), {
      code: 'images/registry-no-platform',
      message: /linux\/arm64\/v8, linux\/amd64/,
    });
  });

  it('refuses an image for another platform', async () => {
    addImage(registry, 'golden/debian:arm', { config: { architecture: 'arm64' } });
    await assert.rejects(testClient().image({ ...at(), reference: 'arm' }, AMD64), {
      code: 'images/registry-no-platform',
    });
  });

  const digest = digestOf('x');
  const broken: readonly (readonly [string, object, string])[] = [
    ['more layers than diff ids', { config: { rootfs: { diff_ids: [] } } }, 'images/registry-bad-answer'],
    [
      'a diff id that is none',
      { config: { rootfs: { diff_ids: ['sha256:x'] } } },
      'images/registry-bad-answer',
    ],
    ['no rootfs', { config: { rootfs: null } }, 'images/registry-bad-answer'],
    ['layers that are no list', { manifest: { layers: {} } }, 'images/registry-bad-answer'],
    [
      'a size below zero',
      { manifest: { layers: [{ mediaType: 'x', digest, size: -1 }] } },
      'images/registry-bad-answer',
    ],
    ['a second list of layers for tools in Go', { manifest: { Layers: [] } }, 'images/registry-bad-answer'],
    ['annotations with objects', { manifest: { annotations: { a: {} } } }, 'images/registry-bad-answer'],
    [
      'a configuration of an artifact',
      { manifest: { config: { mediaType: 'application/vnd.oci.empty.v1+json', digest, size: 2 } } },
      'images/registry-not-an-image',
    ],
    [
      'a huge configuration',
      { manifest: { config: { mediaType: `${OCI}.config.v1+json`, digest, size: 1e12 } } },
      'images/registry-too-large',
    ],
    [
      'another type inside than in the header',
      { manifest: { mediaType: 'application/vnd.docker.distribution.manifest.v2+json' } },
      'images/registry-bad-answer',
    ],
  ];
  for (const [what, options, code] of broken) {
    it(`refuses ${what}`, async () => {
      addImage(registry, 'broken:1', options);
      await assert.rejects(testClient().image({ ...at('broken'), reference: '1' }, AMD64), { code });
    });
  }

  it('refuses a manifest of schema 1', async () => {
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    registry.addManifest('old:1', { schemaVersion: 1 }, type);
    await assert.rejects(testClient().image({ ...at('old'), reference: '1' }, AMD64), {
      code: 'images/registry-not-an-image',
    });
  });
});

describe('RegistryClient.manifest', () => {
  it('says null when there is none', async () => {
    assert.equal(await testClient().manifest({ ...at(), reference: 'nothing' }), null);
  });

  it('refuses references and repositories that would change the path', async () => {
    const made = testClient();
    for (const reference of ['../../x', 'a/b', '', 'sha256:12', 'a?b']) {
      await assert.rejects(made.manifest({ ...at(), reference }), { code: 'images/registry-bad-reference' });
    }
    for (const repository of ['../x', 'a//b', 'A', 'a?b', '']) {
      await assert.rejects(made.manifest({ ...at(repository), reference: 'x' }), {
        code: 'images/registry-bad-reference',
      });
    }
    const other = { registry: 'user@evil.example/x', repository: 'a', reference: 'x' };
    await assert.rejects(made.manifest(other), { code: 'images/registry-bad-reference' });
    assert.deepEqual(registry.asked, []);
  });

  it('refuses other bytes than those of the digest, by digest and by tag', async () => {
    const { digest } = addImage(registry, 'golden/debian:11');
    registry.fault = says('{"mediaType":"x"}', { 'content-type': 'x', 'docker-content-digest': digest });
    const made = testClient();
    for (const reference of [digest, '11']) {
      await assert.rejects(made.manifest({ ...at(), reference }), { code: 'images/registry-wrong-digest' });
    }
  });

  const answers: readonly (readonly [string, Fault, string])[] = [
    ['garbage', says('{"a":'), 'images/registry-bad-answer'],
    [
      'bytes that are no UTF-8',
      (_, response) => (response.end(Buffer.from([0x22, 0xff, 0x22])), true),
      'images/registry-bad-answer',
    ],
    ['a list', says('[]'), 'images/registry-bad-answer'],
    ['an answer without end', endless, 'images/registry-too-large'],
    ['403', status(403), 'images/registry-refused'],
    ['401 without a challenge', status(401), 'images/registry-refused'],
    [
      '401 with a strange challenge',
      status(401, { 'www-authenticate': 'Digest x="y"' }),
      'images/registry-refused',
    ],
    ['418', status(418), 'images/registry-bad-answer'],
    ['503 for ever', status(503), 'images/registry-unreachable'],
    ['429 for ever', status(429), 'images/registry-throttled'],
    [
      'a cut connection for ever',
      (request) => (request.socket.destroy(), true),
      'images/registry-unreachable',
    ],
    [
      'redirects to itself',
      (request, response) => status(307, { location: request.url ?? '' })(request, response),
      'images/registry-bad-answer',
    ],
    ['a redirect to nowhere', status(302), 'images/registry-bad-answer'],
    [
      'a redirect to the cloud',
      status(302, { location: 'http://169.254.169.254/latest' }),
      'images/registry-forbidden-address',
    ],
    [
      'the same in IPv6',
      status(302, { location: 'http://[::ffff:169.254.169.254]/' }),
      'images/registry-forbidden-address',
    ],
    [
      'the same as a number',
      status(302, { location: 'http://2852039166/' }),
      'images/registry-forbidden-address',
    ],
    [
      'a redirect to a file',
      status(302, { location: 'file:///etc/passwd' }),
      'images/registry-forbidden-address',
    ],
  ];
  for (const [what, fault, code] of answers) {
    it(`names what is wrong with ${what}`, async () => {
      registry.fault = fault;
      await assert.rejects(testClient().manifest({ ...at(), reference: '11' }), { code });
      assert.ok(registry.asked.length <= 6, `${registry.asked.length} requests`);
    });
  }

  it('reads again after 5xx and cuts in the middle, with waits that grow', async () => {
    const { digest } = addImage(registry, 'golden/debian:11');
    const cut: Fault = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"half"', () => response.destroy());
      return true;
    };
    const faults = [status(502), cut, status(503)];
    registry.fault = (request, response) => faults.shift()?.(request, response) ?? false;
    const made = testClient();
    assert.equal((await made.manifest({ ...at(), reference: '11' }))?.digest, digest);
    assert.deepEqual(made.waits, [500, 1_000, 2_000]);
  });

  it('waits as long as it is asked to, and gives up when that is too long', async () => {
    addImage(registry, 'golden/debian:11');
    const throttled = status(429, { 'retry-after': '7' });
    registry.fault = first(1, /./, throttled);
    const made = testClient();
    await made.manifest({ ...at(), reference: '11' });
    assert.deepEqual(made.waits, [7_000]);
    registry.fault = status(429, { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' });
    const dated = testClient({ limits: { tries: 2 } });
    await assert.rejects(dated.manifest({ ...at(), reference: '11' }), { code: 'images/registry-throttled' });
    assert.deepEqual(dated.waits, [9_000]);
    registry.fault = status(429, { 'retry-after': '86400' });
    const refused = testClient();
    await assert.rejects(refused.manifest({ ...at(), reference: '11' }), {
      code: 'images/registry-throttled',
    });
    assert.deepEqual(refused.waits, []);
  });

  it('gives up a registry that takes the request and says nothing', async () => {
    registry.fault = () => true;
    await assert.rejects(
      testClient({ limits: { idleMs: 50, tries: 2 } }).manifest({ ...at(), reference: '11' }),
      { code: 'images/registry-unreachable', message: /nothing came for 50 ms/ },
    );
    assert.equal(registry.asked.length, 2);
  });

  it('names a registry that is not there', async () => {
    const gone = { registry: '127.0.0.1:1', repository: 'a', reference: 'x' };
    await assert.rejects(testClient().manifest(gone), { code: 'images/registry-unreachable' });
  });

  it('stops at once with the reason of the signal', async () => {
    registry.fault = () => true;
    const controller = new AbortController();
    const reading = testClient().manifest({ ...at(), reference: '11' }, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await assert.rejects(reading, { message: 'enough' });
  });
});

describe('RegistryClient.pushManifest', () => {
  it('moves a tag, or pushes by digest alone', async () => {
    const bytes = Buffer.from('{"schemaVersion":2}');
    const mediaType = `${OCI}.manifest.v1+json`;
    const made = testClient();
    const digest = await made.pushManifest(at('new'), { mediaType, bytes, tag: '1' });
    assert.equal(digest, digestOf(bytes));
    assert.deepEqual((await made.manifest({ ...at('new'), reference: '1' }))?.bytes, bytes);
    await made.pushManifest(at('new'), { mediaType, bytes: Buffer.from('{}'), tag: null });
    assert.deepEqual(await made.tags(at('new')), ['1']);
    await assert.rejects(made.pushManifest(at('new'), { mediaType, bytes, tag: '../x' }), {
      code: 'images/registry-bad-reference',
    });
  });

  it('tries again, and refuses a registry that kept something else', async () => {
    const manifest = { mediaType: `${OCI}.manifest.v1+json`, bytes: Buffer.from('{"a":1}'), tag: '1' };
    registry.fault = first(2, /^PUT/, status(503));
    await testClient().pushManifest(at('again'), manifest);
    registry.fault = status(201, { 'docker-content-digest': digestOf('no') });
    await assert.rejects(testClient().pushManifest(at('again'), manifest), {
      code: 'images/registry-wrong-digest',
    });
  });
});
