/**
 * The engine that has buildah do the work, with storage of its own that is gone with the session. Only the registry is
 * ours: buildah gets the checked base from a folder, and gives its layer back in one, so that the image is put together
 * the same way by every engine.
 */
import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@callboard/kernel';
import type { FolderLook } from '../image/check-layer.ts';
import { layerEntries } from '../image/layers.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Command } from '../script/command.ts';
import { Stages } from './commit.ts';
import type { BuildEngine, BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { namedFailure, stopIfAborted } from './errors.ts';
import { fetchBase, layerFile, rootLook } from './fetch-base.ts';
import { devicesScript, hold, type Holder } from './hold.ts';
import { whyNoRoot } from './machine.ts';
import { CAPABILITIES, checkArgv, commandEnv } from './node-root.ts';
import { blobFolder, makeLayout, topLayer, writeBaseLayout } from './oci-layout.ts';
import { packLayer } from './pack-layer.ts';
import { mustRun, plainEnv } from './program.ts';
import { writeSessionFiles } from './session-files.ts';
import { createSession } from './session.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface BuildahEngineOptions {
  /** Where each session makes a folder, with the storage of buildah in it. Default: that for temporary files. */
  readonly workFolder?: string;
}

const PROGRAMS = ['buildah', 'unshare', 'nsenter', 'mount'];

export function createBuildahEngine(client: RegistryClient, options: BuildahEngineOptions = {}): BuildEngine {
  const parent = options.workFolder ?? tmpdir();
  return {
    name: 'buildah',
    unavailable: () => whyUnavailable(parent),
    open: (at, session) => openSession({ client, parent }, at, session),
  };
}

async function whyUnavailable(parent: string): Promise<string | null> {
  const why = await whyNoRoot(PROGRAMS);
  if (why !== null) {
    return why;
  }
  try {
    await using work = await makeWorkFolder(parent);
    await using buildah = await startBuildah(work.path);
    await buildah.must(['from', '--name', 'probe', 'scratch']);
    await buildah.must(['mount', 'probe']);
    return null;
  } catch (error) {
    return `buildah cannot mount an image here: ${messageOf(error)}`;
  }
}

interface Buildah extends AsyncDisposable {
  readonly holder: Holder;
  /** The program of this machine for `buildah run`. */
  runArgv(args: readonly string[]): readonly string[];
  must(args: readonly string[], signal?: AbortSignal): Promise<string>;
}

/*
 * $1: the work folder. Own mount and PID namespaces: what buildah mounts or starts ends with them. Its chroot isolation
 * shows commands all of /dev and the control groups, so there is little of them here. Its cache of blobs has one place
 * for the whole machine; it does without one that it cannot write.
 */
const SETUP = `mount -n -t proc proc /proc
${devicesScript('/dev')}
if [ -d /sys/fs/cgroup ]; then mount -n -t tmpfs -o ro,nosuid,nodev,noexec callboard /sys/fs/cgroup; fi
case "$1" in
  /var/lib/*) ;;
  *) mount -n --bind /var/lib /var/lib; mount -n -o remount,bind,ro /var/lib ;;
esac`;

/** buildah with settings, storage and namespaces of its own: nothing of the machine's containers is seen or changed. */
async function startBuildah(work: string): Promise<Buildah> {
  // Its commands could leave a chroot by another chroot, as the root of the machine is still mounted around them.
  const granted = CAPABILITIES.filter((name) => name !== 'sys_chroot');
  const caps = granted.map((name) => `"CAP_${name.toUpperCase()}"`).join(',');
  await writeFile(
    join(work, 'storage.conf'),
    `[storage]\ndriver="overlay"\nrunroot="${work}/run"\ngraphroot="${work}/storage"\n`,
  );
  await writeFile(
    join(work, 'containers.conf'),
    `[containers]\ndefault_capabilities=[${caps}]\nhttp_proxy=false\n`,
  );
  await writeFile(join(work, 'registries.conf'), 'unqualified-search-registries=[]\n');
  await writeFile(join(work, 'policy.json'), '{"default":[{"type":"insecureAcceptAnything"}]}');
  await mkdir(join(work, 'tmp'), { mode: 0o1777 });
  const env = {
    ...plainEnv(),
    CONTAINERS_STORAGE_CONF: join(work, 'storage.conf'),
    CONTAINERS_CONF: join(work, 'containers.conf'),
    CONTAINERS_REGISTRIES_CONF: join(work, 'registries.conf'),
    XDG_RUNTIME_DIR: join(work, 'tmp'),
    TMPDIR: join(work, 'tmp'),
    BUILDAH_ISOLATION: 'chroot',
  };
  const holder = await hold({ script: SETUP, args: [work] });
  const enter = ['nsenter', '--target', String(holder.pid), '--mount', '--pid', '--ipc', '--uts', '--'];
  // buildah names an image by the path it is read from, and takes only some paths for names: so they are relative ones.
  const there = ['/bin/sh', '-c', 'cd "$1" && shift && exec env -i "$@"', 'buildah', work];
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const argv = (args: readonly string[]) => [...enter, ...there, ...assignments, 'buildah', ...args];
  // A run is the first process of its own namespace, so what a command leaves running ends with it.
  const own = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'];
  return {
    holder,
    runArgv: (args) => [...enter, ...own, ...there, ...assignments, 'buildah', ...args],
    async must(args, signal) {
      const output = await mustRun({ argv: argv(args), ...(signal === undefined ? {} : { signal }) });
      return output.stdout.trim();
    },
    [Symbol.asyncDispose]: () => holder[Symbol.asyncDispose](),
  };
}

