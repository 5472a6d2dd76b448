import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CodedError } from '@callboard/kernel';
import { folderOf } from '../callboard.fixture.ts';
import { openRecord } from './record.ts';

const digest = (figure: string): `sha256:${string}` => `sha256:${figure.repeat(64)}`;
const AT = { registry: '127.0.0.1:5000', repository: 'golden/debian' };
const PROMOTION = {
  at: AT,
  tag: '11',
  patchTag: '11-p20260102.1',
  beforeTag: '11-p20260102.1-before',
  previous: digest('1'),
  current: digest('2'),
};

function coded(code: string, message: RegExp) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof CodedError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

describe('openRecord', () => {
  it('gives back what was written', async () => {
    await using folder = await folderOf();
    const record = openRecord(join(folder.path, 'a/b'));
    const image = { ...AT, digest: digest('2') };
    const verdict = { proved: true, image, base: { ...AT, digest: digest('1') }, planHash: 'f'.repeat(64) };
    await record.writeJson('verdict.json', verdict);
    await record.writeJson('promotion.json', PROMOTION);
    const { proved: _, ...kept } = verdict;
    assert.deepEqual(await record.verdict(), kept);
    assert.deepEqual(await record.promotion(), PROMOTION);
    assert.deepEqual(
      [await record.approval(), await record.seal(), await record.build()],
      [null, null, null],
    );
    assert.equal(await record.scriptHash(), null);
  });

  it('removes what later steps wrote when a step is made anew, and keeps approval and promotion', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    for (const file of ['scan.json', 'plan.json', 'verdict.json', 'seal.json', 'approval.json'] as const) {
      await record.writeJson(file, {});
    }
    await record.writeJson('promotion.json', PROMOTION);
    record.log('plan', 'asking');
    await record.begin('plan.json');
    assert.deepEqual(await readdir(folder.path), ['approval.json', 'log.txt', 'promotion.json', 'scan.json']);
    assert.match(await readFile(join(folder.path, 'log.txt'), 'utf8'), /^\d{4}-.*Z plan: asking\n$/);
  });

  it('says what has to be done when a file is not there', async () => {
    await using folder = await folderOf();
    const record = openRecord(join(folder.path, 'none'));
    await assert.rejects(record.plan(), coded('images/record-missing', /Plan the image first/));
    await assert.rejects(record.verdict(), coded('images/record-missing', /Prove the image first/));
    await assert.rejects(record.promotion(), coded('images/record-missing', /Promote the image first/));
  });

  it('refuses files that are not what they have to be, and says why', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    const put = (file: string, text: string) => writeFile(join(folder.path, file), text);
    await put('plan.json', '{');
    await assert.rejects(record.plan(), coded('images/record-unusable', /plan\.json .*no JSON/));
    await put('plan.json', '{"facts": {}}');
    await assert.rejects(record.plan(), coded('images/record-unusable', /plan\.json cannot be used: ./));
    await put('verdict.json', '{"image": {"registry": "a"}}');
    await assert.rejects(record.verdict(), coded('images/record-unusable', /names no image/));
    await put('seal.json', '{"payload": 1}');
    await assert.rejects(record.seal(), coded('images/record-unusable', /no signed envelope/));
    await put('approval.json', '[]');
    await assert.rejects(record.approval(), coded('images/record-unusable', /no object/));
    await put('build.json', JSON.stringify({ base: { ...AT, digest: 'sha256:1' } }));
    await assert.rejects(record.build(), coded('images/record-unusable', /no image, or no base/));
  });

  it('takes only tags and digests from a promotion, as they go into the registry', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    await record.writeJson('promotion.json', { ...PROMOTION, tag: '../11' });
    await assert.rejects(record.promotion(), coded('images/record-unusable', /a tag of it is none/));
    await record.writeJson('promotion.json', { ...PROMOTION, previous: 'latest' });
    await assert.rejects(record.promotion(), coded('images/record-unusable', /a digest of it is none/));
  });
});
