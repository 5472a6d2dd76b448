/** Whether a field is asked for: whether the branches of the schema that it stands in hold. */
import { isObject, type JsonObject } from '@callboard/model';
import type { GraphField } from '../graph.ts';
import { keysOf, valueAt } from '../resolve/pointer.ts';
import { isValid } from '../schema/check-values.ts';

/**
 * `values`: of the whole form, as they count now. Conditions within items of lists are taken for each item; the field is
 * there when it is in any of them.
 */
export function isPresent(field: Pick<GraphField, 'conditions'>, values: JsonObject): boolean {
  return field.conditions.every(({ of, schema, holds }) =>
    placesAt(values, keysOf(of)).some((value) => isValid(schema, value ?? {}) === holds),
  );
}

/** What stands at a pointer; the items of a list each, where it says `*`. */
function placesAt(values: unknown, keys: readonly string[]): readonly unknown[] {
  const star = keys.indexOf('*');
  const held = valueAt(values, star === -1 ? keys : keys.slice(0, star));
  if (star === -1) return [held];
  if (!Array.isArray(held)) return isObject(held) ? [valueAt(held, keys.slice(star))] : [];
  return held.flatMap((item: unknown) => placesAt(item, keys.slice(star + 1)));
}
