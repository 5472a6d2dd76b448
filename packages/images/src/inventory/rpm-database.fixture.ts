/** Small rpm databases made by hand: headers, and the three formats that rpm keeps them in. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface HeaderFacts {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  readonly epoch?: number;
  readonly architecture?: string;
  readonly sourceRpm?: string;
  readonly requires?: readonly string[];
  /** One for each of `requires`. */
  readonly requireFlags?: readonly number[];
  readonly provides?: readonly string[];
}

/** With the tags that are given, and SIZE, which other readers insist on. */
export function headerOf(facts: HeaderFacts): Buffer {
  const tags: [number, number, number, Buffer][] = [
    [1000, 6, 1, text([facts.name])],
    [1001, 6, 1, text([facts.version])],
    [1002, 6, 1, text([facts.release])],
  ];
  const add = (tag: number, values: readonly string[] | undefined, type: 6 | 8): void => {
    if (values !== undefined) tags.push([tag, type, values.length, text(values)]);
  };
  const addNumbers = (tag: number, values: readonly number[] | undefined): void => {
    if (values !== undefined) tags.push([tag, 4, values.length, numbers(values)]);
  };
  addNumbers(1003, facts.epoch === undefined ? undefined : [facts.epoch]);
  addNumbers(1009, [1234]);
  add(1022, facts.architecture === undefined ? undefined : [facts.architecture], 6);
  add(1044, facts.sourceRpm === undefined ? undefined : [facts.sourceRpm], 6);
  add(1047, facts.provides, 8);
  addNumbers(1048, facts.requireFlags);
  add(1049, facts.requires, 8);
  // Another reader loses the last tag, and the last 26 bytes in Berkeley DB: nobody looks for these.
  add(1145, ['x'.repeat(40)], 6);
  let data: Buffer = Buffer.alloc(0);
  const index = tags.map(([tag, type, count, bytes]) => {
    const padding = type === 4 ? (4 - (data.length % 4)) % 4 : 0;
    const offset = data.length + padding;
    data = Buffer.concat([data, Buffer.alloc(padding), bytes]);
    return numbers([tag, type, offset, count]);
  });
  return Buffer.concat([numbers([index.length, data.length]), ...index, data]);
}

function text(values: readonly string[]): Buffer {
  return Buffer.from(values.map((value) => `${value}\0`).join(''));
}

function numbers(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [at, value] of values.entries()) bytes.writeUInt32BE(value, at * 4);
  return bytes;
}

export function sqliteOf(blobs: readonly Buffer[]): Buffer {
  return sqliteFrom(
    'CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)',
    blobs,
  );
}

/** Any schema, to be hostile with. */
export function sqliteFrom(schema: string, blobs: readonly Buffer[] = []): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'images-rpmdb-test-'));
  try {
    const path = join(folder, 'db');
    using database = new DatabaseSync(path);
    database.exec(schema);
    for (const blob of blobs) database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(blob);
    database.close();
    return readFileSync(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A database and the log beside it that holds its last row, as of an rpm that was killed. */
export function sqliteWithLog(blobs: readonly Buffer[], last: Buffer): { database: Buffer; log: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'images-rpmdb-test-'));
  try {
    const path = join(folder, 'db');
    using database = new DatabaseSync(path);
    database.exec(
      'PRAGMA journal_mode = WAL; CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)',
    );
    const insert = database.prepare('INSERT INTO Packages (blob) VALUES (?)');
    for (const blob of blobs) insert.run(blob);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    insert.run(last);
    return { database: readFileSync(path), log: readFileSync(`${path}-wal`) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function ndbOf(blobs: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1');
  const parts: Buffer[] = [slots];
  let block = slots.length / 16;
  for (const [at, blob] of blobs.entries()) {
    const blocks = Math.ceil((16 + blob.length + 12) / 16);
    const part = Buffer.alloc(blocks * 16);
    part.write('BlbS', 0, 'latin1');
    part.writeUInt32LE(at + 1, 4);
    part.writeUInt32LE(blob.length, 12);
    blob.copy(part, 16);
    part.writeUInt32LE(blob.length, part.length - 8);
    part.write('BlbE', part.length - 4, 'latin1');
    parts.push(part);
    const slot = 32 + at * 16;
    slots.writeUInt32LE(at + 1, slot + 4);
    slots.writeUInt32LE(block, slot + 8);
    slots.writeUInt32LE(blocks, slot + 12);
    block += blocks;
  }
  return Buffer.concat(parts);
}

const PAGE = 512;

/** Each value on a chain of overflow pages of 512 bytes; the first pair is the counter of key 0. */
export function bdbOf(blobs: readonly Buffer[], order: 'little' | 'big' = 'little'): Buffer {
  const u32 = (page: Buffer, value: number, at: number): number =>
    order === 'little' ? page.writeUInt32LE(value, at) : page.writeUInt32BE(value, at);
  const u16 = (page: Buffer, value: number, at: number): number =>
    order === 'little' ? page.writeUInt16LE(value, at) : page.writeUInt16BE(value, at);
  const [meta, hash] = [Buffer.alloc(PAGE), Buffer.alloc(PAGE)];
  u32(meta, 0x00061561, 12);
  u32(meta, 9, 16);
  u32(meta, PAGE, 20);
  meta[25] = 8;
  u32(hash, 1, 8);
  hash[25] = 13;
  const pages = [meta, hash];
  let [end, items] = [PAGE, 0];
  const put = (item: Buffer): void => {
    end -= item.length;
    item.copy(hash, end);
    u16(hash, end, 26 + items * 2);
    items++;
  };
  put(Buffer.from([1, 0, 0, 0, 0]));
  put(Buffer.from([1, 9, 0, 0, 0]));
  for (const [at, blob] of blobs.entries()) {
    const value = Buffer.alloc(12);
    value[0] = 3;
    u32(value, pages.length, 4);
    u32(value, blob.length, 8);
    put(Buffer.from([1, at + 1, 0, 0, 0]));
    put(value);
    for (let from = 0; from < blob.length; from += PAGE - 26) {
      const chunk = blob.subarray(from, from + PAGE - 26);
      const page = Buffer.alloc(PAGE);
      u32(page, pages.length, 8);
      u32(page, from + chunk.length < blob.length ? pages.length + 1 : 0, 16);
      u16(page, chunk.length, 22);
      page[25] = 7;
      chunk.copy(page, 26);
      pages.push(page);
    }
  }
  u16(hash, items, 20);
  u32(meta, pages.length - 1, 32);
  u32(meta, blobs.length + 1, 88);
  return Buffer.concat(pages);
}
