/** Facts of a small Debian image, and a proposal for them that is good. */
import type { PlanFacts, Proposal } from '../plan.ts';

const OPENSSL = {
  source: 'openssl',
  installed: '1.1.1n-0+deb11u3',
  fixed: '1.1.1n-0+deb11u5',
  candidate: '1.1.1w-0+deb11u1',
  held: false,
  vulnerabilities: ['CVE-2023-0286', 'CVE-2023-0464'],
};

export const FACTS: PlanFacts = {
  baseDigest: `sha256:${'a'.repeat(64)}`,
  platform: { os: 'linux', architecture: 'amd64', variant: null },
  distro: { id: 'debian', version: '11', codename: 'bullseye', idLike: [], supportEnd: null },
  format: 'deb',
  manager: 'apt',
  endOfLife: false,
  packages: [
    { name: 'libssl1.1', ...OPENSSL },
    { name: 'openssl', ...OPENSSL },
  ],
  findings: ['CVE-2023-0286', 'CVE-2023-0464'],
};

export const PROPOSAL: Proposal = {
  strategy: 'in-place',
  packages: ['libssl1.1', 'openssl'].map((name) => ({
    name,
    action: 'upgrade',
    minVersion: '1.1.1n-0+deb11u5',
    replacement: null,
  })),
  requires: [],
  reason: 'The security suite has the fix for both packages of openssl.',
  confidence: 0.97,
};
