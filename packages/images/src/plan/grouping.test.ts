import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Digest } from '../image/image.ts';
import { sampleFinding } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import { NO_IMAGE } from '../receive/found-image.ts';
import { groupByBase, type PlacedFinding } from './grouping.ts';

const digest = (number: number): Digest => `sha256:${String(number).padStart(64, '0')}`;

function placed(number: number, more: Partial<Finding> = {}, architecture = 'amd64'): PlacedFinding {
  const base = { digest: digest(number % 50), platform: { os: 'linux', architecture, variant: null } };
  const finding = sampleFinding({
    id: `trivy/${base.digest}/CVE-2026-${number}`,
    vulnerability: `CVE-2026-${number}`,
    image: { ...NO_IMAGE, digest: base.digest, platform: base.platform },
    updatedAt: 1,
    ...more,
  });
  return { finding, base };
}

describe('groupByBase', () => {
  it('makes one group per base digest and platform, each finding in exactly one', () => {
    const all = Array.from({ length: 10_000 }, (_, number) => placed(number));
    const groups = groupByBase([...all, ...all.slice(0, 3000)]);
    assert.equal(groups.length, 50);
    const ids = groups.flatMap(({ findings }) => findings.map(({ id }) => id));
    assert.equal(ids.length, 10_000);
    assert.equal(new Set(ids).size, 10_000);
    const arm = groupByBase([placed(1), placed(1, {}, 'arm64')]);
    assert.deepEqual(
      arm.map(({ key }) => key),
      [`${digest(1)}/linux/amd64`, `${digest(1)}/linux/arm64`],
    );
  });

  it('keeps the later report of a finding, and gives the same groups in whatever order they come', () => {
    const reports = [
      placed(1),
      placed(1, { updatedAt: 2, status: 'closed' }),
      placed(1, { updatedAt: 2 }),
      placed(1, { updatedAt: 2, title: 'other words' }),
      placed(51),
      placed(2),
    ];
    const expected = groupByBase(reports);
    assert.equal(expected[0]?.findings[0]?.status, 'closed');
    fc.assert(
      fc.property(fc.shuffledSubarray(reports, { minLength: reports.length }), (shuffled) => {
        assert.deepEqual(groupByBase(shuffled), expected);
      }),
    );
  });
});
