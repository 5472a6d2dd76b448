import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isObject } from '@callboard/model';
import { OCI_INDEX } from '../image/manifest.ts';
import { proofOf } from '../prove/verdict.fixture.ts';
import type { Proof } from '../prove/verdict.ts';
import { promote, rollback, type PromoteRequest } from './promote.ts';
import { memoryRegistry, put, putImage } from './registry.fixture.ts';

const NOW = Date.UTC(2026, 10, 21, 23, 59);

function golden() {
  const client = memoryRegistry();
  const base = putImage(client, 'base', '11');
  const patched = putImage(client, 'patched', null);
  const proof = proofOf(base, patched);
  const request: PromoteRequest = { client, proof, tag: '11', now: NOW };
  const pointsTo = (tag: string): string | undefined => client.manifests.get(tag)?.digest;
  return { client, base, patched, proof, request, pointsTo };
}

describe('promote', () => {
  it('moves the golden tag, and keeps both images under tags of the day', async () => {
    const { base, patched, request, pointsTo } = golden();
    assert.deepEqual(await promote(request), {
      at: { registry: base.registry, repository: base.repository },
      tag: '11',
      patchTag: '11-p20261121.1',
      beforeTag: '11-p20261121.1-before',
      previous: base.digest,
      current: patched.digest,
    });
    assert.equal(pointsTo('11'), patched.digest);
    assert.equal(pointsTo('11-p20261121.1'), patched.digest);
    assert.equal(pointsTo('11-p20261121.1-before'), base.digest);
  });

  it('changes nothing the second time, and says the same, also on another day', async () => {
    const { client, request } = golden();
    const first = await promote(request);
    const names = [...client.manifests.keys()];
    assert.deepEqual(await promote({ ...request, now: NOW + 86_400_000 }), first);
    assert.deepEqual([...client.manifests.keys()], names);
  });

  it('goes on where it was cut off', async () => {
    for (const cut of ['11-p20261121.1', '11-p20261121.1-before', '11']) {
      const { client, patched, request, pointsTo } = golden();
      client.onTag = (tag) => {
        if (tag === cut) throw new Error('the process was killed');
      };
      await assert.rejects(promote(request), /killed/);
      client.onTag = () => {};
      const { patchTag } = await promote(request);
      assert.equal(patchTag, '11-p20261121.1');
      assert.equal(pointsTo('11'), patched.digest);
    }
  });

  it('counts the patches of a day', async () => {
    const { client, patched, request } = golden();
    await promote(request);
    const next = putImage(client, 'next', null);
    assert.equal((await promote({ ...request, proof: proofOf(patched, next) })).patchTag, '11-p20261121.2');
  });

  it('leaves a tag alone that somebody else has moved, and says so', async () => {
    const { client, request, pointsTo } = golden();
    const other = putImage(client, 'other', '11');
    await assert.rejects(promote(request), {
      code: 'images/golden-tag-moved',
      message: /Somebody else moved/,
    });
    assert.equal(pointsTo('11'), other.digest);
  });

  it('leaves a tag alone that is moved while it works', async () => {
    const { client, request, pointsTo } = golden();
    client.onTag = (tag) => {
      if (tag.endsWith('-before')) putImage(client, 'other', '11');
    };
    await assert.rejects(promote(request), { code: 'images/golden-tag-moved' });
    assert.equal(pointsTo('11'), putImage(client, 'other', null).digest);
  });

  it('moves nothing without a genuine proof', async () => {
    const { proof, request, base, pointsTo } = golden();
    const fake: Proof = Object.create(proof);
    await assert.rejects(promote({ ...request, proof: fake }), { code: 'images/not-proved' });
    assert.equal(pointsTo('11'), base.digest);
  });

  it('refuses the proof of a patch in another repository', async () => {
    const { request, base, patched } = golden();
    const proof = proofOf({ ...base, repository: 'other' }, patched);
    await assert.rejects(promote({ ...request, proof }), { code: 'images/not-proved' });
  });

  it('does not put a tag of the day over another image', async () => {
    const { client, request } = golden();
    putImage(client, 'other', '11-p20261121.1-before');
    await assert.rejects(promote(request), { code: 'images/patch-tag-taken' });
    await assert.rejects(promote({ ...request, tag: 'x' }), { code: 'images/golden-tag-missing' });
  });

  it('refuses a golden tag that is too long to be kept', async () => {
    const { client, request } = golden();
    const tag = 'x'.repeat(110);
    putImage(client, 'base', tag);
    await assert.rejects(promote({ ...request, tag }), { code: 'images/patch-tag-taken' });
  });

  it('says that the patched image is gone', async () => {
    const { client, patched, request } = golden();
    client.manifests.delete(patched.digest);
    await assert.rejects(promote(request), { code: 'images/promotion-vanished' });
  });
});

