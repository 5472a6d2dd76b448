/** How a file of an extension is called where people see it: never by its place on the machine. */
import { relative, sep } from 'node:path';
import type { Entry } from './entries.ts';

const PACKAGES = /^.*(?:^|\/)(?=node_modules\/)/;

/** Of an absolute path. */
export function nameOf(path: string, { root, prefix }: Pick<Entry, 'root' | 'prefix'>): string {
  const within = relative(root, path).split(sep).join('/');
  if (within.includes('node_modules/')) return within.replace(PACKAGES, '');
  if (!within.startsWith('../')) return prefix + within;
  return within.split('/').at(-1) ?? within;
}
