/** Findings for tests, whole and plain. */
import type { AffectedPackage, Finding } from './finding.ts';

/** A package of Debian with a fix. */
export function samplePackage(fields: Partial<AffectedPackage>): AffectedPackage {
  return {
    name: 'libssl3',
    source: 'openssl',
    kind: 'deb',
    version: '3.0.11-1~deb12u2',
    fixedVersion: '3.0.14-1~deb12u2',
    architecture: 'amd64',
    diffId: null,
    path: null,
    ...fields,
  };
}

/** An active finding of high severity in one package. */
export function sampleFinding(fields: Partial<Finding>): Finding {
  return {
    id: 'trivy/sha256:0/CVE-2024-1',
    scanner: 'trivy',
    vulnerability: 'CVE-2024-1',
    aliases: [],
    severity: 'high',
    status: 'active',
    image: {
      digest: `sha256:${'1'.repeat(64)}`,
      configDigest: null,
      registry: 'registry.example.com',
      repository: 'golden/debian',
      tags: ['12'],
      platform: { os: 'linux', architecture: 'amd64', variant: null },
      diffIds: [],
      distro: { id: 'debian', version: '12' },
    },
    packages: [samplePackage({})],
    title: 'openssl: reads where it must not',
    epss: null,
    knownExploited: null,
    publishedAt: null,
    fixedAt: null,
    updatedAt: 1_000,
    ...fields,
  };
}
