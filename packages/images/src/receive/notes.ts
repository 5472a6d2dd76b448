/** Collects what is wrong with a report, bounded: a report of nothing but problems does not become a flood. */
import type { Diagnostic } from '@callboard/model';
import type { ReportCode } from './codes.ts';
import { oneLine } from './one-line.ts';

/** Problems of one report that are told one by one. */
const MAX_NOTES = 500;
const MAX_SUMMARY = 500;
const MAX_PATH = 300;

export interface Notes {
  error(code: ReportCode, summary: string, path?: string): void;
  warning(code: ReportCode, summary: string, path?: string): void;
  info(code: ReportCode, summary: string, path?: string): void;
  /** Something of the report was left out that a whole reading would have. */
  readonly incomplete: boolean;
  /** In the order they were made, then how many there were more. */
  diagnostics(): readonly Diagnostic[];
}

/** `file` names the report in what is noted. */
export function createNotes(file: string): Notes {
  const kept: Diagnostic[] = [];
  let more = 0;
  let errors = 0;
  const note =
    (severity: Diagnostic['severity']) =>
    (code: ReportCode, summary: string, path?: string): void => {
      if (severity === 'error') errors += 1;
      if (kept.length >= MAX_NOTES) {
        more += 1;
        return;
      }
      const at = path === undefined || path === '' ? {} : { path: oneLine(path, MAX_PATH) };
      kept.push({ severity, code, summary: oneLine(summary, MAX_SUMMARY), file, ...at });
    };
  return {
    error: note('error'),
    warning: note('warning'),
    info: note('info'),
    get incomplete() {
      return errors > 0;
    },
    diagnostics: () => {
      if (more === 0) return kept;
      const summary = `There are ${more} more problems, which are not listed.`;
      return [...kept, { severity: 'warning', code: 'images/report-too-large', summary, file }];
    },
  };
}
