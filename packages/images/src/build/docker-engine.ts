/**
 * The engine that has a Docker daemon of this machine do the work, by its command line. As with every engine the
 * registry is ours: the daemon gets the checked base as an archive, and gives its layer back in one.
 */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { messageOf } from '@callboard/kernel';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Command } from '../script/command.ts';
import { EMPTY_TREE, type LayerTree } from './check-layer.ts';
import { Stages } from './commit.ts';
import { readTopLayer, writeArchive } from './docker-archive.ts';
import type { BuildEngine, BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { namedFailure, stopIfAborted } from './errors.ts';
import { fetchBase, layerEntries, type Base } from './fetch-base.ts';
import { whyNoRoot } from './machine.ts';
import { CAPABILITIES, checkArgv, commandEnv } from './node-root.ts';
import { completeLayers } from './oci-layout.ts';
import { packLayer } from './pack-layer.ts';
import { mustRun, outputOf, runProgram } from './program.ts';
import { writeSessionFiles } from './session-files.ts';
import { createSession } from './session.ts';
import type { TarHeader } from './tar.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface DockerEngineOptions {
  /** Where the daemon is, as `unix:///run/docker.sock`; it has to be one of this machine. Default: that of the command line. */
  readonly host?: string;
  /** Where each session makes a folder. Default: that for temporary files. */
  readonly workFolder?: string;
}

/** The command line with the options that every call has. */
type Docker = readonly [string, ...string[]];

/** The image needs `sleep`, which keeps its container open. */
export function createDockerEngine(client: RegistryClient, options: DockerEngineOptions = {}): BuildEngine {
  const { host, workFolder = tmpdir() } = options;
  const docker: Docker = ['docker', ...(host === undefined ? [] : ['--host', host])];
  return {
    name: 'docker',
    unavailable: () => whyUnavailable(docker),
    open: (at, session) => openSession({ client, docker, parent: workFolder }, at, session),
  };
}

async function whyUnavailable(docker: Docker): Promise<string | null> {
  const why = await whyNoRoot(['docker']);
  if (why !== null) {
    return why;
  }
  try {
    const format = '{{.Server.Os}}/{{.Server.Arch}}';
    const { exitCode, stderr } = await runProgram({
      argv: [...docker, 'version', '--format', format],
      timeout: 20_000,
    });
    return exitCode === 0 ? null : `No Docker daemon answers: ${stderr.trim().slice(-300)}`;
  } catch (error) {
    return `No Docker daemon answers: ${messageOf(error)}`;
  }
}

type Engine = {
  readonly client: RegistryClient;
  readonly docker: Docker;
  readonly parent: string;
};

