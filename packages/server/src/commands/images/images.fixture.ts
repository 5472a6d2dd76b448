/** What tests of the commands on images work with: a registry on loopback, and a program that speaks as Trivy does. */
import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ImageAt, PatchPlan } from '@callboard/images';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const REPOSITORY = 'golden/debian';

export interface LoopbackRegistry extends AsyncDisposable {
  /** Host and port. */
  readonly host: string;
  /** By tag and digest. */
  readonly manifests: Map<string, Buffer>;
  /** An image of linux/amd64 without layers, told apart by its labels. */
  add(labels: Readonly<Record<string, string>>, tag: string | null): ImageAt;
}

/** Holds one repository, `golden/debian`, and takes manifests. */
export async function startLoopbackRegistry(): Promise<LoopbackRegistry> {
  const manifests = new Map<string, Buffer>();
  const blobs = new Map<string, Buffer>();
  const server = createServer((request, response) => void answer({ manifests, blobs }, request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It has no port.');
  const host = `127.0.0.1:${address.port}`;
  return {
    host,
    manifests,
    add: (labels, tag) => {
      const rootfs = { type: 'layers', diff_ids: [] };
      const json = { architecture: 'amd64', os: 'linux', config: { Labels: labels }, rootfs };
      const config = Buffer.from(JSON.stringify(json));
      blobs.set(digestOf(config), config);
      const mediaType = 'application/vnd.oci.image.config.v1+json';
      const descriptor = { mediaType, digest: digestOf(config), size: config.length };
      const manifest = { schemaVersion: 2, mediaType: MANIFEST, config: descriptor, layers: [] };
      const bytes = Buffer.from(JSON.stringify(manifest));
      const digest = digestOf(bytes);
      manifests.set(digest, bytes);
      if (tag !== null) manifests.set(tag, bytes);
      return { registry: host, repository: REPOSITORY, digest };
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Content {
  readonly manifests: Map<string, Buffer>;
  readonly blobs: Map<string, Buffer>;
}

async function answer(
  { manifests, blobs }: Content,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { url = '', method } = request;
  const [, kind = '', name = ''] = /^\/v2\/golden\/debian\/(\w+)\/([^/?]+)/.exec(url) ?? [];
  if (kind === 'tags') {
    const tags = [...manifests.keys()].filter((tag) => !tag.startsWith('sha256:'));
    response.end(JSON.stringify({ name: REPOSITORY, tags }));
    return;
  }
  if (kind === 'manifests' && method === 'PUT') {
    const bytes = await buffer(request);
    manifests.set(name, bytes).set(digestOf(bytes), bytes);
    response.writeHead(201, { 'docker-content-digest': digestOf(bytes) }).end();
    return;
  }
  const bytes = (kind === 'manifests' ? manifests : blobs).get(name);
  if (bytes === undefined) {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"errors":[]}');
    return;
  }
  const headers = { 'docker-content-digest': digestOf(bytes), 'content-length': bytes.length };
  const type = kind === 'manifests' ? MANIFEST : 'application/octet-stream';
  response.writeHead(200, { ...headers, 'content-type': type }).end(method === 'HEAD' ? undefined : bytes);
}

function digestOf(bytes: Buffer): `sha256:${string}` {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** A vulnerability as Trivy prints it; without a fixed version there is no fix. */
export interface Vulnerability {
  readonly id: string;
  readonly severity: string;
  readonly name: string;
  readonly installed: string;
  readonly fixed?: string;
}

/** Writes a program `trivy` that finds these in whatever image it is given. Gives its path. */
export async function writeTrivy(folder: string, found: readonly Vulnerability[]): Promise<string> {
  const vulnerabilities = found.map(({ id, severity, name, installed, fixed }) => ({
    VulnerabilityID: id,
    PkgName: name,
    PkgID: `${name}@${installed}`,
    InstalledVersion: installed,
    ...(fixed !== undefined && { FixedVersion: fixed, Status: 'fixed' }),
    Severity: severity,
  }));
  const program = join(folder, 'trivy');
  await writeFile(
    program,
    `#!${process.execPath}
const args = process.argv.slice(2);
const image = args.at(-1);
const vulnerabilities = ${JSON.stringify(vulnerabilities)};
const version = { Version: '0.66.0', VulnerabilityDB: { Version: 2, UpdatedAt: '2026-01-02T03:04:05Z' } };
const report = {
  SchemaVersion: 2,
  ArtifactName: image,
  ArtifactType: 'container_image',
  Metadata: { OS: { Family: 'debian', Name: '11.0' }, RepoDigests: [image] },
  Results: [{ Target: 'debian', Class: 'os-pkgs', Type: 'debian', Packages: [], Vulnerabilities: vulnerabilities }],
};
console.log(JSON.stringify(args.includes('version') ? version : report));
`,
  );
  await chmod(program, 0o755);
  return program;
}

/** Of one figure. */
export const digest = (figure: string): `sha256:${string}` => `sha256:${figure.repeat(64)}`;
export const PLATFORM = { os: 'linux', architecture: 'amd64', variant: null };

/** One upgrade. */
export const PLAN: PatchPlan = {
  facts: {
    baseDigest: digest('1'),
    platform: PLATFORM,
    distro: { id: 'debian', version: '11', codename: 'bullseye', idLike: [], supportEnd: null },
    format: 'deb',
    manager: 'apt',
    endOfLife: false,
    packages: [
      {
        name: 'libssl1.1',
        source: 'openssl',
        installed: '1.1.1k-1',
        fixed: '1.1.1n-1',
        candidate: '1.1.1w-1',
        held: false,
        vulnerabilities: ['CVE-2026-1', 'CVE-2026-2', 'CVE-2026-3'],
      },
    ],
    findings: [],
  },
  proposal: {
    strategy: 'in-place',
    packages: [{ name: 'libssl1.1', action: 'upgrade', minVersion: '1.1.1n-1', replacement: null }],
    requires: [],
    reason: 'Upgrades openssl (libssl1.1 >= 1.1.1n-1).',
    confidence: 1,
  },
  planner: { kind: 'deterministic', name: 'callboard/1', promptHash: null },
};
