import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { digest } from './evidence.fixture.ts';
import { createGrype } from './grype.ts';
import type { ProgramOptions, RunProgram } from './run-program.ts';
import { createTrivy, type ImageScanner } from './scan.ts';

const IMAGE = { registry: '127.0.0.1:5000', repository: 'golden/debian', digest: digest('a') };
const REFERENCE = `127.0.0.1:5000/golden/debian@${digest('a')}`;

interface Call {
  readonly argv: readonly string[];
  readonly options: ProgramOptions;
}

/** Answers in turn, the last one again and again; keeps what it was asked. */
function program(...answers: readonly unknown[]): { run: RunProgram; calls: Call[] } {
  const calls: Call[] = [];
  const run: RunProgram = (argv, options) => {
    const answer = answers[Math.min(calls.length, answers.length - 1)];
    calls.push({ argv, options });
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return Promise.resolve({ exitCode: 0, stdout: Buffer.from(text), stderr: '' });
  };
  return { run, calls };
}

function scan(scanner: ImageScanner) {
  return scanner.scan(IMAGE, { signal: new AbortController().signal });
}

const VERSION = { Version: '0.74.0', VulnerabilityDB: { Version: 2, UpdatedAt: '2026-11-21T06:00:00Z' } };
const REPORT = {
  SchemaVersion: 2,
  Metadata: { OS: { Family: 'debian', Name: '11.11' }, RepoDigests: [REFERENCE] },
  Results: [
    {
      Class: 'os-pkgs',
      Packages: [
        { Name: 'libc6', Version: '2.31', Release: '13+deb11u11' },
        { Name: 'apt', Version: '2.2.4' },
        { Name: 'openssl', Version: '1.1.1k', Release: '12.el8', Epoch: 1 },
      ],
    },
    { Class: 'lang-pkgs', Packages: [{ Name: 'left-pad', Version: '1.0.0' }] },
  ],
};

describe('createTrivy', () => {
  it('says with what it scanned, of which digest, and which packages it saw', async () => {
    const { run, calls } = program(VERSION, REPORT, VERSION);
    const { report, ...result } = await scan(createTrivy({ run, cacheDir: '/cache', env: { PATH: '/bin' } }));
    assert.deepEqual(result, {
      scanner: 'trivy',
      scannerVersion: '0.74.0',
      databaseVersion: '2 of 2026-11-21T06:00:00Z',
      digest: digest('a'),
      distro: 'debian 11.11',
      packages: [
        { name: 'libc6', version: '2.31-13+deb11u11' },
        { name: 'apt', version: '2.2.4' },
        { name: 'openssl', version: '1:1.1.1k-12.el8' },
      ],
    });
    assert.deepEqual(JSON.parse(report.toString()), REPORT);
    assert.deepEqual(calls[1]?.options.env, { PATH: '/bin', TRIVY_NON_SSL: 'true' });
  });

  it('scans by digest, updates nothing, and obeys no settings or ignore files', async () => {
    const { run, calls } = program(VERSION, REPORT, VERSION);
    await scan(createTrivy({ run, insecure: () => false }));
    const argv = calls[1]?.argv ?? [];
    assert.equal(argv.at(-1), REFERENCE);
    for (const flag of ['--skip-db-update', '--config=/dev/null', '--ignorefile=/dev/null'])
      assert.ok(argv.includes(flag));
    assert.deepEqual(calls[1]?.options.env, {});
  });

  const refused: readonly (readonly [string, readonly unknown[], string])[] = [
    [
      'a database that was replaced meanwhile',
      [VERSION, REPORT, { ...VERSION, VulnerabilityDB: { Version: 2, UpdatedAt: 'later' } }],
      'images/scanner-database-changed',
    ],
    ['no database', [{ Version: '0.74.0' }], 'images/scanner-failed'],
    [
      'a report of another image',
      [VERSION, { ...REPORT, Metadata: { RepoDigests: [`x@${digest('b')}`] } }, VERSION],
      'images/scanner-bad-report',
    ],
    ['what is not JSON', [VERSION, 'Segmentation fault', VERSION], 'images/scanner-bad-report'],
    ['a list', [VERSION, [], VERSION], 'images/scanner-bad-report'],
  ];
  for (const [what, answers, code] of refused) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(scan(createTrivy({ run: program(...answers).run })), { code });
    });
  }

  it('tells a missing program from one that failed', async () => {
    const missing: RunProgram = () =>
      Promise.reject(Object.assign(new Error('spawn trivy ENOENT'), { code: 'ENOENT' }));
    await assert.rejects(scan(createTrivy({ run: missing })), { code: 'images/scanner-missing' });
    const failing: RunProgram = () =>
      Promise.resolve({ exitCode: 1, stdout: Buffer.alloc(0), stderr: 'no space' });
    await assert.rejects(scan(createTrivy({ run: failing })), {
      code: 'images/scanner-failed',
      message: /no space/,
    });
  });
});

describe('createGrype', () => {
  const report = (db: unknown, target: unknown = { manifestDigest: digest('a') }) => ({
    matches: [],
    source: { type: 'image', target },
    distro: { name: 'alpine', version: '3.19.1' },
    descriptor: { name: 'grype', version: '0.116.0', db },
  });

  it('says with what it scanned, in both forms of the descriptor', async () => {
    const { run, calls } = program(report({ status: { schemaVersion: 'v6.0.2', built: '2026-11-20' } }));
    const result = await scan(createGrype({ run, cacheDir: '/cache' }));
    assert.equal(result.databaseVersion, 'v6.0.2 of 2026-11-20');
    assert.equal(result.scannerVersion, '0.116.0');
    assert.equal(result.distro, 'alpine 3.19.1');
    assert.equal(result.packages, null);
    assert.equal(calls[0]?.argv[1], `registry:${REFERENCE}`);
    assert.equal(calls[0]?.options.env['GRYPE_DB_AUTO_UPDATE'], 'false');
    const older = program(report({ schemaVersion: 5, built: '2024-01-01' }));
    assert.equal((await scan(createGrype({ run: older.run }))).databaseVersion, '5 of 2024-01-01');
  });

  it('refuses a report of another image, or one that names no database', async () => {
    const other = program(report({ built: 'x' }, { manifestDigest: digest('b'), repoDigests: [] }));
    await assert.rejects(scan(createGrype({ run: other.run })), { code: 'images/scanner-bad-report' });
    const none = program(report(null));
    await assert.rejects(scan(createGrype({ run: none.run })), { code: 'images/scanner-bad-report' });
  });
});
