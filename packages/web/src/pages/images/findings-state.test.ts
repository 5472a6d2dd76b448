import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromFindingQuery, isNarrowed, toFindingQuery, toggled } from './findings-state.ts';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('toFindingQuery', () => {
  it('shows what is open unless the address says otherwise', () => {
    const query = toFindingQuery(new URLSearchParams());
    assert.deepEqual(query, {
      severities: [],
      status: 'active',
      repository: '',
      digest: '',
      vulnerability: '',
    });
    assert.equal(isNarrowed(query), false);
    assert.equal(toFindingQuery(new URLSearchParams('status=any')).status, null);
  });

  it('leaves out what cannot be', () => {
    const query = toFindingQuery(new URLSearchParams('severity=high,horrible&status=lost&digest=latest'));
    assert.deepEqual([query.severities, query.status, query.digest], [['high'], 'active', '']);
  });

  it('reads what it wrote', () => {
    for (const address of [
      '',
      'severity=critical%2Clow',
      'status=any',
      `severity=high&status=closed&repository=golden%2Fdebian&vulnerability=CVE-1&digest=${encodeURIComponent(DIGEST)}`,
    ]) {
      assert.equal(fromFindingQuery(toFindingQuery(new URLSearchParams(address))).toString(), address);
    }
  });
});

describe('toggled', () => {
  it('adds a severity, or takes it away, the worst first', () => {
    assert.deepEqual(toggled(['low'], 'critical'), ['critical', 'low']);
    assert.deepEqual(toggled(['critical', 'low'], 'low'), ['critical']);
  });
});
