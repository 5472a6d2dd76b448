/**
 * The version order of rpm: `[epoch:]version[-release]`, as in rpm-version(7) and `rpmverCmp` (rpmio/rpmver.c); the order
 * of one part is that of `rpmvercmp`: segments of letters or of digits, whatever stands between them ignored.
 * No epoch is epoch 0, and a version without a release is older than the same with one: a total order, where the
 * matching of dependencies would call them equal. Bad characters only separate; a bad epoch belongs to the version.
 */

import { compareDigits, orderOf, type Ordering } from './ordering.ts';

const VERSION = /^(?:(\d+):)?[A-Za-z0-9._+~^]+(?:-[A-Za-z0-9._+~^]+)?$/;
const LARGEST_EPOCH = 2 ** 32 - 1;

export function isRpmVersion(text: string): boolean {
  const match = VERSION.exec(text);
  return match !== null && Number(match[1] ?? 0) <= LARGEST_EPOCH;
}

export function compareRpm(a: string, b: string): Ordering {
  const [left, right] = [split(a), split(b)];
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.version, right.version) ||
    compareRelease(left.release, right.release)
  );
}

function split(text: string): { epoch: string; version: string; release: string | null } {
  const [whole, epoch = ''] = /^(\d*):/.exec(text) ?? [''];
  const rest = text.slice(whole.length);
  const dash = rest.lastIndexOf('-');
  if (dash === -1) return { epoch, version: rest, release: null };
  return { epoch, version: rest.slice(0, dash), release: rest.slice(dash + 1) };
}

function compareRelease(a: string | null, b: string | null): Ordering {
  if (a === null || b === null) return orderOf(a === null ? 0 : 1, b === null ? 0 : 1);
  return comparePart(a, b);
}

function comparePart(a: string, b: string): Ordering {
  const [left, right] = [segments(a), segments(b)];
  for (let at = 0; at < left.length || at < right.length; at++) {
    const order = compareSegment(left[at] ?? '', right[at] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function segments(part: string): readonly string[] {
  return part.match(/~|\^|\d+|[A-Za-z]+/g) ?? [];
}

function compareSegment(a: string, b: string): Ordering {
  const [left, right] = [rank(a), rank(b)];
  if (left !== right) return orderOf(left, right);
  return left === DIGITS ? compareDigits(a, b) : orderOf(a, b);
}

const DIGITS = 4;

/** `~` before the end, the end before `^`, that before letters, letters before digits. */
function rank(segment: string): number {
  const first = segment.charAt(0);
  if (first === '~') return 0;
  if (first === '') return 1;
  if (first === '^') return 2;
  return first >= '0' && first <= '9' ? DIGITS : 3;
}
