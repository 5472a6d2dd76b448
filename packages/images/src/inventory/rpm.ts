/**
 * What rpm has installed, from whichever of its three storage formats is there, and what dnf, yum or zypper hold back.
 * Where no database is, the list that Mariner and Azure Linux put into their images without rpm.
 */

import { DATABASE_LIMIT, readBytes, type Source } from './image-file.ts';
import { quoted } from './notes.ts';
import { packageList, type FoundPackage, type PackageDatabase } from './package-list.ts';
import { readBdb } from './rpm-bdb.ts';
import { BadDatabase, type Blobs } from './rpm-blobs.ts';
import { BadHeader, parseHeader } from './rpm-header.ts';
import { readHolds } from './rpm-holds.ts';
import { readManifest } from './rpm-manifest.ts';
import { readNdb } from './rpm-ndb.ts';
import { readSqlite } from './rpm-sqlite.ts';

/** Newer systems have the first; where the second is a link to it they are one. */
const FOLDERS: readonly string[] = ['/usr/lib/sysimage/rpm', '/var/lib/rpm'];

const READERS: readonly (readonly [string, (bytes: Buffer, log: Buffer | null) => Blobs | Promise<Blobs>])[] =
  [
    ['rpmdb.sqlite', readSqlite],
    ['Packages.db', readNdb],
    ['Packages', readBdb],
  ];

/** The first with packages in it; a database that is empty or cannot be read counts when there is nothing better. */
export async function readRpm(source: Source): Promise<PackageDatabase[]> {
  const empty: PackageDatabase[] = [];
  for (const folder of FOLDERS) {
    for (const [name, reader] of READERS) {
      const path = `${folder}/${name}`;
      const bytes = await readBytes(source, path, DATABASE_LIMIT);
      if (bytes === null || bytes.length === 0) continue;
      const log = name === 'rpmdb.sqlite' ? await readLog(source, path) : null;
      const blobs = await readBlobs({ path, source }, () => reader(bytes, log));
      const found = packageList(headersOf(blobs, path, source), 'rpm', source);
      const isHeld = await readHolds(source);
      const packages = found.map((one) => ({ ...one, held: isHeld(one) }));
      const database: PackageDatabase = { format: 'rpm', kind: 'database', path, packages };
      if (packages.length > 0) return [database];
      empty.push(database);
    }
  }
  const manifest = await readManifest(source);
  return manifest.length > 0 ? manifest : empty.slice(0, 1);
}

/** Null when there is none or it is empty, as after every rpm that came to its end. */
async function readLog(source: Source, path: string): Promise<Buffer | null> {
  const log = await readBytes(source, `${path}-wal`, DATABASE_LIMIT);
  return log === null || log.length === 0 ? null : log;
}

async function readBlobs(
  { path, source }: { path: string; source: Source },
  read: () => Blobs | Promise<Blobs>,
): Promise<Blobs> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof BadDatabase)) throw error;
    const summary = `The database cannot be read: ${quoted(error.message)}.`;
    source.notes.add({ code: 'images/inventory-unreadable', severity: 'error', summary, file: path });
    return { blobs: [], broken: 0 };
  }
}

function headersOf({ blobs, broken }: Blobs, file: string, { notes }: Source): readonly FoundPackage[] {
  if (broken > 0) {
    const summary = `${broken} entries of the database are damaged and were left out.`;
    notes.add({ code: 'images/inventory-broken', severity: 'error', summary, file });
  }
  return blobs.flatMap((blob, at) => {
    try {
      return [{ installed: parseHeader(blob), file }];
    } catch (error) {
      if (!(error instanceof BadHeader)) throw error;
      const summary = `Entry ${at + 1} of the database was left out: ${quoted(error.message)}.`;
      notes.add({ code: 'images/inventory-broken', severity: 'error', summary, file });
      return [];
    }
  });
}
