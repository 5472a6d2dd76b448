/** Reads the reports of the scanner for those who patch by them, and for the count of what is left. */
import { readFile } from 'node:fs/promises';
import { isObject } from '@callboard/model';

/** A vulnerability of one package, as the scanner lists them, that it knows a version against. */
export interface Fixable {
  /** `<vulnerability> <package>`. */
  readonly id: string;
  readonly package: string;
}

/** Of Trivy's JSON. */
export function fixableIn(report: Buffer | string): readonly Fixable[] {
  const parsed: unknown = JSON.parse(report.toString());
  const results = isObject(parsed) && Array.isArray(parsed['Results']) ? parsed['Results'] : [];
  return results
    .filter(isObject)
    .flatMap((result) => (Array.isArray(result['Vulnerabilities']) ? result['Vulnerabilities'] : []))
    .filter(isObject)
    .filter(({ FixedVersion: version }) => typeof version === 'string' && version !== '')
    .map(({ VulnerabilityID: vulnerability, PkgName: name }) => ({
      id: `${String(vulnerability)} ${String(name)}`,
      package: String(name),
    }));
}

/** The names of packages that a report has a fix for, sorted: what copa takes from it. */
export async function reportedPackages(file: string): Promise<readonly string[]> {
  const found = fixableIn(await readFile(file)).map((one) => one.package);
  return [...new Set(found)].toSorted();
}
