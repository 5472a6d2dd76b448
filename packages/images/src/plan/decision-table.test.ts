/**
 * What is done with images that no package manager of theirs can patch, and with distributions whose support has ended:
 * from the files of an image, each row with what it is told by, to the proposal.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { viewOf } from '../inventory/image-files.fixture.ts';
import { readInventory } from '../inventory/read-inventory.ts';
import { headerOf, ndbOf, sqliteOf } from '../inventory/rpm-database.fixture.ts';
import { sampleFinding, samplePackage } from '../receive/finding.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import { NO_IMAGE } from '../receive/found-image.ts';
import type { LeftOver } from './assess.ts';
import { gatherFacts } from './facts.ts';
import type { Proposal } from './plan.ts';
import { createPlanner, type PlannerOptions } from './planner.ts';
import { proposeUnmanaged } from './unmanaged.ts';

type Files = Readonly<Record<string, string | Buffer>>;

const DIGEST = `sha256:${'a'.repeat(64)}` as const;
const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };
const NOW = Date.parse('2026-11-21T00:00:00Z');

/** Of `openssl`, which every image of the table has, in version 1-1. */
function findingOf(kind: 'deb' | 'rpm' | 'apk'): Finding {
  const affected = { name: 'openssl', source: null, kind, version: '1-1', fixedVersion: '1-2' };
  return sampleFinding({
    image: { ...NO_IMAGE, digest: DIGEST },
    packages: [samplePackage({ ...affected, architecture: null })],
  });
}

interface Decision {
  readonly state: string;
  readonly proposal: Proposal;
  readonly leftOver: readonly LeftOver[];
}

/** The mirror has what is named in `candidates`. */
async function decide(
  files: Files,
  given: { readonly kind: 'deb' | 'rpm' | 'apk'; readonly options?: PlannerOptions; readonly now?: number },
): Promise<Decision> {
  const { inventory } = await readInventory(viewOf(files));
  const { kind, options = {}, now = NOW } = given;
  const { facts, leftOver } = gatherFacts({
    findings: [findingOf(kind)],
    inventory,
    candidates: new Map([['openssl', '1-2']]),
    image: { digest: DIGEST, platform: PLATFORM },
    now,
  });
  const { state } = inventory;
  if (facts === null) return { state, proposal: proposeUnmanaged(inventory), leftOver };
  const { proposal } = await createPlanner(options).proposePlan(facts, {
    signal: AbortSignal.timeout(60_000),
  });
  return { state, proposal, leftOver };
}

const os = (id: string, more = ''): Files => ({ '/etc/os-release': `ID=${id}\n${more}` });
const header = headerOf({ name: 'openssl', version: '1', release: '1', architecture: 'x86_64' });
const STANZA = 'Package: openssl\nVersion: 1-1\nArchitecture: amd64\n';
const CHISEL = [
  '{"jsonwall":"1.0","schema":"1.0","count":2}',
  '{"kind":"package","name":"openssl","version":"1-1","sha256":"x","arch":"amd64"}',
];

