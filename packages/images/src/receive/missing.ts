/**
 * What a snapshot says by silence: Trivy, Grype and osv-scanner do not close findings, they no longer list them. A
 * finding that was closed so is no proof of a fix, only of what the scanner saw.
 */
import type { Finding } from './finding.ts';
import type { Report } from './report.ts';

/**
 * Closed records of those known findings (of any image and scanner) that a snapshot of their image no longer lists.
 * None when the report is no snapshot, or does not say which image it is of.
 */
export function closeMissing(report: Report, known: readonly Finding[]): readonly Finding[] {
  const { image, scanner, snapshot, findings, at } = report;
  const key = image?.digest ?? image?.configDigest ?? null;
  if (!snapshot || key === null) return [];
  const listed = new Set(findings.map(({ id }) => id));
  // A report may have been written before what is known was last seen.
  return known
    .filter((finding) => finding.scanner === scanner && finding.status !== 'closed' && finding.updatedAt < at)
    .filter(({ image: other }) => (other.digest ?? other.configDigest) === key)
    .filter(({ id }) => !listed.has(id))
    .map((finding) => ({ ...finding, status: 'closed', updatedAt: at }));
}
