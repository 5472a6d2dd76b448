/** A small root file system made of a few programs of this machine and their libraries, for tests without a mirror. */
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EntryDraft } from '../image/tar.fixture.ts';

const PROGRAMS = [
  'sh',
  'cat',
  'chmod',
  'chown',
  'cp',
  'env',
  'head',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mkfifo',
  'mv',
  'rm',
  'sleep',
  'touch',
  'true',
  'wc',
  'yes',
];

export function machineRoot(): readonly EntryDraft[] {
  const files = new Map<string, Buffer>();
  for (const name of PROGRAMS) {
    const path = realpathSync(
      execFileSync('/bin/sh', ['-c', `command -v ${name}`])
        .toString()
        .trim()
        .replace(/^(true)$/, '/bin/true'),
    );
    files.set(`/bin/${name}`, readFileSync(path));
    for (const [library] of execFileSync('ldd', [path])
      .toString()
      .matchAll(/\/[^\s:]+/g)) {
      files.set(library, readFileSync(library));
    }
  }
  const folders = new Set<string>(['/etc', '/tmp', '/dev', '/proc', '/run', '/root']);
  for (const path of files.keys()) {
    for (let at = dirname(path); at !== '/'; at = dirname(at)) {
      folders.add(at);
    }
  }
  const drafts: EntryDraft[] = [{ path: './', kind: 'folder' }];
  for (const path of [...folders].toSorted()) {
    drafts.push({ path: path.slice(1), kind: 'folder', mode: path === '/tmp' ? 0o1777 : 0o755 });
  }
  for (const [path, content] of files) {
    drafts.push({ path: path.slice(1), mode: 0o755, content });
  }
  return drafts;
}
