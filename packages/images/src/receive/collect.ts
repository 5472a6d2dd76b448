/**
 * Brings the matches of a scanner (one vulnerability in one package) together to findings: one vulnerability in one
 * image, with all its packages.
 */
import { createHash } from 'node:crypto';
import {
  SEVERITIES,
  type AffectedPackage,
  type Finding,
  type FoundImage,
  type Scanner,
  type Severity,
} from './finding.ts';
import { orderOf } from '../versions/ordering.ts';
import type { Notes } from './notes.ts';
import { oneLine } from './one-line.ts';
import { wrongField, type Part } from './part.ts';

/** Findings of one report. */
export const MAX_FINDINGS = 50_000;
/** Packages of one finding. */
export const MAX_PACKAGES = 1_000;
const MAX_ALIASES = 100;
const MAX_TITLE = 300;

const VULNERABILITY = /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/;
const OS_PACKAGE = /^[A-Za-z0-9][A-Za-z0-9.+:~_-]{0,255}$/;
const LANGUAGE_PACKAGE = /^[A-Za-z0-9@_.][A-Za-z0-9 .+:~_@/$%()-]{0,511}$/;

/** One vulnerability in one package, as a scanner has it. */
export interface Match extends Omit<Finding, 'id' | 'scanner' | 'image' | 'packages'> {
  readonly affected: AffectedPackage;
}

/** A good identifier; null when it cannot be one. */
export function toVulnerability(text: string | null): string | null {
  if (text === null || !VULNERABILITY.test(text)) return null;
  return /^cve-\d/i.test(text) ? text.toUpperCase() : text;
}

/** The identifier to go by, the only CVE among them if there is one, and the others. */
export function nameVulnerability(
  own: string,
  others: readonly string[],
): { readonly vulnerability: string; readonly aliases: readonly string[] } {
  const good = others.map(toVulnerability).filter((id) => id !== null);
  const cves = [...new Set(good.filter((id) => id.startsWith('CVE-')))];
  const [only] = cves;
  const vulnerability = !own.startsWith('CVE-') && only !== undefined && cves.length === 1 ? only : own;
  const aliases = [...new Set([own, ...good])].filter((id) => id !== vulnerability).slice(0, MAX_ALIASES);
  return { vulnerability, aliases: aliases.toSorted() };
}

/** Whether a package can have this name; those of a distribution go into commands later. */
export function isPackageName(name: string, kind: AffectedPackage['kind']): boolean {
  return (kind === 'language' ? LANGUAGE_PACKAGE : OS_PACKAGE).test(name);
}

/** The words of scanners for severities, in lower case. */
const SEVERITY_NAMES: ReadonlyMap<string, Severity> = new Map([
  ...SEVERITIES.map((severity) => [severity, severity] as const),
  ['informational', 'negligible'],
  ['unimportant', 'negligible'],
  ['untriaged', 'unknown'],
  ['important', 'high'],
  ['moderate', 'medium'],
  ['undefined', 'unknown'],
]);

/** Unknown, with a note, when it is none. */
export function toSeverity(part: Part, key: string, text: string | null): Severity {
  if (text === null) return 'unknown';
  const severity = SEVERITY_NAMES.get(text.toLowerCase());
  if (severity !== undefined) return severity;
  wrongField(part, key, `is no severity that is known (${oneLine(text, 40)})`);
  return 'unknown';
}

/** At most 300 characters of one line. */
export const toTitle = (text: string): string => oneLine(text, MAX_TITLE);

