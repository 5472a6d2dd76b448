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

/** What is nearly another unit away counts as one more: two days that began a minute ago are not one. */
const NEARLY = 0.05;

/** `then` as seen from `now`, in the largest unit that fits at least once. */
export function relativeTime(then: Date, now: Date, locale: string): string {
  const format = relativeFormat(locale);
  const distance = then.getTime() - now.getTime();
  // Other languages have their own word for now, but none for what is just over.
  const isEnglish = /^en\b/.test(locale);
  if (distance <= 0 && distance > -JUST_NOW) return isEnglish ? messages.justNow : format.format(0, 'second');
  for (const [unit, length] of UNITS) {
    if (Math.abs(distance) < length) continue;
    return format.format(Math.trunc(distance / length + (distance > 0 ? NEARLY : 0)), unit);
  }
  return format.format(0, 'second');
}

/** Date, time and zone, in full. */
export function absoluteTime(then: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'long' }).format(then);
}

/** The day alone, as "19 Feb 2027". */
export function dayOf(then: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(then);
}

let made: Intl.RelativeTimeFormat | null = null;
let madeFor = '';

/** Making one takes longer than using it a hundred times, and lists show a hundred. */
function relativeFormat(locale: string): Intl.RelativeTimeFormat {
  if (made !== null && madeFor === locale) return made;
  made = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  madeFor = locale;
  return made;
}
