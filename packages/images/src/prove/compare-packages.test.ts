import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { packageOf } from '../inventory/image-files.fixture.ts';
import type { Inventory, InstalledPackage } from '../inventory/inventory.ts';
import type { PatchPlan } from '../plan/plan.ts';
import {
  architectureChanges,
  comparePackages,
  distroChanges,
  downgrades,
  markChanges,
  undoneChanges,
  unplannedChanges,
  unplannedRemovals,
  type ChangedPackage,
  type Compared,
} from './compare-packages.ts';
import { inventory, NEW, OLD, PLAN } from './evidence.fixture.ts';

function compared(after: Inventory, given: Partial<Compared> = {}): Compared {
  const before = given.before ?? inventory(OLD);
  return { before, after, plan: PLAN, diff: comparePackages(before, after), ...given };
}

function withPackage(of: Inventory, ...more: readonly InstalledPackage[]): Inventory {
  return { ...of, packages: [...of.packages, ...more] };
}

function change(name: string, to: Partial<InstalledPackage>): (one: InstalledPackage) => InstalledPackage {
  return (one) => (one.name === name ? { ...one, ...to } : one);
}

function planOf(packages: PatchPlan['proposal']['packages']): PatchPlan {
  return { ...PLAN, proposal: { ...PLAN.proposal, packages } };
}

describe('comparePackages', () => {
  it('sorts out what was upgraded, downgraded, added and removed, by name and architecture', () => {
    const before = withPackage(inventory(OLD), packageOf({ name: 'gone', version: '1' }));
    const after = withPackage(
      inventory(NEW, change('bash', { version: '5.0-1' })),
      packageOf({ name: 'libc6', version: '2.31-13', architecture: 'i386' }),
    );
    const names = Object.entries(comparePackages(before, after)).map(
      ([list, packages]: [string, readonly ChangedPackage[]]) => [
        list,
        packages.map(({ name, architecture }) => `${name}:${architecture}`),
      ],
    );
    assert.deepEqual(Object.fromEntries(names), {
      upgraded: ['libssl1.1:amd64', 'openssl:amd64'],
      downgraded: ['bash:amd64'],
      added: ['libc6:i386'],
      removed: ['gone:amd64'],
    });
  });

  it('takes the newest of several versions of one package', () => {
    const kernels = ['5.14.0-10', '5.14.0-9'].map((version) => packageOf({ name: 'kernel', version }));
    const of: Inventory = { ...inventory(OLD), format: 'rpm', packages: kernels };
    const after = { ...of, packages: kernels.toReversed() };
    assert.deepEqual(comparePackages(of, after).upgraded, []);
  });

  it('counts a version that is only written differently as a change', () => {
    const after = inventory(OLD, change('bash', { version: '5.1-02' }));
    assert.deepEqual(
      comparePackages(inventory(OLD), after).upgraded.map(({ name }) => name),
      ['bash'],
    );
  });
});

describe('unplannedChanges', () => {
  it('lets named packages, others of their source, and what they need change', () => {
    const before = withPackage(
      inventory(OLD),
      packageOf({ name: 'libssl-doc', version: OLD, source: { name: 'openssl', version: OLD } }),
    );
    const after = withPackage(
      inventory(NEW, change('libc6', { version: '2.31-14' })),
      packageOf({ name: 'libssl-doc', version: NEW, source: { name: 'openssl', version: NEW } }),
    );
    assert.deepEqual(unplannedChanges(compared(after, { before })), []);
  });

  it('names what changed beside', () => {
    const after = withPackage(
      inventory(NEW, change('bash', { version: '5.2-1' })),
      packageOf({ name: 'nmap', version: '7' }),
    );
    assert.deepEqual(unplannedChanges(compared(after)), [
      'bash went from 5.1-2 to 5.2-1, unplanned',
      'nmap went from absent to 7, unplanned',
    ]);
  });

  it('lets the package of the release change, and what is built with it, only where the plan moves the release', () => {
    const release = (version: string): readonly InstalledPackage[] => {
      const source = { name: 'system-release', version };
      return [
        packageOf({ name: 'system-release', version, source, depends: [['amazon-linux-repo-cdn']] }),
        packageOf({ name: 'amazon-linux-repo-cdn', version, source }),
      ];
    };
    const before = withPackage(inventory(OLD), ...release('2023.5.20240701-1'));
    const after = withPackage(inventory(NEW), ...release('2023.6.20250107-1'));
    const moving: PatchPlan = { ...PLAN, proposal: { ...PLAN.proposal, requires: ['release-lock'] } };
    assert.deepEqual(unplannedChanges(compared(after, { before, plan: moving })), []);
    assert.deepEqual(unplannedChanges(compared(after, { before })), [
      'amazon-linux-repo-cdn went from 2023.5.20240701-1 to 2023.6.20250107-1, unplanned',
      'system-release went from 2023.5.20240701-1 to 2023.6.20250107-1, unplanned',
    ]);
  });

  it('follows needs through what provides them', () => {
    const needs = change('libssl1.1', { version: NEW, depends: [['debconf-2.0']] });
    const after = withPackage(
      inventory(NEW, needs),
      packageOf({ name: 'cdebconf', version: '1', provides: ['debconf-2.0'] }),
    );
    assert.deepEqual(unplannedChanges(compared(after)), []);
  });
});

