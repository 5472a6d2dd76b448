/**
 * The two ways that people patch images by without us, with a real buildah: `apt-get upgrade` in a Dockerfile, and the
 * method of copa, which upgrades what a report names and keeps the difference as one layer on the original image.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../real/machine.fixture.ts';
import { parseDigest } from '../src/image/digest.ts';
import type { ImageAt } from '../src/image/image.ts';
import { reportedPackages } from './findings.ts';
import type { Place, World } from './world.ts';

/** What a way leaves in the registry, and how long that took from the report on. */
export interface Patched {
  readonly image: ImageAt;
  readonly seconds: number;
  /** Seconds by stage. */
  readonly stages: Readonly<Record<string, number>>;
  /** Bytes; of our own process alone, so null where it only waits for buildah. */
  readonly peakRss: number | null;
  /** Checks of our proof that failed, with the reason. */
  readonly unproved: readonly string[];
}

/** `RUN` of a Dockerfile, as many have it. */
export async function upgradeAll(world: World, place: Place): Promise<Patched> {
  const run = 'apt-get update && apt-get -y upgrade && apt-get clean && rm -rf /var/lib/apt/lists/*';
  return build(place, { world, run: () => Promise.resolve(run), volumes: [] });
}

/**
 * copa 0.14 runs `apt-get update`, then the installation, and takes the difference that the second made: here the
 * indexes and caches of apt lie in volumes, which keeps the same out of the layer and costs one commit less.
 */
export async function upgradeReported(world: World, place: Place): Promise<Patched> {
  const volumes = ['/var/lib/apt/lists', '/var/cache/apt'];
  const run = async (): Promise<string> => {
    const packages = await reportedPackages(world.report);
    const install = 'apt-get -o Acquire::Retries=3 install --only-upgrade --no-install-recommends -y';
    return `apt-get update && ${install} ${packages.join(' ')} && apt-get clean -y`;
  };
  return build(place, { world, run, volumes });
}

interface Build {
  readonly world: World;
  readonly run: () => Promise<string>;
  /** Folders of the image that are not of it. */
  readonly volumes: readonly string[];
}

async function build(place: Place, { world, run, volumes }: Build): Promise<Patched> {
  const buildah = await setUp(place.folder);
  const given = [`${world.sources}:/etc/apt/sources.list:ro`];
  for (const [index, path] of volumes.entries()) {
    const folder = join(place.folder, `volume-${index}`);
    await mkdir(folder);
    given.push(`${folder}:${path}`);
  }
  const { registry, repository, digest } = place.image;
  const started = performance.now();
  const lines = [
    `FROM ${registry}/${repository}@${digest}`,
    `RUN export DEBIAN_FRONTEND=noninteractive; ${await run()}`,
  ];
  await writeFile(join(place.folder, 'context/Dockerfile'), `${lines.join('\n')}\n`);
  const options = ['--quiet', '--isolation', 'chroot', '--network', 'host', '--tls-verify=false'];
  const mounts = given.flatMap((volume) => ['--volume', volume]);
  await buildah(['bud', ...options, ...mounts, '--tag', 'patched', join(place.folder, 'context')]);
  const built = performance.now();
  const digestFile = join(place.folder, 'digest');
  const target = `docker://${registry}/${repository}:patched`;
  await buildah(['push', '--quiet', '--tls-verify=false', '--digestfile', digestFile, 'patched', target]);
  const ended = performance.now();
  const pushed = parseDigest((await readFile(digestFile, 'utf8')).trim());
  if (pushed === null) throw new Error('buildah did not say what it pushed.');
  return {
    image: { ...place.image, digest: pushed },
    seconds: (ended - started) / 1000,
    stages: { bud: (built - started) / 1000, push: (ended - built) / 1000 },
    peakRss: null,
    unproved: [],
  };
}

/**
 * With a storage of its own, on the overlay driver, and an empty cache of blobs: it has one place for that, so a folder
 * is mounted over it, for this call only.
 */
async function setUp(folder: string): Promise<(args: readonly string[]) => Promise<string>> {
  for (const name of ['containers', 'context', 'tmp']) await mkdir(join(folder, name), { mode: 0o1777 });
  const storage = `[storage]\ndriver="overlay"\nrunroot="${folder}/run"\ngraphroot="${folder}/storage"\n`;
  await writeFile(join(folder, 'storage.conf'), storage);
  await writeFile(join(folder, 'registries.conf'), 'unqualified-search-registries=[]\n');
  await writeFile(join(folder, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: '/root',
    TMPDIR: join(folder, 'tmp'),
    CONTAINERS_STORAGE_CONF: join(folder, 'storage.conf'),
    CONTAINERS_REGISTRIES_CONF: join(folder, 'registries.conf'),
  };
  const own =
    'mkdir -p /var/lib/containers && mount -n --bind "$1" /var/lib/containers && shift && exec "$@"';
  const enter = ['unshare', '--mount', '--', '/bin/sh', '-c', own, 'sh', join(folder, 'containers')];
  const policy = ['--signature-policy', join(folder, 'policy.json')];
  return ([verb = '', ...args]) =>
    runProgram([...enter, 'buildah', verb, ...policy, ...args], { cwd: folder, env });
}
