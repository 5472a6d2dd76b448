/**
 * dnf and rpm for real: packages that rpmbuild makes, in a repository of createrepo_c, installed in a root of their own.
 * dnf runs on this machine and not in the root, so `--installroot` is put before our arguments, and the paths that our
 * arguments name are moved into the test's folder. Needs root, Linux, dnf, rpmbuild and createrepo_c.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parseCandidates } from './candidates.ts';
import { runIn, tools } from './chroot.fixture.ts';
import type { Command, CommandOutput } from './command.ts';
import { compile, compileProbe } from './compile.ts';
import { planOf, upgrades } from './plan.fixture.ts';
import { parseSimulation } from './simulation.ts';
import { runCommands, runSteps } from './steps.ts';

const run = promisify(execFile);
const skip = await tools('dnf', 'rpmbuild', 'createrepo_c', 'unshare');
const LONG = 'demo-library-with-a-name-that-is-too-long-for-a-column-of-dnf';
const distro = { id: 'demo', version: '9', codename: null, idLike: [], supportEnd: null };

describe('the script for dnf', { skip, timeout: 240_000 }, () => {
  let folder = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'callboard-dnf-'));
    await mkdir(join(folder, 'repos.d'));
    await mkdir(join(folder, 'repo'));
    const repository = ['[local]', 'name=local', `baseurl=file://${folder}/repo`, 'enabled=1', 'gpgcheck=0'];
    await writeFile(join(folder, 'repos.d/local.repo'), `${repository.join('\n')}\n`);
    await make('demo', { version: '3.0.7', release: '1.el9', needs: LONG });
    await make(LONG, { version: '3.0.7', release: '1.el9', needs: null });
    await make('other', { version: '1.0', release: '1', needs: null });
    await index();
    await runCommands(
      [
        {
          purpose: 'make room',
          argv: ['mkdir', '-p', '/var/cache/callboard-patch/log'],
          env: {},
          accepts: [0],
          timeout: 9000,
          input: null,
        },
        {
          purpose: 'install',
          argv: ['dnf', '-y', `--setopt=reposdir=/run/callboard/repos.d`, 'install', 'demo', 'other'],
          env: {},
          accepts: [0],
          timeout: 60_000,
          input: null,
        },
      ],
      engine,
    );
    await make('demo', { version: '3.0.7', release: '2.el9', needs: LONG });
    await make(LONG, { version: '3.0.7', release: '2.el9', needs: null });
    await make('other', { version: '1.1', release: '1', needs: null });
    await index();
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  async function make(
    name: string,
    {
      version,
      release,
      needs,
    }: { readonly version: string; readonly release: string; readonly needs: string | null },
  ): Promise<void> {
    const lines = [
      `Name: ${name}`,
      `Version: ${version}`,
      `Release: ${release}`,
      'Epoch: 1',
      'Summary: a demonstration',
      'License: MIT',
      'BuildArch: noarch',
      ...(needs === null ? [] : [`Requires: ${needs} = 1:%{version}-%{release}`]),
      '%description',
      'A demonstration.',
      '%files',
    ];
    const spec = join(folder, `${name}.spec`);
    await writeFile(spec, `${lines.join('\n')}\n`);
    const defines = ['--define', `_topdir ${folder}/build`, '--define', `_rpmdir ${folder}/repo`];
    await run('rpmbuild', ['-bb', ...defines, spec]);
  }

  async function index(): Promise<void> {
    await run('createrepo_c', ['-q', join(folder, 'repo')]);
  }

  /** The machine's dnf and rpm on the root of the test. */
  async function engine(command: Command): Promise<CommandOutput> {
    const moved = command.argv.map((word) =>
      word
        .replace('/run/callboard', folder)
        .replace('/var/cache/callboard-patch', join(folder, 'scratch'))
        .replace('/var/lib/rpm', join(folder, 'root/var/lib/rpm')),
    );
    const [program = '', ...args] = moved;
    const extra: Readonly<Record<string, readonly string[]>> = {
      dnf: [
        `--installroot=${folder}/root`,
        '--releasever=9',
        `--setopt=logdir=${folder}/scratch/log`,
        `--setopt=cachedir=${folder}/scratch/cache`,
      ],
      rpm: ['--root', `${folder}/root`],
    };
    return await runIn('/')({ ...command, argv: [program, ...(extra[program] ?? []), ...args] });
  }

  const history = async (): Promise<string> =>
    createHash('sha256')
      .update(await readFile(join(folder, 'root/var/lib/dnf/history.sqlite')))
      .digest('hex');

  const installed = async (): Promise<readonly string[]> => {
    const { stdout } = await run('rpm', ['--root', `${folder}/root`, '-qa', '--qf', '%{NAME} %{EVR}\\n']);
    return stdout.trim().split('\n').toSorted();
  };

  it('upgrades what is named, sees epochs, and leaves the history and nothing of itself', async () => {
    const options = { mirrors: 'mounted' } as const;
    const names = ['demo', LONG, 'other', 'not-there'];
    const candidates = parseCandidates(
      'dnf',
      await runCommands(compileProbe({ manager: 'dnf', distro, names }, options), engine),
    );
    assert.deepEqual(Object.fromEntries(candidates), {
      demo: '1:3.0.7-2.el9',
      [LONG]: '1:3.0.7-2.el9',
      other: '1:1.1-1',
    });
    const script = compile(planOf('dnf', { packages: upgrades('demo', LONG) }), options);
    const simulated = parseSimulation('dnf', await runCommands(script.simulate, engine));
    assert.deepEqual(
      simulated.map(({ action, name, to }) => `${action} ${name} ${to}`),
      [`upgrade demo 1:3.0.7-2.el9`, `upgrade ${LONG} 1:3.0.7-2.el9`],
    );
    const historyBefore = await history();
    await runSteps(script.apply, engine);
    await runCommands(script.clean, engine);
    assert.deepEqual(
      await installed(),
      [`${LONG} 1:3.0.7-2.el9`, 'demo 1:3.0.7-2.el9', 'other 1:1.0-1'].toSorted(),
    );
    assert.equal(await history(), historyBefore);
    await assert.rejects(stat(join(folder, 'scratch')));
    assert.deepEqual(parseSimulation('dnf', await runCommands(script.simulate, engine)), []);
  });

  it('fails with a name when a package cannot be had', async () => {
    const script = compile(planOf('dnf', { packages: upgrades('no-such-package') }), { mirrors: 'mounted' });
    await assert.rejects(runSteps(script.apply, engine), { code: 'images/script-command-failed' });
  });
});