/** Lines for the shell that take away all that a session made; they know its names by its folder. */
function farewell(docker: Docker): string {
  const call = docker.map((part) => `'${part.replaceAll("'", `'\\''`)}'`).join(' ');
  return `n="\${1##*/}"; ${call} rm --force "$n" >/dev/null 2>&1
${call} rmi --force "callboard-build:$n-made" "callboard-build:$n" >/dev/null 2>&1`;
}

async function openSession(
  { client, docker, parent }: Engine,
  at: Parameters<BuildEngine['open']>[0],
  options: SessionOptions,
): Promise<BuildSession> {
  stopIfAborted(options.signal);
  await using made = new AsyncDisposableStack();
  const stages = new Stages();
  const work = made.use(await makeWorkFolder(parent, farewell(docker)));
  const container: Container = { docker, name: basename(work.path), work: work.path };
  const blobs = join(work.path, 'blobs');
  const files = join(work.path, 'files');
  try {
    await mkdir(blobs);
    await mkdir(files, { mode: 0o755 });
    await writeSessionFiles(files, options.files);
  } catch (error) {
    throw namedFailure(error, 'The folder of a build cannot be filled');
  }
  const base = await stages.time('pull', () => fetchBase({ client, at, folder: blobs, session: options }));
  let pid = await stages.time('unpack', async () => {
    const image = {
      rawConfig: base.rawConfig,
      layers: await completeLayers(blobs, base),
      name: imageOf(container),
    };
    await mustRun({
      argv: [...docker, 'load', '--quiet'],
      input: writeArchive(image),
      signal: options.signal,
    });
    await mustRun({ argv: createArgv(container, files), signal: options.signal });
    return await start(container);
  });
  const restart = async () => {
    await runProgram({ argv: [...docker, 'kill', container.name] });
    pid = await start(container);
  };
  const look = base.layers.findLast((layer) => layer.plan.root !== null)?.plan.root;
  const owned = made.move();
  return createSession(
    {
      root: () => `/proc/${pid}/root`,
      argvOf: (command) => execArgv(container, command),
      killAll: restart,
      afterRun: async () => {
        if (await isBusy(container)) {
          await restart();
        }
      },
      layer: (target) =>
        layerOf(container, { base, look: look ?? { mode: 0o755, uid: 0, gid: 0 }, target, options }),
      async end() {
        await runProgram({ argv: [...docker, 'rm', '--force', container.name] });
      },
      async dispose() {
        await owned.disposeAsync();
      },
    },
    { client, base, options, stages, folder: work.path },
  );
}

interface Container {
  readonly docker: Docker;
  /** The name of the work folder too. */
  readonly name: string;
  readonly work: string;
}

function imageOf({ name }: Container): string {
  return `callboard-build:${name}`;
}

function createArgv(container: Container, files: string): readonly string[] {
  const grants = CAPABILITIES.flatMap((name) => ['--cap-add', name.toUpperCase()]);
  const mounts = [
    '--tmpfs',
    '/run:mode=755',
    '--tmpfs',
    '/tmp:mode=1777',
    '--volume',
    `${files}:/run/callboard:ro`,
  ];
  const plain = [
    '--name',
    container.name,
    '--network',
    'host',
    '--cap-drop',
    'ALL',
    '--user',
    '0:0',
    '--workdir',
    '/',
  ];
  const alive = ['--entrypoint', 'sleep', imageOf(container), '2147483647'];
  return [...container.docker, 'create', ...plain, ...grants, ...mounts, ...alive];
}

/** Its first process, as this machine sees it. */
async function start({ docker, name }: Container): Promise<number> {
  await mustRun({ argv: [...docker, 'start', name] });
  const { stdout } = await mustRun({ argv: [...docker, 'inspect', '--format', '{{.State.Pid}}', name] });
  return Number(stdout.trim());
}

/** Whether more runs than the `sleep` that keeps the container open; the first line is a heading. */
async function isBusy({ docker, name }: Container): Promise<boolean> {
  const { stdout } = await runProgram({ argv: [...docker, 'top', name, '-o', 'pid'] });
  return stdout.trim().split('\n').length > 2;
}

/** The arguments of the command line that run a command with the same few variables as every engine gives. */
function execArgv({ docker, name }: Pick<Container, 'docker' | 'name'>, command: Command): readonly string[] {
  const env = Object.entries(commandEnv(command)).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
  return [...docker, 'exec', '--interactive', ...env, name, ...checkArgv(command)];
}

interface LayerOptions {
  readonly base: Base;
  readonly look: { readonly mode: number; readonly uid: number; readonly gid: number };
  readonly target: CommitTarget;
  readonly options: SessionOptions;
}

/** What Docker makes in a root to mount on it, when the image does not have it. */
const PLACES = new Set([
  'dev',
  'etc',
  'etc/hostname',
  'etc/hosts',
  'etc/mtab',
  'etc/resolv.conf',
  'proc',
  'run',
  'run/callboard',
  'sys',
  'tmp',
  '.dockerenv',
  'dev/console',
  'dev/pts',
  'dev/shm',
]);

/** A place is no change when it is empty, and as the base has it or not in the base at all. */
function isPlace(folders: LayerTree['folders'], path: string, header: TarHeader): boolean {
  if (!PLACES.has(path) || header.size > 0 || header.kind === 'hardlink') {
    return false;
  }
  const before = folders.get(path);
  return header.kind !== 'folder' || before === undefined || before.mode === header.mode;
}

async function layerOf(
  container: Container,
  { base, look, target, options }: LayerOptions,
): Promise<AsyncIterable<Buffer>> {
  const { docker, name, work } = container;
  const { folders } = base.layers.at(-1)?.plan.tree ?? EMPTY_TREE;
  const folder = join(work, 'made');
  const image = `${imageOf(container)}-made`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  await mustRun({ argv: [...docker, 'commit', name, image], signal: options.signal });
  const top = await readTopLayer(outputOf([...docker, 'save', image]), folder);
  return packLayer({
    entries: layerEntries(top),
    whiteouts: new Map(),
    root: look,
    isTrace: (path, header) => isPlace(folders, path, header),
    createdAt: target.createdAt,
    layerBytes: options.limits.layerBytes,
  });
}
