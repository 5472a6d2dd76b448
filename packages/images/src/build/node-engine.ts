/**
 * The engine that needs no builder: the registry over HTTP, layers in folders, an overlay file system in namespaces of
 * its own, commands in it by chroot, and the collected changes as a layer. Linux, as root.
 */
import { chmod, chown, copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@callboard/kernel';
import type { FolderLook } from '../image/check-layer.ts';
import { readTar } from '../image/read-tar.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import { Stages } from './commit.ts';
import type { BuildEngine, BuildSession, CommitTarget, SessionOptions } from './engine.ts';
import { namedFailure, stopIfAborted } from './errors.ts';
import { rootLook } from './fetch-base.ts';
import { whyNoGnuTar, whyNoRoot } from './machine.ts';
import { mountNodeRoot, type NodeRoot } from './node-root.ts';
import { findWhiteouts, packLayer } from './pack-layer.ts';
import { tarOfFolder } from './read-folder.ts';
import { writeSessionFiles } from './session-files.ts';
import { createSession } from './session.ts';
import { createSharedBases, type SharedBases } from './shared-bases.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface NodeEngineOptions {
  /** Where each session makes a folder; not on an overlay file system. Default: that of the system for temporary files. */
  readonly workFolder?: string;
}

const PROGRAMS = [
  'unshare',
  'nsenter',
  'setpriv',
  'mount',
  'umount',
  'mknod',
  'pivot_root',
  'chroot',
  'env',
  'tar',
];

/** Sessions on one image that are open at the same time share its unpacked layers; what they change is their own. */
export function createNodeEngine(client: RegistryClient, options: NodeEngineOptions = {}): BuildEngine {
  const parent = options.workFolder ?? tmpdir();
  const bases = createSharedBases({ client, parent });
  return {
    name: 'node',
    unavailable: () => whyUnavailable(parent),
    open: (at, session) => openSession({ client, parent, bases }, at, session),
    hold: (at, session) => bases.take(at, { options: session, stages: new Stages() }),
  };
}

async function whyUnavailable(parent: string): Promise<string | null> {
  const why = (await whyNoRoot(PROGRAMS)) ?? (await whyNoGnuTar());
  if (why !== null) {
    return why;
  }
  // Containers and kernels forbid any part of it, so all of it is tried, without an image.
  try {
    await using work = await makeWorkFolder(parent);
    await layOut(work.path);
    await using root = await mountNodeRoot(work.path, ['base']);
    return root.missing.length === 0 ? null : 'It cannot mount files in the root of an image.';
  } catch (error) {
    return `It may not mount an overlay file system in own namespaces here: ${messageOf(error)}`;
  }
}

/** What `mountNodeRoot` expects. `base` is the lowest layer: all that is mounted over, so that no layer has to get it. */
async function layOut(work: string): Promise<void> {
  for (const folder of [
    'u',
    'w',
    'm',
    'files',
    'base',
    'base/dev',
    'base/proc',
    'base/run',
    'base/tmp',
    'base/etc',
  ]) {
    await mkdir(join(work, folder), { mode: 0o755 });
  }
  for (const name of ['resolv.conf', 'hosts']) {
    await writeFile(join(work, 'base/etc', name), '');
    // A machine without them has none to give.
    await copyFile(join('/etc', name), join(work, name)).catch(() => writeFile(join(work, name), ''));
    await chmod(join(work, name), 0o644);
  }
}

interface Engine {
  readonly client: RegistryClient;
  readonly parent: string;
  readonly bases: SharedBases;
}

async function openSession(
  { client, parent, bases }: Engine,
  at: Parameters<BuildEngine['open']>[0],
  options: SessionOptions,
): Promise<BuildSession> {
  stopIfAborted(options.signal);
  await using made = new AsyncDisposableStack();
  const stages = new Stages();
  const { base, folders } = made.use(await bases.take(at, { options, stages }));
  const work = made.use(await makeWorkFolder(parent));
  const lower: string[] = [];
  try {
    await layOut(work.path);
    await writeSessionFiles(join(work.path, 'files'), options.files);
    // Short names, as a mount has little room for them.
    for (const [index, folder] of folders.entries()) {
      lower.push(String(index));
      await symlink(folder, join(work.path, String(index)));
    }
  } catch (error) {
    throw namedFailure(error, 'The folder of a build cannot be filled');
  }
  const look = rootLook(base);
  await chown(join(work.path, 'u'), look.uid, look.gid);
  await chmod(join(work.path, 'u'), look.mode);
  const root = made.use(await mountNodeRoot(work.path, [...lower, 'base']));
  for (const path of root.missing) {
    options.log(`the image has no place for ${path}: names may not resolve`);
  }
  const owned = made.move();
  return createSession(
    {
      root: () => root.path,
      argvOf: (command) => root.argvOf(command),
      killAll: () => root.holder.killAll(),
      layer: (target) => layerOf({ work: work.path, root, look, target, options }),
      async end() {
        await root.holder[Symbol.asyncDispose]();
      },
      async dispose() {
        await owned.disposeAsync();
      },
    },
    { client, base, options, stages, folder: work.path },
  );
}

interface LayerOptions {
  readonly work: string;
  readonly root: NodeRoot;
  readonly look: FolderLook;
  readonly target: CommitTarget;
  readonly options: SessionOptions;
}

async function layerOf({ work, root, look, target, options }: LayerOptions): Promise<AsyncIterable<Buffer>> {
  const upper = join(work, 'u');
  return packLayer({
    entries: readTar(tarOfFolder(upper, options.signal)),
    whiteouts: await findWhiteouts(upper),
    root: look,
    isTrace: (path) => root.made.has(path),
    createdAt: target.createdAt,
    layerBytes: options.limits.layerBytes,
  });
}
