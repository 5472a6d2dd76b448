/**
 * What apk has installed: `installed` in the folder of its database (apk-v2(5), "installed" records: a letter, a colon, a
 * value; an empty line between packages), and `/etc/apk/world`, what somebody asked for.
 */

import { readText, type Source } from './image-file.ts';
import type { InstalledPackage } from './inventory.ts';
import { quoted } from './notes.ts';
import { packageList, type FoundPackage, type PackageDatabase } from './package-list.ts';
import { linesOf } from './stanzas.ts';

/** apk-tools 3 moved it; where `/lib` is a link they are one. */
const INSTALLED: readonly string[] = ['/usr/lib/apk/db/installed', '/lib/apk/db/installed'];
const WORLD = '/etc/apk/world';

interface Block {
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

export async function readApk(source: Source): Promise<PackageDatabase[]> {
  const texts = new Map<string, string>();
  for (const path of INSTALLED) {
    const text = await readText(source, path);
    if (text !== null && text !== '' && ![...texts.values()].includes(text)) texts.set(path, text);
  }
  const [first, ...others] = texts;
  if (first === undefined) return [];
  for (const [file] of others) {
    const summary = `The packages of ${first[0]} are read, those here are not; they differ.`;
    source.notes.add({ code: 'images/inventory-several', severity: 'warning', summary, file });
  }
  const world = await readWorld(source);
  const [path, text] = first;
  const found: FoundPackage[] = [];
  for (const block of blocks(text, path, source)) {
    found.push({ installed: toPackage(block, world), file: path, line: block.line });
  }
  return [{ format: 'apk', kind: 'database', path, packages: packageList(found, 'apk', source) }];
}

function* blocks(text: string, file: string, { notes }: Source): Generator<Block> {
  let block = { line: 1, fields: new Map<string, string>() };
  let at = 0;
  for (const line of linesOf(text)) {
    at++;
    if (line === '') {
      if (block.fields.size > 0) yield block;
      block = { line: at + 1, fields: new Map() };
      continue;
    }
    if (!/^[A-Za-z]:/.test(line)) {
      const summary = `The line ${quoted(line)} is no letter with a value.`;
      notes.add({ code: 'images/inventory-broken', severity: 'warning', summary, file, line: at });
      continue;
    }
    block.fields.set(line.charAt(0), line.slice(2));
  }
  if (block.fields.size > 0) yield block;
}

function toPackage({ fields }: Block, world: World | null): InstalledPackage {
  const [name, version] = [fields.get('P') ?? '', fields.get('V') ?? ''];
  const provides = dependencies(fields.get('p') ?? '').map((one) => one.name);
  const asked = world === null ? [] : [name, ...provides].flatMap((one) => world.get(one) ?? []);
  return {
    name,
    version,
    architecture: fields.get('A') ?? 'noarch',
    source: { name: fields.get('o') ?? name, version },
    manual: world === null ? null : asked.length > 0,
    held: asked.some((operator) => /^[<=~]|^></.test(operator)),
    depends: dependencies(fields.get('D') ?? '').map((one) => [one.name]),
    provides,
  };
}

/** Name → the operator of its pin, empty without one. */
type World = ReadonlyMap<string, string>;

async function readWorld(source: Source): Promise<World | null> {
  const text = await readText(source, WORLD);
  if (text === null) return null;
  return new Map(dependencies(text).map(({ name, operator }) => [name, operator]));
}

/** `so:libz.so.1=1.2 foo>=1 bar@edge !conflict`; a conflict is no need of anything. */
function dependencies(text: string): readonly { name: string; operator: string }[] {
  return text
    .split(/\s+/)
    .filter((word) => word !== '' && !word.startsWith('!'))
    .flatMap((word) => {
      const [, name, operator = ''] = /^([^<>=~@]+)(?:@[^<>=~]*)?([<>=~]*)/.exec(word) ?? [];
      return name === undefined ? [] : [{ name, operator }];
    });
}
