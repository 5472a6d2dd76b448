/** What a room holds for the tests of its REST API: something of everything, with and without what may be absent. */
import { createHash } from 'node:crypto';
import type { Diagnostic } from '@callboard/model';
import type { StoredFinding } from '../findings/findings-store.ts';
import type { Digest } from '../image/image.ts';
import type { GoldenStatus } from '../images.ts';
import type { Patch } from '../patches/patch.ts';
import { sampleFinding, samplePackage } from '../receive/finding.fixture.ts';

export const DIGEST: Digest = `sha256:${'1'.repeat(64)}`;
export const OTHER: Digest = `sha256:${'2'.repeat(64)}`;
export const PLAN = '{"planner":{"kind":"deterministic"}}';
export const SCRIPT = '#!/bin/sh\necho "<b>ü</b>"\n';
export const PEM = '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2Vw\n-----END PUBLIC KEY-----\n';
/** Patches: one that runs, one that awaits approval, one that went all the way. The newest has the greatest id. */
export const RUNNING = 'p-3';
export const ASKING = 'p-2';
export const DONE = 'p-1';

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const PLATFORM = { os: 'linux', architecture: 'arm64', variant: 'v8' };
const BASE = { registry: 'registry.test:5000', repository: 'golden/debian', digest: DIGEST };

export function samplePatch(id: string, fields: Partial<Patch> = {}): Patch {
  return {
    id,
    golden: 'debian-11',
    base: BASE,
    platform: { ...PLATFORM, variant: null },
    state: 'running',
    stage: 'build',
    reason: null,
    job: 'job-1',
    times: {
      published: null,
      fixReleased: null,
      received: 1_000,
      planned: null,
      built: null,
      proved: null,
      promoted: null,
      rolledOut: null,
    },
    createdAt: 1_000,
    updatedAt: 2_000,
    findings: 3,
    records: {},
    built: null,
    checks: null,
    fixable: null,
    gate: [],
    leftOver: [],
    approval: null,
    promotions: [],
    attestations: [],
    ...fields,
  };
}

/** Nothing in it is null or empty. */
export const FULL: Partial<Patch> = {
  platform: PLATFORM,
  state: 'promoted',
  stage: 'promote',
  reason: 'all is well',
  times: {
    published: 1,
    fixReleased: 2,
    received: 3,
    planned: 4,
    built: 5,
    proved: 6,
    promoted: 7,
    rolledOut: 8,
  },
  records: { plan: hashOf(PLAN), script: hashOf(SCRIPT) },
  built: { ...BASE, digest: OTHER },
  checks: [
    { id: 'image.lineage', ok: true, detail: '' },
    { id: 'size', ok: false, detail: 'too large' },
  ],
  fixable: { before: 3, after: 0 },
  gate: [{ check: 'offered', package: 'openssl', text: 'It is not offered.' }],
  leftOver: [{ finding: 'f', vulnerability: 'CVE-2024-2', package: 'perl', reason: 'no-fix' }],
  approval: { by: 'user:default/ann', at: 5, reason: 'looked at it', planHash: hashOf(PLAN) },
  promotions: [
    {
      at: { registry: BASE.registry, repository: BASE.repository },
      tag: '11',
      patchTag: '11-p20260101.1',
      beforeTag: '11-p20260101.1-before',
      previous: DIGEST,
      current: OTHER,
    },
  ],
  attestations: [OTHER],
};

export const FINDINGS: readonly StoredFinding[] = [
  {
    finding: sampleFinding({ id: 'arn:aws:inspector2:eu-west-1:1:finding/a b?#%', scanner: 'inspector' }),
    firstSeenAt: 1,
    changedAt: 2,
    closedAt: null,
    reopened: 0,
  },
  {
    finding: sampleFinding({
      id: `trivy/${DIGEST}/CVE-2024-6119`,
      status: 'closed',
      severity: 'critical',
      epss: 0.5,
      knownExploited: true,
      publishedAt: 1,
      fixedAt: 2,
      packages: [samplePackage({ source: null, fixedVersion: null, diffId: DIGEST, path: '/usr/lib/x' })],
      image: {
        digest: null,
        configDigest: null,
        registry: null,
        repository: null,
        tags: [],
        platform: null,
        diffIds: [DIGEST],
        distro: null,
      },
    }),
    firstSeenAt: 1,
    changedAt: 2,
    closedAt: 3,
    reopened: 1,
  },
];

export const GOLDENS: readonly GoldenStatus[] = [
  {
    golden: {
      name: 'debian-11',
      title: 'Debian 11',
      owner: 'group:default/base',
      system: 'system:default/base',
      registry: BASE.registry,
      repository: BASE.repository,
      tag: '11',
    },
    images: [
      {
        name: 'debian-11',
        registry: BASE.registry,
        repository: BASE.repository,
        tag: '11',
        platform: PLATFORM,
        versions: [{ digest: DIGEST, indexDigest: OTHER, diffIds: [DIGEST], layers: [OTHER] }],
      },
    ],
    problem: null,
    readAt: 9,
    usedBy: ['shop'],
  },
  {
    golden: {
      name: 'lost',
      title: null,
      owner: null,
      system: null,
      registry: 'r',
      repository: 'lost',
      tag: '1',
    },
    images: [],
    problem: 'It cannot be reached.',
    readAt: null,
    usedBy: [],
  },
];

export const DIAGNOSTIC: Diagnostic = {
  severity: 'warning',
  code: 'images/report-field',
  summary: 'It is no number.',
  file: 'report',
  path: 'Results[0]',
};
