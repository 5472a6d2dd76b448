/** What people read: plans, verdicts, the status. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Patch, PlanOutcome, Verdict } from '@callboard/images';
import type { Output } from '../output.ts';
import { digest, PLAN, PLATFORM } from './images.fixture.ts';
import { planText } from './plan-text.ts';
import { statusText } from './status-text.ts';
import { verdictText } from './verdict-text.ts';

const PLAIN: Output = {
  isTerminal: false,
  closed: false,
  write: async () => {},
  paint: (_, text) => text,
};
const LEFT = [
  { finding: 'a', vulnerability: 'CVE-2026-8', package: 'zlib1g', reason: 'no-fix' as const },
  { finding: 'b', vulnerability: 'CVE-2026-9', package: 'zlib1g', reason: 'no-fix' as const },
];

const refused = (kind: 'refused'): PlanOutcome => ({
  kind,
  plan: PLAN,
  exchange: null,
  leftOver: LEFT,
  reasons: [{ check: 'offered', package: 'libssl1.1', text: 'The mirror does not offer it.' }],
});

describe('planText', () => {
  it('shows what would change and why, what is left over and why, and the word of the gate', () => {
    const lines = planText({ outcome: refused('refused'), approval: null }, PLAIN).split('\n');
    assert.match(
      lines[0] ?? '',
      /^Plan [0-9a-f]{12} by callboard\/1: in-place: 1 package of 1 source package$/,
    );
    assert.deepEqual(lines.slice(2), [
      'PACKAGE    ACTION   INSTALLED  AT LEAST  MIRROR HAS  BECAUSE OF',
      'libssl1.1  upgrade  1.1.1k-1   1.1.1n-1  1.1.1w-1    CVE-2026-2, CVE-2026-3 and 1 more',
      '',
      'LEFT OVER                 FINDINGS  AS',
      'no fix has been released         2  CVE-2026-8 in zlib1g',
      '',
      'Gate: refused',
      '  The mirror does not offer it. (offered)',
      '',
    ]);
  });

  it('gives the reason of a plan without changes, and what may be done about the end of support', () => {
    const facts = { ...PLAN.facts, endOfLife: true };
    const proposal = { ...PLAN.proposal, strategy: 'defer' as const, packages: [], reason: 'It has ended.' };
    const outcome: PlanOutcome = { kind: 'deferred', plan: { ...PLAN, facts, proposal }, leftOver: [] };
    const text = planText({ outcome, approval: null }, PLAIN);
    assert.match(text, /: defer\nIt has ended\.\nTo take .*: --after-end-of-life patch\.\n$/);
  });

  it('says that there is nothing to do', () => {
    const outcome: PlanOutcome = { kind: 'nothing', proposal: null, leftOver: LEFT };
    const text = planText({ outcome, approval: null }, PLAIN);
    assert.match(text, /^Nothing that counts can be fixed .*\n\nLEFT OVER /);
  });
});

describe('verdictText', () => {
  const at = { registry: '127.0.0.1:5000', repository: 'golden/debian' };
  const openssl = { vulnerability: 'CVE-2026-1', fixedVersion: '1.1.1n-1' };
  const verdict: Verdict = {
    proved: false,
    image: { ...at, digest: digest('2') },
    base: { ...at, digest: digest('1') },
    planHash: 'a'.repeat(64),
    checks: [
      { id: 'image.lineage', ok: true, detail: '' },
      { id: 'scan.fixed', ok: false, detail: 'it is still there' },
      { id: 'files.hashes', ok: false, detail: 'no mirror' },
      { id: 'files.users', ok: false, detail: 'no mirror' },
    ],
    findings: {
      before: [
        { ...openssl, package: 'openssl' },
        { ...openssl, package: 'libssl1.1' },
      ],
      after: [{ ...openssl, package: 'openssl' }],
    },
    scanner: { name: 'trivy', version: '1', database: '2' },
    grown: 2_500_000,
    judgedAt: 0,
  };

  it('counts vulnerabilities once, and tells checks that failed for one reason together', () => {
    assert.deepEqual(verdictText(verdict, PLAIN).split('\n'), [
      'Not proved: 1 fixable finding before, 1 after, says trivy.',
      `  127.0.0.1:5000/golden/debian@${digest('2')}`,
      '  1 of 4 checks good; it grew by 2.5 MB',
      '  still there: CVE-2026-1 (openssl)',
      '  scan.fixed',
      '    it is still there',
      '  files.hashes, files.users',
      '    no mirror',
      '',
    ]);
  });

  it('claims no counts without a scan', () => {
    assert.match(verdictText({ ...verdict, scanner: null }, PLAIN), /^Not proved: there was no scan\.\n/);
  });
});

describe('statusText', () => {
  it('shows golden images, open findings and patches, how long they take, and what needs a person', () => {
    const golden = {
      name: 'debian-11',
      title: null,
      owner: null,
      system: null,
      registry: '127.0.0.1:5000',
      repository: 'golden/debian',
      tag: '11',
    };
    const version = { digest: digest('1'), indexDigest: null, diffIds: [], layers: [] };
    const images = [{ ...golden, platform: PLATFORM, versions: [version] }];
    const text = statusText(
      {
        goldens: [
          { golden, images, problem: null, readAt: 1, usedBy: ['booking'] },
          {
            golden: { ...golden, name: 'debian-12', tag: '12' },
            images: [],
            problem: 'It cannot be reached.',
            readAt: 1,
            usedBy: [],
          },
        ],
        findings: [
          { status: 'active', severity: 'critical', count: 2 },
          { status: 'active', severity: 'low', count: 1 },
        ],
        patches: [PATCH],
        figures: {
          patches: 3,
          stages: [{ stage: 'ours', ended: 2, open: 1, median: 95_000, p95: null }],
        },
        troubles: [{ kind: 'report', summary: 'a.json: It is no JSON.', at: 0 }],
      },
      { now: 3_600_000, on: PLAIN },
    );
    assert.deepEqual(text.split('\n'), [
      'GOLDEN IMAGE  TAG                              PLATFORM     DIGEST               USED BY  PROBLEM',
      'debian-11     127.0.0.1:5000/golden/debian:11  linux/amd64  sha256:111111111111  1',
      'debian-12     127.0.0.1:5000/golden/debian:12                                    0        It cannot be reached.',
      '',
      'Open findings: 3 (2 critical, 1 low)',
      '',
      'OPEN PATCH  GOLDEN IMAGE  PLATFORM     STATE   STAGE  SINCE   REASON',
      'p1          debian-11     linux/amd64  parked  build  30 min  The disk is full.',
      '',
      'Time to patch, of 3 patches:',
      'STAGE                             ENDED  OPEN  MEDIAN  P95',
      'finding and fix known, to proved      2     1    95 s    –',
      '',
      'set aside 60 min ago: a.json: It is no JSON.',
      '',
    ]);
  });
});

const PATCH: Patch = {
  id: 'p1',
  golden: 'debian-11',
  base: { registry: '127.0.0.1:5000', repository: 'golden/debian', digest: digest('1') },
  platform: PLATFORM,
  state: 'parked',
  stage: 'build',
  reason: 'The disk is full.',
  job: null,
  times: {
    published: null,
    fixReleased: null,
    received: 0,
    planned: null,
    built: null,
    proved: null,
    promoted: null,
    rolledOut: null,
  },
  createdAt: 0,
  updatedAt: 1_800_000,
  findings: 1,
  records: {},
  built: null,
  checks: null,
  fixable: null,
  gate: [],
  leftOver: [],
  approval: null,
  promotions: [],
  attestations: [],
};
