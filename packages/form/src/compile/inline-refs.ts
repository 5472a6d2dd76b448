/** References of a page to parts of itself (`$ref: '#/definitions/region'`): where they lead, and schemas that need none. */
import { childPath, isObject, itemPath, type JsonObject, type JsonValue } from '@callboard/model';
import { pointerKeys } from '../schema/prepare-schema.ts';

/** Levels, and references on the way to one part. What is below them allows everything. */
const DEEPEST = 40;
const MOST_REFS = 12;
/** Parts that may be made. */
const MOST_PARTS = 5000;

export interface RefTarget {
  readonly schema: JsonObject;
  /** Where it is written. */
  readonly at: string;
}

/** Null when it leads nowhere in the page, or to nothing that has properties. `at`: where the page is written. */
export function followRef(ref: string, page: JsonObject, at: string): RefTarget | null {
  if (!ref.startsWith('#')) return null;
  let place: JsonValue = page;
  let path = at;
  for (const key of pointerKeys(ref)) {
    const below: JsonValue | undefined = memberOf(place, key);
    if (below === undefined) return null;
    path = isList(place) ? itemPath(path, Number(key)) : childPath(path, key);
    place = below;
  }
  return isObject(place) ? { schema: place, at: path } : null;
}

function memberOf(holder: JsonValue, key: string): JsonValue | undefined {
  if (isList(holder)) return holder[Number(key)];
  return isObject(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/**
 * A schema by which values can be checked alone. References that lead to themselves, or nowhere, allow everything.
 * @param page what they are looked up in
 */
export function inlineRefs(schema: JsonValue, page: JsonObject): JsonValue {
  const left = { parts: MOST_PARTS };
  const inline = (part: JsonValue, refs: readonly string[], depth: number): JsonValue => {
    left.parts -= 1;
    if (left.parts < 0 || depth > DEEPEST) return true;
    if (isList(part)) return part.map((item) => inline(item, refs, depth + 1));
    if (!isObject(part)) return part;
    const entries = Object.entries(part).flatMap(([key, one]) =>
      one === undefined || (key === '$ref' && typeof one === 'string')
        ? []
        : [[key, inline(one, refs, depth + 1)] as const],
    );
    const own: JsonObject = Object.fromEntries(entries);
    const { $ref: ref } = part;
    if (typeof ref !== 'string' || refs.includes(ref) || refs.length >= MOST_REFS) return own;
    const target = followRef(ref, page, '');
    if (target === null) return own;
    const led = inline(target.schema, [...refs, ref], depth + 1);
    const { allOf } = own;
    return entries.length === 0 ? led : { ...own, allOf: [...(isList(allOf) ? allOf : []), led] };
  };
  return inline(schema, [], 0);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
