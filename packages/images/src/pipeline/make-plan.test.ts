/** How a plan is made with apt, whose words the test says; the ways of other package managers have tests of their own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STRICT_POLICY } from '../gate/verdict.ts';
import { createPlanner } from '../plan/planner.ts';
import { image } from '../prove/evidence.fixture.ts';
import { parseReport } from '../receive/report.ts';
import { createFolderEngine, type Answer } from './folder-engine.fixture.ts';
import { makePlan } from './make-plan.ts';

const NOW = Date.parse('2024-09-06T00:00:00Z');
const IMAGE = image('b', []);

const FILES: Readonly<Record<string, string>> = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\n',
  '/usr/bin/apt-get': '',
  '/var/lib/dpkg/status':
    'Package: openssl\nStatus: install ok installed\nArchitecture: amd64\nVersion: 3.0.9-1\n',
};

const ANSWERS: Readonly<Record<string, string>> = {
  'apt-get update': '',
  'apt-cache policy': 'openssl:\n  Installed: 3.0.9-1\n  Candidate: 3.0.14-1\n',
  'apt-get install':
    'Inst openssl [3.0.9-1] (3.0.14-1 Debian-Security:12/stable-security [amd64])\nConf openssl (3.0.14-1 Debian-Security:12/stable-security [amd64])\n',
};

/** `apt-get update`, whatever options stand between. */
function short([program = '', ...args]: readonly string[]): string {
  const verb = args.find((arg) => /^(update|policy|install)$/.test(arg));
  return verb === undefined ? program : `${program} ${verb}`;
}

describe('makePlan of a Debian image', () => {
  it('fetches the indexes once, to ask the mirror and to try the plan', async () => {
    const ran: string[] = [];
    const answer: Answer = ({ argv }) => {
      ran.push(short(argv));
      return { stdout: ANSWERS[short(argv)] ?? '' };
    };
    const vulnerability = {
      VulnerabilityID: 'CVE-2024-6119',
      PkgName: 'openssl',
      InstalledVersion: '3.0.9-1',
      FixedVersion: '3.0.14-1',
      Severity: 'HIGH',
    };
    const results = [{ Class: 'os-pkgs', Type: 'debian', Vulnerabilities: [vulnerability] }];
    const { findings } = parseReport(
      { SchemaVersion: 2, ArtifactType: 'container_image', Results: results },
      { receivedAt: NOW, name: 'report', image: { digest: IMAGE.digest } },
    );
    const engine = createFolderEngine(FILES, { answer, watched: [] });
    const outcome = await makePlan(
      { client: Object.create(null), engine, now: () => NOW },
      {
        image: IMAGE,
        findings,
        planner: createPlanner(),
        policy: STRICT_POLICY,
        mirrors: {},
        limits: { unpackedBytes: 1, layerBytes: 1, entries: 1 },
        log: () => {},
        signal: AbortSignal.timeout(60_000),
      },
    );
    assert.equal(outcome.kind, 'ready', JSON.stringify(outcome));
    assert.deepEqual(
      ran.filter((line) => line.startsWith('apt')),
      ['apt-get update', 'apt-cache policy', 'apt-get install'],
    );
  });
});
