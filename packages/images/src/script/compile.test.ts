import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { Command } from './command.ts';
import { compile, compileProbe, type CompiledScript } from './compile.ts';
import { MANAGERS, planOf, upgrades } from './plan.fixture.ts';

function argvs(commands: readonly Command[]): readonly string[] {
  return commands.map(({ argv }) => argv.join(' '));
}

function changes(script: CompiledScript): readonly string[] {
  return argvs(script.apply.map(({ command }) => command));
}

function all(script: CompiledScript): readonly Command[] {
  const { probe, simulate, apply, clean } = script;
  return [...probe, ...simulate, ...apply.map(({ command }) => command), ...clean];
}

const matching = (lines: readonly string[], pattern: RegExp): readonly string[] =>
  lines.filter((line) => pattern.test(line));

/**
 * Of dnf(8) and dnf.conf(5); dnf-main.c of microdnf, which takes only these settings; parseargs.c of tdnf; yum(8) and
 * yum.conf(5); zypper(8). `--` ends the options of dnf and zypper.
 */
const DOCUMENTED: Readonly<Record<'dnf' | 'microdnf' | 'tdnf' | 'yum' | 'zypper', readonly string[]>> = {
  dnf: [
    '--',
    '--assumeno',
    '--available',
    '--best',
    '--latest-limit=1',
    '--qf',
    '--setopt=cachedir',
    '--setopt=install_weak_deps',
    '--setopt=keepcache',
    '--setopt=logdir',
    '--setopt=persistdir',
    '--setopt=reposdir',
    '--setopt=skip_if_unavailable',
    '-q',
    '-y',
  ],
  microdnf: [
    '--assumeno',
    '--available',
    '--best',
    '--setopt=cachedir',
    '--setopt=install_weak_deps',
    '--setopt=keepcache',
    '--setopt=reposdir',
    '-y',
  ],
  tdnf: ['--assumeno', '--best', '--refresh', '--setopt=reposdir', '-y'],
  yum: [
    '--assumeno',
    '--setopt=cachedir',
    '--setopt=history_record',
    '--setopt=keepcache',
    '--setopt=logfile',
    '--setopt=reposdir',
    '--setopt=skip_missing_names_on_update',
    '-q',
    '-y',
  ],
  zypper: [
    '--',
    '--cache-dir',
    '--details',
    '--dry-run',
    '--no-recommends',
    '--non-interactive',
    '--reposd-dir',
    '-t',
    '-y',
  ],
};

