/**
 * The way of an Alpine image from findings to a commit, with what apk 2.14 prints. Not real: apk, the registry and the
 * engine. Real: reading the database, the probe, the planner, the gate, the script, its grammar and its steps.
 */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { STRICT_POLICY } from '../gate/verdict.ts';
import type { Image } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createPlanner } from '../plan/planner.ts';
import { image } from '../prove/evidence.fixture.ts';
import type { Finding } from '../receive/finding.ts';
import { parseReport } from '../receive/report.ts';
import type { CommandOutput } from '../script/command.ts';
import { buildPatch, PATCH_LABELS } from './build-patch.ts';
import { createFolderEngine, type Answer, type FolderEngine } from './folder-engine.fixture.ts';
import { makePlan, type PlanOutcome } from './make-plan.ts';

const WORLD_FILE = '/etc/apk/world';
/** In no order, with a pin and a tag that no package of the test has. */
const WORLD = 'busybox>=1.36\nalpine-baselayout\nnginx@edge\nlibgone=1.0-r0\n\n';
const NOW = Date.parse('2024-09-06T00:00:00Z');

const pkg = (name: string, version: string, origin: string, needs = ''): string =>
  `C:Q1${'A'.repeat(27)}=\nP:${name}\nV:${version}\nA:x86_64\nS:1\nI:1\nT:a package\nL:MIT\no:${origin}\nD:${needs}\n\n`;

const FILES: Readonly<Record<string, string>> = {
  '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1\n',
  '/sbin/apk': '',
  [WORLD_FILE]: WORLD,
  '/lib/apk/db/installed': [
    pkg('busybox', '1.36.1-r15', 'busybox', 'so:libc.musl-x86_64.so.1'),
    pkg('libcrypto3', '3.1.4-r5', 'openssl'),
    pkg('libssl3', '3.1.4-r5', 'openssl', 'libcrypto3'),
    pkg('musl', '1.2.4_git20230717-r4', 'musl'),
  ].join(''),
};

const POLICY = `libcrypto3 policy:
  3.1.4-r5:
    lib/apk/db/installed
    https://mirror.example/alpine/v3.19/main
  3.1.7-r0:
    https://mirror.example/alpine/v3.19/main
  3.3.1-r3:
    @edge https://mirror.example/alpine/edge/main
libssl3 policy:
  3.1.4-r5:
    lib/apk/db/installed
    https://mirror.example/alpine/v3.19/main
  3.1.7-r0:
    https://mirror.example/alpine/v3.19/main
`;
const UPGRADE = `fetch https://mirror.example/alpine/v3.19/main/x86_64/APKINDEX.tar.gz
(1/2) Upgrading libcrypto3 (3.1.4-r5 -> 3.1.7-r0)
(2/2) Upgrading libssl3 (3.1.4-r5 -> 3.1.7-r0)
OK: 8 MiB in 15 packages
`;
const NOTHING = 'OK: 8 MiB in 15 packages\n';

/** As Trivy reports the two libraries of openssl. */
function findings(): readonly Finding[] {
  const vulnerabilities = ['libcrypto3', 'libssl3'].map((name) => ({
    VulnerabilityID: 'CVE-2024-6119',
    PkgName: name,
    InstalledVersion: '3.1.4-r5',
    FixedVersion: '3.1.7-r0',
    Severity: 'HIGH',
  }));
  const results = [{ Class: 'os-pkgs', Type: 'alpine', Vulnerabilities: vulnerabilities }];
  const report = { SchemaVersion: 2, ArtifactType: 'container_image', Results: results };
  return parseReport(report, { receivedAt: NOW, name: 'report', image: { digest: IMAGE.digest } }).findings;
}

interface Told {
  readonly policy?: Partial<CommandOutput>;
  readonly simulation?: string;
  readonly fix?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly now?: number;
}

/** apk as a test has it. Its real upgrade sorts the world, so this one writes it anew too. */
function engineOf({
  policy = { stdout: POLICY },
  simulation = UPGRADE,
  fix = NOTHING,
  files = {},
}: Told): FolderEngine {
  const answer: Answer = async ({ argv }, root) => {
    if (argv[0] !== 'apk') throw new Error(`The test knows no ${argv[0] ?? ''}.`);
    if (argv.includes('policy')) return policy;
    if (argv.includes('fix')) return { stdout: fix };
    if (argv.includes('-s')) return { stdout: simulation };
    await writeFile(join(root, WORLD_FILE), 'alpine-baselayout\nbusybox>=1.36\nlibcrypto3\nlibssl3\n');
    return { stdout: UPGRADE };
  };
  return createFolderEngine({ ...FILES, ...files }, { answer, watched: [WORLD_FILE] });
}

const CLIENT: RegistryClient = Object.create(null);

async function plan(
  told: Told = {},
): Promise<{ readonly outcome: PlanOutcome; readonly engine: FolderEngine }> {
  const engine = engineOf(told);
  const outcome = await makePlan({ client: CLIENT, engine, now: () => told.now ?? NOW }, surroundings());
  return { outcome, engine };
}

function surroundings() {
  return {
    image: IMAGE,
    findings: findings(),
    planner: createPlanner(),
    policy: STRICT_POLICY,
    mirrors: { main: 'https://mirror.example/alpine/v3.19/main\n' },
    limits: { unpackedBytes: 1, layerBytes: 1, entries: 1 },
    log: () => {},
    signal: AbortSignal.timeout(60_000),
  };
}

const IMAGE: Image = { ...image('b', []), repository: 'golden/alpine' };

const GLOBALS = '--no-cache --no-progress --repositories-file /run/callboard/repositories';

