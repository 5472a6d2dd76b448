/**
 * The engine that has a Docker daemon of this machine do the work, by its command line. As with every engine the
 * registry is ours: the daemon gets the checked base as an archive, and gives its layer back in one.
 */
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { messageOf } from '@callboard/kernel';
import { EMPTY_TREE, type LayerTree } from '../image/check-layer.ts';
import { layerEntries } from '../image/layers.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { TarHeader } from '../image/tar.ts';
import { Stages } from './commit.ts';
import { saveTopLayer, writeArchive } from './docker-archive.ts';
import {
  createArgv,
  execArgv,
  farewell,
  imageOf,
  isBusy,
  madeImageOf,
  removeContainer,
  restart,
  whyNoDaemon,
  type Container,
  type Docker,
} from './docker-container.ts';
import type { BuildEngine, BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { namedFailure, stopIfAborted } from './errors.ts';
import { fetchBase, layerFile, rootLook, type Base } from './fetch-base.ts';
import { whyNoRoot } from './machine.ts';
import { completeLayers } from './oci-layout.ts';
import { packLayer } from './pack-layer.ts';
import { mustRun, outputOf, runProgram } from './program.ts';
import { writeSessionFiles } from './session-files.ts';
import { createSession } from './session.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface DockerEngineOptions {
  /** Where the daemon is, as `unix:///run/docker.sock`; it has to be one of this machine. Default: that of the command line. */
  readonly host?: string;
  /** Where each session makes a folder. Default: that for temporary files. */
  readonly workFolder?: string;
  /** The command line of Docker, by name or path. Default `docker`. */
  readonly program?: string;
  /** Milliseconds for what the daemon answers at once, as that a container was started. Default 60,000. */
  readonly answerTime?: number;
}

/** The image needs `sleep`, which keeps its container open. */
export function createDockerEngine(client: RegistryClient, options: DockerEngineOptions = {}): BuildEngine {
  const { host, workFolder = tmpdir(), program = 'docker', answerTime = 60_000 } = options;
  const docker: Docker = { call: [program, ...(host === undefined ? [] : ['--host', host])], answerTime };
  return {
    name: 'docker',
    unavailable: () => whyUnavailable(docker),
    open: (at, session) => openSession({ client, docker, parent: workFolder }, at, session),
  };
}

async function whyUnavailable(docker: Docker): Promise<string | null> {
  try {
    return (await whyNoRoot([docker.call[0]])) ?? (await whyNoDaemon(docker));
  } catch (error) {
    return `No Docker daemon answers: ${messageOf(error)}`;
  }
}

type Engine = {
  readonly client: RegistryClient;
  readonly docker: Docker;
  readonly parent: string;
};

async function openSession(
  { client, docker, parent }: Engine,
  at: Parameters<BuildEngine['open']>[0],
  options: SessionOptions,
): Promise<BuildSession> {
  stopIfAborted(options.signal);
  await using made = new AsyncDisposableStack();
  const stages = new Stages();
  const work = made.use(await makeWorkFolder(parent, farewell(docker)));
  const container: Container = { docker, name: basename(work.path) };
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
    const layers = await completeLayers(blobs, base);
    const input = writeArchive({ rawConfig: base.rawConfig, layers, name: imageOf(container) });
    await mustRun({ argv: [...docker.call, 'load', '--quiet'], input, signal: options.signal });
    await mustRun({ argv: createArgv(container, files), signal: options.signal });
    return await restart(container);
  });
  const empty = async () => {
    pid = await restart(container);
  };
  const owned = made.move();
  return createSession(
    {
      root: () => `/proc/${pid}/root`,
      argvOf: (command) => execArgv(container, command),
      killAll: empty,
      afterRun: async () => {
        if (await isBusy(container)) {
          await empty();
        }
      },
      layer: (target) => layerOf({ container, work: work.path, base, target, options }),
      end: () => removeContainer(container),
      async dispose() {
        await owned.disposeAsync();
      },
    },
    { client, base, options, stages, folder: work.path },
  );
}

interface LayerOptions {
  readonly container: Container;
  readonly work: string;
  readonly base: Base;
  readonly target: CommitTarget;
  readonly options: SessionOptions;
}

async function layerOf(parts: LayerOptions): Promise<AsyncIterable<Buffer>> {
  const { container, work, base, target, options } = parts;
  const { docker, name } = container;
  const { signal } = options;
  const folder = join(work, 'made');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  const image = madeImageOf(container);
  await mustRun({ argv: [...docker.call, 'commit', name, image], signal });
  const top = await saveTopLayer(outputOf([...docker.call, 'save', image], { signal }), folder);
  // The next commit takes the name, and would leave this one without.
  await runProgram({ argv: [...docker.call, 'rmi', image], timeout: docker.answerTime, signal });
  const { folders } = base.layers.at(-1)?.plan.tree ?? EMPTY_TREE;
  return packLayer({
    entries: layerEntries(layerFile({ file: top })),
    whiteouts: new Map(),
    root: rootLook(base),
    isTrace: (path, header) => isPlace(folders, path, header),
    createdAt: target.createdAt,
    layerBytes: options.limits.layerBytes,
  });
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
