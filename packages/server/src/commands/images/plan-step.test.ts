import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashPlan, parsePolicy, type Finding, type PlanOutcome } from '@callboard/images';
import { folderOf } from '../callboard.fixture.ts';
import { digest, PLAN } from './images.fixture.ts';
import { agree, findingsToActOn } from './plan-step.ts';
import { openRecord } from './record.ts';

const SCRIPT = { manager: 'apt' as const, probe: [], simulate: [], apply: [], clean: [] };
const TOLD = { plan: PLAN, exchange: null, leftOver: [], script: SCRIPT };
const ASKED: PlanOutcome = {
  kind: 'needs-approval',
  ...TOLD,
  reasons: [{ check: 'major', package: 'libssl1.1', text: 'Another major version.' }],
};

describe('agree', () => {
  it('makes a plan ready that waits for a person, and writes down who agreed to which, and why', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    const { outcome, approval } = await agree({ record }, { planned: ASKED, known: null, reason: 'tested' });
    assert.deepEqual(outcome, { kind: 'ready', ...TOLD });
    assert.equal(approval?.planHash, hashPlan(PLAN));
    assert.deepEqual(await record.approval(), approval);
  });

  it('agrees to nothing without a reason, and never to what is refused', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    const refused: PlanOutcome = { kind: 'refused', plan: PLAN, exchange: null, leftOver: [], reasons: [] };
    for (const [planned, reason] of [
      [ASKED, null],
      [refused, 'tested'],
    ] as const) {
      const step = await agree({ record }, { planned, known: null, reason });
      assert.deepEqual(step, { outcome: planned, approval: null });
    }
    assert.equal(await record.approval(), null);
  });

  it('tells the word that was given before only with the plan that it was given for', async () => {
    await using folder = await folderOf();
    const record = openRecord(folder.path);
    const ready: PlanOutcome = { kind: 'ready', ...TOLD };
    const known = { planHash: hashPlan(PLAN), reason: 'tested', by: null, at: '2026-01-02T03:04:05Z' };
    const same = await agree({ record }, { planned: ready, known, reason: null });
    assert.equal(same.approval, known);
    const other = { ...known, planHash: 'f'.repeat(64) };
    assert.equal((await agree({ record }, { planned: ready, known: other, reason: null })).approval, null);
  });
});

describe('findingsToActOn', () => {
  it('takes each finding that the policy lets act once', () => {
    const of = (id: string, severity: Finding['severity']): Finding => ({
      id,
      scanner: 'trivy',
      vulnerability: id,
      aliases: [],
      severity,
      status: 'active',
      image: {
        digest: digest('1'),
        configDigest: null,
        registry: null,
        repository: null,
        tags: [],
        platform: null,
        diffIds: [],
        distro: null,
      },
      packages: [
        {
          name: 'openssl',
          source: null,
          kind: 'deb',
          version: '1-1',
          fixedVersion: '1-2',
          architecture: null,
          diffId: null,
          path: null,
        },
      ],
      title: '',
      epss: null,
      knownExploited: null,
      publishedAt: null,
      fixedAt: null,
      updatedAt: 0,
    });
    const findings = [of('a', 'high'), of('a', 'high'), of('b', 'low')];
    const acting = findingsToActOn(findings, parsePolicy({ severities: ['high'] }));
    assert.deepEqual(
      acting.map(({ id }) => id),
      ['a'],
    );
  });
});
