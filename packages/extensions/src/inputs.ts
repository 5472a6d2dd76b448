/** What a compiled module was made of, so that it is compiled again when that changed and only then. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { stampOf } from './confine.ts';
import type { ReadFile } from './source-plugin.ts';

/** A file, by its content. */
export interface InputFile {
  /** Absolute. */
  readonly path: string;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

/** A file, as the file system sees it. */
export interface StampedFile {
  readonly path: string;
  readonly stamp: string;
}

const PACKAGE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

export function inputsOf(files: readonly ReadFile[]): readonly InputFile[] {
  return files.map(({ path, bytes }) => ({ path, hash: hashOf(bytes) }));
}

/** Whether the files have the stamps they had when they were read. */
export async function areUntouched(files: readonly StampedFile[]): Promise<boolean> {
  const stamps = await Promise.all(files.map(({ path }) => stampOf(path)));
  return files.every(({ stamp }, index) => stamp === stamps[index]);
}

/** The files with their stamps when they have the content they had; null when one has another, or is gone. */
export async function stampedIfSame(inputs: readonly InputFile[]): Promise<readonly StampedFile[] | null> {
  const stamped: StampedFile[] = [];
  for (const { path, hash } of inputs) {
    // Before the content, so that what changes meanwhile is noticed later.
    const stamp = await stampOf(path);
    const content = await readFile(path).catch(() => null);
    if (content === null || hashOf(content) !== hash) return null;
    stamped.push({ path, stamp });
  }
  return stamped;
}

/**
 * What decides which files an import leads to, beside the files themselves: those that differ from them in the ending alone,
 * and the `package.json` of packages. A text that is the same as long as that is.
 */
export async function surroundingsOf(paths: readonly string[]): Promise<string> {
  const stems = new Map<string, Set<string>>();
  const packages = new Set<string>();
  for (const path of paths) {
    const [, folder] = PACKAGE.exec(path) ?? [];
    if (folder !== undefined) packages.add(join(folder, 'package.json'));
    else stems.set(dirname(path), (stems.get(dirname(path)) ?? new Set<string>()).add(stemOf(path)));
  }
  const kin = [...stems.keys()].toSorted().map(async (folder) => {
    const own = stems.get(folder) ?? new Set<string>();
    const names = await readdir(folder).catch(() => []);
    return [folder, ...names.filter((name) => own.has(stemOf(name))).toSorted()];
  });
  const manifests = [...packages]
    .toSorted()
    .map(async (file) => [file, hashOf(await readFile(file).catch(() => ''))]);
  return hashOf(JSON.stringify(await Promise.all([...kin, ...manifests])));
}

function stemOf(path: string): string {
  return basename(path, extname(path));
}