describe('compile', () => {
  it('upgrades with apt only what is named and installed, and puts the marks back', () => {
    const script = compile(planOf('apt', { packages: upgrades('openssl', 'libssl3', 'openssl') }));
    const [install, ...others] = matching(changes(script), /^apt-get .* install /);
    assert.match(install ?? '', / install --no-install-recommends --only-upgrade -- libssl3 openssl$/);
    assert.match(install ?? '', /-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold/);
    assert.deepEqual(others, []);
    const kinds = script.apply.map((step) => step.kind);
    assert.ok(kinds.indexOf('save') < kinds.indexOf('restore') && kinds.at(-1) === 'check');
    assert.match(changes(script).at(-1) ?? '', /^dpkg --audit$/);
    assert.ok(
      argvs(script.simulate).some((line) => / -s install .*--only-upgrade -- libssl3 openssl$/.test(line)),
    );
  });

  it('takes packages only from the mounted sources when it is told to', () => {
    const patterns: Readonly<Record<string, RegExp>> = {
      apt: /-o Dir::Etc::SourceList=\/dev\/null -o Dir::Etc::SourceParts=\/run\/callboard\/sources\.d/,
      apk: /--repositories-file \/run\/callboard\/repositories/,
      zypper: /--reposd-dir \/run\/callboard\/repos\.d/,
    };
    for (const manager of MANAGERS) {
      const pattern = patterns[manager] ?? /--setopt=reposdir=\/run\/callboard\/repos\.d/;
      const mounted = compile(planOf(manager, {}), { mirrors: 'mounted' });
      const own = compile(planOf(manager, {}));
      for (const part of ['probe', 'simulate'] as const) {
        assert.ok(matching(argvs(mounted[part]), pattern).length > 0, `${manager} ${part}`);
      }
      assert.ok(matching(changes(mounted), pattern).length > 0, manager);
      assert.equal(matching(argvs(all(own)), /\/run\/callboard/).length, 0);
    }
  });

  it('moves the release of Amazon Linux 2023 together with its release package', () => {
    const script = compile(planOf('dnf', { packages: upgrades('openssl-libs'), requires: ['release-lock'] }));
    const [upgrade = ''] = matching(changes(script), / upgrade /);
    assert.match(upgrade, / --releasever=latest upgrade -- openssl-libs system-release$/);
    assert.ok(matching(argvs(script.probe), /--releasever=latest/).length > 0);
    assert.equal(matching(changes(compile(planOf('dnf', {}))), /releasever|system-release/).length, 0);
  });

  it('keeps the list of what was asked for from apk', () => {
    const script = compile(planOf('apk', { packages: upgrades('libssl3', 'libcrypto3') }));
    assert.deepEqual(changes(script), [
      'cat /etc/apk/world',
      'apk --no-cache --no-progress upgrade libcrypto3 libssl3',
      'tee /etc/apk/world',
      'apk --no-cache --no-progress fix -s',
    ]);
  });

  it('replaces and removes only when the plan says that it needs to, and renames the marks', () => {
    const packages = [
      { name: 'libssl3', action: 'replace', minVersion: '3', replacement: 'libssl3t64' },
      { name: 'wget', action: 'remove', minVersion: null, replacement: null },
    ] as const;
    const script = compile(planOf('apt', { packages, requires: ['replace-package', 'remove-package'] }));
    assert.equal(matching(changes(script), / install --no-install-recommends -- libssl3t64$/).length, 1);
    assert.equal(matching(changes(script), / remove -- libssl3 wget$/).length, 1);
    const restore = script.apply.find((step) => step.kind === 'restore');
    assert.deepEqual(restore?.renames, { libssl3: 'libssl3t64', wget: null });
    for (const requires of [['replace-package'], ['remove-package'], []] as const) {
      assert.throws(() => compile(planOf('apt', { packages, requires })), {
        code: 'images/script-missing-capability',
      });
    }
    for (const manager of ['apk', 'microdnf', 'zypper', 'tdnf', 'yum'] as const) {
      assert.throws(
        () => compile(planOf(manager, { packages, requires: ['replace-package', 'remove-package'] })),
        {
          code: 'images/script-unsupported-action',
        },
      );
    }
  });

  it('checks the dependencies of what stays, and runs no check without a name', () => {
    const packages = [{ name: 'wget', action: 'remove', minVersion: null, replacement: null }] as const;
    for (const manager of ['dnf', 'microdnf', 'tdnf', 'yum', 'zypper'] as const) {
      const removing = changes(compile(planOf(manager, { packages, requires: ['remove-package'] })));
      assert.equal(matching(removing, / remove .*wget$/).length, 1, manager);
      assert.deepEqual(matching(removing, /^rpm /), [], manager);
      const upgrading = matching(changes(compile(planOf(manager, {}))), /^rpm /);
      assert.deepEqual(upgrading, manager === 'tdnf' ? [] : ['rpm -V --nofiles -- openssl'], manager);
    }
  });

  it('never tells a manager of rpm both to do it and only to show it', () => {
    for (const manager of ['dnf', 'microdnf', 'tdnf', 'yum'] as const) {
      const script = compile(planOf(manager, { packages: upgrades('openssl'), requires: ['release-lock'] }));
      const [shown, ...others] = matching(argvs(script.simulate), / upgrade /);
      assert.match(shown ?? '', new RegExp(`^${manager} --assumeno `));
      assert.deepEqual(others, []);
      assert.match(matching(changes(script), / upgrade /)[0] ?? '', new RegExp(`^${manager} -y `));
      for (const { argv } of all(script)) {
        assert.ok(!(argv.includes('-y') && argv.includes('--assumeno')), argv.join(' '));
      }
    }
  });

  it('uses of each manager only options that its manual has, before and after the verb', () => {
    for (const manager of ['dnf', 'microdnf', 'tdnf', 'yum', 'zypper'] as const) {
      const script = compile(planOf(manager, {}), { mirrors: 'mounted' });
      const used = all(script)
        .filter(({ argv }) => argv[0] === manager)
        .flatMap(({ argv }) => argv.filter((word) => word.startsWith('-')))
        .map((word) => word.replace(/^(--setopt=[a-z_]+)=.*$/, '$1'));
      assert.deepEqual([...new Set(used)].toSorted(), DOCUMENTED[manager]);
    }
  });

  it('refuses what is no plan in place, and a manager of another format', () => {
    for (const strategy of ['bump-base', 'defer'] as const) {
      assert.throws(() => compile(planOf('apt', { strategy })), { code: 'images/script-not-in-place' });
    }
    assert.throws(() => compile(planOf('apt', { packages: [] })), { code: 'images/script-not-in-place' });
    const plan = planOf('apt', {});
    assert.throws(() => compile({ ...plan, facts: { ...plan.facts, manager: 'dnf' } }), {
      code: 'images/script-wrong-manager',
    });
  });

  it('refuses names that a package manager would read as something else', () => {
    const bad = [
      '',
      '-y',
      '--force-yes',
      '-oAPT::Get::AllowUnauthenticated=1',
      'openssl=3.0',
      'openssl/sid',
      './openssl.deb',
      '/tmp/x',
      'https://mirror.example/x',
      'open ssl',
      'openssl;id',
      'openssl\nwget',
      'openssl\0',
      '$(id)',
      '*',
      'opеnssl',
      'libssl3:i386',
      '@core',
      'openssl>3',
      '!openssl',
      'a'.repeat(257),
    ];
    for (const manager of MANAGERS) {
      for (const name of bad) {
        const refused = { code: 'images/script-bad-name' };
        assert.throws(() => compile(planOf(manager, { packages: upgrades('bash', name) })), refused, name);
        const replacing = [{ name: 'bash', action: 'replace', minVersion: '1', replacement: name }] as const;
        const plan = planOf(manager, { packages: replacing, requires: ['replace-package'] });
        assert.throws(() => compile(plan), refused, name);
      }
    }
    assert.throws(() => compile(planOf('apt', { packages: upgrades('dpkg-') })), {
      code: 'images/script-bad-name',
    });
    assert.throws(() => compile(planOf('dnf', { packages: upgrades('x.rpm') })), {
      code: 'images/script-bad-name',
    });
    assert.throws(() => compile(planOf('apk', { packages: upgrades('x.apk') })), {
      code: 'images/script-bad-name',
    });
  });

  it('gives for any text as a name either a refusal or one argument that is that name', () => {
    const names = fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9+.:=@~*/-]{1,8}$/));
    fc.assert(
      fc.property(fc.constantFrom(...MANAGERS), names, (manager, name) => {
        let script: CompiledScript;
        try {
          script = compile(planOf(manager, { packages: upgrades(name) }));
        } catch (thrown) {
          assert.ok(thrown instanceof Error && 'code' in thrown && thrown.code === 'images/script-bad-name');
          return;
        }
        assert.match(name, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/);
        const last = matching(changes(script), / (?:install|upgrade|update) /)[0]
          ?.split(' ')
          .at(-1);
        assert.equal(last, name);
      }),
      { numRuns: 500 },
    );
  });

  it('never runs a shell, never turns off a signature, never names a version', () => {
    for (const manager of MANAGERS) {
      const script = compile(planOf(manager, {}), { mirrors: 'mounted' });
      for (const { argv, purpose, timeout } of all(script)) {
        assert.doesNotMatch(argv[0] ?? '', /^(?:sh|bash|eval|env)$/);
        const forbidden =
          /nogpgcheck|allow-unauthenticated|force-yes|allow-untrusted|gpgcheck=0|trusted=yes|1\.0-1/;
        assert.doesNotMatch(argv.join(' '), forbidden);
        assert.ok(purpose.length > 0 && timeout > 0);
      }
    }
  });
});

describe('compileProbe', () => {
  const distro = { id: 'debian', version: '12', codename: null, idLike: [], supportEnd: null };

  it('asks for the names that it got, each once', () => {
    for (const manager of MANAGERS) {
      const names = ['zlib', 'openssl', 'zlib'];
      const last = compileProbe({ manager, distro, names }).at(-1)?.argv.join(' ') ?? '';
      assert.match(last, manager === 'zypper' ? / list-updates -t package$/ : / openssl zlib$/);
      assert.deepEqual(compileProbe({ manager, distro, names: [] }), []);
      assert.throws(() => compileProbe({ manager, distro, names: ['-x'] }), {
        code: 'images/script-bad-name',
      });
    }
  });

  it('looks beyond the release of Amazon Linux 2023', () => {
    const amazon = { ...distro, id: 'amzn', version: '2023' };
    const probe = argvs(compileProbe({ manager: 'dnf', distro: amazon, names: ['zlib'] }));
    assert.equal(matching(probe, / --releasever=latest /).length, 1);
  });
});