describe('undoneChanges', () => {
  it('names what is below its planned version, absent, or still there', () => {
    const plan = planOf([
      { name: 'libssl1.1', action: 'upgrade', minVersion: NEW, replacement: null },
      { name: 'absent', action: 'upgrade', minVersion: '1', replacement: null },
      { name: 'bash', action: 'remove', minVersion: null, replacement: null },
      { name: 'openssl', action: 'replace', minVersion: '3', replacement: 'openssl3' },
    ]);
    assert.deepEqual(undoneChanges(compared(inventory(OLD), { plan })), [
      `libssl1.1 (amd64) is ${OLD}, below ${NEW}`,
      'absent is not installed',
      'bash is still there',
      'openssl3 is not installed',
    ]);
  });

  it('is content with a newer version', () => {
    assert.deepEqual(undoneChanges(compared(inventory('1.1.1z-1'))), []);
  });
});

describe('downgrades', () => {
  it('names packages that went back, planned or not', () => {
    assert.deepEqual(downgrades(compared(inventory('1.1.1a-1'))), [
      `libssl1.1 went back from ${OLD} to 1.1.1a-1`,
      `openssl went back from ${OLD} to 1.1.1a-1`,
    ]);
  });
});

describe('unplannedRemovals', () => {
  it('names what is gone but for what the plan removes or replaces', () => {
    const after = inventory(NEW, (one) => (['bash', 'openssl'].includes(one.name) ? null : one));
    const plan = planOf([{ name: 'openssl', action: 'remove', minVersion: null, replacement: null }]);
    assert.deepEqual(unplannedRemovals(compared(after, { plan })), ['bash 5.1-2 is gone, unplanned']);
  });
});

describe('architectureChanges', () => {
  it('names packages of another architecture than they were, or than any was', () => {
    const after = withPackage(
      inventory(NEW, change('bash', { architecture: 'i386' })),
      packageOf({ name: 'data', version: '1', architecture: 'all' }),
    );
    assert.deepEqual(architectureChanges(compared(after)), [
      'bash is for i386, which no package of the image was',
      'bash was for amd64 and is for i386',
    ]);
  });
});

describe('markChanges', () => {
  it('names packages whose marks are not what they were', () => {
    const after = inventory(NEW, (one) => ({ ...one, manual: true, held: one.name === 'libc6' }));
    assert.deepEqual(markChanges(compared(after)), [
      'libc6 is marked as installed by hand, and was not',
      'libc6 is now held',
      'libssl1.1 is marked as installed by hand, and was not',
    ]);
  });

  it('wants new packages to be automatic, but a replacement as what it replaces', () => {
    const after = withPackage(
      inventory(NEW),
      packageOf({ name: 'openssl3', version: '3', manual: true }),
      packageOf({ name: 'extra', version: '1', manual: true }),
    );
    const plan = planOf([{ name: 'openssl', action: 'replace', minVersion: '3', replacement: 'openssl3' }]);
    assert.deepEqual(markChanges(compared(after, { plan })), [
      'extra is marked as installed by hand, and was not',
    ]);
  });
});

describe('distroChanges', () => {
  it('lets a point release pass and no other release', () => {
    const debian = (version: string, codename: string): Inventory => {
      const of = inventory(NEW);
      return { ...of, distro: { id: 'debian', idLike: [], supportEnd: null, version, codename } };
    };
    const before = debian('11.9', 'bullseye');
    assert.deepEqual(distroChanges(compared(debian('11.11', 'bullseye'), { before })), []);
    assert.deepEqual(distroChanges(compared(debian('12.1', 'bookworm'), { before })), [
      'the image was debian 11.9 and is debian 12.1',
    ]);
    assert.equal(distroChanges(compared({ ...before, distro: null }, { before })).length, 1);
  });
});