describe('makePlan of an Alpine image', () => {
  it('asks the mirror for the origin of what is found, plans what it has, and tries it', async () => {
    const { outcome, engine } = await plan();
    assert.equal(outcome.kind, 'ready', JSON.stringify(outcome));
    assert.deepEqual(engine.ran, [
      `apk ${GLOBALS} policy libcrypto3 libssl3`,
      `apk ${GLOBALS} upgrade -s libcrypto3 libssl3`,
    ]);
    assert.deepEqual(
      outcome.plan.proposal.packages.map(({ name, action, minVersion }) => [name, action, minVersion]),
      [
        ['libcrypto3', 'upgrade', '3.1.7-r0'],
        ['libssl3', 'upgrade', '3.1.7-r0'],
      ],
    );
    // What only a tagged repository has is no candidate.
    assert.deepEqual(
      outcome.plan.facts.packages.map(({ candidate }) => candidate),
      ['3.1.7-r0', '3.1.7-r0'],
    );
    assert.deepEqual(
      outcome.script.apply.map(({ kind, command }) => `${kind}: ${command.argv.join(' ')}`),
      [
        `save: cat ${WORLD_FILE}`,
        `run: apk ${GLOBALS} upgrade libcrypto3 libssl3`,
        `restore: tee ${WORLD_FILE}`,
        `check: apk ${GLOBALS} fix -s`,
      ],
    );
    assert.deepEqual(outcome.leftOver, []);
  });

  it('refuses what apk would do beside, and what it would not do', async () => {
    const refusals: readonly (readonly [string, readonly (readonly [string, string | null])[]])[] = [
      [`(1/3) Purging busybox (1.36.1-r15)\n${UPGRADE}`, [['simulate/unplanned', 'busybox']]],
      [
        `${UPGRADE}(3/3) Downgrading musl (1.2.4_git20230717-r4 -> 1.2.3-r4)\n`,
        [['simulate/unplanned', 'musl']],
      ],
      [
        UPGRADE.replaceAll('3.1.7-r0', '3.1.6-r2'),
        [
          ['simulate/short', 'libcrypto3'],
          ['simulate/short', 'libssl3'],
        ],
      ],
      [UPGRADE.replace(/.*libssl3.*\n/, ''), [['simulate/short', 'libssl3']]],
    ];
    for (const [simulation, expected] of refusals) {
      const { outcome } = await plan({ simulation });
      assert.equal(outcome.kind, 'refused', simulation);
      assert.deepEqual(
        outcome.reasons.map((reason) => [reason.check, reason.package]),
        expected,
      );
    }
    await assert.rejects(plan({ simulation: '(1/1) Frobbing musl (1-r0)\n' }), {
      code: 'images/script-unreadable-output',
    });
  });

  it('says nothing of a mirror that was passed over, though apk ends well', async () => {
    const stderr =
      'WARNING: opening https://mirror.example/alpine/v3.19/main: temporary error (try again later)\n';
    await assert.rejects(plan({ policy: { stdout: POLICY, stderr } }), {
      code: 'images/script-mirror-unreachable',
    });
  });

  it('leaves a library that the world pins, and the rest of its origin', async () => {
    const files = { [WORLD_FILE]: `${WORLD}libssl3=3.1.4-r5\n` };
    const { outcome, engine } = await plan({ files });
    assert.equal(outcome.kind, 'deferred', JSON.stringify(outcome));
    assert.deepEqual(
      outcome.leftOver.map(({ package: name, reason }) => [name, reason]),
      [
        ['libcrypto3', 'held'],
        ['libssl3', 'held'],
      ],
    );
    assert.ok(!engine.ran.some((line) => line.includes(' upgrade ')));
  });

  it('waits for a fix that the mirror has not yet, and not on a branch that has ended', async () => {
    const policy = { stdout: POLICY.replaceAll('3.1.7-r0', '3.1.6-r2') };
    const reasonsOf = ({ leftOver }: PlanOutcome): readonly string[] => leftOver.map(({ reason }) => reason);
    const waiting = await plan({ policy });
    assert.equal(waiting.outcome.kind, 'deferred');
    assert.deepEqual(reasonsOf(waiting.outcome), ['not-in-mirror', 'not-in-mirror']);
    const ended = await plan({ policy, now: Date.parse('2025-11-02T00:00:00Z') });
    assert.equal(ended.outcome.kind, 'deferred');
    assert.deepEqual(reasonsOf(ended.outcome), ['end-of-life', 'end-of-life']);
    assert.match(ended.outcome.plan.proposal.reason, /Support of alpine 3\.19\.1 has ended/);
  });
});

describe('buildPatch of an Alpine image', () => {
  async function build(told: Told): Promise<FolderEngine> {
    const { outcome } = await plan(told);
    assert.equal(outcome.kind, 'ready', JSON.stringify(outcome));
    const engine = engineOf(told);
    const request = { ...surroundings(), base: IMAGE, ready: outcome, patchId: 'one' };
    await buildPatch({ client: CLIENT, engine, now: () => NOW }, request);
    return engine;
  }

  it('commits the world byte for byte as it was, whatever apk made of it', async () => {
    const engine = await build({});
    assert.deepEqual(
      engine.committed.map(({ files }) => files[WORLD_FILE]),
      [WORLD],
    );
    assert.deepEqual(Object.keys(engine.committed[0]?.target.labels ?? {}), [...PATCH_LABELS]);
    assert.ok(!engine.ran.some((line) => / add | del /.test(line)));
    assert.equal(engine.ran.at(-1), 'rm -rf -- /var/log/apk.log');
  });

  it('commits nothing when packages would need repair', async () => {
    const fix = '(1/1) Purging libcrypto3 (3.1.7-r0)\nOK: 8 MiB in 14 packages\n';
    await assert.rejects(build({ fix }), { code: 'images/script-check-failed' });
  });
});
