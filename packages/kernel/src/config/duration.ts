/**
 * Lengths of time as people write them in a configuration: `5m`, `PT5M` or `{ minutes: 5 }`.
 * Forms, limits and messages follow readDurationFromConfig of @backstage/config 1.3; a year has 365 days
 * and a month 30, as everywhere in Backstage. Unlike there, no form may be negative.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Milliseconds of the keys that an object may have. */
export const DURATION_UNITS = {
  years: 365 * DAY,
  months: 30 * DAY,
  weeks: WEEK,
  days: DAY,
  hours: HOUR,
  minutes: MINUTE,
  seconds: SECOND,
  milliseconds: 1,
} as const satisfies Readonly<Record<string, number>>;

export type DurationUnit = keyof typeof DURATION_UNITS;

export function isDurationUnit(key: string): key is DurationUnit {
  return Object.hasOwn(DURATION_UNITS, key);
}

/** Either milliseconds, or what is wrong with the text. */
export type ParsedDuration =
  | { readonly kind: 'ok'; readonly milliseconds: number }
  | { readonly kind: 'wrong'; readonly reason: string };

/** Reads `5m`, `2 seconds`, `1.5h` as the npm package `ms` does, and ISO 8601 durations such as `PT5M`. */
export function parseDuration(text: string): ParsedDuration {
  const trimmed = text.trim();
  const parsed = trimmed.startsWith('P') ? parseIso(trimmed) : parseShort(trimmed);
  if (parsed.kind === 'ok' && parsed.milliseconds < 0) return wrong('Negative durations are not allowed');
  return parsed;
}

const SHORT =
  /^(-?\d*\.?\d+) *(?:(?<ms>milliseconds?|msecs?|ms)|(?<s>seconds?|secs?|s)|(?<m>minutes?|mins?|m)|(?<h>hours?|hrs?|h)|(?<d>days?|d)|(?<w>weeks?|w)|(?<y>years?|yrs?|y))$/i;

const SHORT_UNITS: readonly (readonly [group: string, milliseconds: number])[] = [
  ['ms', 1],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', WEEK],
];

function parseShort(text: string): ParsedDuration {
  if (/^\d+$/.test(text)) {
    return wrong("The value cannot be a plain number; try adding a unit like 'ms' or 'seconds'");
  }
  const match = text.length > 100 ? null : SHORT.exec(text);
  if (match === null) {
    const example = "try a number followed by a unit such as '1d' or '2 seconds'";
    return wrong(`Not a valid duration string, ${example}`);
  }
  const amount = Number(match[1]);
  for (const [group, milliseconds] of SHORT_UNITS) {
    if (match.groups?.[group] !== undefined) return { kind: 'ok', milliseconds: amount * milliseconds };
  }
  // In `ms` a year has 365.25 days; Backstage then counts each whole year as 365.
  const milliseconds = amount * 365.25 * DAY - Math.floor(amount) * 0.25 * DAY;
  return { kind: 'ok', milliseconds };
}

const NUMBER = String.raw`(-?\d{1,20}(?:\.\d{1,20})?)`;
const ISO = new RegExp(
  `^P(?:${NUMBER}Y)?(?:${NUMBER}M)?(?:${NUMBER}W)?(?:${NUMBER}D)?` +
    String.raw`(?:T(?:${NUMBER}H)?(?:${NUMBER}M)?(?:(-?\d{1,20})(?:[.,](\d{1,20}))?S)?)?$`,
);
const ISO_UNITS: readonly number[] = [365 * DAY, 30 * DAY, WEEK, DAY, HOUR, MINUTE, SECOND];

function parseIso(text: string): ParsedDuration {
  const match = ISO.exec(text);
  if (match === null) {
    const example = "a value similar to 'P2DT6H' (2 days 6 hours) or 'PT1M' (1 minute)";
    return wrong(`Invalid ISO format, expected ${example}`);
  }
  const parts = match.slice(1);
  if (parts.every((part) => part === undefined)) return wrong('Invalid ISO format, no values given');
  let milliseconds = 0;
  for (const [index, unit] of ISO_UNITS.entries()) milliseconds += Number(parts[index] ?? 0) * unit;
  const fraction = Math.floor(Number(`0.${parts[7] ?? '0'}`) * SECOND);
  milliseconds += parts[6]?.startsWith('-') ? -fraction : fraction;
  return { kind: 'ok', milliseconds };
}

function wrong(reason: string): ParsedDuration {
  return { kind: 'wrong', reason };
}
