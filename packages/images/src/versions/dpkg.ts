/**
 * The version order of dpkg: `[epoch:]upstream[-revision]`, as in deb-version(7) and Debian Policy 5.6.12; the order of
 * one part is that of dpkg's `verrevcmp` (lib/dpkg/version.c).
 * A text with a bad epoch has none and is an upstream version as a whole; other characters sort by code unit.
 */

import { compareDigits, orderOf, type Ordering } from './ordering.ts';

const VERSION = /^(?:(\d+):)?\d[A-Za-z0-9.+~:-]*$/;
const REVISION = /^[A-Za-z0-9.+~]+$/;
const LARGEST_EPOCH = 2 ** 31 - 1;

/** What dpkg takes without a warning: begins with a digit, has no other characters, and no part is empty. */
export function isDpkgVersion(text: string): boolean {
  const match = VERSION.exec(text);
  if (match === null) return false;
  const epoch = match[1];
  if (epoch === undefined && text.includes(':')) return false;
  if (epoch !== undefined && Number(epoch) > LARGEST_EPOCH) return false;
  const dash = text.lastIndexOf('-');
  return dash === -1 || REVISION.test(text.slice(dash + 1));
}

export function compareDpkg(a: string, b: string): Ordering {
  const [left, right] = [split(a), split(b)];
  return (
    compareDigits(left.epoch, right.epoch) ||
    comparePart(left.upstream, right.upstream) ||
    comparePart(left.revision, right.revision)
  );
}

function split(text: string): { epoch: string; upstream: string; revision: string } {
  const [whole, epoch = ''] = /^(\d+):/.exec(text) ?? [''];
  const rest = text.slice(whole.length);
  const dash = rest.lastIndexOf('-');
  if (dash === -1) return { epoch, upstream: rest, revision: '' };
  return { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs of non-digits and digits in turn; an absent run is empty, so `1.0` equals `1.0-0`. */
function comparePart(a: string, b: string): Ordering {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const order = orderOf(weight(a, i), weight(b, j));
      if (order !== 0) return order;
      i++;
      j++;
    }
    const [left, right] = [digitsAt(a, i), digitsAt(b, j)];
    const order = compareDigits(left, right);
    if (order !== 0) return order;
    i += left.length;
    j += right.length;
  }
  return 0;
}

/** `~` before the end, the end before letters, letters before the rest. A digit ends a run as the end does. */
function weight(text: string, at: number): number {
  if (at >= text.length || isDigit(text, at)) return 0;
  const code = text.charCodeAt(at);
  if (text[at] === '~') return -1;
  return /[A-Za-z]/.test(text.charAt(at)) ? code : code + 256;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function digitsAt(text: string, at: number): string {
  let end = at;
  while (isDigit(text, end)) end++;
  return text.slice(at, end);
}
