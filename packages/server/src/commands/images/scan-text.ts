/** The findings of a scan for people: how many of each severity, and which packages would end them. */
import {
  compareVersions,
  SEVERITIES,
  type AffectedPackage,
  type Finding,
  type Severity,
} from '@callboard/images';
import type { Output } from '../output.ts';
import { countOf, tableText } from './words.ts';

/** The package managers of distributions have a fix for it. */
export function isFixable({ status, packages }: Finding): boolean {
  return status === 'active' && packages.some(isFixablePackage);
}

function isFixablePackage({ kind, fixedVersion }: AffectedPackage): boolean {
  return kind !== 'language' && fixedVersion !== null;
}

export interface SeverityCount {
  readonly severity: Severity;
  readonly fixable: number;
  /** In packages of the distribution, which has no fix. */
  readonly withoutFix: number;
  /** In other software, which no package manager of the distribution changes. */
  readonly other: number;
}

/** The worst first; severities that nothing has are left out. */
export function countFindings(findings: readonly Finding[]): readonly SeverityCount[] {
  return SEVERITIES.flatMap((severity) => {
    const of = findings.filter((finding) => finding.severity === severity && finding.status === 'active');
    const fixable = of.filter(isFixable).length;
    const other = of.filter(({ packages }) => packages.every(({ kind }) => kind === 'language')).length;
    return of.length === 0 ? [] : [{ severity, fixable, withoutFix: of.length - fixable - other, other }];
  });
}

/** Whether a fixable finding is this bad, or worse. */
export function hasFixable(findings: readonly Finding[], worst: Severity): boolean {
  const bad = SEVERITIES.slice(0, SEVERITIES.indexOf(worst) + 1);
  return findings.some((finding) => isFixable(finding) && bad.includes(finding.severity));
}

/** Packages that are shown. */
const MOST_ROWS = 40;

export function findingsText(findings: readonly Finding[], out: Output): string {
  const counts = countFindings(findings);
  if (counts.length === 0) return 'No findings.\n';
  const total = (of: (count: SeverityCount) => number): string =>
    String(counts.reduce((sum, count) => sum + of(count), 0));
  const rows = counts.map(({ severity, fixable, withoutFix, other }) => [
    paintSeverity(severity, out),
    ...[fixable, withoutFix, other].map(String),
  ]);
  const columns = ['FIXABLE', 'NO FIX YET', 'OTHER SOFTWARE'].map((name) => ({
    name,
    align: 'right' as const,
  }));
  const sums = ['total', total((c) => c.fixable), total((c) => c.withoutFix), total((c) => c.other)];
  return `${tableText([{ name: 'SEVERITY' }, ...columns], [...rows, sums])}${packagesText(findings, out)}`;
}

function paintSeverity(severity: Severity, out: Output): string {
  if (severity === 'critical' || severity === 'high') return out.paint('red', severity);
  return severity === 'medium' ? out.paint('yellow', severity) : severity;
}

interface FixablePackage {
  readonly name: string;
  readonly installed: string;
  readonly fixed: string;
  readonly severities: readonly Severity[];
}

function packagesText(findings: readonly Finding[], out: Output): string {
  const packages = fixablePackages(findings);
  if (packages.length === 0) return '';
  const rows = packages
    .slice(0, MOST_ROWS)
    .map(({ name, installed, fixed, severities }) => [name, installed, fixed, tally(severities, out)]);
  const columns = ['PACKAGE', 'INSTALLED', 'FIXED IN', 'FINDINGS'].map((name) => ({ name }));
  const more = packages.length - MOST_ROWS;
  const rest = more > 0 ? `… and ${countOf(more, 'package')} more; --json has all\n` : '';
  return `\n${tableText(columns, rows)}${rest}`;
}

function tally(severities: readonly Severity[], out: Output): string {
  const counts = SEVERITIES.map((severity) => ({
    severity,
    count: severities.filter((one) => one === severity).length,
  }));
  return counts
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${paintSeverity(severity, out)}`)
    .join(', ');
}

/** Those with the worst findings first. */
function fixablePackages(findings: readonly Finding[]): readonly FixablePackage[] {
  const found = new Map<string, FixablePackage>();
  for (const finding of findings.filter(isFixable)) {
    for (const { name, kind, version, fixedVersion } of finding.packages.filter(isFixablePackage)) {
      if (fixedVersion === null || kind === 'language') continue;
      const before = found.get(name);
      const known = before?.fixed ?? fixedVersion;
      found.set(name, {
        name,
        installed: version,
        fixed: compareVersions(kind, fixedVersion, known) > 0 ? fixedVersion : known,
        severities: [...(before?.severities ?? []), finding.severity],
      });
    }
  }
  const weight = ({ severities }: FixablePackage): readonly number[] =>
    SEVERITIES.map((severity) => severities.filter((one) => one === severity).length);
  return [...found.values()].toSorted((a, b) => compareWeights(weight(b), weight(a)));
}

function compareWeights(a: readonly number[], b: readonly number[]): number {
  for (const [index, count] of a.entries()) {
    const difference = count - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
