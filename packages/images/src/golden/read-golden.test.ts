import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digestOf } from '../image/digest.ts';
import { AMD64, status, testClient } from '../image/registry-faults.fixture.ts';
import { startTestRegistry, type TestRegistry } from '../image/registry.fixture.ts';
import { ARM64, layer, putIndex, putStack } from './golden.fixture.ts';
import { problemText, readGolden, type ReadRequest } from './read-golden.ts';

function requestOf(registry: TestRegistry, tag = '12'): ReadRequest {
  return {
    client: testClient(),
    at: { registry: registry.host, repository: 'golden/debian', tag },
    platforms: [AMD64],
    known: () => null,
    signal: undefined,
  };
}

describe('readGolden', () => {
  it('reads the manifest that a tag names', async () => {
    await using registry = await startTestRegistry();
    const digest = putStack(registry, { name: 'golden/debian:12', words: ['os', 'more'] });
    const { images, problems } = await readGolden(requestOf(registry));
    assert.deepEqual(problems, []);
    assert.deepEqual(images, [
      {
        platform: AMD64,
        version: {
          digest,
          indexDigest: null,
          diffIds: [layer('os'), layer('more')],
          layers: [digestOf('gzip os'), digestOf('gzip more')],
        },
      },
    ]);
  });

  it('reads each platform of an index, and says which one is missing', async () => {
    await using registry = await startTestRegistry();
    const { index, digests } = putIndex(registry, 'golden/debian:12', [
      { words: ['amd'], platform: AMD64 },
      { words: ['arm'], platform: ARM64 },
    ]);
    const s390x = { ...AMD64, architecture: 's390x' };
    const platforms = [ARM64, s390x, AMD64];
    const { images, problems } = await readGolden({ ...requestOf(registry), platforms });
    assert.deepEqual(
      images.map(({ platform, version }) => [platform, version.digest, version.indexDigest]),
      [
        [ARM64, digests[1], index],
        [AMD64, digests[0], index],
      ],
    );
    assert.match(problemText(problems) ?? '', /^linux\/s390x: The index has no image for linux\/s390x/);
  });

  it('reads the first platform that there is', async () => {
    await using registry = await startTestRegistry();
    putStack(registry, { name: 'golden/debian:12', words: ['arm'], platform: ARM64 });
    const request = { ...requestOf(registry), platforms: [AMD64, ARM64], of: 'first' } as const;
    const { images, problems } = await readGolden(request);
    assert.deepEqual(
      images.map(({ platform }) => platform),
      [ARM64],
    );
    assert.deepEqual(problems, []);
  });

  it('reads nothing again that is known', async () => {
    await using registry = await startTestRegistry();
    const digest = putStack(registry, { name: 'golden/debian:12', words: ['os'] });
    const layers = { diffIds: [layer('known')], layers: [] };
    const known: ReadRequest['known'] = (platform, asked) =>
      platform === AMD64 && asked === digest ? layers : null;
    const { images } = await readGolden({ ...requestOf(registry), known });
    assert.deepEqual(images[0]?.version, { digest, indexDigest: null, ...layers });
    assert.equal(registry.asked.length, 1);
  });

  it('tells a tag that is not there, and a registry that lets nobody in', async () => {
    await using registry = await startTestRegistry();
    const missing = await readGolden(requestOf(registry, 'gone'));
    assert.deepEqual(missing.images, []);
    assert.equal(problemText(missing.problems), `There is no ${registry.host}/golden/debian:gone.`);
    registry.fault = status(403);
    const refused = await readGolden(requestOf(registry));
    assert.equal(refused.problems[0]?.error.code, 'images/registry-refused');
  });

  it('ends when it is aborted', async () => {
    await using registry = await startTestRegistry();
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(readGolden({ ...requestOf(registry), signal }), /enough/);
  });
});
