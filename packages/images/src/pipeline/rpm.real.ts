/**
 * The whole way of an rpm image: real dnf and rpm in the image, packages of rpmbuild in a repository of createrepo_c, a
 * real registry and real engines. Doubles are the scanner (it reads the package database and a table of advisories) and
 * the distribution: Debian's programs dressed as another's. The repository is not signed; the mirror says so, not we.
 */
import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { installPrograms, temporaryFolder } from '../../real/machine.fixture.ts';
import { pushRoot, startRegistry, type Registry } from '../../real/registry.fixture.ts';
import {
  makeRepository,
  serveFolder,
  type RpmPackage,
  type ServedFolder,
} from '../../real/rpm-repository.fixture.ts';
import { dress, makeRpmRoot, packRoot } from '../../real/rpm-root.fixture.ts';
import { createBuildahEngine } from '../build/buildah-engine.ts';
import type { BuildEngine } from '../build/engine.ts';
import { createNodeEngine } from '../build/node-engine.ts';
import { STRICT_POLICY } from '../gate/verdict.ts';
import type { ImageAt } from '../image/image.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { createRegistryClient } from '../image/registry.ts';
import { createPlanner } from '../plan/planner.ts';
import { DEFAULT_BUDGET } from '../prove/size.ts';
import { parsePolicy } from '../receive/policy.ts';
import { runIn, tools } from '../script/chroot.fixture.ts';
import { PATCH_LABELS } from './build-patch.ts';
import { createPackageScanner, type Advisory } from './package-scanner.fixture.ts';
import { patchImage, type PatchOutcome } from './patch-image.ts';

const anyClient = createRegistryClient({ fetch, now: Date.now, random: Math.random });
const why =
  (await installPrograms(['mmdebstrap', 'docker-registry', 'buildah', 'createrepo_c', 'rpm', 'tar'])) ??
  ((await tools('rpmbuild', 'chroot', 'mount')) || null) ??
  (await createNodeEngine(anyClient).unavailable()) ??
  (await createBuildahEngine(anyClient).unavailable());
const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };
const LIMITS = { unpackedBytes: 2 ** 32, layerBytes: 2 ** 30, entries: 1_000_000 };
const ROCKY = { ID: 'rocky', VERSION_ID: '9.5', ID_LIKE: 'rhel centos fedora' };
const AMAZON = { ID: 'amzn', VERSION_ID: '2023', ID_LIKE: 'fedora' };

/** The library and the program are of one source; the new one needs a package more and has a file less. */
function demo(evr: string, more: Partial<Pick<RpmPackage, 'head' | 'files'>>): RpmPackage {
  return {
    name: 'demo',
    evr,
    head: [`Requires: demo-libs = ${evr}`, ...(more.head ?? [])],
    files: {
      '/usr/bin/demo': { copy: '/bin/true' },
      '/etc/demo.conf': { config: `answer = 42 # ${evr}` },
      ...more.files,
    },
    parts: { libs: { files: { '/usr/lib64/libdemo.so.3': { copy: '/bin/true' } } } },
  };
}

const plain = (name: string, evr: string): RpmPackage => ({
  name,
  evr,
  files: { [`/usr/share/${name}/version`]: evr },
});

const OLD: readonly RpmPackage[] = [
  demo('1:3.0.7-1.el9', { files: { '/usr/share/demo/only-old': 'x', '/usr/share/demo/both': 'old' } }),
  plain('other', '1.0-1'),
  plain('pinned', '2.0-1'),
];
const NEW: readonly RpmPackage[] = [
  demo('1:3.0.7-2.el9', { head: ['Requires: demo-needed'], files: { '/usr/share/demo/both': 'new' } }),
  plain('demo-needed', '1.0-1'),
  plain('other', '1.1-1'),
  plain('pinned', '2.1-1'),
];
const release = (version: string): RpmPackage => ({
  name: 'system-release',
  evr: `${version}-0.amzn2023`,
  head: ['Provides: amazon-linux-release'],
  files: { '/etc/system-release': `Amazon Linux release 2023 (${version})` },
});

const FIXED: readonly Advisory[] = [
  { vulnerability: 'CVE-2026-1001', package: 'demo-libs', fixed: '1:3.0.7-2.el9' },
  { vulnerability: 'CVE-2026-1002', package: 'demo', fixed: '1:3.0.7-2.el9' },
];
const OF_PINNED: Advisory = { vulnerability: 'CVE-2026-1003', package: 'pinned', fixed: '2.1-1' };

