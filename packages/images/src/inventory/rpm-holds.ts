/** What dnf's and yum's versionlock and zypper's locks hold back: patterns of packages, with `*` and `?`. */

import { readText, type Source } from './image-file.ts';
import type { InstalledPackage } from './inventory.ts';
import { linesOf, stanzas } from './stanzas.ts';

const VERSION_LOCKS: readonly string[] = [
  '/etc/dnf/plugins/versionlock.list',
  '/etc/yum/pluginconf.d/versionlock.list',
];
const ZYPPER_LOCKS = '/etc/zypp/locks';
const LIMIT = 1024 * 1024;

/** Lines that begin with `!` forbid a version instead of holding one. */
export async function readHolds(source: Source): Promise<(one: InstalledPackage) => boolean> {
  const patterns: string[] = [];
  for (const path of VERSION_LOCKS) {
    for (const line of linesOf((await readText(source, path, LIMIT)) ?? '')) {
      const pattern = line.trim();
      if (pattern !== '' && !/^[#!]/.test(pattern)) patterns.push(pattern);
    }
  }
  for (const { fields } of stanzas((await readText(source, ZYPPER_LOCKS, LIMIT)) ?? '')) {
    const name = fields.get('solvable_name') ?? '';
    if (name !== '') patterns.push(name);
  }
  if (patterns.length === 0) return () => false;
  return (one) => {
    const names = spellings(one);
    return patterns.some((pattern) => names.some((name) => matches(pattern, name)));
  };
}

/** Goes back to the last star only, so that no pattern takes longer than the product of both lengths. */
function matches(glob: string, text: string): boolean {
  let [at, from, star, starFrom] = [0, 0, -1, 0];
  while (from < text.length) {
    if (glob[at] === '*') {
      star = at++;
      starFrom = from;
    } else if (at < glob.length && (glob[at] === '?' || glob[at] === text[from])) {
      at++;
      from++;
    } else if (star !== -1) {
      at = star + 1;
      from = ++starFrom;
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(at));
}

/** All that dnf takes for a package: with the epoch before the version (dnf) or before the name (yum), or without. */
function spellings({ name, version, architecture }: InstalledPackage): readonly string[] {
  const [epoch, rest] = /^(\d+):(.*)$/.exec(version)?.slice(1) ?? ['0', version];
  const bare = (rest ?? '').replace(/-[^-]*$/, '');
  const whole = [`${name}-${rest}`, `${name}-${epoch}:${rest}`, `${epoch}:${name}-${rest}`];
  return [
    name,
    `${name}.${architecture}`,
    `${name}-${bare}`,
    ...whole.flatMap((one) => [one, `${one}.${architecture}`]),
  ];
}
