/**
 * What dpkg has installed: `/var/lib/dpkg/status` (dpkg(1), deb-src-control(5)), apt's marks in `extended_states`, and the
 * `status.d` of images without dpkg, where each package has a file of its own and no Status.
 */

import { readText, type Source } from './image-file.ts';
import type { InstalledPackage } from './inventory.ts';
import { quoted } from './notes.ts';
import { packageList, type FoundPackage, type PackageDatabase } from './package-list.ts';
import { stanzas, type Stanza } from './stanzas.ts';

const STATUS = '/var/lib/dpkg/status';
const STATUS_D = '/var/lib/dpkg/status.d';
const EXTENDED_STATES = '/var/lib/apt/extended_states';

/** The last word of Status; with triggers pending a package is unpacked, configured and in use. */
const INSTALLED: ReadonlySet<string> = new Set(['installed', 'triggers-pending', 'triggers-awaited']);
const GONE: ReadonlySet<string> = new Set(['not-installed', 'config-files']);

/** `hasApt`: without any marks on file, apt takes every package as asked for. */
export async function readDpkg(source: Source, { hasApt }: { hasApt: boolean }): Promise<PackageDatabase[]> {
  const databases: PackageDatabase[] = [];
  const status = await readText(source, STATUS);
  if (status !== null) {
    const isAuto = await readMarks(source, hasApt);
    const found = [...stanzas(status)].flatMap((stanza) => {
      const at = { file: STATUS, line: stanza.line };
      return isInstalled(stanza, at, source) ? [{ installed: toPackage(stanza, isAuto), ...at }] : [];
    });
    databases.push(database('database', STATUS, found, source));
  }
  const apart = await readStatusFolder(source);
  if (apart.length > 0) databases.push(database('manifest', STATUS_D, apart, source));
  return databases;
}

function database(
  kind: PackageDatabase['kind'],
  path: string,
  found: readonly FoundPackage[],
  source: Source,
): PackageDatabase {
  return { format: 'deb', kind, path, packages: packageList(found, 'deb', source) };
}

/** The files beside it that end in `.md5sums` or `.list` tell what a package owns. */
async function readStatusFolder(source: Source): Promise<readonly FoundPackage[]> {
  const found: FoundPackage[] = [];
  for (const name of (await source.files.list(STATUS_D)) ?? []) {
    if (/\.(md5sums|list|preinst|postinst|prerm|postrm|conffiles)$/.test(name)) continue;
    const file = `${STATUS_D}/${name}`;
    for (const stanza of stanzas((await readText(source, file)) ?? '')) {
      noteBrokenLines(stanza, file, source);
      found.push({ installed: toPackage(stanza, null), file, line: stanza.line });
    }
  }
  return found;
}

function isInstalled(stanza: Stanza, at: { file: string; line: number }, source: Source): boolean {
  noteBrokenLines(stanza, at.file, source);
  const name = quoted(stanza.fields.get('package') ?? '');
  const [want, flag, state, ...more] = (stanza.fields.get('status') ?? '').split(' ');
  if (want === undefined || flag === undefined || state === undefined || more.length > 0) {
    const summary = `The package ${name} has no Status of three words and was left out.`;
    source.notes.add({ code: 'images/inventory-broken', severity: 'error', summary, ...at });
    return false;
  }
  if (GONE.has(state)) return false;
  const installed = INSTALLED.has(state);
  if (!installed || flag !== 'ok') {
    const summary = `The package ${name} is ${quoted(`${want} ${flag} ${state}`)}${installed ? '' : ' and was left out'}.`;
    source.notes.add({ code: 'images/inventory-half-installed', severity: 'warning', summary, ...at });
  }
  return installed;
}

function noteBrokenLines(stanza: Stanza, file: string, { notes }: Source): void {
  for (const line of stanza.broken) {
    const summary = 'The line is no field and no part of one.';
    notes.add({ code: 'images/inventory-broken', severity: 'warning', summary, file, line });
  }
}

function toPackage({ fields }: Stanza, isAuto: AutoMarks | null): InstalledPackage {
  const [name, architecture] = [fields.get('package') ?? '', fields.get('architecture') ?? ''];
  const version = withoutZeroEpoch(fields.get('version') ?? '');
  const [, sourceName = name, sourceVersion = version] =
    /^(\S+)(?:\s+\(([^()]*)\))?$/.exec(fields.get('source') ?? '') ?? [];
  const [pre, depends] = [fields.get('pre-depends') ?? '', fields.get('depends') ?? ''];
  return {
    name,
    version,
    architecture,
    source: { name: sourceName, version: withoutZeroEpoch(sourceVersion) },
    manual: isAuto === null ? null : !isAuto(name, architecture),
    held: fields.get('status')?.startsWith('hold ') ?? false,
    depends: [...relations(pre), ...relations(depends)],
    provides: relations(fields.get('provides') ?? '').flat(),
  };
}

/** It stays where another colon follows, which would become the end of an epoch. */
function withoutZeroEpoch(version: string): string {
  return version.replace(/^0+:(?=[^:]*$)/, '');
}

/** `a (>= 1) | b:any, c` → `[[a, b], [c]]`. */
function relations(text: string): readonly (readonly string[])[] {
  return text
    .split(',')
    .map((group) =>
      group.split('|').flatMap((one) => /^\s*([A-Za-z0-9][A-Za-z0-9+._-]*)/.exec(one)?.[1] ?? []),
    )
    .filter((group) => group.length > 0);
}

type AutoMarks = (name: string, architecture: string) => boolean;

/** Null where nothing is known: no marks on file and no apt that would have made them. */
async function readMarks(source: Source, hasApt: boolean): Promise<AutoMarks | null> {
  const text = await readText(source, EXTENDED_STATES);
  if (text === null) return hasApt ? () => false : null;
  const auto = new Set<string>();
  for (const stanza of stanzas(text)) {
    noteBrokenLines(stanza, EXTENDED_STATES, source);
    if (stanza.fields.get('auto-installed') !== '1') continue;
    const name = stanza.fields.get('package') ?? '';
    auto.add(name).add(`${name} ${stanza.fields.get('architecture') ?? ''}`);
  }
  // apt notes a package of all architectures under the machine's own.
  return (name, architecture) => auto.has(architecture === 'all' ? name : `${name} ${architecture}`);
}
