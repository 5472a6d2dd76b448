import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { PackageManager } from '../inventory/inventory.ts';
import { parseCandidates } from './candidates.ts';
import * as recorded from './recorded.fixture.ts';

const { said } = recorded;

const CASES: readonly (readonly [PackageManager, string, Readonly<Record<string, string>>])[] = [
  ['apt', recorded.APT_POLICY, { libssl3: '3.0.22-1~deb12u2', libc6: '2.36-9+deb12u13' }],
  ['apk', recorded.APK_POLICY, { libcrypto3: '3.1.8-r0', busybox: '1.36.1-r15' }],
  ['dnf', recorded.DNF_QUERY, { 'openssl-libs': '1:3.0.7-28.el9', zlib: '1.2.11-40.el9' }],
  ['microdnf', recorded.MICRODNF_QUERY, { 'openssl-libs': '1:3.0.7-28.el9', 'libstdc++': '11.4.1-3.el9' }],
  ['tdnf', recorded.TDNF_CHECK_UPDATE, { curl: '8.8.0-2.azl3', 'openssl-libs': '3.3.2-1.azl3' }],
  [
    'yum',
    recorded.YUM_CHECK_UPDATE,
    {
      'openssl-libs': '1:1.0.2k-24.amzn2.0.14',
      'python-a-package-with-a-long-name-that-is-broken': '2.7.18-1.amzn2.0.9',
    },
  ],
  ['zypper', recorded.ZYPPER_LIST, { libopenssl3: '3.1.4-150600.5.15.1', glibc: '2.38-150600.14.5.1' }],
];

describe('parseCandidates', () => {
  for (const [manager, stdout, expected] of CASES) {
    it(`reads what ${manager} says the mirror has, from the last output`, () => {
      const candidates = parseCandidates(manager, [said('libssl3:\n  Candidate: 9-9\n'), said(stdout)]);
      assert.deepEqual(Object.fromEntries(candidates), expected);
    });
  }

  it('knows nothing when nothing was said', () => {
    for (const [manager] of CASES) {
      assert.equal(parseCandidates(manager, []).size, 0);
      assert.equal(parseCandidates(manager, [said('')]).size, 0);
    }
  });

  it('refuses to speak of a mirror that did not answer in part', () => {
    const stderrs: readonly (readonly [PackageManager, string])[] = [
      ['apk', 'WARNING: Ignoring https://mirror.example/v3.19/main: temporary error (try again later)'],
      ['apk', 'WARNING: opening https://mirror.example/v3.22/main: DNS: transient error'],
      ['dnf', 'Ignoring repositories: updates'],
    ];
    for (const [manager, stderr] of stderrs) {
      assert.throws(() => parseCandidates(manager, [said(recorded.APK_POLICY, { stderr })]), {
        code: 'images/script-mirror-unreachable',
      });
    }
  });

  it('takes no name or version that is none, whatever is printed', () => {
    assert.equal(parseCandidates('apt', [said('libfoo-:\n  Candidate: 1-1\n')]).size, 0);
    assert.equal(parseCandidates('dnf', [said('a;b\t0:1-1\tx86_64\nevil.rpm\t0:1-1\tx86_64\n')]).size, 0);
    const lines = fc.array(
      fc.oneof(fc.string(), fc.constantFrom(...CASES.flatMap(([, text]) => text.split('\n')))),
    );
    fc.assert(
      fc.property(fc.constantFrom(...CASES.map(([manager]) => manager)), lines, (manager, printed) => {
        for (const name of parseCandidates(manager, [said(printed.join('\n'))]).keys()) {
          assert.match(name, /^[A-Za-z0-9][A-Za-z0-9+._-]*$/);
        }
      }),
    );
  });
});
