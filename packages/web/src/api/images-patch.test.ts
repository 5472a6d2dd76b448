import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toPatch, toPatchPage, toPlanRecord, toVerdictRecord } from './images-patch.ts';

const BASE = { registry: 'r.test', repository: 'golden/debian', digest: 'sha256:1' };
const PATCH = {
  id: 'p-1',
  golden: 'debian-12',
  base: BASE,
  platform: { os: 'linux', architecture: 'amd64', variant: null },
  state: 'promoted',
  stage: 'promote',
  reason: null,
  job: 'job-1',
  times: { published: null, received: 3_000, planned: 4_000, promoted: 7_000 },
  createdAt: 3_000,
  updatedAt: 8_000,
  findings: 3,
  records: { plan: 'aa', script: 'bb', other: 'cc' },
  built: { ...BASE, digest: 'sha256:2' },
  checks: [{ id: 'size', ok: false, detail: 'too large' }, { id: 'smoke' }],
  fixable: { before: 3, after: 0 },
  gate: [{ check: 'offered', package: null, text: 'It is not offered.' }],
  leftOver: [{ finding: 'f', vulnerability: 'CVE-1', package: 'perl', reason: 'no-fix' }],
  approval: { by: 'user:default/ann', at: 5_000, reason: 'looked', planHash: 'aa' },
  promotions: [
    {
      at: { registry: 'r.test', repository: 'golden/debian' },
      tag: '12',
      patchTag: '12-p20260101.1',
      beforeTag: '12-p20260101.1-before',
      previous: 'sha256:1',
      current: 'sha256:2',
    },
  ],
  attestations: ['sha256:3'],
};

describe('toPatch', () => {
  it('reads a patch that went all the way', () => {
    const patch = toPatch(PATCH);
    assert.equal(patch.platform, 'linux/amd64');
    assert.equal(patch.state, 'promoted');
    assert.deepEqual(patch.base, BASE);
    assert.deepEqual(patch.times.received, new Date(3_000));
    assert.deepEqual([patch.times.published, patch.times.rolledOut], [null, null]);
    assert.deepEqual(patch.records, { plan: 'aa', script: 'bb' });
    assert.deepEqual(patch.fixable, { before: 3, after: 0 });
    assert.deepEqual(patch.leftOver, [{ vulnerability: 'CVE-1', package: 'perl', reason: 'no-fix' }]);
    assert.deepEqual(patch.approval, { by: 'user:default/ann', at: new Date(5_000), reason: 'looked' });
    assert.equal(patch.promotions[0]?.repository, 'golden/debian');
    assert.deepEqual(patch.attestations, ['sha256:3']);
  });

  it('takes a check that does not say how it went for a failed one', () => {
    assert.deepEqual(toPatch(PATCH).checks, [
      { id: 'size', ok: false, detail: 'too large' },
      { id: 'smoke', ok: false, detail: '' },
    ]);
  });

  it('reads one that has only begun', () => {
    const patch = toPatch({ id: 'p-2', state: 'waiting', checks: null, fixable: null, built: null });
    assert.deepEqual([patch.checks, patch.fixable, patch.built, patch.approval], [null, null, null, null]);
    assert.deepEqual([patch.gate, patch.promotions, patch.records], [[], [], {}]);
  });

  it('keeps the word for a state that it does not know', () => {
    const { state, stateText } = toPatch({ id: 'p', state: 'from-the-future' });
    assert.deepEqual([state, stateText], [null, 'from-the-future']);
  });

  it('does not take nonsense for a patch, or for no patches', () => {
    for (const value of [null, 7, [], {}, { id: 'p' }, { state: 'running' }]) {
      assert.throws(() => toPatch(value), { name: 'AnswerError', status: 502 });
    }
    assert.throws(() => toPatchPage({ items: 'many' }), { status: 502 });
    assert.deepEqual(toPatchPage({ items: [PATCH], nextCursor: 'c' }).next, 'c');
  });
});

describe('toPlanRecord', () => {
  const PLAN = {
    facts: {
      distro: { id: 'debian', version: '11' },
      manager: 'apt',
      endOfLife: true,
      packages: [{ name: 'libssl1.1', installed: '1.1.1n', vulnerabilities: ['CVE-1', 'CVE-2'] }],
    },
    proposal: {
      strategy: 'in-place',
      packages: [
        { name: 'libssl1.1', action: 'upgrade', minVersion: '1.1.1w', replacement: null },
        { name: 'unheard-of', action: 'remove', minVersion: null, replacement: null },
      ],
      requires: ['remove-package'],
      reason: 'because',
      confidence: 0.9,
    },
    planner: { kind: 'model', name: 'some/model', promptHash: 'aa' },
  };

  it('joins what is to change with what is installed and why', () => {
    const plan = toPlanRecord(JSON.stringify(PLAN));
    assert.deepEqual([plan.distro, plan.manager, plan.isEndOfLife], ['debian 11', 'apt', true]);
    assert.deepEqual(plan.planner, { isModel: true, name: 'some/model' });
    assert.deepEqual(plan.packages, [
      {
        name: 'libssl1.1',
        action: 'upgrade',
        installed: '1.1.1n',
        minVersion: '1.1.1w',
        replacement: null,
        vulnerabilities: ['CVE-1', 'CVE-2'],
      },
      {
        name: 'unheard-of',
        action: 'remove',
        installed: null,
        minVersion: null,
        replacement: null,
        vulnerabilities: [],
      },
    ]);
  });

  it('does not take another text for a plan', () => {
    for (const text of ['', 'no json', '[]', '{}', '{"proposal":{}}']) {
      assert.throws(() => toPlanRecord(text), { name: 'AnswerError', message: 'The answer is not a plan.' });
    }
  });
});

describe('toVerdictRecord', () => {
  it('says what is fixed, each once, and by whose word', () => {
    const found = (vulnerability: string, name: string): unknown => ({ vulnerability, package: name });
    const verdict = {
      scanner: { name: 'trivy', version: '0.69', database: 'today' },
      grown: -5,
      findings: {
        before: [found('CVE-1', 'a'), found('CVE-1', 'b'), found('CVE-2', 'a')],
        after: [found('CVE-2', 'a')],
      },
    };
    assert.deepEqual(toVerdictRecord(JSON.stringify(verdict)), {
      scanner: verdict.scanner,
      grown: -5,
      fixed: ['CVE-1'],
    });
    assert.deepEqual(toVerdictRecord('{"scanner":null}'), { scanner: null, grown: null, fixed: [] });
    assert.throws(() => toVerdictRecord('null'), { name: 'AnswerError' });
  });
});
