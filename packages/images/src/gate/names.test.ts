import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPackageName, isProtected, skeletonOf } from './names.ts';
import { isMajorJump, leavesSeries } from './series.ts';

describe('isPackageName', () => {
  it('takes the names of real packages', () => {
    for (const name of ['libssl1.1', 'g++', 'g++-12', 'libstdc++6', 'libxml++2.6-2v5', '7zip', 'libc6']) {
      assert.ok(isPackageName('deb', name), name);
    }
    for (const name of ['gcc-c++', 'Box2D', 'NetworkManager', 'python3.9', 'R', 'glibc_post_upgrade']) {
      assert.ok(isPackageName('rpm', name), name);
    }
    for (const name of ['gtk+3.0', 'ca-certificates-bundle', 'ssl_client', 'R', 'py3.11-compat']) {
      assert.ok(isPackageName('apk', name), name);
    }
  });

  it('takes nothing that a package manager reads as something else', () => {
    for (const format of ['deb', 'rpm', 'apk'] as const) {
      for (const name of [
        '',
        '-y',
        'curl-',
        'curl+',
        'x.deb',
        'x.RPM',
        'x.apk',
        'a/b',
        'a=1',
        'a b',
        'a\n',
        '.x',
        'a:b',
        'a@b',
        '*',
      ]) {
        assert.ok(!isPackageName(format, name), `${format} ${JSON.stringify(name)}`);
      }
    }
    assert.ok(!isPackageName('deb', 'NetworkManager'));
    assert.ok(!isPackageName('deb', `a${'b'.repeat(128)}`));
  });
});

describe('skeletonOf', () => {
  it('is the same for names that are read as the same', () => {
    for (const [one, other] of [
      ['openssl', 'openssI'],
      ['libssl3', 'l1bss13'],
      ['libxml2', 'Iibxml2'],
      ['zoo', 'z0o'],
      ['rnusl', 'musl'],
      ['vvget', 'wget'],
      ['lib-ssl', 'libssl'],
    ] as const) {
      assert.equal(skeletonOf(one), skeletonOf(other));
    }
    assert.notEqual(skeletonOf('libssl3'), skeletonOf('libssl3t64'));
  });
});

describe('isProtected', () => {
  it('knows what an image lives by', () => {
    assert.ok(isProtected('deb', 'libc6') && isProtected('deb', 'debian-archive-keyring'));
    assert.ok(isProtected('rpm', 'glibc-minimal-langpack') && isProtected('rpm', 'rocky-release'));
    assert.ok(isProtected('apk', 'musl') && isProtected('apk', 'alpine-keys'));
    assert.ok(
      !isProtected('deb', 'libc6-dev') && !isProtected('rpm', 'curl') && !isProtected('apk', 'musl-utils'),
    );
  });
});

describe('isMajorJump', () => {
  it('looks at the epoch and the first number', () => {
    assert.ok(isMajorJump('1.1.1n-0', '3.0.11-1'));
    assert.ok(isMajorJump('1.0', '1:1.0'));
    assert.ok(!isMajorJump('1.1.1n-0+deb11u3', '1.1.1w-0+deb11u1'));
    assert.ok(!isMajorJump('1:2.30.2-1', '1:2.39.5-0'));
    assert.ok(!isMajorJump('0:1.0', '1.5'));
  });

  it('takes years and dates for no majors', () => {
    assert.ok(!isMajorJump('2021a-1', '2024b-0'));
    assert.ok(!isMajorJump('20210119', '20230311'));
    assert.ok(isMajorJump('3.1', '2024.1'));
  });
});

describe('leavesSeries', () => {
  it('looks at the first two numbers', () => {
    assert.ok(leavesSeries('2.31-13+deb11u5', '2.36-9'));
    assert.ok(!leavesSeries('2.31-13+deb11u5', '2.31-13+deb11u11'));
    assert.ok(!leavesSeries('1.2.4-r1', '1.2.5-r0'));
    assert.ok(!leavesSeries('5.1-2', '5.01-3'));
  });
});
