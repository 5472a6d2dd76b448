/** A small Debian image before and after a patch of openssl, as evidence that is all right, and what tests bend of it. */
import { createHash } from 'node:crypto';
import type { Digest, Image, ImageConfig } from '../image/image.ts';
import { packageOf, viewOf } from '../inventory/image-files.fixture.ts';
import type { Inventory, InstalledPackage } from '../inventory/inventory.ts';
import type { PatchPlan } from '../plan/plan.ts';
import type { Finding } from '../receive/finding.ts';
import type { Evidence, ProofPolicy, Scanned } from './checks.ts';
import type { LayerEntry } from './layer.ts';
import { parseDebFiles } from './package-files.ts';
import type { ScanResult } from './scan.ts';
import { DEFAULT_BUDGET } from './size.ts';
import { withLayer } from './tree.ts';

export const OLD = '1.1.1n-0+deb11u3';
export const NEW = '1.1.1w-0+deb11u2';
export const LIBRARY = '/usr/lib/x86_64-linux-gnu/libssl.so.1.1';

export function digest(letter: string): Digest {
  return `sha256:${letter.repeat(64)}`;
}

/** A file as a layer has it. */
export function file(path: string, text: string, given: Partial<LayerEntry> = {}): LayerEntry {
  const bytes = Buffer.from(text);
  const hash = (name: string): string => createHash(name).update(bytes).digest('hex');
  return {
    path,
    kind: 'file',
    mode: 0o644,
    uid: 0,
    gid: 0,
    target: null,
    capabilities: false,
    content: { size: bytes.length, md5: hash('md5'), sha1: hash('sha1'), sha256: hash('sha256'), elf: false },
    ...given,
  };
}

/** An entry without content. */
export function entry(path: string, kind: LayerEntry['kind'], given: Partial<LayerEntry> = {}): LayerEntry {
  const mode = kind === 'directory' ? 0o755 : 0o644;
  return { ...file(path, ''), kind, mode, content: null, ...given };
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

export const PLAN: PatchPlan = {
  facts: {
    baseDigest: digest('b'),
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    distro: { id: 'debian', version: '11', codename: 'bullseye', idLike: [], supportEnd: null },
    format: 'deb',
    manager: 'apt',
    endOfLife: false,
    packages: ['libssl1.1', 'openssl'].map((name) => ({
      name,
      source: 'openssl',
      installed: OLD,
      fixed: NEW,
      candidate: NEW,
      held: false,
      vulnerabilities: ['CVE-2024-0001'],
    })),
    findings: ['trivy/one'],
  },
  proposal: {
    strategy: 'in-place',
    packages: ['libssl1.1', 'openssl'].map((name) => ({
      name,
      action: 'upgrade',
      minVersion: NEW,
      replacement: null,
    })),
    requires: [],
    reason: 'The mirror has the fix.',
    confidence: 1,
  },
  planner: { kind: 'deterministic', name: 'callboard/1', promptHash: null },
};

export const POLICY: ProofPolicy = {
  budget: DEFAULT_BUDGET,
  worstNew: 'high',
  ownLabels: ['callboard.patch'],
  allowedPaths: [],
};

/** openssl and its library in a version, libc and bash beside. */
export function inventory(
  version: string,
  change: (one: InstalledPackage) => InstalledPackage | null = (one) => one,
): Inventory {
  const source = { name: 'openssl', version };
  const packages = [
    packageOf({ name: 'bash', version: '5.1-2', depends: [['libc6']], manual: true }),
    packageOf({ name: 'libc6', version: '2.31-13', manual: false }),
    packageOf({ name: 'libssl1.1', version, source, depends: [['libc6']], manual: false }),
    packageOf({ name: 'openssl', version, source, depends: [['libc6'], ['libssl1.1']], manual: true }),
  ];
  return {
    distro: PLAN.facts.distro,
    format: 'deb',
    state: 'managed',
    manager: 'apt',
    packages: packages.map(change).filter((one) => one !== null),
  };
}

export function image(letter: string, layers: readonly string[], run: ImageConfig['run'] = {}): Image {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  return {
    registry: '127.0.0.1:5000',
    repository: 'golden/debian',
    digest: digest(letter),
    platform: PLAN.facts.platform,
    manifest: {
      mediaType,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digest('c'), size: 100 },
      layers: layers.map((one) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digest(one),
        size: 1_000,
      })),
      annotations: {},
    },
    config: {
      architecture: 'amd64',
      os: 'linux',
      variant: null,
      created: null,
      run: { Cmd: ['/bin/bash'], Labels: { team: 'base' }, ...run },
      diffIds: layers.map(digest),
      history: [],
    },
  };
}

