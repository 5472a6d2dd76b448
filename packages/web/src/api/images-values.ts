/** Single values in the answers of `/api/images`. */
import { isObject } from '@callboard/model';
import { listIn, objectIn, textIn } from './entity.ts';

/** Reads milliseconds since 1970; null for anything else. */
export function timeIn(holder: unknown, key: string): Date | null {
  const date = new Date(countIn(holder, key) ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Null for anything but a number. */
export function countIn(holder: unknown, key: string): number | null {
  const value = isObject(holder) ? holder[key] : undefined;
  return typeof value === 'number' ? value : null;
}

export function textsIn(holder: unknown, key: string): readonly string[] {
  return listIn(holder, key).filter((item) => typeof item === 'string');
}

/** `{os, architecture, variant}` as `linux/arm64/v8`. */
export function platformIn(holder: unknown, key: string): string {
  const platform = objectIn(holder, key);
  const parts = [textIn(platform, 'os'), textIn(platform, 'architecture'), textIn(platform, 'variant')];
  return parts.filter((part) => part !== null).join('/');
}
