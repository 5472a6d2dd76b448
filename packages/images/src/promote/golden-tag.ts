/**
 * What a golden tag points to, an image or an index of several platforms, and what it has to point to once one of
 * these is patched.
 */
import { isObject } from '@callboard/model';
import type { Digest } from '../image/image.ts';
import { isIndex } from '../image/manifest.ts';
import type { RawManifest } from '../image/registry-client.ts';

export interface NewManifest {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** The manifest to put under the tag: the patched one, or the index with it in the place of the base. Null when the tag has no such base. */
export function replaceIn(golden: RawManifest, base: Digest, patched: RawManifest): NewManifest | null {
  if (golden.digest === base) return { mediaType: patched.mediaType, bytes: patched.bytes };
  if (!isIndex(golden.mediaType)) return null;
  const index: unknown = JSON.parse(golden.bytes.toString('utf8'));
  if (!isObject(index) || !Array.isArray(index['manifests'])) return null;
  const entries = index['manifests'].filter(isObject);
  if (!entries.some(({ digest }) => digest === base)) return null;
  const manifests = entries
    .filter((entry) => !isAbout(entry, base))
    .map((entry) =>
      entry['digest'] === base
        ? { ...entry, mediaType: patched.mediaType, digest: patched.digest, size: patched.bytes.length }
        : entry,
    );
  return { mediaType: golden.mediaType, bytes: Buffer.from(JSON.stringify({ ...index, manifests })) };
}

/** BuildKit's statements about the old image are not about the new one. */
function isAbout({ annotations }: Record<string, unknown>, base: Digest): boolean {
  return isObject(annotations) && annotations['vnd.docker.reference.digest'] === base;
}
