/** How long something took, in the two largest units that matter. */
import { count } from '../../messages.ts';
import type { Patch } from '../../api/images-patch.ts';
import { isAtWork } from './state-words.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds as "0.4 s", "12 s", "4 min 12 s", "3 h 5 min", "2 d 4 h"; less than nothing is nothing. */
export function span(ms: number): string {
  if (ms < 10 * SECOND) return `${count(Math.round(Math.max(0, ms) / 100) / 10)} s`;
  const whole = Math.round(ms / SECOND) * SECOND;
  if (whole < MINUTE) return `${count(whole / SECOND)} s`;
  if (whole < HOUR) return inTwo(whole, { large: MINUTE, small: SECOND, names: ['min', 's'] });
  if (whole < DAY) return inTwo(whole, { large: HOUR, small: MINUTE, names: ['h', 'min'] });
  return inTwo(whole, { large: DAY, small: HOUR, names: ['d', 'h'] });
}

interface Units {
  readonly large: number;
  readonly small: number;
  readonly names: readonly [string, string];
}

function inTwo(ms: number, { large, small, names }: Units): string {
  const first = `${count(Math.floor(ms / large))} ${names[0]}`;
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? first : `${first} ${count(rest)} ${names[1]}`;
}

/** From the finding to the last thing that is known of a patch, in milliseconds; to now while it is at work. */
export function timeTaken(patch: Patch, now: number): number | null {
  const { times, createdAt, updatedAt } = patch;
  const from = times.received ?? createdAt;
  if (from === null) return null;
  const to = isAtWork(patch) ? now : (times.promoted ?? times.proved ?? updatedAt)?.getTime();
  return to === undefined ? null : to - from.getTime();
}