/** What it is told by, its files, the state, the strategy, and what the reason has to say. */
const ROWS: readonly (readonly [string, Files, string, Proposal['strategy'], RegExp])[] = [
  [
    'Debian distroless, by status.d without status',
    { ...os('debian', 'VERSION_ID=12\n'), '/var/lib/dpkg/status.d/openssl': STANZA },
    'distroless',
    'bump-base',
    /newer digest of its base/,
  ],
  [
    'a chiselled Ubuntu, by its manifest',
    { ...os('ubuntu'), '/var/lib/chisel/manifest.wall': zstdCompressSync(CHISEL.join('\n')) },
    'distroless',
    'bump-base',
    /cut again from fixed packages, never overlaid/,
  ],
  [
    'a micro image of Red Hat, by a package database in /var/lib without tools',
    { ...os('rhel', 'VERSION_ID=9.4\n'), '/var/lib/rpm/rpmdb.sqlite': sqliteOf([header]) },
    'no-tools',
    'bump-base',
    /tools of the same major release/,
  ],
  [
    'a micro image of SUSE, by a package database in /usr/lib/sysimage without tools',
    { ...os('sles', 'VERSION_ID=15.7\n'), '/usr/lib/sysimage/rpm/Packages.db': ndbOf([header]) },
    'no-tools',
    'bump-base',
    /tools of the same major release/,
  ],
  [
    'an image of Wolfi without apk',
    { ...os('wolfi'), '/lib/apk/db/installed': 'P:openssl\nV:1-r1\n' },
    'no-tools',
    'bump-base',
    /newer digest of its base/,
  ],
  [
    'distroless Mariner, by its first list',
    { ...os('mariner'), '/var/lib/rpmmanifest/container-manifest-1': 'openssl-1-1.x86_64\n' },
    'distroless',
    'bump-base',
    /newer digest of its base/,
  ],
  [
    'distroless Azure Linux, by its second list',
    {
      ...os('azurelinux', 'VERSION_ID="3.0"\n'),
      '/var/lib/rpmmanifest/container-manifest-2':
        'openssl\t1-1\t1\t1\tMicrosoft\t(none)\t1\tx86_64\t0\topenssl-1-1.src.rpm\n',
    },
    'distroless',
    'bump-base',
    /newer digest of its base/,
  ],
  [
    'an image with no packages at all',
    { '/app': 'x' },
    'none',
    'defer',
    /built anew by its owner, or answered by a VEX/,
  ],
];

describe('the decision about an image without a package manager', () => {
  for (const [name, files, state, strategy, reason] of ROWS) {
    it(`of ${name}`, async () => {
      const kind = files['/etc/os-release']?.toString().match(/debian|ubuntu/) ? 'deb' : 'rpm';
      const decision = await decide(files, { kind });
      assert.deepEqual([decision.state, decision.proposal.strategy], [state, strategy]);
      assert.match(decision.proposal.reason, reason);
      assert.deepEqual(decision.proposal.packages, []);
      // Nothing of the report passes in silence.
      assert.deepEqual(
        decision.leftOver.map((left) => left.reason),
        ['unmanaged'],
      );
    });
  }
});

describe('the decision about a distribution whose support has ended', () => {
  const managed = (id: string, more: string): Files => ({
    ...os(id, more),
    '/var/lib/dpkg/status': `${STANZA}Status: install ok installed\n`,
    '/usr/bin/apt-get': '',
  });
  const ENDED: readonly (readonly [string, Files])[] = [
    ['by our table, which needs no network', managed('debian', 'VERSION_ID=10\n')],
    [
      'by the word of the image where the table has none',
      managed('mine', 'VERSION_ID=1\nSUPPORT_END=2026-01-31\n'),
    ],
  ];
  for (const [name, files] of ENDED) {
    it(`${name}: no fix in place, and no jump to another major release`, async () => {
      const { proposal } = await decide(files, { kind: 'deb' });
      assert.deepEqual([proposal.strategy, proposal.packages, proposal.requires], ['defer', [], []]);
      assert.match(
        proposal.reason,
        /has ended.*Move to a newer major release, or configure its extended support/,
      );
    });

    it(`${name}: takes the fix of a repository with extended support where a policy says so, and tells`, async () => {
      const options: PlannerOptions = { afterEndOfLife: 'patch' };
      const { proposal } = await decide(files, { kind: 'deb', options });
      assert.equal(proposal.strategy, 'in-place');
      assert.match(proposal.reason, /has ended: move to a newer major release/);
    });
  }

  it('does not take the word of the image against the table', async () => {
    const files = managed('debian', 'VERSION_ID=10\nSUPPORT_END=2099-01-01\n');
    assert.equal((await decide(files, { kind: 'deb' })).proposal.strategy, 'defer');
  });

  it('patches up to the last day with support, and what rolls on without an end', async () => {
    const last = Date.parse('2024-06-30T23:59:59Z');
    const onLastDay = await decide(managed('debian', 'VERSION_ID=10\n'), { kind: 'deb', now: last });
    assert.equal(onLastDay.proposal.strategy, 'in-place');
    const rolling = await decide(managed('debian', 'VERSION_CODENAME=sid\n'), { kind: 'deb' });
    assert.equal(rolling.proposal.strategy, 'in-place');
  });
});
