/** Durations as Backstage's configuration writes them: `{ hours: 1 }`, `PT1H`, `1h`, `90 minutes`. */
import { isObject } from '@callboard/model';

const MS = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
  months: 2_629_800_000,
  years: 31_557_600_000,
} as const;

type Unit = keyof typeof MS;

const SHORT: Readonly<Record<string, Unit>> = {
  ms: 'milliseconds',
  msec: 'milliseconds',
  s: 'seconds',
  sec: 'seconds',
  m: 'minutes',
  min: 'minutes',
  h: 'hours',
  hr: 'hours',
  d: 'days',
  w: 'weeks',
  y: 'years',
  yr: 'years',
};

const ISO_UNITS: readonly Unit[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds'];
const AMOUNT = String.raw`(\d{1,12}(?:[.,]\d{1,6})?)`;
const ISO = new RegExp(
  `^P(?=.)(?:${AMOUNT}Y)?(?:${AMOUNT}M)?(?:${AMOUNT}W)?(?:${AMOUNT}D)?` +
    `(?:T(?=.)(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?$`,
);

/** Milliseconds; null when it is not a duration, or a negative one, or a bare number. */
export function parseDuration(value: unknown): number | null {
  if (typeof value === 'string') {
    const text = value.trim();
    return text.startsWith('P') ? parseIso(text) : parseShort(text);
  }
  return isObject(value) ? parseUnits(value) : null;
}

function parseIso(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  return ISO_UNITS.reduce(
    (sum, unit, i) => sum + MS[unit] * Number((match[i + 1] ?? '0').replace(',', '.')),
    0,
  );
}

function parseShort(text: string): number | null {
  const match = /^(\d{0,12}(?:\.\d{1,6})?) ?([a-z]{1,12})$/i.exec(text);
  const [, amount, word] = match ?? [];
  if (amount === undefined || amount === '' || word === undefined) return null;
  const unit = unitOf(word.toLowerCase());
  return unit === null ? null : Number(amount) * MS[unit];
}

function unitOf(word: string): Unit | null {
  const plural = `${word.replace(/s$/, '')}s`;
  if (isUnit(plural)) return plural;
  return SHORT[word] ?? SHORT[word.replace(/s$/, '')] ?? null;
}

function parseUnits(value: Record<string, unknown>): number | null {
  let sum: number | null = null;
  for (const [unit, given] of Object.entries(value)) {
    const amount = typeof given === 'string' && given.trim() !== '' ? Number(given) : given;
    if (!isUnit(unit) || typeof amount !== 'number' || !(amount >= 0) || !Number.isFinite(amount))
      return null;
    sum = (sum ?? 0) + amount * MS[unit];
  }
  return sum;
}

const isUnit = (word: string): word is Unit => Object.hasOwn(MS, word);
