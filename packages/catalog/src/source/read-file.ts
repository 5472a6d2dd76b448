/** Reads `file` locations: one path or a glob. An unchanged file costs one stat. */
import { hash } from 'node:crypto';
import { glob, readFile, stat } from 'node:fs/promises';
import { messageOf } from '@callboard/kernel';
import picomatch from 'picomatch';
import { MAX_FILE_BYTES, type ReadOutcome, type ReadRequest, type SourceReader } from './reader.ts';

/** A file that was written this shortly before it was read may be written again within one tick of its time stamp. */
const SETTLED = 100;
/** Stands for the signature of such a file: the next reading looks at its bytes. */
const UNSETTLED = 'unsettled';

/** `now`: milliseconds since 1970, of the clock that stamps the files. */
export function createFileSource({ now }: { now: () => number }): SourceReader {
  return {
    type: 'file',
    async *read(request: ReadRequest): AsyncGenerator<ReadOutcome> {
      const files = await matchingFiles(request.target);
      if (files.length === 0 && !request.optional) {
        yield failed(request.target, {
          code: 'catalog/source-missing',
          summary: `file ${request.target} does not exist`,
          detail:
            'Correct the target of the location, or remove the location. What it gave before stays until then.',
        });
      }
      for (const file of files) yield await readOne(file, { known: request.fingerprints.get(file), now });
    },
  };
}

/** The folder part of a path or glob that has no wildcard, and whether there is one behind it. */
export function globBase(target: string): { base: string; isGlob: boolean } {
  const { base, isGlob } = picomatch.scan(target);
  return { base, isGlob };
}

async function matchingFiles(target: string): Promise<string[]> {
  if (await isFile(target)) return [target];
  if (!globBase(target).isGlob) return [];
  const files: string[] = [];
  for await (const entry of glob(target, { withFileTypes: true })) {
    if (entry.isFile() || entry.isSymbolicLink()) files.push(`${entry.parentPath}/${entry.name}`);
  }
  return files.toSorted();
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() === true;
}

async function readOne(
  file: string,
  { known, now }: { known: string | undefined; now: () => number },
): Promise<ReadOutcome> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    const signature = now() - mtimeMs < SETTLED ? UNSETTLED : `${mtimeMs}/${size}/${ino}`;
    const [knownSignature, knownHash] = known?.split(' ') ?? [];
    if (known !== undefined && signature === knownSignature && signature !== UNSETTLED) {
      return { kind: 'unchanged', target: file, fingerprint: known };
    }
    if (size > MAX_FILE_BYTES) {
      return failed(file, {
        code: 'catalog/source-too-large',
        summary: `file ${file} has ${Math.round(size / 1024 / 1024)} MiB; at most ${MAX_FILE_BYTES / 1024 / 1024} MiB are read`,
        detail: 'Split it into several files.',
      });
    }
    const bytes = await readFile(file);
    const contentHash = hash('sha1', bytes, 'hex');
    const fingerprint = `${signature} ${contentHash}`;
    if (contentHash === knownHash) return { kind: 'unchanged', target: file, fingerprint };
    return { kind: 'content', target: file, fingerprint, bytes };
  } catch (error) {
    return failed(file, {
      code: 'catalog/source-unreadable',
      summary: `file ${file} could not be read, ${messageOf(error)}`,
      detail: 'Check that it exists and that the portal may read it. What it gave before stays until then.',
    });
  }
}

function failed(target: string, what: { code: string; summary: string; detail: string }): ReadOutcome {
  return { kind: 'failed', target, diagnostic: { severity: 'error', file: target, ...what } };
}
