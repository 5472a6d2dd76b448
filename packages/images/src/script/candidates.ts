/** Reads what probes say the mirror has: the newest version by name of the binary package. */
import type { PackageManager } from '../inventory/inventory.ts';
import { compareVersions, isVersion } from '../versions/versions.ts';
import type { CommandOutput } from './command.ts';
import { scriptError } from './errors.ts';
import { FORMATS, parseNevra, withoutZeroEpoch, type NamedVersion } from './formats.ts';
import { isSafeName } from './names.ts';

/** A repository that was passed over, which some managers do not count as a failure (apk; dnf where told so). */
const PASSED_OVER =
  /^(?:WARNING|ERROR): (?:Ignoring|opening|fetching|updating|unable to).*|^Ignoring repositories:.*/im;

/**
 * Of the outputs of `compileProbe`'s commands the last. Lines that are no answer are passed over, since managers tell
 * much beside; names and versions that are none never get in. Throws `images/script-mirror-unreachable` when part of
 * the mirror did not answer: a missing fix would then mean nothing.
 */
export function parseCandidates(
  manager: PackageManager,
  outputs: readonly CommandOutput[],
): ReadonlyMap<string, string> {
  const last = outputs.at(-1);
  const candidates = new Map<string, string>();
  if (last === undefined) return candidates;
  const passedOver = PASSED_OVER.exec(`${last.stderr}\n${last.stdout}`);
  if (passedOver !== null) {
    throw scriptError(
      'images/script-mirror-unreachable',
      `Part of the mirror did not answer: ${passedOver[0]}`,
    );
  }
  const format = FORMATS[manager];
  for (const { name, version } of READERS[manager](last.stdout)) {
    if (!isSafeName(format, name) || !isVersion(format, version)) continue;
    const known = candidates.get(name);
    if (known === undefined || compareVersions(format, version, known) > 0) candidates.set(name, version);
  }
  return candidates;
}

type Reader = (text: string) => Iterable<NamedVersion>;

const READERS: Readonly<Record<PackageManager, Reader>> = {
  apt: readAptPolicy,
  apk: readApkPolicy,
  dnf: readQuery,
  microdnf: readNevras,
  tdnf: readCheckUpdate,
  yum: readCheckUpdate,
  zypper: readUpdateTable,
};

/** The candidate is what would be installed: pins and priorities of the image are in it. */
function* readAptPolicy(text: string): Iterable<NamedVersion> {
  let name: string | null = null;
  for (const line of text.split('\n')) {
    const head = /^([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?:$/.exec(line);
    if (head !== null) name = head[1] ?? null;
    const version = /^ {2}Candidate: (\S+)$/.exec(line)?.[1];
    if (name !== null && version !== undefined) yield { name, version, architecture: null };
  }
}

/** A version with the places that have it under it: repositories, those with a tag (`@edge …`), the image itself. */
function* readApkPolicy(text: string): Iterable<NamedVersion> {
  let name: string | null = null;
  let version: string | null = null;
  for (const line of text.split('\n')) {
    const head = /^(\S+) policy:$/.exec(line)?.[1];
    if (head !== undefined) [name, version] = [head, null];
    version = /^ {2}(\S+):$/.exec(line)?.[1] ?? version;
    const place = /^ {4}(\S.*)$/.exec(line)?.[1];
    if (place === undefined || place.startsWith('@') || /(?:^|\/)installed$/.test(place)) continue;
    if (name !== null && version !== null) yield { name, version, architecture: null };
  }
}

function* readQuery(text: string): Iterable<NamedVersion> {
  for (const line of text.split('\n')) {
    const [name, version, architecture, ...more] = line.split('\t');
    if (name === undefined || version === undefined || architecture === undefined || more.length > 0)
      continue;
    yield { name, version: withoutZeroEpoch(version), architecture };
  }
}

function* readNevras(text: string): Iterable<NamedVersion> {
  for (const line of text.split('\n')) {
    const parsed = parseNevra(line.trim());
    if (parsed !== null) yield parsed;
  }
}

/** `name.arch  version  repository`; yum breaks a line whose name is long. What would be obsoleted comes after. */
function* readCheckUpdate(text: string): Iterable<NamedVersion> {
  const [updates = ''] = text.split(/^Obsoleting Packages/m);
  for (const line of updates.replaceAll(/\n[ \t]+/g, ' ').split('\n')) {
    const found = /^(\S+)\.([a-z0-9_]+)\s+(\S+-\S+)\s+\S+\s*$/.exec(line);
    const [, name, architecture, version] = found ?? [];
    if (name === undefined || architecture === undefined || version === undefined) continue;
    yield { name, version: withoutZeroEpoch(version), architecture };
  }
}

/** Columns are found by their heads, which differ between releases of zypper in number. */
function* readUpdateTable(text: string): Iterable<NamedVersion> {
  let heads: readonly string[] = [];
  for (const line of text.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.includes('Available Version')) {
      heads = cells;
      continue;
    }
    const name = cells[heads.indexOf('Name')];
    const version = cells[heads.indexOf('Available Version')];
    if (cells.length !== heads.length || name === undefined || version === undefined) continue;
    yield { name, version: withoutZeroEpoch(version), architecture: cells[heads.indexOf('Arch')] ?? null };
  }
}
