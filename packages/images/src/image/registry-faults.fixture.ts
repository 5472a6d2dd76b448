/** What the tests of the registry client have in common: a client that does not wait, images, blobs and faults. */
import { Readable } from 'node:stream';
import { digestOf } from './digest.ts';
import type { Descriptor, Digest, Platform } from './image.ts';
import type { NewBlob, RegistryClient } from './registry-client.ts';
import type { Fault, TestRegistry } from './registry.fixture.ts';
import { createRegistryClient, type RegistryClientOptions } from './registry.ts';

export const AMD64: Platform = { os: 'linux', architecture: 'amd64', variant: null };
export const OCI = 'application/vnd.oci.image';

/** Waits are written down and not waited for. */
export function testClient(
  options: Partial<RegistryClientOptions> = {},
): RegistryClient & { readonly waits: readonly number[] } {
  const waits: number[] = [];
  const made = createRegistryClient({
    fetch,
    now: () => Date.UTC(2026, 0, 1),
    random: () => 0,
    wait: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
  return Object.assign(made, { waits });
}

interface Made {
  readonly digest: Digest;
  readonly config: Descriptor;
  readonly layer: Descriptor;
}

/** Puts an image of one layer into the registry. */
export function addImage(
  registry: Pick<TestRegistry, 'addBlob' | 'addManifest'>,
  name: string,
  { config = {}, manifest = {} }: { config?: object; manifest?: object } = {},
): Made {
  const layer = registry.addBlob(Buffer.from(`layer of ${name}`), `${OCI}.layer.v1.tar`);
  const configBlob = registry.addBlob(
    Buffer.from(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        created: '2026-01-01T00:00:00Z',
        config: { Env: ['A=b'], Labels: { x: 'y' } },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
        history: [{ created_by: 'test' }],
        ...config,
      }),
    ),
    `${OCI}.config.v1+json`,
  );
  const digest = registry.addManifest(name, {
    schemaVersion: 2,
    mediaType: `${OCI}.manifest.v1+json`,
    config: configBlob,
    layers: [layer],
    annotations: { note: 'made by a test' },
    ...manifest,
  });
  return { digest, config: configBlob, layer };
}

export function newBlob(bytes: Buffer, digest = digestOf(bytes)): NewBlob {
  return { digest, size: bytes.length, open: () => Readable.from([...pieces(bytes)], { objectMode: false }) };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536);
}

/** A fault for the first so many requests that match. */
export function first(times: number, matches: RegExp, fault: Fault): Fault {
  let left = times;
  return (request, response) => {
    if (left === 0 || !matches.test(`${request.method} ${request.url}`)) return false;
    left -= 1;
    return fault(request, response);
  };
}

export const status =
  (code: number, headers: Record<string, string> = {}): Fault =>
  (_, response) => {
    response.writeHead(code, headers).end();
    return true;
  };

export const says =
  (body: string, headers: Record<string, string> = {}): Fault =>
  (_, response) => {
    response.writeHead(200, headers).end(body);
    return true;
  };

/** A body that never ends. */
export const endless: Fault = (_, response) => {
  const chunk = Buffer.alloc(65_536, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', more).on('error', () => undefined);
  more();
  return true;
};
