/** Plans to compile, of which only what matters to a script is said. */
import type { PackageManager } from '../inventory/inventory.ts';
import type { PackageChange, PatchPlan, Proposal } from '../plan/plan.ts';
import { FORMATS } from './formats.ts';

export const MANAGERS: readonly PackageManager[] = ['apt', 'apk', 'dnf', 'microdnf', 'tdnf', 'yum', 'zypper'];

export function upgrades(...names: readonly string[]): readonly PackageChange[] {
  return names.map((name) => ({ name, action: 'upgrade', minVersion: '1.0-1', replacement: null }));
}

export function planOf(manager: PackageManager, proposal: Partial<Proposal>): PatchPlan {
  return {
    planner: { kind: 'deterministic', name: 'callboard/1', promptHash: null },
    facts: {
      baseDigest: `sha256:${'a'.repeat(64)}`,
      platform: { os: 'linux', architecture: 'amd64', variant: null },
      distro: { id: 'x', version: '1', codename: null, idLike: [], supportEnd: null },
      format: FORMATS[manager],
      manager,
      endOfLife: false,
      packages: [],
      findings: [],
    },
    proposal: {
      strategy: 'in-place',
      packages: upgrades('openssl'),
      requires: [],
      reason: 'a reason',
      confidence: 1,
      ...proposal,
    },
  };
}
