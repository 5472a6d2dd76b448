/**
 * apt for real: a Debian root that mmdebstrap makes of the release alone, and the updates of this machine's mirror.
 * Needs root, Linux, mmdebstrap and a mirror in the machine's own sources; run by `npm run test:images`.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { compareVersions } from '../versions/versions.ts';
import { parseCandidates } from './candidates.ts';
import { compile, compileProbe } from './compile.ts';
import { runIn, tools } from './chroot.fixture.ts';
import { SOURCES } from './parts.ts';
import { planOf, upgrades } from './plan.fixture.ts';
import { printScript } from './print.ts';
import { parseSimulation } from './simulation.ts';
import { runCommands, runSteps } from './steps.ts';

const run = promisify(execFile);
const MINUTES = 60_000;
const SUITE = 'bookworm';
const distro = { id: 'debian', version: '12', codename: SUITE, idLike: [], supportEnd: null };

/** Without the name of a path. */
async function mirror(): Promise<string | null> {
  const text = await readFile('/etc/apt/sources.list.d/debian.sources', 'utf8').catch(() => '');
  return /^URIs: *(https?:\/\/[^/\s]+)/m.exec(text)?.[1] ?? null;
}

/** What a patch must not bring into an image. */
const LEAKS = /callboard|policy-rc|\.deb$|^var\/(?:log|cache|lib\/apt)\/|^var\/lib\/dpkg\/[^/]*-old$/;

const from = await mirror();
const missing = await tools('mmdebstrap', 'chroot', 'mount');
const skip = from === null ? 'no mirror' : missing;

describe('the script for apt', { skip, timeout: 8 * MINUTES }, () => {
  let folder = '';
  let root = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-apt-'));
    root = join(folder, 'root');
    await run(
      'mmdebstrap',
      [
        '--variant=minbase',
        '--components=main',
        '--include=openssl,ca-certificates',
        SUITE,
        root,
        `deb ${from}/debian ${SUITE} main`,
      ],
      { env: { ...process.env, TMPDIR: folder }, timeout: 5 * MINUTES },
    );
    await writeFile(join(root, 'etc/apt/sources.list'), '');
    await writeFile(join(root, 'etc/resolv.conf'), await readFile('/etc/resolv.conf'));
    const sources = `run/callboard/${SOURCES.apt}`;
    await mkdir(join(root, sources), { recursive: true });
    const suites = [
      `deb ${from}/debian ${SUITE} main`,
      `deb ${from}/debian ${SUITE}-updates main`,
      `deb ${from}/debian-security ${SUITE}-security main`,
    ];
    await writeFile(join(root, sources, 'all.list'), `${suites.join('\n')}\n`);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const inRoot = (...argv: readonly string[]): Promise<string> =>
    runIn(root)({ purpose: 'look', argv, env: {}, accepts: [0], timeout: MINUTES, input: null }).then(
      ({ stdout }) => stdout,
    );

  it('upgrades what is named and what that needs, keeps the marks, and leaves nothing of itself', async () => {
    const engine = runIn(root);
    const names = (await inRoot('dpkg-query', '-W', '-f', '${Package}\\n')).trim().split('\n');
    const options = { mirrors: 'mounted' } as const;
    const installedBefore = await versions(
      await inRoot('dpkg-query', '-W', '-f', '${Package} ${Version}\\n'),
    );
    const probed = await runCommands(compileProbe({ manager: 'apt', distro, names }, options), engine);
    await runCommands(compile(planOf('apt', {})).clean, engine);
    const candidates = parseCandidates('apt', probed);
    assert.equal(candidates.size, names.length);
    const upgradable = names.filter((name) => isNewer(candidates.get(name), installedBefore.get(name)));
    assert.ok(upgradable.length >= 2, `the mirror has updates: ${upgradable.join(' ')}`);

    // All but three are marked as drawn in by others, so that an upgrade that marks them by hand would show.
    await inRoot('apt-mark', 'auto', ...names.slice(3));
    const marksBefore = await inRoot('apt-mark', 'showmanual');
    const planned = upgradable.slice(0, Math.ceil(upgradable.length / 2));
    const script = compile(planOf('apt', { packages: upgrades(...planned) }), options);
    for (const cache of ['pkgcache.bin', 'srcpkgcache.bin']) {
      await rm(join(root, 'var/cache/apt', cache), { force: true });
    }
    const pathsBefore = await listing(root);
    const simulated = parseSimulation('apt', await runCommands(script.simulate, engine));
    await runCommands(script.clean, engine);
    assert.deepEqual(
      await versions(await inRoot('dpkg-query', '-W', '-f', '${Package} ${Version}\\n')),
      installedBefore,
    );
    for (const name of planned) {
      const change = simulated.find((one) => one.name === name);
      assert.equal(change?.action, 'upgrade', name);
      assert.equal(change?.from, installedBefore.get(name));
      assert.equal(change?.to, candidates.get(name));
    }

    await runSteps(script.apply, engine);
    await runCommands(script.clean, engine);
    const left = [...(await listing(root))].filter((path) => !pathsBefore.has(path));
    const ours = left.filter((path) => LEAKS.test(path));
    assert.deepEqual(ours, []);
    const installedAfter = await versions(await inRoot('dpkg-query', '-W', '-f', '${Package} ${Version}\\n'));
    const touched = [...installedAfter].filter(([name, version]) => installedBefore.get(name) !== version);
    assert.deepEqual(touched.map(([name]) => name).toSorted(), simulated.map(({ name }) => name).toSorted());
    for (const name of planned) assert.equal(installedAfter.get(name), candidates.get(name));
    assert.equal(await inRoot('apt-mark', 'showmanual'), marksBefore);
  });

  it('fails with a name when a package cannot be had', async () => {
    const script = compile(planOf('apt', { packages: upgrades('no-such-package-at-all') }), {
      mirrors: 'mounted',
    });
    await assert.rejects(runSteps(script.apply, runIn(root)), { code: 'images/script-command-failed' });
    await runCommands(script.clean, runIn(root));
  });

  it('prints a script that does the same when a shell runs it', async () => {
    const names = (await inRoot('dpkg-query', '-W', '-f', '${Package}\\n')).trim().split('\n');
    const script = compile(planOf('apt', { packages: upgrades(...names) }), { mirrors: 'mounted' });
    await writeFile(join(root, 'run/callboard/patch.sh'), printScript(script));
    const marks = await inRoot('apt-mark', 'showmanual');
    const { exitCode, stderr } = await runIn(root)({
      purpose: 'run the printed script',
      argv: ['sh', '/run/callboard/patch.sh'],
      env: {},
      accepts: [0],
      timeout: 4 * MINUTES,
      input: null,
    });
    assert.equal(exitCode, 0, stderr);
    assert.equal(await inRoot('apt-mark', 'showmanual'), marks);
    const rest = await runCommands(script.simulate, runIn(root));
    assert.deepEqual(parseSimulation('apt', rest), []);
  });
});

function isNewer(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && compareVersions('deb', one, other) > 0;
}

async function versions(text: string): Promise<ReadonlyMap<string, string>> {
  const entries = text
    .trim()
    .split('\n')
    .map((line): [string, string] => {
      const [name = '', version = ''] = line.split(' ');
      return [name, version];
    });
  return new Map(entries);
}

async function listing(root: string): Promise<ReadonlySet<string>> {
  return new Set(await readdir(root, { recursive: true }));
}
