import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Distro } from '../inventory/inventory.ts';
import { endOfSupport, isEndOfLife } from './end-of-life.ts';

const distro = (id: string, version: string, supportEnd: string | null = null): Distro => ({
  id,
  version,
  codename: null,
  idLike: [],
  supportEnd,
});

describe('endOfSupport', () => {
  it('finds a version by the longest prefix that ends at a dot', () => {
    assert.equal(endOfSupport(distro('alpine', '3.19.1')), '2025-11-01');
    assert.equal(endOfSupport(distro('alpine', '3.1.4')), '2016-11-01');
    assert.equal(endOfSupport(distro('alpine', '3.10.3')), '2021-05-01');
    assert.equal(endOfSupport(distro('rhel', '9.4')), '2032-05-31');
    assert.equal(endOfSupport(distro('debian', '12')), '2028-06-30');
    assert.equal(endOfSupport(distro('mariner', '2.0.20240301')), '2025-07-31');
  });

  it('knows the ends that distributions announced, also of releases that nobody should have any more', () => {
    const announced: readonly (readonly [string, string, string])[] = [
      ['almalinux', '8.10', '2029-05-31'],
      ['alpine', '3.23.3', '2027-11-01'],
      ['alpine', '3.24.0', '2028-06-01'],
      ['amzn', '2017.09', '2023-12-31'],
      ['centos', '10', '2030-05-31'],
      ['fedora', '43', '2026-12-09'],
      ['opensuse-leap', '15.0', '2019-12-03'],
      ['photon', '3.0', '2025-10-02'],
      ['sles', '16.0', '2027-11-30'],
      ['ubuntu', '23.04', '2024-01-25'],
      ['ubuntu', '26.04', '2031-05-29'],
    ];
    for (const [id, version, end] of announced) {
      assert.equal(endOfSupport(distro(id, version)), end, `${id} ${version}`);
    }
  });

  it('takes the date of os-release where the table has none, and never instead of it', () => {
    assert.equal(endOfSupport(distro('azurelinux', '3.0', '2027-08-31')), '2027-08-31');
    assert.equal(endOfSupport(distro('fedora', '39', '2099-01-01')), '2024-11-26');
  });

  it('knows nothing of a rolling or unknown distribution, nor of one that is named like a property', () => {
    assert.equal(endOfSupport(distro('wolfi', '20230201')), null);
    assert.equal(endOfSupport(distro('debian', '')), null);
    assert.equal(endOfSupport(distro('constructor', 'name')), null);
    assert.equal(endOfSupport(distro('nixos', '24.11', 'soon')), null);
    assert.equal(endOfSupport(distro('nixos', '24.11', '2025-99-99')), null);
  });
});

describe('isEndOfLife', () => {
  it('counts the last day as supported', () => {
    assert.equal(isEndOfLife(distro('debian', '11'), Date.parse('2026-08-31T23:59:59Z')), false);
    assert.equal(isEndOfLife(distro('debian', '11'), Date.parse('2026-09-01T00:00:00Z')), true);
    assert.equal(isEndOfLife(distro('wolfi', ''), 0), null);
  });
});
