/**
 * Times as scanners write them. Inspector alone has four forms: seconds since 1970 (its API), ISO 8601 (its command
 * line), `Wed Sep 04 16:55:38.411 UTC 2024` and `Mar 20, 2023, 6:08:05 PM` (its events), the last one in UTC.
 * None is left to the parser of `Date`, which takes a missing zone for that of this machine.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const ISO =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|[+-]\d\d:?\d\d)?)?$/;
const UNIX_DATE =
  /^[A-Za-z]{3} ([A-Za-z]{3}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (?:UTC|GMT) (\d{4})$/;
// Between the time and AM or PM newer Java writes U+202F.
const LONG_DATE = /^([A-Za-z]{3}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)\s(AM|PM)$/i;
const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/;

/** The last millisecond of the year 9999. */
const LAST = 253_402_300_799_999;
/** As seconds it would be the year 5138; as milliseconds 1973, before there was any report. */
const FIRST_MILLISECONDS = 100_000_000_000;

/**
 * Milliseconds since 1970; null when it is no time of these forms, no day of the calendar, or before 1970, as the
 * zero time of Go.
 */
export function parseTime(value: unknown): number | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string' || value.length > 64) return null;
  const text = value.trim();
  if (SECONDS.test(text)) return fromNumber(Number(text));
  return fromIso(text) ?? fromUnixDate(text) ?? fromLongDate(text);
}

function fromNumber(value: number): number | null {
  return Number.isFinite(value)
    ? inRange(Math.round(value < FIRST_MILLISECONDS ? value * 1_000 : value))
    : null;
}

function fromIso(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction, zone] = match;
  const time = fromParts({ year, month: Number(month) - 1, day, hour, minute, second, fraction });
  if (time === null) return null;
  return inRange(time - offsetOf(zone));
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

function fromUnixDate(text: string): number | null {
  const match = UNIX_DATE.exec(text);
  if (match === null) return null;
  const [, month, day, hour, minute, second, fraction, year] = match;
  return inRange(fromParts({ year, month: monthOf(month), day, hour, minute, second, fraction }));
}

function fromLongDate(text: string): number | null {
  const match = LONG_DATE.exec(text);
  if (match === null) return null;
  const [, month, day, year, hours, minute, second, half] = match;
  const hour = Number(hours);
  if (hour < 1 || hour > 12) return null;
  const of24 = (hour % 12) + (half?.toUpperCase() === 'PM' ? 12 : 0);
  const parts = { year, month: monthOf(month), day, hour: String(of24), minute, second, fraction: undefined };
  return inRange(fromParts(parts));
}

const monthOf = (name: string | undefined): number => MONTHS.indexOf((name ?? '').toLowerCase());

type Digits = string | undefined;

interface Parts {
  readonly year: Digits;
  /** 0 to 11. */
  readonly month: number;
  readonly day: Digits;
  readonly hour: Digits;
  readonly minute: Digits;
  readonly second: Digits;
  readonly fraction: Digits;
}

function fromParts({ year, month, day, hour, minute, second, fraction }: Parts): number | null {
  const [y, d, h, m, s] = [year, day, hour, minute, second].map((digits) => Number(digits ?? 0));
  if (y === undefined || d === undefined || h === undefined || m === undefined || s === undefined)
    return null;
  // 60 is a leap second.
  if (y < 1970 || month < 0 || h > 23 || m > 59 || s > 60) return null;
  const time = Date.UTC(y, month, d, h, m, s, Number((fraction ?? '').padEnd(3, '0').slice(0, 3)));
  const date = new Date(Date.UTC(y, month, d));
  return date.getUTCMonth() === month && date.getUTCDate() === d ? time : null;
}

function inRange(time: number | null): number | null {
  return time !== null && time > 0 && time <= LAST ? time : null;
}
