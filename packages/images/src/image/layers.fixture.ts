/** Layers for tests, good and hostile: tar headers written byte by byte, so that anything can be said in them. */
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { digestOf } from './digest.ts';
import type { Descriptor, Digest, Image } from './image.ts';
import type { RegistryClient } from './registry-client.ts';

export interface RawEntry {
  readonly name: string;
  /** A type flag of tar. Default `0`, a file. */
  readonly flag?: string;
  readonly link?: string;
  readonly content?: Buffer | string;
  /** What the header says, when it is not the size of the content. */
  readonly size?: number;
  readonly device?: readonly [number, number];
  /** Records of a pax header before it. */
  readonly pax?: Readonly<Record<string, string>>;
  /** Spoils the checksum. */
  readonly checksum?: number;
}

export function tarOf(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.map(rawEntry), Buffer.alloc(1_024)]);
}

export function rawEntry(entry: RawEntry): Buffer {
  const { name, flag = '0', link = '', content = '', device = [0, 0], pax } = entry;
  const body = Buffer.from(content);
  const size = entry.size ?? body.length;
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\u00000000000\u00000000000\u0000', 100, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\u000000000000000\u0000`, 124, 'latin1');
  block.write(' '.repeat(8), 148);
  block.write(flag, 156, 1, 'latin1');
  block.write(link, 157, 100, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.write(`${octal(device[0])}\u0000${octal(device[1])}\u0000`, 329, 'latin1');
  const sum = entry.checksum ?? block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\u0000 `, 148, 'latin1');
  const padded = Buffer.concat([body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
  const records = pax === undefined ? [] : [rawEntry({ name: 'pax', flag: 'x', content: paxOf(pax) })];
  return Buffer.concat([...records, block, padded]);
}

export function paxOf(records: Readonly<Record<string, string>>): Buffer {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`);
    const length = rest + String(rest + String(rest).length).length;
    return `${length} ${key}=${value}\n`;
  });
  return Buffer.from(lines.join(''));
}

function octal(value: number): string {
  return value.toString(8).padStart(7, '0');
}

export interface TestLayer {
  readonly blob: Buffer;
  readonly diffId: Digest;
}

/** A layer as most registries have it, with gzip. */
export function gzipLayer(entries: readonly RawEntry[]): TestLayer {
  const tar = tarOf(entries);
  return { blob: gzipSync(tar), diffId: digestOf(tar) };
}

/** An image of layers, and a registry that has their blobs; `reads` counts how often one was opened. */
export function imageOf(layers: readonly TestLayer[]): {
  readonly image: Image;
  readonly registry: Pick<RegistryClient, 'readBlob'>;
  readonly reads: () => number;
} {
  let reads = 0;
  const blobs = new Map(layers.map(({ blob }) => [digestOf(blob), blob]));
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const descriptors: readonly Descriptor[] = layers.map(({ blob }) => ({
    mediaType,
    digest: digestOf(blob),
    size: blob.length,
  }));
  const image: Image = {
    registry: '127.0.0.1:5000',
    repository: 'test',
    digest: digestOf(JSON.stringify(descriptors)),
    platform: { os: 'linux', architecture: 'amd64', variant: null },
    manifest: {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('config'), size: 6 },
      layers: descriptors,
      annotations: {},
    },
    config: {
      architecture: 'amd64',
      os: 'linux',
      variant: null,
      created: null,
      run: {},
      diffIds: layers.map(({ diffId }) => diffId),
      history: [],
    },
  };
  const registry: Pick<RegistryClient, 'readBlob'> = {
    async readBlob(_, { digest }) {
      reads += 1;
      const bytes = blobs.get(digest) ?? Buffer.alloc(0);
      const middle = Math.floor(bytes.length / 2);
      return Readable.from([bytes.subarray(0, middle), bytes.subarray(middle)], { objectMode: false });
    },
  };
  return { image, registry, reads: () => reads };
}