/** Findings by identifier, sorted; a vulnerability that is active in one package is active. */
export function collectFindings({
  scanner,
  image,
  name,
  matches: all,
  notes,
}: {
  scanner: Scanner;
  image: FoundImage;
  /** Of the report, where it does not say which image it is of. */
  name: string;
  matches: readonly Match[];
  notes: Notes;
}): readonly Finding[] {
  if (all.length > MAX_FINDINGS) {
    notes.error(
      'images/report-too-large',
      `There are ${all.length} matches; the first ${MAX_FINDINGS} are taken.`,
    );
  }
  const matches = all.slice(0, MAX_FINDINGS);
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    const group = groups.get(match.vulnerability);
    if (group === undefined) groups.set(match.vulnerability, [match]);
    else group.push(match);
  }
  const key = imageKey(image, name);
  const strange = matches.find(({ affected: { diffId } }) => !isOf(image, diffId));
  if (strange !== undefined) {
    notes.warning(
      'images/report-field',
      `${strange.affected.name} is said to be of a layer that the image does not have.`,
    );
  }
  return [...groups.values()]
    .map((group) => toFinding(group, { id: `${scanner}/${key}/`, scanner, image, notes }))
    .filter((finding) => finding !== null)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/** Whether a layer is one of the image, as far as its layers are known. */
function isOf({ diffIds }: FoundImage, diffId: AffectedPackage['diffId']): boolean {
  return diffId === null || diffIds.length === 0 || diffIds.includes(diffId);
}

/** What stands for the digest of the image in the identifier of a finding. */
export function imageKey(image: FoundImage, name: string): string {
  if (image.digest !== null) return image.digest;
  if (image.configDigest !== null) return `config-${image.configDigest}`;
  if (image.diffIds.length > 0) return `layers-sha256:${hashOf(image.diffIds.join(' '))}`;
  return `report-sha256:${hashOf(name)}`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function toFinding(
  all: readonly Match[],
  { id, scanner, image, notes }: { id: string; scanner: Scanner; image: FoundImage; notes: Notes },
): Finding | null {
  const active = all.filter(({ status }) => status === 'active');
  const group = active.length > 0 ? active : all;
  const [first] = group;
  if (first === undefined) return null;
  const { vulnerability } = first;
  const packages = mergePackages(
    group.map(({ affected }) => (isOf(image, affected.diffId) ? affected : { ...affected, diffId: null })),
  );
  if (packages.length > MAX_PACKAGES) {
    notes.error(
      'images/report-too-large',
      `${vulnerability} is in ${packages.length} packages; the first ${MAX_PACKAGES} are taken.`,
    );
  }
  const known = group.map(({ knownExploited }) => knownExploited);
  const aliases = [...new Set(group.flatMap((match) => match.aliases))].toSorted().slice(0, MAX_ALIASES);
  return {
    id: id + vulnerability,
    scanner,
    vulnerability,
    aliases,
    severity: worst(group.map(({ severity }) => severity)),
    status: first.status,
    image,
    packages: packages.slice(0, MAX_PACKAGES),
    title: group.find(({ title }) => title !== '')?.title ?? '',
    epss: highest(group.map(({ epss }) => epss)),
    knownExploited: known.includes(true) || (known.includes(false) ? false : null),
    publishedAt: earliest(group.map(({ publishedAt }) => publishedAt)),
    fixedAt: earliest(group.map(({ fixedAt }) => fixedAt)),
    updatedAt: group.reduce((latest, { updatedAt }) => Math.max(latest, updatedAt), first.updatedAt),
  };
}

/** Each package once, sorted; what one report of it does not say another may. */
export function mergePackages(packages: readonly AffectedPackage[]): readonly AffectedPackage[] {
  const merged = new Map<string, AffectedPackage>();
  for (const one of packages) {
    const { kind, name, version, architecture, path } = one;
    const key = JSON.stringify([name, version, architecture ?? '', path ?? '', kind]);
    const before = merged.get(key) ?? one;
    merged.set(key, {
      ...before,
      source: before.source ?? one.source,
      fixedVersion: before.fixedVersion ?? one.fixedVersion,
      diffId: before.diffId ?? one.diffId,
    });
  }
  return [...merged].toSorted(([a], [b]) => orderOf(a, b)).map(([, one]) => one);
}

function worst(severities: readonly Severity[]): Severity {
  return SEVERITIES.find((severity) => severities.includes(severity)) ?? 'unknown';
}

/** Null when none is known. */
export function highest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce(
    (high, number) => (high === null || (number !== null && number > high) ? number : high),
    null,
  );
}

function earliest(numbers: readonly (number | null)[]): number | null {
  return numbers.reduce(
    (low, number) => (low === null || (number !== null && number < low) ? number : low),
    null,
  );
}
