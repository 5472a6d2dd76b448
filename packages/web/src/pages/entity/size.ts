/** Sizes as people read them. */
import { LOCALE } from '../../messages.ts';

const UNITS = ['B', 'KB', 'MB', 'GB'] as const;
const STEP = 1_000;

/** `20_000_000` is "20 MB"; one digit after the point below ten. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= STEP && unit < UNITS.length - 1) {
    value /= STEP;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  const format = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: digits });
  return `${format.format(value)} ${UNITS[unit]}`;
}
