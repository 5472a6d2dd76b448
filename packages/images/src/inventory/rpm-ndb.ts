/**
 * The headers in rpm's `Packages.db`, its own format NDB (SUSE): a table of slots, each with the place of a blob, in blocks
 * of 16 bytes; a blob has a head and a tail (rpm's lib/backend/ndb/rpmpkg.c). Always little-endian.
 */

import { BadDatabase, type Blobs } from './rpm-blobs.ts';

const MAGIC = 'RpmP';
const PAGE = 4096;
const BLOCK = 16;
const SLOTS_AT = 32;
const HEAD = 16;
const TAIL = 12;

/** Throws `BadDatabase` when it is none; what is broken inside is counted. Checksums are not checked, as in rpm's reading. */
export function readNdb(bytes: Buffer): Blobs {
  if (bytes.length < SLOTS_AT || bytes.toString('latin1', 0, 4) !== MAGIC) {
    throw new BadDatabase('it is no NDB database of rpm');
  }
  const version = bytes.readUInt32LE(4);
  if (version !== 0) throw new BadDatabase(`it is of the unknown version ${version}`);
  const end = bytes.readUInt32LE(12) * PAGE;
  if (end > bytes.length) throw new BadDatabase('its slots reach beyond its end');
  const blobs: Buffer[] = [];
  const packages = new Set<number>();
  let broken = 0;
  for (let at = SLOTS_AT; at + 16 <= end; at += 16) {
    const index = bytes.readUInt32LE(at + 4);
    if (index === 0) continue;
    const blob = packages.has(index) ? null : blobAt(bytes, at);
    packages.add(index);
    if (blob === null) broken++;
    if (blob !== null) blobs.push(blob);
  }
  return { blobs, broken };
}

function blobAt(bytes: Buffer, slot: number): Buffer | null {
  const [from, blocks] = [bytes.readUInt32LE(slot + 8) * BLOCK, bytes.readUInt32LE(slot + 12)];
  const to = from + blocks * BLOCK;
  if (bytes.toString('latin1', slot, slot + 4) !== 'Slot') return null;
  if (to > bytes.length || to - from < HEAD + TAIL) return null;
  const size = bytes.readUInt32LE(from + 12);
  const fits =
    bytes.toString('latin1', from, from + 4) === 'BlbS' &&
    bytes.toString('latin1', to - 4, to) === 'BlbE' &&
    bytes.readUInt32LE(from + 4) === bytes.readUInt32LE(slot + 4) &&
    blocks === Math.ceil((HEAD + size + TAIL) / BLOCK);
  return fits ? bytes.subarray(from + HEAD, from + HEAD + size) : null;
}
