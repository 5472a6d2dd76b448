/**
 * A process that patches an image with the node engine, reads all its layers as a proof does, and then prints the most
 * memory it ever had resident, after each. `BASE`: where the image is, as JSON. `FOLDER`: where the engine works.
 */
import { readFileSync } from 'node:fs';
import type { ImageAt } from '../image/image.ts';
import { createRegistryClient } from '../image/registry.ts';
import { readLayer } from '../prove/layer.ts';
import { withLayer, type FileTree } from '../prove/tree.ts';
import { commitTarget, sessionOptions, shell } from './engine.contract.ts';
import { HERE } from './image.fixture.ts';
import { createNodeEngine } from './node-engine.ts';

/** As it is printed, in one line of JSON; KiB and bytes. */
export interface Measured {
  readonly patched: number;
  readonly proved: number;
  readonly layerBytes: number;
  readonly files: number;
}

function mostMemory(): number {
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}

async function measure(base: ImageAt, workFolder: string): Promise<Measured> {
  const client = createRegistryClient({ fetch, now: Date.now, random: Math.random });
  const made = await patch();
  const patched = mostMemory();
  const image = await client.image({ ...made, reference: made.digest }, HERE);
  let tree: FileTree = new Map();
  for (const layer of image.manifest.layers) {
    const blob = await client.readBlob(image, layer);
    const limits = { bytes: 4e9, entries: 1e6 };
    tree = withLayer(tree, await readLayer(blob, { mediaType: layer.mediaType, content: 'hash', limits }));
  }
  return { patched, proved: mostMemory(), layerBytes: made.layerBytes, files: tree.size };

  async function patch() {
    await using session = await createNodeEngine(client, { workFolder }).open(base, sessionOptions());
    await session.run(shell('echo something > /data/new; touch /etc/* /usr/bin/*'));
    await session.run(shell('for n in 0 1 2 3 4 5 6 7 8 9; do echo more >> /data/file-$n; done'));
    return await session.commit(commitTarget(base));
  }
}

if (process.env['BASE'] !== undefined) {
  console.log(JSON.stringify(await measure(JSON.parse(process.env['BASE']), process.env['FOLDER'] ?? '')));
}
