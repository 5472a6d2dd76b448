/** The findings of a scan that was made here: only a report that was taken whole says that something is not there. */
import { formatDiagnostic, isObject } from '@callboard/model';
import type { Finding } from '../receive/finding.ts';
import { parseReport, type Report } from '../receive/report.ts';
import { proveError } from './errors.ts';
import { parseReport as parseJson, type ScanResult } from './scan.ts';

/** Throws `images/scanner-bad-report` when a part of the report had to be left out. */
export function readFindings(scan: ScanResult, now: number): readonly Finding[] {
  return readScan(scan, now).findings;
}

/** The same as a report: all that the scanner sees in the image. */
export function readScan({ report, scanner, digest }: ScanResult, now: number): Report {
  if (!hasLists(parseJson(report, scanner), scanner)) {
    const message = `The report of ${scanner} on ${digest} has no list of what was found.`;
    throw proveError('images/scanner-bad-report', message);
  }
  const read = parseReport(report, { receivedAt: now, name: `${scanner} of ${digest}`, image: { digest } });
  if (read.snapshot && read.scanner === scanner) return read;
  const [first] = read.diagnostics.filter(({ severity }) => severity === 'error');
  const why = first === undefined ? `it is of ${read.scanner ?? 'no scanner'}` : formatDiagnostic(first);
  throw proveError(
    'images/scanner-bad-report',
    `The report of ${scanner} on ${digest} cannot be judged: ${why}`,
  );
}

/** A list that is none would be read as an empty one, and found nothing is what a proof must not get wrong. */
function hasLists(report: Record<string, unknown>, scanner: ScanResult['scanner']): boolean {
  if (scanner === 'grype') return Array.isArray(report['matches']);
  const results = report['Results'];
  if (!Array.isArray(results)) return false;
  return results.every((result) => isObject(result) && isListOrNone(result['Vulnerabilities']));
}

function isListOrNone(value: unknown): boolean {
  return value === undefined || value === null || Array.isArray(value);
}