describe('patchImage of an rpm image with dnf', { skip: why ?? false, timeout: 1_800_000 }, () => {
  const open = new AsyncDisposableStack();
  let folder = '';
  let root = '';
  let registry: Registry;
  let repositories: ServedFolder;
  let client: RegistryClient;
  let engines: readonly BuildEngine[] = [];
  /** Rocky Linux 9 by its os-release, with the old packages. */
  let rocky: ImageAt;

  before(async () => {
    folder = open.use(await temporaryFolder('rpm')).path;
    root = join(folder, 'root');
    registry = open.use(await startRegistry(join(folder, 'registry')));
    repositories = open.use(await serveFolder(join(folder, 'repositories')));
    client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
    engines = [createNodeEngine(client), createBuildahEngine(client)];
    const at = (name: string): string => join(folder, 'repositories', name);
    await makeRepository(at('9.5-old'), OLD);
    await makeRepository(at('9.5'), [...OLD, ...NEW]);
    // Only who looks at the latest release sees the fix.
    await makeRepository(at('2023.5.20240701'), [...OLD, release('2023.5.20240701')]);
    await makeRepository(at('latest'), [...OLD, ...NEW, release('2023.6.20250107')]);
    await makeRpmRoot(root);
    rocky = await pushImage('golden/rocky', ROCKY, '9.5-old');
  });
  after(async () => {
    await open.disposeAsync();
  });

  const repo = (name: string): string =>
    `[local]\nname=local\nbaseurl=${repositories.url}/${name}\nenabled=1\ngpgcheck=0\n`;

  /** What the image's own rpm and dnf say. */
  const ask = async (...argv: readonly string[]): Promise<string> => {
    const command = { purpose: 'look', argv, env: {}, accepts: [0], timeout: 60_000, input: null };
    const { exitCode, stdout, stderr } = await runIn(root)(command);
    assert.equal(exitCode, 0, `${argv.join(' ')}: ${stderr}`);
    return stdout;
  };

  /** With dnf of the root, so that its history says who asked for what: `demo` draws the library in. */
  async function pushImage(
    repository: string,
    os: Readonly<Record<string, string>>,
    from: string,
    edited: Readonly<Record<string, string>> = {},
  ): Promise<ImageAt> {
    for (const path of ['var/lib/rpm', 'var/lib/dnf', 'etc/demo.conf', 'etc/demo.conf.rpmnew']) {
      await rm(join(root, path), { recursive: true, force: true });
    }
    await mkdir(join(root, 'var/lib/rpm'), { recursive: true });
    await dress(root, os);
    await mkdir(join(root, 'etc/yum.repos.d'), { recursive: true });
    await writeFile(join(root, 'etc/yum.repos.d/local.repo'), repo(from));
    const names = os['ID'] === 'amzn' ? ['system-release'] : [];
    await ask('dnf', '-q', '-y', '--releasever=9', 'install', 'demo', 'other', 'pinned', ...names);
    await ask(
      'rm',
      '-rf',
      '/var/cache/dnf',
      '/var/log/dnf.log',
      '/var/log/dnf.rpm.log',
      '/var/log/hawkey.log',
    );
    await writeFile(join(root, 'etc/dnf/plugins/versionlock.list'), 'pinned-0:2.0-1.*\n');
    await writeFile(join(root, 'etc/yum.repos.d/local.repo'), repo('gone'));
    for (const [path, text] of Object.entries(edited)) await writeFile(join(root, path), text);
    const tar = join(folder, `${os['ID']}.tar`);
    await packRoot(root, tar);
    return pushRoot({ host: registry.host, repository, tag: '9', tars: [tar], folder });
  }

  async function patch(
    image: ImageAt,
    given: {
      readonly engine: BuildEngine;
      readonly advisories: readonly Advisory[];
      readonly mirror: string;
      readonly test: TestContext;
    },
  ): Promise<PatchOutcome> {
    const { engine, advisories, mirror, test } = given;
    const scanner = createPackageScanner({ client, platform: PLATFORM, advisories });
    const began = performance.now();
    const outcome = await patchImage(
      { client, engine, scanner, planner: createPlanner(), now: Date.now },
      {
        image: await client.image({ ...image, reference: image.digest }, PLATFORM),
        findings: [],
        patchId: 'test',
        policies: {
          findings: parsePolicy({ severities: ['critical', 'high'] }),
          gate: STRICT_POLICY,
          proof: { budget: DEFAULT_BUDGET, worstNew: 'high', ownLabels: PATCH_LABELS, allowedPaths: [] },
        },
        smokeTests: [],
        mirrors: { 'callboard.repo': mirror },
        limits: LIMITS,
        log: () => {},
        signal: AbortSignal.timeout(300_000),
      },
    );
    test.diagnostic(`${engine.name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return outcome;
  }

  function judged(outcome: PatchOutcome): Extract<PatchOutcome, { kind: 'judged' }> {
    assert.equal(outcome.kind, 'judged', JSON.stringify(outcome).slice(0, 3_000));
    return outcome;
  }

  /** What a command in the image prints, its lines sorted. */
  async function say(image: ImageAt, engine: BuildEngine, argv: readonly string[]): Promise<string> {
    await using session = await engine.open(image, {
      platform: PLATFORM,
      log: () => {},
      signal: AbortSignal.timeout(120_000),
      files: {},
      limits: LIMITS,
    });
    const command = { purpose: 'look', argv, env: {}, accepts: [0], timeout: 60_000, input: null };
    const { exitCode, stdout, stderr } = await session.run(command);
    assert.equal(exitCode, 0, stderr);
    return stdout.trim().split('\n').toSorted().join('\n');
  }

  const packagesOf = (image: ImageAt, engine: BuildEngine): Promise<string> =>
    say(image, engine, ['rpm', '-qa', '--qf', '%{NAME} %|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\\n']);

  /** Names of what dnf says that somebody asked for. */
  const askedFor = (image: ImageAt, engine: BuildEngine): Promise<string> =>
    say(image, engine, [
      'dnf',
      '-q',
      '-C',
      '--disablerepo=*',
      'repoquery',
      '--userinstalled',
      '--qf',
      '%{name}',
    ]);

  it('upgrades what is named with the rest of its source, proves it, and keeps all marks', async (test) => {
    for (const engine of engines) {
      assert.equal(await askedFor(rocky, engine), 'demo\nother\npinned');
      const mirror = repo('9.5');
      const { judgement, built } = judged(await patch(rocky, { engine, advisories: FIXED, mirror, test }));
      const { verdict, proof } = judgement;
      test.diagnostic(
        `${verdict.findings.before.length} before, ${verdict.findings.after.length} after, layer ${built.layer.size} bytes, ${verdict.checks.length} checks`,
      );
      assert.deepEqual(
        verdict.checks.filter(({ ok }) => !ok),
        [],
      );
      assert.equal(verdict.findings.before.length, 2);
      assert.deepEqual(verdict.findings.after, []);
      assert.ok(proof !== null);
      const packages = await packagesOf(built, engine);
      assert.equal(
        packages,
        [
          'demo 1:3.0.7-2.el9',
          'demo-libs 1:3.0.7-2.el9',
          'demo-needed 1.0-1',
          'other 1.0-1',
          'pinned 2.0-1',
        ].join('\n'),
      );
      // What nobody asked for is still that; a dependency that is new is unknown to the history, which stays as it was.
      assert.equal(await askedFor(built, engine), 'demo\ndemo-needed\nother\npinned');
    }
  });

  it('leaves what is locked to its version, says why, and patches the rest', async (test) => {
    const [engine] = engines;
    assert.ok(engine !== undefined);
    const advisories = [...FIXED, OF_PINNED];
    const outcome = judged(await patch(rocky, { engine, advisories, mirror: repo('9.5'), test }));
    const { proof, verdict } = outcome.judgement;
    assert.ok(proof !== null, JSON.stringify(verdict.checks.filter(({ ok }) => !ok)));
    assert.deepEqual(
      outcome.ready.leftOver.map((left) => `${left.vulnerability} ${left.package} ${left.reason}`),
      ['CVE-2026-1003 pinned held'],
    );
    assert.deepEqual(
      verdict.findings.after.map(({ vulnerability }) => vulnerability),
      ['CVE-2026-1003'],
    );
    const packages = await packagesOf(outcome.built, engine);
    assert.match(packages, /^demo 1:3\.0\.7-2\.el9$[^]*^pinned 2\.0-1$/m);
  });

  it('moves the release of Amazon Linux 2023 with its package, since only then the fix is to be seen', async (test) => {
    const [engine] = engines;
    assert.ok(engine !== undefined);
    const image = await pushImage('golden/amazon', AMAZON, '2023.5.20240701');
    const mirror = repo('$releasever');
    const outcome = judged(await patch(image, { engine, advisories: FIXED, mirror, test }));
    const { proof, verdict } = outcome.judgement;
    assert.ok(proof !== null, JSON.stringify(verdict.checks.filter(({ ok }) => !ok)));
    assert.deepEqual(outcome.ready.plan.proposal.requires, ['release-lock']);
    const packages = await packagesOf(outcome.built, engine);
    assert.match(packages, /^demo 1:3\.0\.7-2\.el9$[^]*^system-release 2023\.6\.20250107-0\.amzn2023$/m);
  });

  it('keeps configuration that somebody edited', async (test) => {
    const [engine] = engines;
    assert.ok(engine !== undefined);
    const image = await pushImage('golden/edited', ROCKY, '9.5-old', { 'etc/demo.conf': 'answer = 41\n' });
    const outcome = judged(await patch(image, { engine, advisories: FIXED, mirror: repo('9.5'), test }));
    const { checks } = outcome.judgement.verdict;
    test.diagnostic(`not passed: ${JSON.stringify(checks.filter(({ ok }) => !ok))}`);
    assert.equal(await say(outcome.built, engine, ['cat', '/etc/demo.conf']), 'answer = 41');
  });

  it('plans nothing when the mirror does not answer', async (test) => {
    const [engine] = engines;
    assert.ok(engine !== undefined);
    await assert.rejects(patch(rocky, { engine, advisories: FIXED, mirror: repo('gone'), test }), {
      code: 'images/script-command-failed',
    });
  });
});
