import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sampleFinding } from './finding.fixture.ts';
import type { Finding } from './finding.ts';
import { closeMissing } from './missing.ts';
import type { Report } from './report.ts';

const KNOWN = ['a', 'b', 'c'].map((id) => sampleFinding({ id }));
const { image } = sampleFinding({});

const reportOf = (fields: Partial<Report>): Report => ({
  scanner: 'trivy',
  findings: [],
  diagnostics: [],
  image,
  snapshot: true,
  at: 5_000,
  ...fields,
});

const ids = (findings: readonly Finding[]): string => findings.map(({ id }) => id).join();

describe('closeMissing', () => {
  it('closes what a snapshot no longer lists, at the time of the snapshot', () => {
    const closed = closeMissing(reportOf({ findings: [sampleFinding({ id: 'b' })] }), KNOWN);
    assert.equal(ids(closed), 'a,c');
    assert.deepEqual(closed[0], sampleFinding({ id: 'a', status: 'closed', updatedAt: 5_000 }));
  });

  it('leaves alone what is closed, of another image or scanner, or later than the report', () => {
    const others = [
      sampleFinding({ id: 'd', status: 'closed' }),
      sampleFinding({ id: 'e', scanner: 'grype' }),
      sampleFinding({ id: 'f', image: { ...image, digest: `sha256:${'2'.repeat(64)}` } }),
      sampleFinding({ id: 'g', updatedAt: 5_000 }),
    ];
    assert.equal(ids(closeMissing(reportOf({}), others)), '');
  });

  it('closes nothing for a report that is not whole, or of no image that it names', () => {
    assert.equal(ids(closeMissing(reportOf({ snapshot: false }), KNOWN)), '');
    assert.equal(ids(closeMissing(reportOf({ image: { ...image, digest: null } }), KNOWN)), '');
  });
});
