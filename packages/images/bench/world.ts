/**
 * What every way of patching is given: an application image on an outdated Debian 11, a vulnerability database, and the
 * report of a real scanner on that image. It is made once; each run gets a registry of its own with a copy of the image.
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aptSources, prepareBase, SUITE } from '../real/base.fixture.ts';
import { makeDatabase } from '../real/database.fixture.ts';
import { machineMirror, runProgram, temporaryFolder } from '../real/machine.fixture.ts';
import { pushRoot, startRegistry } from '../real/registry.fixture.ts';
import { installTrivy } from '../real/trivy.fixture.ts';
import { createNodeEngine } from '../src/build/node-engine.ts';
import type { Digest, ImageAt, Platform } from '../src/image/image.ts';
import { createImageView } from '../src/image/image-view.ts';
import { createRegistryClient } from '../src/image/registry.ts';
import type { RegistryClient } from '../src/image/registry-client.ts';
import { createTrivy, type ImageScanner } from '../src/prove/scan.ts';

export const PLATFORM: Platform = { os: 'linux', architecture: 'amd64', variant: null };
export const LIMITS = { unpackedBytes: 2 ** 32, layerBytes: 2 ** 31, entries: 1_000_000 };

/** Packages of an image: those of its base, and those that the application installs on it. */
export const IMAGES = {
  small: { base: ['openssl', 'ca-certificates'], app: ['curl', 'nginx-light'] },
  large: {
    base: ['openssl', 'ca-certificates', 'python3', 'perl', 'git', 'openssh-client', 'sqlite3', 'make'],
    app: ['curl', 'nginx-light', 'libxml2', 'python3-yaml'],
  },
} as const;

export type ImageName = keyof typeof IMAGES;

export interface World {
  readonly name: ImageName;
  readonly folder: string;
  /** The image in the registry whose folder is copied. */
  readonly digest: Digest;
  /** Of Trivy, as it was printed. */
  readonly report: string;
  /** Of main and security, where the fixes are. */
  readonly sources: string;
  readonly fixes: number;
}

const REPOSITORY = 'golden/app';

export function newClient(): RegistryClient {
  return createRegistryClient({ fetch, now: Date.now, random: Math.random });
}

/** In a folder that is there. */
export async function makeWorld(name: ImageName, folder: string): Promise<World> {
  const { base, app } = IMAGES[name];
  const root = await prepareBase({ folder, include: base });
  await using registry = await startRegistry(join(folder, 'registry'));
  const client = newClient();
  const where = { host: registry.host, repository: REPOSITORY };
  const golden = await pushRoot({ ...where, tag: 'base', tars: [root.tar], folder });
  const digest = await addApplication(client, golden, app);
  const image = { ...golden, digest };
  const { cacheDir, fixes } = await makeDatabase({ tar: await tarOfStatus(client, image, folder), folder });
  const scanner = await scannerWith(cacheDir);
  const scan = await scanner.scan(image, { signal: AbortSignal.timeout(300_000) });
  const report = join(folder, 'report.json');
  await writeFile(report, scan.report);
  const sources = join(folder, 'sources.list');
  await writeFile(sources, await aptSources());
  return { name, folder, digest, report, sources, fixes: fixes.length };
}

/** As a Dockerfile would: packages out of the main suite alone, and a file of its own. */
async function addApplication(
  client: RegistryClient,
  golden: ImageAt,
  packages: readonly string[],
): Promise<Digest> {
  const { main } = await machineMirror();
  await using session = await createNodeEngine(client).open(golden, {
    platform: PLATFORM,
    limits: LIMITS,
    log: () => {},
    signal: AbortSignal.timeout(300_000),
    files: { 'main.list': `deb ${main} ${SUITE} main\n` },
  });
  const sources = 'Dir::Etc::SourceList=/run/callboard/main.list';
  const apt = ['apt-get', '-o', sources, '-q', '-y', '--no-install-recommends'];
  const steps: readonly { readonly argv: readonly string[]; readonly input?: string }[] = [
    { argv: [...apt, 'update'] },
    { argv: [...apt, 'install', ...packages] },
    { argv: ['apt-get', 'clean'] },
    { argv: ['sh', '-c', 'rm -rf /var/lib/apt/lists/*; mkdir -p /srv/app'] },
    { argv: ['tee', '/srv/app/index.html'], input: '<p>An application.</p>\n' },
  ];
  for (const { argv, input = null } of steps) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    const ran = await session.run({ purpose: 'install', argv, env, accepts: [0], timeout: 300_000, input });
    if (ran.exitCode !== 0) throw new Error(`${argv.join(' ')}: ${ran.stderr}`);
  }
  const commit = { labels: {}, annotations: {}, createdBy: 'the application', createdAt: Date.now() };
  return (await session.commit({ ...golden, ...commit, tag: 'app' })).digest;
}

/** The package database alone, as the database of vulnerabilities is made from it. */
async function tarOfStatus(client: RegistryClient, at: ImageAt, folder: string): Promise<string> {
  const view = await createImageView(
    client,
    await client.image({ ...at, reference: at.digest }, PLATFORM),
    {},
  );
  const status = await view.read('/var/lib/dpkg/status');
  const root = join(folder, 'status');
  await mkdir(join(root, 'var/lib/dpkg'), { recursive: true });
  await writeFile(join(root, 'var/lib/dpkg/status'), status ?? '');
  await runProgram(['tar', '-cf', `${root}.tar`, '-C', root, './var/lib/dpkg/status']);
  return `${root}.tar`;
}

export async function scannerWith(cacheDir: string): Promise<ImageScanner> {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cacheDir };
  return createTrivy({ program: await installTrivy(), cacheDir, env });
}

/** What one run works with, and nobody else: gone at the end of the scope. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly image: ImageAt;
  /** The database without what the scanner remembers of images. */
  readonly cacheDir: string;
}

export async function freshPlace(world: World): Promise<Place> {
  await using made = new AsyncDisposableStack();
  const { path: folder } = made.use(await temporaryFolder('bench'));
  await cp(join(world.folder, 'registry/data'), join(folder, 'registry/data'), { recursive: true });
  const registry = made.use(await startRegistry(join(folder, 'registry')));
  const cacheDir = join(folder, 'trivy');
  await cp(join(world.folder, 'trivy/db'), join(cacheDir, 'db'), { recursive: true });
  const owned = made.move();
  return {
    folder,
    cacheDir,
    image: { registry: registry.host, repository: REPOSITORY, digest: world.digest },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
