/** What is kept of the scan that a patch began with: whose it was, and the findings that the patch is about. */
import { isObject, parseJson } from '@callboard/model';
import { canonicalJson } from '../plan/canonical.ts';
import type { ScanResult } from '../prove/scan.ts';
import type { Finding } from '../receive/finding.ts';

/** Canonical JSON. */
export function toScanRecord(scan: ScanResult, acting: readonly Finding[]): string {
  const { scanner, scannerVersion, databaseVersion, digest, distro } = scan;
  return canonicalJson({
    scanner,
    scannerVersion,
    databaseVersion,
    digest,
    distro,
    acting: acting.map((finding) => ({
      id: finding.id,
      vulnerability: finding.vulnerability,
      severity: finding.severity,
      packages: packagesOf(finding),
    })),
  });
}

/** Whether the record has all of these findings, with the same fixes. */
export function hasFindings(record: string, findings: readonly Finding[]): boolean {
  const parsed = parseJson(record);
  const acting: unknown = isObject(parsed) ? parsed['acting'] : null;
  const known = new Map<unknown, string>();
  for (const one of Array.isArray(acting) ? acting.filter(isObject) : []) {
    known.set(one['id'], canonicalJson(one['packages']));
  }
  return findings.every((finding) => known.get(finding.id) === canonicalJson(packagesOf(finding)));
}

function packagesOf({ packages }: Finding): readonly unknown[] {
  return packages.map(({ name, version, fixedVersion }) => ({ name, version, fixedVersion }));
}
