/**
 * Takes in a report of any scanner that is known here: recognises whose it is by its shape and makes findings of it.
 * Nothing that is sent makes this throw: what is good stays, and what is not is a diagnostic with the path to it.
 */
import { isObject, itemPath, type Diagnostic } from '@callboard/model';
import type { Finding, FoundImage, Scanner } from './finding.ts';
import { isGrype, readGrype } from './grype.ts';
import { isInspector, readInspector } from './inspector.ts';
import { createNotes, type Notes } from './notes.ts';
import { oneLine } from './one-line.ts';
import { isOsvRecord, isOsvScanner, readOsvScanner } from './osv.ts';
import { partsIn, type Part } from './part.ts';
import { readJson } from './read-json.ts';
import type { Context, Reading } from './reading.ts';
import { isTrivy, readTrivy } from './trivy.ts';

/** Reports in one list. */
const MAX_REPORTS = 10_000;

export interface ReportOptions {
  /** Milliseconds since 1970: the time of what has none of its own. */
  readonly receivedAt: number;
  /** Of the report, as a file name; it stands for the image where nothing else does. */
  readonly name: string;
  /** What is known of the image besides, as its digest: osv-scanner does not say it. The report goes first. */
  readonly image?: Partial<FoundImage>;
}

export interface Report {
  /** Null when it was not recognised. */
  readonly scanner: Scanner | null;
  /** Each identifier once. */
  readonly findings: readonly Finding[];
  /** Errors are of what was left out, warnings of what was taken as absent, infos of what is none of our business. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null when the report is not of one image. */
  readonly image: FoundImage | null;
  /**
   * The report is of everything that the scanner sees in the image now, and all of it was taken: what is not in it is
   * no longer there. Inspector says by itself what it closes.
   */
  readonly snapshot: boolean;
  /** When it was made, in milliseconds since 1970; when it arrived, if it does not say. */
  readonly at: number;
}

/**
 * A report as bytes (JSON in UTF-8, at most 64 MiB and 100 levels) or as a JSON value: an event of EventBridge, a page
 * of Inspector's API, of ECR or of Image Builder, Trivy's, Grype's or osv-scanner's JSON, or a list of such.
 */
export function parseReport(json: unknown, options: ReportOptions): Report {
  const notes = createNotes(oneLine(options.name, 300));
  const value = json instanceof Uint8Array ? readJson(json, notes) : json;
  const readings = value === undefined ? [] : readAll(value, { notes, options });
  const [first] = readings;
  const only = readings.length === 1 ? (first ?? null) : null;
  const newest = new Map<string, Finding>();
  for (const finding of readings.flatMap(({ findings }) => findings)) {
    const before = newest.get(finding.id);
    if (before === undefined || finding.updatedAt >= before.updatedAt) newest.set(finding.id, finding);
  }
  return {
    scanner: first?.scanner ?? null,
    findings: [...newest.values()],
    diagnostics: notes.diagnostics(),
    image: only?.image ?? null,
    snapshot: only !== null && only.snapshot && !notes.incomplete,
    at: only?.at ?? options.receivedAt,
  };
}

function readAll(value: unknown, given: { notes: Notes; options: ReportOptions }): readonly Reading[] {
  const { notes } = given;
  if (Array.isArray(value)) {
    return partsIn({ list: value, path: '', notes, limit: MAX_REPORTS }).flatMap((part, index) =>
      // The name stands for an image; two of them must not share it.
      read(part, { ...given, name: `${given.options.name}${itemPath('', index)}` }),
    );
  }
  if (!isObject(value)) {
    notes.error('images/report-unknown', 'The report is no JSON object.');
    return [];
  }
  return read({ fields: value, path: '', notes }, { ...given, name: given.options.name });
}

function read(part: Part, { options, name }: { options: ReportOptions; name: string }): readonly Reading[] {
  const context: Context = { receivedAt: options.receivedAt, name, image: options.image ?? {} };
  if (isTrivy(part)) return [readTrivy(part, context)];
  if (isGrype(part)) return [readGrype(part, context)];
  if (isInspector(part)) return [readInspector(part, context)];
  if (isOsvRecord(part)) {
    part.notes.warning(
      'images/report-no-image',
      'A record of OSV does not say what is in an image; send the report of osv-scanner.',
      part.path,
    );
    return [{ scanner: 'osv', findings: [], image: null, snapshot: false, at: context.receivedAt }];
  }
  if (isOsvScanner(part)) return [readOsvScanner(part, context)];
  part.notes.error(
    'images/report-unknown',
    'The report is of no scanner that is known here: Inspector, Trivy (schema 2), Grype, osv-scanner.',
    part.path,
  );
  return [];
}
