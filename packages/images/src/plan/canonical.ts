/**
 * One way to write a value as JSON, so that equal values have equal hashes: members by name, no white space,
 * numbers and strings as ECMAScript writes them (RFC 8785, JSON Canonicalization Scheme).
 */
import { createHash } from 'node:crypto';
import { orderOf } from '../versions/ordering.ts';
import type { PatchPlan } from './plan.ts';

/**
 * Members without a value (`undefined`) are left out, as `JSON.stringify` does. Throws a `TypeError` for what JSON
 * cannot say: NaN, infinities, functions, big integers, `undefined` in a list.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`${typeof value} has no canonical JSON`);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([left], [right]) => orderOf(left, right))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** SHA-256 of the canonical JSON, 64 lower-case hexadecimal digits. */
export function hashPlan(plan: PatchPlan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
