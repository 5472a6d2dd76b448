/** Which distribution an image is, from `/etc/os-release` or `/usr/lib/os-release`, as in os-release(5). */

import { readText, type Source } from './image-file.ts';
import type { Distro } from './inventory.ts';
import { quoted } from './notes.ts';

const PATHS: readonly string[] = ['/etc/os-release', '/usr/lib/os-release'];
const LIMIT = 64 * 1024;

/** Null when neither file is there, or neither names a distribution. */
export async function readDistro(source: Source): Promise<Distro | null> {
  for (const path of PATHS) {
    const text = await readText(source, path, LIMIT);
    if (text === null) continue;
    const distro = toDistro(readValues(text, path, source), path, source);
    if (distro !== null) return distro;
  }
  return null;
}

function readValues(text: string, path: string, { notes }: Source): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [at, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    const [, key, raw] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    const value = raw === undefined ? null : unquote(raw);
    if (key !== undefined && value !== null) {
      values.set(key, value);
      continue;
    }
    notes.add({
      code: 'images/inventory-os-release',
      severity: 'warning',
      summary: `The line ${quoted(line)} is no assignment.`,
      file: path,
      line: at + 1,
    });
  }
  return values;
}

/** One word of a shell, without any expansion; null when it is none. */
function unquote(raw: string): string | null {
  const [, single] = /^'([^']*)'$/.exec(raw) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"((?:[^"\\]|\\.)*)"$/.exec(raw) ?? [];
  if (double !== undefined) return double.replace(/\\(["$`\\])/g, '$1');
  return /^(?:[^\s"'\\$`;&|<>()]|\\.)*$/.test(raw) ? raw.replace(/\\(.)/g, '$1') : null;
}

function toDistro(values: ReadonlyMap<string, string>, path: string, { notes }: Source): Distro | null {
  /** Empty when absent, or not made of what such a value may have. */
  const word = (key: string, allowed: RegExp): string => {
    const value = values.get(key) ?? '';
    if (value === '' || allowed.test(value)) return value;
    notes.add({
      code: 'images/inventory-os-release',
      severity: 'warning',
      summary: `${key} is ${quoted(value)}.`,
      file: path,
    });
    return '';
  };
  const id = word('ID', /^[A-Za-z0-9._-]{1,64}$/).toLowerCase();
  if (id === '') return null;
  // Debian 8 and 9 have no VERSION_CODENAME, only `VERSION="9 (stretch)"`.
  const [, named] = id === 'debian' ? (/\(([a-z]+)\)/.exec(values.get('VERSION') ?? '') ?? []) : [];
  const codename = word('VERSION_CODENAME', /^[A-Za-z0-9._ -]{1,64}$/).toLowerCase();
  const like = word('ID_LIKE', /^[A-Za-z0-9._ -]{1,256}$/).toLowerCase();
  const supportEnd = word('SUPPORT_END', /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/);
  return {
    id,
    version: word('VERSION_ID', /^[A-Za-z0-9._+~-]{1,64}$/),
    codename: codename === '' ? (named ?? null) : codename,
    idLike: like.split(' ').filter((part) => part !== ''),
    supportEnd: supportEnd === '' ? null : supportEnd,
  };
}
