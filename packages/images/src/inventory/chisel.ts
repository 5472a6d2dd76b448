/**
 * What Ubuntu's chisel cut out: `/var/lib/chisel/manifest.wall`, lines of JSON compressed with zstd, one object each for
 * packages, slices, paths and contents, after a header (Chisel's reference, "Manifest").
 */

import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { readBytes, TEXT_LIMIT, type Source } from './image-file.ts';
import { packageList, type FoundPackage, type PackageDatabase } from './package-list.ts';
import { linesOf } from './stanzas.ts';

const PATH = '/var/lib/chisel/manifest.wall';
/** Bytes, uncompressed. */
const UNPACKED_LIMIT = 64 * 1024 * 1024;

const decompress = promisify(zstdDecompress);

/** Slices of a package have no source package and no dependencies on record: its own name, and none. */
export async function readChisel(source: Source): Promise<PackageDatabase[]> {
  const bytes = await readBytes(source, PATH, TEXT_LIMIT);
  if (bytes === null) return [];
  const text = await unpack(bytes, source);
  const found = text === null ? [] : readLines(text, source);
  return [{ format: 'deb', kind: 'manifest', path: PATH, packages: packageList(found, 'deb', source) }];
}

async function unpack(bytes: Buffer, { notes }: Source): Promise<string | null> {
  try {
    const options = { maxOutputLength: UNPACKED_LIMIT };
    return (await decompress(bytes, options)).toString('utf8');
  } catch {
    notes.add({
      code: 'images/inventory-unreadable',
      severity: 'error',
      summary: `The manifest is not compressed with zstd, or has more than ${UNPACKED_LIMIT} bytes.`,
      file: PATH,
    });
    return null;
  }
}

function readLines(text: string, { notes }: Source): readonly FoundPackage[] {
  const found: FoundPackage[] = [];
  let at = 0;
  for (const line of linesOf(text)) {
    at++;
    const entry = parseEntry(line);
    if (entry === null) {
      const summary = 'The line is no JSON object.';
      notes.add({ code: 'images/inventory-broken', severity: 'error', summary, file: PATH, line: at });
      continue;
    }
    if (entry['kind'] !== 'package') continue;
    const [name, version] = [textOf(entry['name']), textOf(entry['version'])];
    const installed = {
      name,
      version,
      architecture: textOf(entry['arch']),
      source: { name, version },
      manual: null,
      held: false,
      depends: [],
      provides: [],
    };
    found.push({ installed, file: PATH, line: at });
  }
  return found;
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
