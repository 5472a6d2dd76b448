/**
 * The headers in rpm's `rpmdb.sqlite` (Fedora, RHEL 9, Amazon Linux 2023): a table of blobs. SQLite reads it from a copy in
 * a folder of its own, together with the write-ahead log that a killed rpm leaves beside it.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { messageOf } from '@callboard/kernel';
import { BadDatabase, type Blobs } from './rpm-blobs.ts';

/** Bytes of one header, and of all. */
const LARGEST = 32 * 1024 * 1024;
const LARGEST_SUM = 256 * 1024 * 1024;

/** Throws `BadDatabase` when it is none, or has no such table; what is broken inside is counted. */
export async function readSqlite(bytes: Buffer, log: Buffer | null): Promise<Blobs> {
  if (bytes.toString('latin1', 0, 15) !== 'SQLite format 3')
    throw new BadDatabase('it is no SQLite database');
  const folder = await mkdtemp(join(tmpdir(), 'images-rpmdb-'));
  try {
    const path = join(folder, 'rpmdb.sqlite');
    await writeFile(path, bytes);
    if (log !== null) await writeFile(`${path}-wal`, log);
    return readCopy(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function readCopy(path: string): Blobs {
  const blobs: Buffer[] = [];
  try {
    using database = new DatabaseSync(path, { enableForeignKeyConstraints: false });
    database.exec('PRAGMA trusted_schema = OFF; PRAGMA query_only = ON');
    if (!hasPlainTable(database)) throw new BadDatabase('it has no table of packages');
    let [broken, sum] = [0, 0];
    const one = database.prepare('SELECT blob FROM Packages WHERE hnum = ?');
    for (const { hnum, size } of database
      .prepare('SELECT hnum, length(blob) AS size FROM Packages ORDER BY hnum')
      .all()) {
      sum += Number(size);
      if (sum > LARGEST_SUM) throw new BadDatabase(`its packages have more than ${LARGEST_SUM} bytes`);
      const blob = Number(size) > LARGEST ? undefined : one.get(hnum ?? null)?.['blob'];
      if (blob instanceof Uint8Array) blobs.push(Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength));
      else broken++;
    }
    return { blobs, broken };
  } catch (error) {
    // Pages further on are damaged: what came before is good.
    if (!(error instanceof BadDatabase) && blobs.length > 0) return { blobs, broken: 1 };
    throw error instanceof BadDatabase ? error : new BadDatabase(messageOf(error));
  }
}

/** A view, a virtual table or a computed column in its place could make SQLite work for ever. */
function hasPlainTable(database: DatabaseSync): boolean {
  const table = database.prepare(`SELECT type, rootpage FROM sqlite_schema WHERE name = 'Packages'`).all();
  if (table.length !== 1 || table[0]?.['type'] !== 'table' || !(Number(table[0]['rootpage']) > 0))
    return false;
  const columns = database.prepare(`PRAGMA table_xinfo('Packages')`).all();
  return ['hnum', 'blob'].every((name) =>
    columns.some((column) => column['name'] === name && column['hidden'] === 0),
  );
}
