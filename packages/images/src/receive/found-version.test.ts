import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedVersion, wholeVersion } from './found-version.ts';

const whole = (version: string, release: string | null, epoch: number | null): string | null =>
  wholeVersion({ version, release, epoch, kind: 'deb' });

describe('wholeVersion', () => {
  it('puts the parts together once, and leaves an epoch of 0 out', () => {
    assert.equal(whole('3.0.13', '0ubuntu3.2', 0), '3.0.13-0ubuntu3.2');
    assert.equal(whole('1.2.13', '1', 1), '1:1.2.13-1');
    assert.equal(whole('1:1.2.13-1', '1', 1), '1:1.2.13-1');
    assert.equal(whole('0:1.2', null, null), '1.2');
    assert.equal(whole('1.2', '', 1e300), '1.2');
  });

  it('takes nothing that could be more than a version', () => {
    for (const version of ['', '1.0 --force', '-1', '1;id', '$(id)', '1\n2', 'a'.repeat(300)]) {
      assert.equal(whole(version, null, null), null, version);
    }
  });
});

describe('fixedVersion', () => {
  it('knows the words for none', () => {
    for (const word of [
      'NotAvailable',
      'Not Available',
      'N/A',
      'none',
      'None Provided',
      '',
      '-',
      '0',
      'unknown',
    ]) {
      assert.deepEqual(fixedVersion([word], '1.0-1', 'deb'), { version: null, bad: null }, word);
    }
  });

  it('takes the lowest one above what is installed, in the order of the format', () => {
    assert.equal(
      fixedVersion(['25.0.2, 24.0.9, 23.0.10'], 'v24.0.7+incompatible', 'language').version,
      '24.0.9',
    );
    assert.equal(fixedVersion(['1.0-10', '1.0-9'], '1.0-2', 'deb').version, '1.0-9');
    assert.equal(fixedVersion(['3.1.4-r6', '3.1.4-r10'], '3.1.4-r7', 'apk').version, '3.1.4-r10');
    assert.equal(fixedVersion(['1:1.1.1k-12.el8_9'], '1:1.1.1k-9.el8_7', 'rpm').version, '1:1.1.1k-12.el8_9');
    assert.equal(fixedVersion(['1.0-1', '1.0-2'], '1.0-3', 'deb').version, '1.0-2');
    assert.equal(fixedVersion(['0:1.0-2'], '1.0-1', 'deb').version, '1.0-2');
  });

  it('names what is neither, and takes the rest', () => {
    const fixed = fixedVersion(['1.0 || curl evil', '1.0-2'], '1.0-1', 'deb');
    assert.deepEqual(fixed, { version: '1.0-2', bad: '1.0 || curl evil' });
    assert.deepEqual(fixedVersion(['deadbeef'], '1.0-1', 'deb'), { version: null, bad: 'deadbeef' });
  });
});
