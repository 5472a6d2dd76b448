/** Everything that can be said of a report, as codes of diagnostics: what somebody sent, never our own mistakes. */

/** Code → what it means. */
export const REPORT_CODES = {
  'images/report-unreadable':
    'The report is no JSON text in UTF-8, or has too many levels or values; nothing of it was taken.',
  'images/report-unknown': 'The report is JSON of no scanner that is known here; nothing of it was taken.',
  'images/report-too-large': 'The report has more bytes, findings, packages or problems than are taken.',
  'images/report-duplicate-key': 'An object has one key twice; the last one counts.',
  'images/report-field': 'A field has a value of a wrong type or form; it is taken as absent.',
  'images/report-finding': 'A finding cannot be used and was left out; the others stay.',
  'images/report-no-image':
    'The report is of vulnerabilities, not of what is in an image; there is nothing to act on.',
  'images/report-skipped':
    'A part of the report is about something other than packages in a container image.',
} as const;

export type ReportCode = keyof typeof REPORT_CODES;
