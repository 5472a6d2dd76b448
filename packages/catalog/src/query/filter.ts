/**
 * The `filter` query parameter: `kind=component,spec.type=service`. A comma is AND, a repeated parameter is
 * OR, a key that is repeated in one text may have any of its values, and a key alone asks that it exists.
 */
import { CodedError } from '@callboard/kernel';
import { isPredicateKey, MAX_TERMS } from './predicate-json.ts';
import type { Predicate } from './predicate.ts';

/**
 * Reads the values of all `filter` parameters of one request, already percent-decoded. Spaces around keys and
 * values and empty conditions are dropped; `a=` asks for an empty value; `a,a=1` means `a=1`. Returns null
 * when nothing is asked, which is true of every entity.
 *
 * Throws `catalog/invalid-filter` (400) when a condition has no key or one that cannot be (it starts with `$`
 * or has a line break), or there are more than 10,000 conditions.
 */
export function parseFilter(texts: readonly string[]): Predicate | null {
  const sets: Predicate[] = [];
  let terms = 0;
  for (const text of texts) {
    const conditions = text
      .split(',')
      .map((condition) => condition.trim())
      .filter((condition) => condition !== '');
    terms += conditions.length;
    if (terms > MAX_TERMS) throw invalid(`it has more than ${MAX_TERMS} conditions`);
    if (conditions.length > 0) sets.push(parseSet(conditions));
  }
  return combine('any', sets);
}

/** The conditions of one text, all of which have to hold. */
function parseSet(conditions: readonly string[]): Predicate {
  const valuesByKey = new Map<string, Set<string>>();
  for (const condition of conditions) {
    const equals = condition.indexOf('=');
    const key = equals === -1 ? condition : condition.slice(0, equals).trim();
    if (key === '' || !isPredicateKey(key)) {
      throw invalid(`'${condition.slice(0, 100)}' is not a condition (expected a=b, a= or a)`);
    }
    const values = valuesByKey.get(key) ?? new Set();
    valuesByKey.set(key, values);
    if (equals === -1) continue;
    const value = condition.slice(equals + 1).trim();
    values.add(value.toLowerCase());
  }
  const of: Predicate[] = [];
  for (const [rawKey, values] of valuesByKey) {
    const key = rawKey.toLowerCase();
    of.push(values.size === 0 ? { kind: 'exists', key } : { kind: 'in', key, values: [...values] });
  }
  return combine('all', of) ?? { kind: 'all', of };
}

function combine(kind: 'all' | 'any', of: readonly Predicate[]): Predicate | null {
  const [first] = of;
  if (first === undefined) return null;
  return of.length === 1 ? first : { kind, of };
}

function invalid(reason: string): CodedError {
  return new CodedError(400, 'catalog/invalid-filter', `Invalid filter: ${reason}`);
}
