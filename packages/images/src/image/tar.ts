/**
 * The parts of the tar format that image layers are made of: ustar headers, pax records and GNU long names (POSIX.1-2024,
 * pax; GNU tar manual, "Basic Tar Format"). Names are byte strings: every character is one byte (latin1), as file
 * names are not always UTF-8.
 */

export type TarKind = 'file' | 'folder' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/** A header, with its pax records applied. */
export interface TarHeader {
  /** One character a byte. As it was written; see `cleanPath`. */
  readonly path: string;
  readonly kind: TarKind;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow the header; 0 for all but files. */
  readonly size: number;
  /** Whole seconds since 1970. */
  readonly mtime: number;
  /** Where a link leads, one character a byte; empty for others. */
  readonly link: string;
  readonly major: number;
  readonly minor: number;
  /** Extended attributes by name. */
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

export const BLOCK = 512;
export const XATTR_PREFIX = 'SCHILY.xattr.';

const KINDS = new Map<string, TarKind>([
  ['\0', 'file'],
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'hardlink'],
  ['2', 'symlink'],
  ['3', 'character'],
  ['4', 'block'],
  ['5', 'folder'],
  ['6', 'fifo'],
]);
const FLAGS: Readonly<Record<TarKind, string>> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  folder: '5',
  fifo: '6',
};

/** The kind of a type flag; null for records about other entries and what is not known. */
export function kindOf(flag: string): TarKind | null {
  return KINDS.get(flag) ?? null;
}

/** Bytes that fill up the last block of so many bytes. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** A number of a header: octal text, or base 256 when its first bit is set. NaN when it is neither. */
export function readNumber(field: Buffer): number {
  const first = field[0] ?? 0;
  if (first === 0xff) {
    return field.length >= 8 ? Number(field.readBigInt64BE(field.length - 8)) : Number.NaN;
  }
  if (first === 0x80) {
    let value = 0;
    for (const byte of field.subarray(1)) {
      value = value * 256 + byte;
    }
    return value;
  }
  const text = readText(field).trim();
  if (text === '') {
    return 0;
  }
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Text up to the first NUL, one character a byte. */
export function readText(field: Buffer): string {
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? field.length : end);
}

/** Sum of all bytes of a header, with its checksum field taken as spaces. */
export function checksum(block: Buffer): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) {
    sum += at >= 148 && at < 156 ? 0 : (block[at] ?? 0);
  }
  return sum;
}

/** Pax records `LENGTH KEY=VALUE\n`; values are bytes. Null when a record is broken. */
export function readPax(bytes: Buffer): Map<string, Buffer> | null {
  const records = new Map<string, Buffer>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const digits = space === -1 ? '' : bytes.toString('latin1', at, space);
    if (!/^[1-9][0-9]{0,8}$/.test(digits)) {
      return null;
    }
    const end = at + Number(digits);
    const equals = bytes.indexOf(0x3d, space);
    if (end > bytes.length || equals === -1 || equals >= end || bytes[end - 1] !== 0x0a) {
      return null;
    }
    records.set(bytes.toString('latin1', space + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return records;
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return Buffer.concat([Buffer.from(`${length} ${key}=`, 'latin1'), value, Buffer.from('\n')]);
}

const MAX_ID = 0o7777777;
const MAX_SIZE = 0o77777777777;

interface HeaderFields extends Omit<TarHeader, 'kind' | 'xattrs'> {
  readonly flag: string;
}

function headerBlock(fields: HeaderFields): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) => {
    block.write(value.toString(8).padStart(digits, '0'), at, digits, 'latin1');
  };
  block.write(fields.path, 0, 100, 'latin1');
  octal(fields.mode, 100, 7);
  octal(Math.min(fields.uid, MAX_ID), 108, 7);
  octal(Math.min(fields.gid, MAX_ID), 116, 7);
  octal(Math.min(fields.size, MAX_SIZE), 124, 11);
  octal(Math.min(Math.max(fields.mtime, 0), MAX_SIZE), 136, 11);
  block.write(fields.flag, 156, 1, 'latin1');
  block.write(fields.link, 157, 100, 'latin1');
  block.write('ustar\x0000', 257, 8, 'latin1');
  if (fields.flag === '3' || fields.flag === '4') {
    octal(fields.major, 329, 7);
    octal(fields.minor, 337, 7);
  }
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return block;
}

// Printable ASCII: what every reader takes for the same name.
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * A header as bytes, with a pax header before it only where ustar has no room. The same header always gives the same
 * bytes. Times before 1970 become 1970. The name of a folder gets its slash.
 */
export function writeHeader(header: TarHeader): Buffer {
  const path = header.kind === 'folder' && !header.path.endsWith('/') ? `${header.path}/` : header.path;
  const records: Buffer[] = [];
  const text = (key: string, value: string) => records.push(paxRecord(key, Buffer.from(value, 'latin1')));
  if (path.length > 100 || !PLAIN.test(path)) {
    text('path', path);
  }
  if (header.link.length > 100 || !PLAIN.test(header.link)) {
    text('linkpath', header.link);
  }
  if (header.size > MAX_SIZE) {
    text('size', String(header.size));
  }
  if (header.uid > MAX_ID) {
    text('uid', String(header.uid));
  }
  if (header.gid > MAX_ID) {
    text('gid', String(header.gid));
  }
  for (const name of [...header.xattrs.keys()].toSorted()) {
    records.push(paxRecord(`${XATTR_PREFIX}${name}`, header.xattrs.get(name) ?? Buffer.alloc(0)));
  }
  const block = headerBlock({ ...header, path, flag: FLAGS[header.kind] });
  if (records.length === 0) {
    return block;
  }
  const pax = Buffer.concat(records);
  const about = headerBlock({
    ...header,
    path: 'PaxHeaders/entry',
    link: '',
    flag: 'x',
    mode: 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: pax.length,
  });
  return Buffer.concat([about, pax, Buffer.alloc(padding(pax.length)), block]);
}

/** Two empty blocks, which end a tar. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK);