describe('promote of one platform of an index', () => {
  function multi() {
    const given = golden();
    const other = putImage(given.client, 'arm', null);
    const entry = (digest: string, architecture: string) => ({
      mediaType: 'x',
      digest,
      size: 1,
      platform: { os: 'linux', architecture },
    });
    const index = {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [
        entry(given.base.digest, 'amd64'),
        entry(other.digest, 'arm64'),
        {
          ...entry(other.digest, 'unknown'),
          annotations: { 'vnd.docker.reference.digest': given.base.digest },
        },
      ],
      annotations: { keep: 'me' },
    };
    const bytes = Buffer.from(JSON.stringify(index));
    const before = put(given.client, { mediaType: OCI_INDEX, bytes, tag: '11' });
    return { ...given, other, before };
  }

  it('puts the patched image in the place of its base and leaves the others', async () => {
    const { client, before, patched, other, request, pointsTo } = multi();
    const promotion = await promote(request);
    assert.equal(promotion.previous, before);
    assert.equal(pointsTo('11'), promotion.current);
    const raw = client.manifests.get('11');
    const index: unknown = JSON.parse(raw?.bytes.toString() ?? '');
    assert.ok(isObject(index) && Array.isArray(index['manifests']));
    assert.equal(raw?.mediaType, OCI_INDEX);
    assert.deepEqual(index['annotations'], { keep: 'me' });
    assert.deepEqual(
      index['manifests'].filter(isObject).map(({ digest, platform }) => [digest, platform]),
      [
        [patched.digest, { os: 'linux', architecture: 'amd64' }],
        [other.digest, { os: 'linux', architecture: 'arm64' }],
      ],
    );
    assert.deepEqual(await promote(request), promotion);
  });

  it('goes back to the whole index', async () => {
    const { client, before, request, pointsTo } = multi();
    await rollback({ client, promotion: await promote(request) });
    assert.equal(pointsTo('11'), before);
  });
});

describe('rollback', () => {
  it('points the golden tag at the old digest, and leaves what was kept', async () => {
    const { client, base, patched, request, pointsTo } = golden();
    const promotion = await promote(request);
    await rollback({ client, promotion });
    await rollback({ client, promotion });
    assert.equal(pointsTo('11'), base.digest);
    assert.equal(pointsTo(promotion.patchTag), patched.digest);
    assert.equal(pointsTo(promotion.beforeTag), base.digest);
  });

  it('leaves a tag alone that was moved since', async () => {
    const { client, request, pointsTo } = golden();
    const promotion = await promote(request);
    const other = putImage(client, 'other', '11');
    await assert.rejects(rollback({ client, promotion }), { code: 'images/golden-tag-moved' });
    assert.equal(pointsTo('11'), other.digest);
  });

  it('says that the old image is gone, and changes nothing', async () => {
    const { client, base, patched, request, pointsTo } = golden();
    const promotion = await promote(request);
    client.manifests.delete(base.digest);
    await assert.rejects(rollback({ client, promotion }), { code: 'images/promotion-vanished' });
    assert.equal(pointsTo('11'), patched.digest);
  });

  it('lets the patch be promoted again', async () => {
    const { client, request, patched, pointsTo } = golden();
    const promotion = await promote(request);
    await rollback({ client, promotion });
    assert.deepEqual(await promote(request), promotion);
    assert.equal(pointsTo('11'), patched.digest);
  });
});
