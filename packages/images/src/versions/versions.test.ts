import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import type { PackageFormat } from '../inventory/inventory.ts';
import { nearPairs, VERSIONS } from './generated.fixture.ts';
import { APK_BAD, APK_GOOD, APK_VECTORS, RPM_VECTORS, type Vector } from './vectors.fixture.ts';
import { compareVersions, isVersion } from './versions.ts';

const FORMATS: readonly PackageFormat[] = ['deb', 'rpm', 'apk'];

/** Whatever comes: good versions, nearly good ones and rubbish. */
function anyText(format: PackageFormat): fc.Arbitrary<string> {
  return fc.oneof(
    VERSIONS[format],
    nearPairs(format).map(([, near]) => near),
    fc.string({ unit: fc.constantFrom(...'01a.~^-_:+ é'.split('')), maxLength: 6 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
}

function checkVectors(format: PackageFormat, vectors: readonly Vector[]): void {
  for (const [a, order, b] of vectors) {
    assert.equal(compareVersions(format, a, b), order, `${a} and ${b}`);
    assert.equal(compareVersions(format, b, a), order === 0 ? 0 : -order, `${b} and ${a}`);
  }
}

describe('compareVersions', () => {
  for (const format of FORMATS) {
    it(`is a total order over every text of ${format}, good or bad`, () => {
      const text = anyText(format);
      fc.assert(
        fc.property(text, text, text, (a, b, c) => {
          const [ab, ba] = [compareVersions(format, a, b), compareVersions(format, b, a)];
          const [bc, ac] = [compareVersions(format, b, c), compareVersions(format, a, c)];
          assert.equal(compareVersions(format, a, a), 0);
          assert.equal(ab + ba, 0);
          if (ab <= 0 && bc <= 0) assert.ok(ac <= 0);
          if (ab >= 0 && bc >= 0) assert.ok(ac >= 0);
          if (ab === 0) assert.equal(ac, bc);
        }),
        { numRuns: 4000 },
      );
    });
  }

  it('orders as the published vectors of rpm', () => {
    assert.ok(RPM_VECTORS.length >= 35);
    checkVectors('rpm', RPM_VECTORS);
  });

  it('orders as the published vectors of apk', () => {
    assert.ok(APK_VECTORS.length >= 600);
    checkVectors('apk', APK_VECTORS);
  });

  it('orders as the rules of dpkg say', () => {
    checkVectors('deb', [
      ['1.0', 0, '1.0-0'],
      ['1.0', 0, '0:1.0'],
      ['1.0', -1, '1.0-1'],
      ['1.0-1', -1, '1.0-1+b1'],
      ['1.0-1~deb11u1', -1, '1.0-1'],
      ['1.0~~', -1, '1.0~'],
      ['1.0~~', -1, '1.0~~a'],
      ['1.0', -1, '1.0a'],
      ['1.0a', -1, '1.0+'],
      ['1.0Z', -1, '1.0a'],
      ['1.9', -1, '1.10'],
      ['1.01', 0, '1.1'],
      ['9', -1, '1:0'],
      ['1.0-1-1', -1, '1.0-2-0'],
      ['99999999999999999998', -1, '99999999999999999999'],
    ]);
  });

  it('compares epoch, then version, then release of rpm', () => {
    checkVectors('rpm', [
      ['1:1.0-1', 1, '9.0-9'],
      ['0:1.0-1', 0, '1.0-1'],
      ['1.0-2', 1, '1.0-1'],
      ['1.0', -1, '1.0-1'],
      ['1.0-1.el9_2', 1, '1.0-1.el9'],
      ['4294967296:1-1', 1, '4294967295:2-1'],
    ]);
  });

  it('gives the three formats their own answer to the same texts', () => {
    assert.deepEqual(
      FORMATS.map((format) => compareVersions(format, '1.010', '1.9')),
      [1, 1, -1],
    );
    assert.deepEqual(
      FORMATS.map((format) => compareVersions(format, '1.0~1', '1.0')),
      [-1, -1, 1],
    );
    assert.deepEqual(
      FORMATS.map((format) => compareVersions(format, '1.0', '1.0-0')),
      [0, -1, 1],
    );
  });

  it('never calls different unreadable versions of apk equal', () => {
    assert.equal(compareVersions('apk', 'latest', 'edge'), 1);
    assert.equal(compareVersions('apk', '1.0-rc1', '1.0-rc2'), -1);
    assert.equal(compareVersions('apk', '1.0-rc1', '1.0'), -1);
  });

  it('takes texts of a hundred thousand characters in its stride', () => {
    for (const format of FORMATS) {
      for (const part of ['1', '1.', '~', 'a', '0', '_p', '-']) {
        const long = part.repeat(100_000 / part.length);
        assert.notEqual(compareVersions(format, `1${long}2`, `1${long}3`), 1);
        isVersion(format, long);
      }
    }
  });
});

describe('isVersion', () => {
  for (const format of FORMATS) {
    it(`takes every generated version of ${format}`, () => {
      fc.assert(fc.property(VERSIONS[format], (version) => isVersion(format, version)));
    });
  }

  it('knows what apk publishes as good and as bad', () => {
    for (const text of APK_GOOD) assert.equal(isVersion('apk', text), true, text);
    for (const text of APK_BAD) assert.equal(isVersion('apk', text), false, text);
  });

  it('refuses what dpkg warns of', () => {
    const bad = ['', ' ', 'a1', '1.0-', '1:', ':1', 'a:1', '1 0', '1_0', '2147483648:1', '-1', '1.0\n', '1é'];
    for (const text of bad) assert.equal(isVersion('deb', text), false, JSON.stringify(text));
    for (const text of ['1', '1:2:3-4', '1-2-3', '0~', '2147483647:1']) {
      assert.equal(isVersion('deb', text), true, text);
    }
  });

  it('refuses what rpm would not build', () => {
    const bad = ['', '1-2-3', '1-', '-1', '1 0', '4294967296:1', '1:', 'a:1', '1.0\n'];
    for (const text of bad) assert.equal(isVersion('rpm', text), false, JSON.stringify(text));
    for (const text of ['1', 'a', '1:2-3', '1^git~1_2-0.1.el9_4'])
      assert.equal(isVersion('rpm', text), true, text);
  });
});
