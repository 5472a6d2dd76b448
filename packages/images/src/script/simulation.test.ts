import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PackageManager } from '../inventory/inventory.ts';
import * as recorded from './recorded.fixture.ts';
import { parseSimulation, type SimulatedChange } from './simulation.ts';

const { said } = recorded;

/** `action name from to architecture`, with `-` for null. */
function told({ action, name, from, to, architecture }: SimulatedChange): string {
  return [action, name, from ?? '-', to ?? '-', architecture ?? '-'].join(' ');
}

const CASES: readonly (readonly [string, PackageManager, string, readonly string[]])[] = [
  [
    'apt',
    'apt',
    recorded.APT_SIMULATION,
    [
      'remove libold 1.0-2 - -',
      'upgrade libssl3 3.0.19-1~deb12u2 3.0.22-1~deb12u2 amd64',
      'upgrade openssl 3.0.19-1~deb12u2 3.0.22-1~deb12u2 amd64',
      'upgrade libc6 2.36-9+deb12u10 2.36-9+deb12u13 i386',
      'install libnew - 0.5-1 all',
      'downgrade libback 2.0-1 1.9-1 amd64',
    ],
  ],
  [
    'apk',
    'apk',
    recorded.APK_SIMULATION,
    [
      'upgrade libcrypto3 3.1.4-r0 3.1.8-r0 -',
      'upgrade libssl3 3.1.4-r0 3.1.8-r0 -',
      'install libnew - 1.2_pre3-r1 -',
      'remove libold 1.0-r0 - -',
      'downgrade zlib 1.3.1-r0 1.3-r0 -',
      'reinstall musl 1.2.5-r0 1.2.5-r0 -',
    ],
  ],
  [
    'dnf 4',
    'dnf',
    recorded.DNF_SIMULATION,
    [
      'install demo-new - 2.0-1 noarch',
      'remove demo-old 1.0-1 - noarch',
      'upgrade demo - 1:3.0.7-2 noarch',
      'upgrade demo-a-library-with-a-rather-long-name-for-wrapping - 1:3.0.7-2 noarch',
      'install demo-needed - 1-1 noarch',
      'remove demo-user 1-1 - noarch',
      'downgrade demo-down - 1-1 x86_64',
    ],
  ],
  ['dnf 5', 'dnf', recorded.DNF5_SIMULATION, ['upgrade openssl-libs - 1:3.2.2-3.fc41 x86_64']],
  ['microdnf', 'microdnf', recorded.MICRODNF_SIMULATION, ['upgrade openssl-libs - 1:3.0.7-28.el9 x86_64']],
  [
    'tdnf',
    'tdnf',
    recorded.TDNF_SIMULATION,
    ['upgrade openssl-libs - 3.3.2-1.azl3 x86_64', 'upgrade openssl - 3.3.2-1.azl3 x86_64'],
  ],
  [
    'yum',
    'yum',
    recorded.YUM_SIMULATION,
    [
      'upgrade openssl-libs - 1:1.0.2k-24.amzn2.0.14 x86_64',
      'upgrade openssl-with-a-very-long-name-indeed - 1:1.0.2k-24.amzn2.0.14 x86_64',
    ],
  ],
  [
    'zypper',
    'zypper',
    recorded.ZYPPER_SIMULATION,
    [
      'upgrade glibc 2.38-150600.12.1 2.38-150600.14.5.1 x86_64',
      'upgrade libopenssl3 3.1.4-150600.5.7.1 3.1.4-150600.5.15.1 x86_64',
      'install libnew1 - 1.0-1.2 noarch',
      'remove libold1 0.9-1.1 - x86_64',
    ],
  ],
];

describe('parseSimulation', () => {
  for (const [name, manager, stdout, expected] of CASES) {
    it(`reads what ${name} would do`, () => {
      assert.deepEqual(parseSimulation(manager, [said(''), said(stdout)]).map(told), expected);
    });
  }

  it('finds nothing to do where nothing is to be done', () => {
    const nothing: readonly (readonly [PackageManager, string])[] = [
      ['apt', 'openssl is already the newest version (3.0.22-1~deb12u2).\n0 upgraded, 0 newly installed.\n'],
      ['apk', 'OK: 8 MiB in 15 packages\n'],
      ['dnf', 'Dependencies resolved.\nNothing to do.\nComplete!\n'],
      ['microdnf', 'Nothing to do.\n'],
      [
        'zypper',
        'No update candidate for x. The highest available version is already installed.\nNothing to do.\n',
      ],
    ];
    for (const [manager, stdout] of nothing) assert.deepEqual(parseSimulation(manager, [said(stdout)]), []);
  });

  it('refuses a change that it cannot read, so that none is overlooked', () => {
    const odd: readonly (readonly [PackageManager, string])[] = [
      ['apt', 'Inst libssl3 something else\n'],
      ['apt', 'Remv\tlibssl3\nRemv \n'],
      ['apk', '(1/1) Pruning musl (1-r0)\n'],
      ['dnf', 'Upgrading:\n demo noarch only-one\n'],
      ['dnf', 'Upgrading:\n demo NO/ARCH 1-1 local 5 k\n'],
      ['microdnf', 'Upgrading:\n what is this\n'],
      ['zypper', 'The following package is going to change vendor:\n  x  1-1  y\n'],
      ['zypper', 'The following 2 packages are going to be upgraded:\n  moc mpv\n'],
    ];
    for (const [manager, stdout] of odd) {
      assert.throws(() => parseSimulation(manager, [said(stdout)]), {
        code: 'images/script-unreadable-output',
      });
    }
  });
});
