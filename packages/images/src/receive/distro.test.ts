import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatOf, formatOfTracker, fromEcosystem, fromPlatform, toDistro } from './distro.ts';

const words = (distro: ReturnType<typeof toDistro>): string =>
  `${distro?.id} ${distro?.version} ${formatOf(distro)}`;

describe('the names of distributions', () => {
  it('are those of os-release, whatever Inspector calls them', () => {
    assert.equal(words(fromPlatform('UBUNTU_24_04')), 'ubuntu 24.04 deb');
    assert.equal(words(fromPlatform('DEBIAN_12')), 'debian 12 deb');
    assert.equal(words(fromPlatform('AMAZON_LINUX_2')), 'amzn 2 rpm');
    assert.equal(words(fromPlatform('AMAZON_LINUX_2023')), 'amzn 2023 rpm');
    assert.equal(words(fromPlatform('ALPINE_LINUX_3_19')), 'alpine 3.19 apk');
    assert.equal(words(fromPlatform('ORACLE_LINUX_8')), 'ol 8 rpm');
    assert.equal(words(fromPlatform('RHEL_9')), 'rhel 9 rpm');
    assert.equal(words(fromPlatform('WOLFI')), 'wolfi  apk');
    assert.equal(fromPlatform('TEMPLEOS_5'), null);
    assert.equal(fromPlatform('__proto__'), null);
  });

  it('are those of os-release, whatever Trivy and Grype call them', () => {
    assert.equal(words(toDistro('debian', '12.5')), 'debian 12 deb');
    assert.equal(words(toDistro('amazon', '2 (Karoo)')), 'amzn 2 rpm');
    assert.equal(words(toDistro('amazon', '2023.5.20240805 (Amazon Linux)')), 'amzn 2023 rpm');
    assert.equal(words(toDistro('amazon', '2018.03')), 'amzn 2018.03 rpm');
    assert.equal(words(toDistro('opensuse.leap', '15.6')), 'opensuse-leap 15.6 rpm');
    assert.equal(words(toDistro('suse linux enterprise server', '15.5')), 'sles 15.5 rpm');
    assert.equal(words(toDistro('redhat', '8.7')), 'rhel 8.7 rpm');
    assert.equal(words(toDistro('cbl-mariner', '2.0')), 'mariner 2.0 rpm');
  });

  it('are those of os-release, whatever OSV calls them', () => {
    assert.equal(words(fromEcosystem('Debian:12')), 'debian 12 deb');
    assert.equal(words(fromEcosystem('Ubuntu:Pro:18.04:LTS')), 'ubuntu 18.04 deb');
    assert.equal(words(fromEcosystem('Alpine:v3.20')), 'alpine 3.20 apk');
    assert.equal(words(fromEcosystem('Red Hat:enterprise_linux:9::baseos')), 'rhel 9 rpm');
    assert.equal(words(fromEcosystem('openSUSE:Leap 15.6')), 'opensuse-leap 15.6 rpm');
    assert.equal(words(fromEcosystem('Rocky Linux:9')), 'rocky 9 rpm');
    assert.equal(fromEcosystem('npm'), null);
  });

  it('are known by whose tracker a vulnerability is from', () => {
    assert.equal(formatOfTracker('UBUNTU_CVE'), 'deb');
    assert.equal(formatOfTracker('ALPINE_SECDB'), 'apk');
    assert.equal(formatOfTracker('AMAZON_CVE'), 'rpm');
    assert.equal(formatOfTracker('NVD'), null);
  });
});