type Engine = { readonly client: RegistryClient; readonly parent: string };

async function openSession(
  { client, parent }: Engine,
  at: Parameters<BuildEngine['open']>[0],
  options: SessionOptions,
): Promise<BuildSession> {
  stopIfAborted(options.signal);
  await using made = new AsyncDisposableStack();
  const stages = new Stages();
  const work = made.use(await makeWorkFolder(parent));
  const layout = join(work.path, 'base');
  const files = join(work.path, 'files');
  try {
    await makeLayout(layout);
    await mkdir(files, { mode: 0o755 });
    await writeSessionFiles(files, options.files);
  } catch (error) {
    throw namedFailure(error, 'The folder of a build cannot be filled');
  }
  const fetching = { client, at, folder: blobFolder(layout), session: options };
  const base = await stages.time('pull', () => fetchBase(fetching));
  const buildah = made.use(await startBuildah(work.path));
  const root = await stages.time('unpack', async () => {
    await writeBaseLayout(layout, base);
    const policy = ['--signature-policy', join(work.path, 'policy.json')];
    await buildah.must(['from', '--quiet', ...policy, '--name', 'work', 'oci:base:base'], options.signal);
    const mounted = await buildah.must(['mount', 'work'], options.signal);
    return `/proc/${buildah.holder.pid}/root${mounted}`;
  });
  const absent = await missingIn(root);
  const owned = made.move();
  return createSession(
    {
      root: () => root,
      argvOf: (command) => buildah.runArgv(runArgs(command, files)),
      killAll: () => buildah.holder.killAll(),
      layer: (target) => layerOf({ work: work.path, buildah, absent, look: rootLook(base), target, options }),
      async end() {
        await buildah.holder[Symbol.asyncDispose]();
      },
      async dispose() {
        await owned.disposeAsync();
      },
    },
    { client, base, options, stages, folder: work.path },
  );
}

/** The arguments of buildah that run a command with the same few variables and folders as every engine gives. */
export function runArgs(command: Command, files: string): readonly string[] {
  const user = ['--isolation', 'chroot', '--user', '0:0', '--workingdir', '/'];
  const fresh = ['type=tmpfs,destination=/run', 'type=tmpfs,destination=/tmp,tmpfs-mode=1777'];
  const mounts = fresh.flatMap((mount) => ['--mount', mount]);
  const volume = ['--volume', `${files}:/run/callboard:ro`];
  const env = Object.entries(commandEnv(command)).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  return ['run', ...user, ...mounts, ...volume, ...env, 'work', '--', ...checkArgv(command)];
}

/** What buildah makes in a root to mount on it. */
const PLACES = [
  'dev',
  'etc',
  'etc/hostname',
  'etc/hosts',
  'etc/resolv.conf',
  'proc',
  'run',
  'run/.containerenv',
  'run/callboard',
  'run/secrets',
  'sys',
  'tmp',
];

async function missingIn(root: string): Promise<ReadonlySet<string>> {
  const missing = new Set<string>();
  for (const place of PLACES) {
    await lstat(join(root, place)).catch(() => missing.add(place));
  }
  return missing;
}

interface LayerOptions {
  readonly work: string;
  readonly buildah: Buildah;
  readonly absent: ReadonlySet<string>;
  readonly look: FolderLook;
  readonly target: CommitTarget;
  readonly options: SessionOptions;
}

async function layerOf(parts: LayerOptions): Promise<AsyncIterable<Buffer>> {
  const { work, buildah, absent, target, options } = parts;
  const layout = join(work, 'made');
  await rm(layout, { recursive: true, force: true });
  const policy = ['--signature-policy', join(work, 'policy.json')];
  const plain = ['--quiet', '--disable-compression', '--format', 'oci'];
  await buildah.must(['commit', ...plain, ...policy, 'work', 'oci:made:made'], options.signal);
  return packLayer({
    entries: layerEntries(layerFile(await topLayer(layout))),
    whiteouts: new Map(),
    root: parts.look,
    isTrace: (path, header) => absent.has(path) && (header.kind === 'folder' || header.size === 0),
    createdAt: target.createdAt,
    layerBytes: options.limits.layerBytes,
  });
}
