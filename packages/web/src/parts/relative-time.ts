/** Times as people say them: "3 minutes ago", "in 2 hours". */

import { messages } from '../messages.ts';

const SECOND = 1000;
/** What is over for less than this needs no number. */
const JUST_NOW = 5 * SECOND;
const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 24 * 3600 * SECOND],
  ['month', 30 * 24 * 3600 * SECOND],
  ['week', 7 * 24 * 3600 * SECOND],
  ['day', 24 * 3600 * SECOND],
  ['hour', 3600 * SECOND],
  ['minute', 60 * SECOND],
  ['second', SECOND],
];

/** `then` as seen from `now`, in the largest unit that fits at least once. */
export function relativeTime(then: Date, now: Date, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const distance = then.getTime() - now.getTime();
  if (distance <= 0 && distance > -JUST_NOW) return messages.justNow;
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) >= length) return format.format(Math.trunc(distance / length), unit);
  }
  return format.format(0, 'second');
}

/** Date, time and zone, in full. */
export function absoluteTime(then: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(then);
}
