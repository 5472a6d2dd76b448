/**
 * What a patch did to an image, read from the pushed digests by the same code for every way: what the scanner still
 * finds, which packages and marks changed, how large the layer is, and what is in it that nobody wants there.
 */
import type { Image, ImageAt } from '../src/image/image.ts';
import { createImageView } from '../src/image/image-view.ts';
import { budgetOf } from '../src/image/check-layer.ts';
import { readLayer } from '../src/image/layers.ts';
import type { RegistryClient } from '../src/image/registry-client.ts';
import type { InstalledPackage, Inventory } from '../src/inventory/inventory.ts';
import { readInventory } from '../src/inventory/read-inventory.ts';
import { fixableIn, type Fixable } from './findings.ts';
import { LIMITS, newClient, PLATFORM, scannerWith, type Place } from './world.ts';

export interface Judged {
  readonly before: number;
  readonly after: number;
  /** Ids of findings that the base did not have. */
  readonly appeared: readonly string[];
  /** Bytes as pushed, and unpacked. */
  readonly layer: { readonly packed: number; readonly unpacked: number };
  /** Packages with another version, new or gone. */
  readonly changed: readonly string[];
  /** Of them, those that the report does not name and that no reported one needs. */
  readonly unneeded: readonly string[];
  /** Packages whose mark as asked for by hand, or whose hold, is another one. */
  readonly marks: readonly string[];
  readonly leaks: Leaks;
}

export interface Leaks {
  readonly files: readonly string[];
  readonly bytes: number;
}

/** Rejects when the result is no image on the base with one more layer. */
export async function judge(place: Place, patched: ImageAt): Promise<Judged> {
  const client = newClient();
  const [base, result] = [await read(client, place.image), await read(client, patched)];
  const below = base.manifest.layers.length;
  const kept = base.config.diffIds.every((diffId, index) => diffId === result.config.diffIds[index]);
  if (!kept || result.config.diffIds.length !== below + 1) {
    throw new Error(`${patched.digest} is not the base with one more layer.`);
  }
  const [old, now] = [await inventoryOf(client, base), await inventoryOf(client, result)];
  const [before, after] = [await scan(place, base), await scan(place, result)];
  const changed = changes(old, now);
  const expected = withDependencies(
    before.map((one) => one.package),
    now,
  );
  const known = new Set(before.map(({ id }) => id));
  const { unpacked, leaks } = await lookInto(client, result);
  return {
    before: before.length,
    after: after.length,
    appeared: after.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    layer: { packed: result.manifest.layers[below]?.size ?? 0, unpacked },
    changed,
    unneeded: changed.filter((name) => !expected.has(name)),
    marks: markChanges(old, now),
    leaks,
  };
}

/** Bytes of all layers, unpacked, and how many packages are installed. */
export async function describeBase(place: Place): Promise<{ bytes: number; packages: number }> {
  const client = newClient();
  const image = await read(client, place.image);
  const { packages } = await inventoryOf(client, image);
  let bytes = 0;
  for (const index of image.manifest.layers.keys()) {
    await eachEntry(client, { image, index, see: (_path, size) => void (bytes += size) });
  }
  return { bytes, packages: packages.length };
}

function read(client: RegistryClient, at: ImageAt): Promise<Image> {
  return client.image({ ...at, reference: at.digest }, PLATFORM);
}

async function scan(place: Place, image: ImageAt): Promise<readonly Fixable[]> {
  const scanner = await scannerWith(place.cacheDir);
  return fixableIn((await scanner.scan(image, { signal: AbortSignal.timeout(300_000) })).report);
}

async function inventoryOf(client: RegistryClient, image: Image): Promise<Inventory> {
  return (await readInventory(await createImageView(client, image))).inventory;
}

function byName({ packages }: Inventory): ReadonlyMap<string, InstalledPackage> {
  return new Map(packages.map((one) => [one.name, one]));
}

function changes(old: Inventory, now: Inventory): readonly string[] {
  const [was, is] = [byName(old), byName(now)];
  const names = new Set([...was.keys(), ...is.keys()]);
  return [...names].filter((name) => was.get(name)?.version !== is.get(name)?.version).toSorted();
}

function markChanges(old: Inventory, now: Inventory): readonly string[] {
  const is = byName(now);
  return old.packages
    .filter(({ name, manual, held }) => {
      const other = is.get(name);
      return other !== undefined && (other.manual !== manual || other.held !== held);
    })
    .map(({ name }) => name);
}

/** The packages, and all that they need, however far down: by name, or by what a package provides. */
function withDependencies(names: readonly string[], inventory: Inventory): ReadonlySet<string> {
  const packages = byName(inventory);
  const providers = new Map<string, string[]>();
  for (const { name, provides } of inventory.packages) {
    for (const each of [name, ...provides]) providers.set(each, [...(providers.get(each) ?? []), name]);
  }
  const found = new Set(names);
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const needs = (packages.get(name)?.depends ?? []).flat();
    for (const each of needs.flatMap((need) => providers.get(need) ?? [])) {
      if (!found.has(each)) waiting.push(each);
      found.add(each);
    }
  }
  return found;
}

/** Caches, logs, indexes, copies of what was before, and what a build machine leaves; each a whole path from its start. */
const UNWANTED: readonly RegExp[] = [
  /^var\/lib\/apt\/lists\//,
  // The database of debconf lies among the caches and is none.
  /^var\/cache\/(?!debconf\/(config|passwords|templates)\.dat$)/,
  /^var\/log\//,
  /^var\/lib\/dpkg\/[^/]+-old$/,
  /^(tmp|run|root)\//,
  /^etc\/(resolv\.conf|hosts|hostname|apt\/sources\.list.*)$/,
  /^usr\/sbin\/policy-rc\.d$/,
];

async function lookInto(
  client: RegistryClient,
  image: Image,
): Promise<{ readonly unpacked: number; readonly leaks: Leaks }> {
  const files: string[] = [];
  let [unpacked, bytes] = [0, 0];
  await eachEntry(client, {
    image,
    index: image.manifest.layers.length - 1,
    see(path, size) {
      unpacked += size;
      if (size === 0 || !UNWANTED.some((pattern) => pattern.test(path))) return;
      files.push(path);
      bytes += size;
    },
  });
  return { unpacked, leaks: { files: files.toSorted(), bytes } };
}

interface Look {
  readonly image: Image;
  readonly index: number;
  /** Gets the bytes of a file, 0 for what is none. */
  readonly see: (path: string, size: number) => void;
}

async function eachEntry(client: RegistryClient, { image, index, see }: Look): Promise<void> {
  const blob = image.manifest.layers[index];
  if (blob === undefined) throw new Error(`${image.digest} has no layer ${index}.`);
  await readLayer(await client.readBlob(image, blob), {
    budget: budgetOf(LIMITS),
    diffId: image.config.diffIds[index] ?? null,
    see: ({ path, header }) => see(path, header.size),
  });
}
