/**
 * Unpacked bases, for the engine that mounts them: sessions that are open on one image at the same time share its
 * folders, which they only read. With the last of them they are gone.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageAt } from '../image/image.ts';
import { layerEntries } from '../image/layers.ts';
import type { RegistryClient } from '../image/registry-client.ts';
import type { Stages } from './commit.ts';
import type { SessionOptions } from './engine.ts';
import { namedFailure, stopIfAborted } from './errors.ts';
import { fetchBase, layerFile, type Base } from './fetch-base.ts';
import { unpackLayer } from './unpack-layer.ts';
import { makeWorkFolder } from './work-folder.ts';

/** To be disposed by who took it. */
export interface TakenBase extends AsyncDisposable {
  readonly base: Base;
  /** The folders of its layers that show, the top one first. Nobody may write into them. */
  readonly folders: readonly string[];
}

export interface SharedBases {
  /** Rejects as `fetchBase` and `unpackLayer`. */
  take(at: ImageAt, use: { readonly options: SessionOptions; readonly stages: Stages }): Promise<TakenBase>;
}

interface Shared extends TakenBase {
  users: number;
}

export function createSharedBases(deps: {
  readonly client: RegistryClient;
  /** Where each base makes a folder. */
  readonly parent: string;
}): SharedBases {
  const open = new Map<string, Shared>();
  function lease(key: string, shared: Shared): TakenBase {
    let isOver = false;
    shared.users += 1;
    return {
      base: shared.base,
      folders: shared.folders,
      async [Symbol.asyncDispose]() {
        if (isOver) return;
        isOver = true;
        shared.users -= 1;
        if (shared.users > 0) return;
        if (open.get(key) === shared) open.delete(key);
        await shared[Symbol.asyncDispose]();
      },
    };
  }
  return {
    async take(at, use) {
      const key = keyOf(at, use.options);
      const there = open.get(key);
      if (there !== undefined) {
        use.options.log('the base is unpacked already');
        return lease(key, there);
      }
      const made = await unpackBase(deps, at, use);
      // Who was faster shares; nobody waits for what another one might stop.
      if (!open.has(key)) open.set(key, made);
      return lease(key, made);
    },
  };
}

/** What a base is refused by counts, or one that was let in with other limits would be let in with these. */
function keyOf({ registry, repository, digest }: ImageAt, { platform, limits }: SessionOptions): string {
  const { os, architecture, variant } = platform;
  const { unpackedBytes, entries } = limits;
  return JSON.stringify([registry, repository, digest, os, architecture, variant, unpackedBytes, entries]);
}

/** Each layer in a folder of its own. */
async function unpackBase(
  { client, parent }: Parameters<typeof createSharedBases>[0],
  at: ImageAt,
  { options, stages }: Parameters<SharedBases['take']>[1],
): Promise<Shared> {
  await using made = new AsyncDisposableStack();
  const work = made.use(await makeWorkFolder(parent));
  const [blobs, jail] = [join(work.path, 'blobs'), join(work.path, 'jail')];
  try {
    for (const folder of [blobs, jail]) await mkdir(folder, { mode: 0o755 });
  } catch (error) {
    throw namedFailure(error, 'The folder of a base cannot be made');
  }
  const fetching = { client, at, folder: blobs, session: options };
  const base = await stages.time('pull', () => fetchBase(fetching));
  const folders: string[] = [];
  await stages.time('unpack', async () => {
    for (const [index, layer] of base.layers.entries()) {
      stopIfAborted(options.signal);
      const folder = join(work.path, String(index));
      await mkdir(folder, { mode: 0o755 });
      const entries = layerEntries(layerFile(layer));
      await unpackLayer({ jail, folder, entries, plan: layer.plan, signal: options.signal });
      // It hides all that is below.
      if (layer.plan.opaque.has('')) folders.length = 0;
      folders.unshift(folder);
    }
  });
  options.log(`unpacked ${base.layers.length} layers`);
  const owned = made.move();
  return { base, folders, users: 0, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