export function finding(vulnerability: string, given: Partial<Finding> = {}): Finding {
  return {
    id: `trivy/${vulnerability}`,
    scanner: 'trivy',
    vulnerability,
    aliases: [],
    severity: 'high',
    status: 'active',
    image: {
      digest: digest('b'),
      configDigest: null,
      registry: null,
      repository: null,
      tags: [],
      platform: null,
      diffIds: [],
      distro: null,
    },
    packages: [
      {
        name: 'libssl1.1',
        source: 'openssl',
        kind: 'deb',
        version: OLD,
        fixedVersion: NEW,
        architecture: 'amd64',
        diffId: null,
        path: null,
      },
    ],
    title: '',
    epss: null,
    knownExploited: null,
    publishedAt: null,
    fixedAt: null,
    updatedAt: 0,
    ...given,
  };
}

/** What a scanner says of an image with these packages. */
export function scanned(
  of: Inventory,
  findings: readonly Finding[],
  given: Partial<ScanResult> = {},
): Scanned {
  return {
    findings,
    result: {
      scanner: 'trivy',
      scannerVersion: '0.74.0',
      databaseVersion: '2 of today',
      digest: digest('b'),
      distro: 'debian 11.11',
      report: Buffer.from('{}'),
      packages: of.packages.map(({ name, version }) => ({ name, version })),
      ...given,
    },
  };
}

export const BASE_TREE = withLayer(new Map(), [
  entry('/lib', 'symlink', { target: 'usr/lib' }),
  entry('/usr', 'directory'),
  entry('/usr/bin', 'directory'),
  file('/usr/bin/openssl', 'old program', { mode: 0o755 }),
  file('/usr/bin/su', 'su', { mode: 0o4755 }),
  file(LIBRARY, 'old library'),
  file('/etc/passwd', 'root'),
]);

export const LAYER: readonly LayerEntry[] = [
  entry('/usr', 'directory'),
  entry('/usr/bin', 'directory'),
  file('/usr/bin/openssl', 'new program', { mode: 0o755 }),
  file(LIBRARY, 'new library'),
  file('/var/lib/dpkg/status', 'all of them'),
  file('/var/lib/dpkg/info/libssl1.1:amd64.list', 'files'),
];

/** Evidence of a good patch; what is given takes the place of its part. */
export function evidence(given: Partial<Evidence> = {}): Evidence {
  const [before, after] = [inventory(OLD), inventory(NEW)];
  const old = { '/usr/bin/openssl': 'old program', [LIBRARY]: 'old library', '/etc/passwd': 'root' };
  const files = {
    before: viewOf(old),
    after: viewOf({ ...old, '/usr/bin/openssl': 'new program', [LIBRARY]: 'new library' }),
  };
  return {
    base: image('b', ['1']),
    patched: image('d', ['1', '2']),
    plan: PLAN,
    inventories: () => ({ before, after }),
    files: () => files,
    scanBefore: () => scanned(before, [finding('CVE-2024-0001')]),
    scanAfter: () => scanned(after, [], { digest: digest('d') }),
    baseTree: () => BASE_TREE,
    layer: () => LAYER,
    packages: () => [
      {
        name: 'libssl1.1',
        architecture: 'amd64',
        source: 'downloaded',
        before: parseDebFiles('', `${md5('old library')}  usr/lib/x86_64-linux-gnu/libssl.so.1.1`),
        after: parseDebFiles(
          '-rw-r--r-- root/root 11 2024-01-01 00:00 ./lib/x86_64-linux-gnu/libssl.so.1.1',
          `${md5('new library')}  lib/x86_64-linux-gnu/libssl.so.1.1\n`,
        ),
      },
      {
        name: 'openssl',
        architecture: 'amd64',
        source: 'downloaded',
        before: parseDebFiles('', `${md5('old program')}  usr/bin/openssl`),
        after: parseDebFiles('', `${md5('new program')}  usr/bin/openssl`),
      },
    ],
    smoke: () => Promise.resolve([{ purpose: 'it starts', argv: ['openssl'], problem: null, took: 1 }]),
    ...given,
  };
}
