/**
 * Which files make up a configuration, and reading them: each once per load, at most 1 MB, remembering
 * what was looked at, so that a watcher can tell whether anything changed.
 */
import { constants, type BigIntStats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Diagnostic } from '@callboard/model';
import { messageOf } from '../error.ts';
import type { Environment } from './environment.ts';
import { diagnostic } from './tree.ts';

/** 1 MB, of one file. */
const MAX_FILE_BYTES = 1024 * 1024;

/** A stamp of a file that does not exist. */
const ABSENT = 'absent';

type FileRead =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'failed';
      readonly code: 'config/file-missing' | 'config/file-unreadable' | 'config/file-too-large';
      /** What happened, to be put behind the file's name. */
      readonly reason: string;
    };

export interface FileReader {
  read(path: string): Promise<FileRead>;
  /** Remembers a file that a configuration could have, without reading it. True when it exists. */
  look(path: string): Promise<boolean>;
  /** The files that were read, in order. */
  files(): readonly string[];
  /** Every file that was read or looked for, with its stamp at that time. */
  stamps(): ReadonlyMap<string, string>;
}

export function createFileReader(): FileReader {
  const reads = new Map<string, Promise<FileRead>>();
  const stamps = new Map<string, string>();
  const files: string[] = [];

  async function readOnce(path: string): Promise<FileRead> {
    try {
      const first = await readStamped(path, stamps);
      // An editor may have emptied the file a moment before it writes the new text.
      const empty = first.kind === 'text' && first.text === '';
      const result = empty ? await delay(10).then(() => readStamped(path, stamps)) : first;
      if (result.kind === 'text') files.push(path);
      return result;
    } catch (error) {
      const missing = isMissing(error);
      stamps.set(path, missing ? ABSENT : 'unreadable');
      if (missing) return { kind: 'failed', code: 'config/file-missing', reason: 'does not exist' };
      const reason = `cannot be read: ${messageOf(error)}`;
      return { kind: 'failed', code: 'config/file-unreadable', reason };
    }
  }

  return {
    read(path) {
      const known = reads.get(path) ?? readOnce(path);
      reads.set(path, known);
      return known;
    },
    async look(path) {
      const exists = await access(path, constants.F_OK).then(
        () => true,
        () => false,
      );
      if (!exists) stamps.set(path, ABSENT);
      return exists;
    },
    files: () => files,
    stamps: () => stamps,
  };
}

async function readStamped(path: string, stamps: Map<string, string>): Promise<FileRead> {
  await using file = await open(path);
  const stats = await file.stat({ bigint: true });
  // A pipe cannot be read twice, so it is not watched.
  if (stats.isFile()) stamps.set(path, toStamp(stats));
  // The size is only a guess: pipes and /proc files have none.
  const buffer = Buffer.alloc(Math.min(Math.max(Number(stats.size), 16_384), MAX_FILE_BYTES) + 1);
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) break;
    total += bytesRead;
    if (total > MAX_FILE_BYTES) {
      return { kind: 'failed', code: 'config/file-too-large', reason: 'is larger than 1 MB' };
    }
    chunks.push(Buffer.from(buffer.subarray(0, bytesRead)));
  }
  return { kind: 'text', text: Buffer.concat(chunks).toString('utf8') };
}

/** Changes whenever the file is written, replaced, created or removed. Follows links. */
export async function stampOf(path: string): Promise<string> {
  try {
    return toStamp(await stat(path, { bigint: true }));
  } catch (error) {
    return isMissing(error) ? ABSENT : 'unreadable';
  }
}

function toStamp({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}:${size}:${mtimeNs}`;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * The files to load, weakest first. Explicit `files` replace the default ones: `app-config.yaml`,
 * `app-config.<env>.yaml` for each name in BACKSTAGE_ENV, `app-config.local.yaml`, and
 * `app-config.<env>.local.yaml`; of the default ones only those that exist are returned.
 */
export async function findFiles(options: {
  readonly files?: readonly string[];
  readonly cwd: string;
  readonly env: Environment;
  readonly reader: FileReader;
  readonly diagnostics: Diagnostic[];
}): Promise<readonly string[]> {
  const { files = [], cwd, env, reader, diagnostics } = options;
  if (files.length > 0) {
    const urls = files.filter(isUrl);
    diagnostics.push(...urls.map(remoteUnsupported));
    return files.filter((file) => !isUrl(file)).map((file) => resolve(cwd, file));
  }
  const main = join(cwd, 'app-config.yaml');
  const local = join(cwd, 'app-config.local.yaml');
  const names = (env.BACKSTAGE_ENV ?? '').split(',').map((name) => name.trim());
  const environments = names
    .filter((name) => name !== '')
    .map((name) => ({
      name,
      file: join(cwd, `app-config.${name}.yaml`),
      local: join(cwd, `app-config.${name}.local.yaml`),
    }));
  const candidates = [
    main,
    ...environments.map(({ file }) => file),
    local,
    ...environments.map((environment) => environment.local),
  ];
  const existing = new Set<string>();
  for (const candidate of candidates) {
    if (await reader.look(candidate)) existing.add(candidate);
  }
  if (!existing.has(main)) diagnostics.push(mainMissing(main));
  for (const environment of environments) {
    if (existing.has(environment.file) || existing.has(environment.local)) continue;
    diagnostics.push(environmentMissing(environment));
  }
  return candidates.filter((candidate) => existing.has(candidate));
}

/** `C:\app-config.yaml` parses as a URL too, but has no host. */
function isUrl(file: string): boolean {
  return (URL.parse(file)?.host ?? '') !== '';
}

function remoteUnsupported(url: string): Diagnostic {
  return diagnostic('error', 'config/remote-unsupported', {
    summary: `The configuration ${new URL(url).origin} is a URL, which is not read`,
    detail: 'Download it first, and give the path of the file.',
  });
}

function mainMissing(file: string): Diagnostic {
  return diagnostic('warning', 'config/file-missing', {
    place: { file },
    summary: 'There is no app-config.yaml, so built-in values are used',
    detail: 'Create the file, start in the directory that holds it, or name another one with --config.',
  });
}

function environmentMissing(environment: { readonly name: string; readonly file: string }): Diagnostic {
  return diagnostic('warning', 'config/environment-file-missing', {
    place: { file: environment.file },
    summary: `BACKSTAGE_ENV names '${environment.name}', but there is no app-config.${environment.name}.yaml`,
    detail: 'Create the file, or correct BACKSTAGE_ENV.',
  });
}
