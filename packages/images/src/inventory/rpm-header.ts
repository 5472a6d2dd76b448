/**
 * The header that rpm keeps of each installed package: a count of entries and of data bytes, entries of tag, type, offset
 * and count, then the data, all big-endian (rpm's manual, "RPM v4 header"; tags in rpmtag.h).
 */

import type { InstalledPackage } from './inventory.ts';
import { needs } from './rpm-needs.ts';

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  architecture: 1022,
  sourceRpm: 1044,
  provideName: 1047,
  requireFlags: 1048,
  requireName: 1049,
} as const;

const INT32 = 4;
const STRING = 6;
const STRING_ARRAY = 8;
const I18N_STRING = 9;

/** A need of features of rpm itself, not of a package. */
const RPMLIB = 1 << 24;

interface Entry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** What was looked for in a header and is not there, or does not fit into it. */
export class BadHeader extends Error {}

/** Throws `BadHeader`. */
export function parseHeader(blob: Buffer): InstalledPackage {
  const header = openHeader(blob);
  const name = header.string(TAG.name) ?? '';
  const [version, release] = [header.string(TAG.version), header.string(TAG.release)];
  if (name === '') throw new BadHeader('it has no name');
  if (version === null || release === null) throw new BadHeader(`${name} has no version or no release`);
  const [epoch = 0] = header.numbers(TAG.epoch);
  const prefix = epoch === 0 ? '' : `${epoch}:`;
  const whole = `${prefix}${version}-${release}`;
  const flags = header.numbers(TAG.requireFlags);
  const required = header
    .strings(TAG.requireName)
    .filter((one, at) => ((flags[at] ?? 0) & RPMLIB) === 0 && !one.startsWith('rpmlib('));
  return {
    name,
    version: whole,
    architecture: header.string(TAG.architecture) ?? '(none)',
    source: sourceOf(header.string(TAG.sourceRpm) ?? '', prefix) ?? { name, version: whole },
    manual: null,
    held: false,
    depends: unique(required.flatMap(needs)),
    provides: [...new Set(header.strings(TAG.provideName))],
  };
}

/**
 * `openssl-3.0.7-1.el9.src.rpm` → name and version. The file name has no epoch: the package's own is taken, as scanners
 * do. Null when it is no such file name.
 */
export function sourceOf(file: string, epoch: string): InstalledPackage['source'] | null {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file) ?? [];
  return name === undefined || version === undefined ? null : { name, version: `${epoch}${version}` };
}

function unique(groups: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...new Map(groups.map((group) => [group.join('\n'), group])).values()];
}

interface Header {
  string(tag: number): string | null;
  strings(tag: number): readonly string[];
  numbers(tag: number): readonly number[];
}

function openHeader(blob: Buffer): Header {
  if (blob.length < 8) throw new BadHeader('it is too short');
  const [count, size] = [blob.readUInt32BE(0), blob.readUInt32BE(4)];
  const start = 8 + count * 16;
  if (count === 0 || start + size > blob.length) throw new BadHeader('its size does not fit');
  const data = blob.subarray(start, start + size);
  const entries = new Map<number, Entry>();
  for (let at = 8; at < start; at += 16) {
    const entry = {
      type: blob.readUInt32BE(at + 4),
      offset: blob.readUInt32BE(at + 8),
      count: blob.readUInt32BE(at + 12),
    };
    const tag = blob.readUInt32BE(at);
    if (!entries.has(tag)) entries.set(tag, entry);
  }
  const find = (tag: number, types: readonly number[]): Entry | null => {
    const entry = entries.get(tag);
    if (entry === undefined) return null;
    if (types.includes(entry.type) && entry.offset < size && entry.count <= size) return entry;
    throw new BadHeader(`its tag ${tag} does not fit`);
  };
  return {
    string(tag) {
      const entry = find(tag, [STRING, I18N_STRING]);
      return entry === null ? null : (stringsAt(data, { ...entry, count: 1 })[0] ?? null);
    },
    strings(tag) {
      const entry = find(tag, [STRING_ARRAY]);
      return entry === null ? [] : stringsAt(data, entry);
    },
    numbers(tag) {
      const entry = find(tag, [INT32]);
      if (entry === null) return [];
      if (entry.offset + entry.count * 4 > size) throw new BadHeader(`its tag ${tag} does not fit`);
      return Array.from({ length: entry.count }, (_, at) => data.readUInt32BE(entry.offset + at * 4));
    },
  };
}

/** Each ends with a zero byte. */
function stringsAt(data: Buffer, { offset, count }: Entry): readonly string[] {
  const strings: string[] = [];
  for (let from = offset; strings.length < count;) {
    const end = data.indexOf(0, from);
    if (end === -1) throw new BadHeader('a text in it has no end');
    strings.push(data.toString('utf8', from, end));
    from = end + 1;
  }
  return strings;
}
